"""rule sets."""

import sqlalchemy as sa
from alembic import op

import app.database.columns

revision = "platform_0026"
down_revision = "platform_0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "parameters_rule_set",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("interpreted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "interpreted_by_id"],
            ["companies_org_unit.company_id", "companies_org_unit.id"],
            name=op.f("fk_parameters_rule_set_interpreted_by_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_parameters_rule_set")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_parameters_rule_set_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_parameters_rule_set_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameters_rule_set")),
        sa.UniqueConstraint(
            "company_id", "code", "effective_from", name=op.f("uq_parameters_rule_set_code_effective_from")
        ),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_parameters_rule_set_id")),
    )
    with op.batch_alter_table("parameters_rule_set", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_parameters_rule_set_interpreted_by_id"), ["company_id", "interpreted_by_id"], unique=False
        )


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("parameters_rule_set", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parameters_rule_set_interpreted_by_id"))

    op.drop_table("parameters_rule_set")
