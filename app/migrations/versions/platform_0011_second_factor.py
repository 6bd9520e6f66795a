"""second factor."""

import sqlalchemy as sa
from alembic import op

import app.database.columns
import app.database.encryption

revision = "platform_0011"
down_revision = "platform_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep the keys of authenticator apps, hashes of recovery codes, and since when a factor is wanted."""
    op.create_table(
        "security_recovery_code",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=32), nullable=False),
        sa.Column("used_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_security_recovery_code_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_recovery_code")),
    )
    with op.batch_alter_table("security_recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_security_recovery_code_user_id"), ["user_id"], unique=False)

    op.create_table(
        "security_second_factor",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret", app.database.encryption.EncryptedText(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_security_second_factor_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_second_factor")),
        sa.UniqueConstraint("user_id", name=op.f("uq_security_second_factor_user_id")),
    )
    since = sa.Column("second_factor_since", app.database.columns.UtcDateTime(timezone=True), nullable=True)
    op.add_column("security_account", since)


def downgrade() -> None:
    """Forget them: everybody logs in with the password alone."""
    op.drop_column("security_account", "second_factor_since")

    op.drop_table("security_second_factor")
    with op.batch_alter_table("security_recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_security_recovery_code_user_id"))

    op.drop_table("security_recovery_code")
