"""the terms of a signed version, kept when it is amended."""

import sqlalchemy as sa
from alembic import op

revision = "contracts_0002"
down_revision = "contracts_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    with op.batch_alter_table("contracts_edition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signed_terms", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("contracts_edition", schema=None) as batch_op:
        batch_op.drop_column("signed_terms")
