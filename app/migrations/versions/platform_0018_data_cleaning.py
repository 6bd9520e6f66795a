"""data cleaning."""

import sqlalchemy as sa
from alembic import op

import app.database.columns
import app.database.encryption

revision = "platform_0018"
down_revision = "platform_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "cleaning_run",
        sa.Column("resource", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("record_state", sa.String(length=40), nullable=False),
        sa.Column("untouched_days", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("cleaned", "put_back", name="cleanstate", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("kept_confirmed", sa.Integer(), nullable=False),
        sa.Column("kept_referenced", sa.Integer(), nullable=False),
        sa.Column("kept_refused", sa.Integer(), nullable=False),
        sa.Column("archive", sa.String(length=80), nullable=False),
        sa.Column("cleaned_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("cleaned_by_id", sa.Integer(), nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("put_back_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["cleaned_by_id"], ["ab_user.id"], name=op.f("fk_cleaning_run_cleaned_by_id")),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_cleaning_run")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_cleaning_run_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_cleaning_run_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cleaning_run")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_cleaning_run_id")),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("cleaning_run")
