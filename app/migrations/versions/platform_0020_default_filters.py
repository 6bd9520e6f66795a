"""default filters."""

import sqlalchemy as sa
from alembic import op

import app.database.columns

revision = "platform_0020"
down_revision = "platform_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "crud_default_filter",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("resource", sa.String(length=80), nullable=False),
        sa.Column("filter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_crud_default_filter")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_crud_default_filter_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_crud_default_filter_updated_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_crud_default_filter_user_id")),
        sa.ForeignKeyConstraint(
            ["company_id", "filter_id"],
            ["crud_saved_filter.company_id", "crud_saved_filter.id"],
            name=op.f("fk_crud_default_filter_filter_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crud_default_filter")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_crud_default_filter_id")),
        sa.UniqueConstraint("company_id", "user_id", "resource", name=op.f("uq_crud_default_filter_user_id_resource")),
    )
    op.create_index(op.f("ix_crud_default_filter_filter_id"), "crud_default_filter", ["company_id", "filter_id"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index(op.f("ix_crud_default_filter_filter_id"), table_name="crud_default_filter")
    op.drop_table("crud_default_filter")
