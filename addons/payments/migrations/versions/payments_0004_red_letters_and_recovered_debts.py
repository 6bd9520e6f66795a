"""red letters, and bad debts that are owed again."""

import sqlalchemy as sa
from alembic import op

from app.database.columns import Money

revision = "payments_0004"
down_revision = "payments_0003"
branch_labels = None
depends_on = None

_BEFORE = "amount > 0"
_AFTER = "(amount > 0 AND original_id IS NULL) OR (amount < 0 AND original_id IS NOT NULL)"


def upgrade() -> None:
    """Go to this revision."""
    with op.batch_alter_table("payments_bad_debt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recovered", Money(), server_default="0", nullable=False))
        batch_op.create_check_constraint(
            batch_op.f("ck_payments_bad_debt_recovered"), "recovered >= 0 AND recovered <= amount"
        )
    with op.batch_alter_table("payments_invoice", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("original_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(
            batch_op.f("ix_payments_invoice_original_id"), ["company_id", "original_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_payments_invoice_original_id"),
            "payments_invoice",
            ["company_id", "original_id"],
            ["company_id", "id"],
        )
    _require(_AFTER)


def downgrade() -> None:
    """Go back to the revision before, which knows no red letters."""
    op.execute(sa.text("DELETE FROM payments_invoice WHERE original_id IS NOT NULL"))
    _require(_BEFORE)
    with op.batch_alter_table("payments_invoice", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_payments_invoice_original_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_payments_invoice_original_id"))
        batch_op.drop_column("original_id")
    with op.batch_alter_table("payments_bad_debt", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_payments_bad_debt_recovered"), type_="check")
        batch_op.drop_column("recovered")


def _require(amounts: str) -> None:
    """Let the database take these amounts."""
    with op.batch_alter_table("payments_invoice", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_payments_invoice_amount"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_payments_invoice_amount"), amounts)
