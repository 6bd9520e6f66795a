"""backups."""

import sqlalchemy as sa
from alembic import op

import app.database.columns

revision = "platform_0016"
down_revision = "platform_0015"
branch_labels = None
depends_on = None

_BEFORE = ("install", "upgrade", "uninstall", "restore")


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "backups_run",
        sa.Column("file", sa.String(length=80), nullable=True),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("started_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("checked_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sound", sa.Boolean(), nullable=True),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["requested_by_id"], ["ab_user.id"], name=op.f("fk_backups_run_requested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backups_run")),
    )
    with op.batch_alter_table("backups_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_backups_run_file"), ["file"], unique=False)
    _allow(*_BEFORE, "backup", "verify")


def downgrade() -> None:
    """Go back to the revision before; tasks that it does not know go."""
    op.execute(sa.text("DELETE FROM jobs_maintenance_task WHERE kind IN ('backup', 'verify')"))
    _allow(*_BEFORE)
    op.drop_table("backups_run")


def _allow(*kinds: str) -> None:
    """Let the database take these kinds; SQLite makes the table anew, without the check that it cannot read."""
    with op.batch_alter_table("jobs_maintenance_task") as batch_op:
        if op.get_context().dialect.name != "sqlite":
            batch_op.drop_constraint("maintenancekind", type_="check")
        batch_op.create_check_constraint("maintenancekind", sa.column("kind").in_(kinds))
