"""performance that counts in more than one period, and the duty that is the delivery."""

import sqlalchemy as sa
from alembic import op

revision = "contracts_0003"
down_revision = "contracts_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision; the duty of delivery was known by its title so far."""
    with op.batch_alter_table("contracts_obligation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_delivery", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(
        sa.text(
            "UPDATE contracts_obligation SET is_delivery = true WHERE side = 'seller' AND receivable_id IS NULL"
            " AND (title LIKE 'Delivery: %' OR title LIKE '交付：%')"
        )
    )
    _require_unique("contract_id", "employee_id", "counts_on", instead_of=("contract_id", "employee_id"))


def downgrade() -> None:
    """Go back to the revision before, where a person has one share of a contract: that of the first period."""
    op.execute(
        sa.text(
            "DELETE FROM contracts_credit WHERE EXISTS (SELECT 1 FROM contracts_credit first"
            " WHERE first.contract_id = contracts_credit.contract_id"
            " AND first.employee_id = contracts_credit.employee_id AND first.counts_on < contracts_credit.counts_on)"
        )
    )
    _require_unique("contract_id", "employee_id", instead_of=("contract_id", "employee_id", "counts_on"))
    with op.batch_alter_table("contracts_obligation", schema=None) as batch_op:
        batch_op.drop_column("is_delivery")


def _require_unique(*columns: str, instead_of: tuple[str, ...]) -> None:
    name = "uq_contracts_credit_{}"
    with op.batch_alter_table("contracts_credit", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(name.format("_".join(instead_of))), type_="unique")
        batch_op.create_unique_constraint(batch_op.f(name.format("_".join(columns))), ["company_id", *columns])
