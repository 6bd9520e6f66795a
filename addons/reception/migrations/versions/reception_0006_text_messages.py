"""text messages."""

import sqlalchemy as sa
from alembic import op

import app.database.columns
import app.database.encryption

revision = "reception_0006"
down_revision = "reception_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "reception_sms_gateway",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("adapter", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("key", app.database.encryption.EncryptedText(), nullable=True),
        sa.Column("body_template", sa.Text(), nullable=False),
        sa.Column("success_mark", sa.String(length=100), nullable=True),
        sa.Column("signature", sa.String(length=20), nullable=True),
        sa.Column("timeout_seconds", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_reception_sms_gateway")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_reception_sms_gateway_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_reception_sms_gateway_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reception_sms_gateway")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_reception_sms_gateway_id")),
    )
    op.create_table(
        "reception_sms_template",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("archived_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_reception_sms_template")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_reception_sms_template_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["ab_user.id"], name=op.f("fk_reception_sms_template_updated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reception_sms_template")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_reception_sms_template_id")),
        sa.UniqueConstraint("company_id", "name", name=op.f("uq_reception_sms_template_name")),
    )
    op.create_table(
        "reception_sms_message",
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("phone", app.database.encryption.EncryptedText(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("queued", "sent", "failed", name="smsstate", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("queued_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failed_because", sa.String(length=300), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("org_unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "customer_id"],
            ["reception_customer.company_id", "reception_customer.id"],
            name=op.f("fk_reception_sms_message_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "org_unit_id"],
            ["companies_org_unit.company_id", "companies_org_unit.id"],
            name=op.f("fk_reception_sms_message_org_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "owner_id"],
            ["companies_employee.company_id", "companies_employee.id"],
            name=op.f("fk_reception_sms_message_owner_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_reception_sms_message")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_reception_sms_message_created_by_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["ab_user.id"], name=op.f("fk_reception_sms_message_sender_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_reception_sms_message_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reception_sms_message")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_reception_sms_message_id")),
    )
    with op.batch_alter_table("reception_sms_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reception_sms_message_customer_id"), ["company_id", "customer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_reception_sms_message_org_unit_id"), ["company_id", "org_unit_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_reception_sms_message_owner_id"), ["company_id", "owner_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_reception_sms_message_sender_id_queued_at"),
            ["company_id", "sender_id", "queued_at"],
            unique=False,
        )


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("reception_sms_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reception_sms_message_sender_id_queued_at"))
        batch_op.drop_index(batch_op.f("ix_reception_sms_message_owner_id"))
        batch_op.drop_index(batch_op.f("ix_reception_sms_message_org_unit_id"))
        batch_op.drop_index(batch_op.f("ix_reception_sms_message_customer_id"))

    op.drop_table("reception_sms_message")
    op.drop_table("reception_sms_template")
    op.drop_table("reception_sms_gateway")
