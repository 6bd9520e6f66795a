"""audit seals."""

import sqlalchemy as sa
from alembic import op

import app.database.columns

revision = "platform_0012"
down_revision = "platform_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the audit log be sealed in batches."""
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("up_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_audit_seal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_audit_seal_id")),
        sa.UniqueConstraint("company_id", "number", name=op.f("uq_audit_seal_number")),
    )


def downgrade() -> None:
    """Forget the seals; the log itself stays."""
    op.drop_table("audit_seal")
