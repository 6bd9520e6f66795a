"""cancelled jobs."""

import sqlalchemy as sa
from alembic import op

revision = "platform_0002"
down_revision = "platform_0001"
branch_labels = None
depends_on = None

_BEFORE = ("queued", "running", "done", "failed")


def upgrade() -> None:
    """Let a job be cancelled."""
    _allow(*_BEFORE, "cancelled")


def downgrade() -> None:
    """Keep the cancelled ones as failed."""
    op.execute(sa.text("UPDATE jobs_job SET state = 'failed' WHERE state = 'cancelled'"))
    _allow(*_BEFORE)


def _allow(*states: str) -> None:
    """Let the database take these states; SQLite makes the table anew, without the check that it cannot read."""
    condition = sa.column("state").in_(states)
    with op.batch_alter_table("jobs_job") as batch_op:
        if op.get_context().dialect.name != "sqlite":
            batch_op.drop_constraint("jobstate", type_="check")
        batch_op.create_check_constraint("jobstate", condition)
