"""packs."""

import sqlalchemy as sa
from alembic import op

import app.database.columns

revision = "platform_0025"
down_revision = "platform_0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "packs_run",
        sa.Column("pack", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("applied_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("applied_by_id", sa.Integer(), nullable=False),
        sa.Column("rolled_back_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("rolled_back_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["applied_by_id"], ["ab_user.id"], name=op.f("fk_packs_run_applied_by_id")),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_packs_run")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_packs_run_created_by_id")),
        sa.ForeignKeyConstraint(["rolled_back_by_id"], ["ab_user.id"], name=op.f("fk_packs_run_rolled_back_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_packs_run_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packs_run")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_packs_run_id")),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("packs_run")
