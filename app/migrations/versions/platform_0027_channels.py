"""channels."""

import sqlalchemy as sa
from alembic import op

import app.database.columns
import app.database.encryption

revision = "platform_0027"
down_revision = "platform_0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "channels_chat_channel",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "service",
            sa.Enum(
                "wecom", "dingtalk", "feishu", name="chatservice", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("web_hook", app.database.encryption.EncryptedText(), nullable=False),
        sa.Column("signing_key", app.database.encryption.EncryptedText(), nullable=True),
        sa.Column(
            "content",
            sa.Enum(
                "kind_and_link", "whole_text", name="chatcontent", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("on", "off", name="channelstate", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_channels_chat_channel")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_channels_chat_channel_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_channels_chat_channel_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels_chat_channel")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_channels_chat_channel_id")),
    )
    with op.batch_alter_table("channels_chat_channel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channels_chat_channel_service"), ["company_id", "service"], unique=False)

    op.create_table(
        "notices_reader",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=True),
        sa.Column(
            "service",
            sa.Enum(
                "wecom", "dingtalk", "feishu", name="chatservice", native_enum=False, create_constraint=True, length=20
            ),
            nullable=True,
        ),
        sa.Column("mention", app.database.encryption.EncryptedText(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_notices_reader")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_notices_reader_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_notices_reader_updated_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_notices_reader_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices_reader")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_notices_reader_id")),
        sa.UniqueConstraint("company_id", "user_id", name=op.f("uq_notices_reader_user_id")),
    )
    op.create_table(
        "channels_chat_message",
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column(
            "service",
            sa.Enum(
                "wecom", "dingtalk", "feishu", name="chatservice", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "queued", "sent", "failed", name="messagestate", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("queued_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failed_because", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_channels_chat_message")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_channels_chat_message_created_by_id")),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices_notice.id"], name=op.f("fk_channels_chat_message_notice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["receiver_id"], ["ab_user.id"], name=op.f("fk_channels_chat_message_receiver_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_channels_chat_message_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels_chat_message")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_channels_chat_message_id")),
    )
    with op.batch_alter_table("channels_chat_message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_channels_chat_message_failed",
            ["company_id", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'failed'"),
            postgresql_where=sa.text("state = 'failed'"),
        )
        batch_op.create_index(batch_op.f("ix_channels_chat_message_notice_id"), ["notice_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_channels_chat_message_service_id"), ["company_id", "service", "id"], unique=False
        )

    with op.batch_alter_table("notices_preference", schema=None) as batch_op:
        batch_op.add_column(sa.Column("chat", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("notices_preference", schema=None) as batch_op:
        batch_op.drop_column("chat")

    with op.batch_alter_table("channels_chat_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channels_chat_message_service_id"))
        batch_op.drop_index(batch_op.f("ix_channels_chat_message_notice_id"))
        batch_op.drop_index(
            "ix_channels_chat_message_failed",
            sqlite_where=sa.text("state = 'failed'"),
            postgresql_where=sa.text("state = 'failed'"),
        )

    op.drop_table("channels_chat_message")
    op.drop_table("notices_reader")
    with op.batch_alter_table("channels_chat_channel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channels_chat_channel_service"))

    op.drop_table("channels_chat_channel")
