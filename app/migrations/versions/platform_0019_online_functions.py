"""online functions."""

import sqlalchemy as sa
from alembic import op

import app.database.columns
import app.database.encryption

revision = "platform_0019"
down_revision = "platform_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "online_call",
        sa.Column("feature", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "done",
                "failed",
                "dropped",
                name="callstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failed_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_online_call")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_online_call_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_online_call_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_call")),
        sa.UniqueConstraint("company_id", "feature", "record_id", name=op.f("uq_online_call_feature_record_id")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_online_call_id")),
    )
    with op.batch_alter_table("online_call", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_online_call_feature_due_at"),
            ["company_id", "feature", "due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("online_call", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_online_call_feature_due_at"),
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.drop_table("online_call")
