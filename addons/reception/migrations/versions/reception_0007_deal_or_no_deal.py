"""rounds of negotiation that end in a deal, or in none."""

import sqlalchemy as sa
from alembic import op

revision = "reception_0007"
down_revision = "reception_0006"
branch_labels = None
depends_on = None

_BEFORE = ("open", "closed", "cancelled")


def upgrade() -> None:
    """Go to this revision."""
    _allow("open", "closed", "won", "lost", "cancelled")


def downgrade() -> None:
    """Go back to the revision before, which knows only that such rounds are over."""
    op.execute(sa.text("UPDATE reception_negotiation SET state = 'closed' WHERE state IN ('won', 'lost')"))
    _allow(*_BEFORE)


def _allow(*states: str) -> None:
    """Let the database take these states; SQLite makes the table anew, without the check that it cannot read."""
    with op.batch_alter_table("reception_negotiation") as batch_op:
        if op.get_context().dialect.name != "sqlite":
            batch_op.drop_constraint("negotiationstate", type_="check")
        batch_op.create_check_constraint("negotiationstate", sa.column("state").in_(states))
