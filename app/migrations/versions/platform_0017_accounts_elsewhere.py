"""accounts elsewhere."""

import sqlalchemy as sa
from alembic import op

import app.database.columns
import app.database.encryption

revision = "platform_0017"
down_revision = "platform_0016"
branch_labels = None
depends_on = None

_METHODS = sa.Enum(
    "password", "directory", "provider", name="loginmethod", native_enum=False, create_constraint=True, length=20
)


def upgrade() -> None:
    """Keep who a user is in the directory or at the identity provider, and who vouched for a log-in."""
    op.create_table(
        "security_external_identity",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("linked_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_security_external_identity_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_external_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_security_external_identity_issuer_subject")),
        sa.UniqueConstraint("user_id", "issuer", name=op.f("uq_security_external_identity_user_id_issuer")),
    )
    with op.batch_alter_table("security_login", schema=None) as batch_op:
        # Whoever is logged in has given a password of ours.
        batch_op.add_column(sa.Column("method", _METHODS, nullable=False, server_default="password"))
        batch_op.add_column(
            sa.Column("provider_second_factor", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("confirmed_at", app.database.columns.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("id_token", app.database.encryption.EncryptedText(), nullable=True))
    with op.batch_alter_table("security_login", schema=None) as batch_op:
        batch_op.alter_column("method", server_default=None)
        batch_op.alter_column("provider_second_factor", server_default=None)


def downgrade() -> None:
    """Forget them: users without a password of ours need a new one."""
    with op.batch_alter_table("security_login", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_security_login_loginmethod"), type_="check")
        for name in ("id_token", "confirmed_at", "provider_second_factor", "method"):
            batch_op.drop_column(name)
    op.drop_table("security_external_identity")
