"""invitations."""

import sqlalchemy as sa
from alembic import op

import app.database.columns

revision = "platform_0015"
down_revision = "platform_0014"
branch_labels = None
depends_on = None

_MAIL_DUE = sa.text("mail_due_at IS NOT NULL")


def upgrade() -> None:
    """Keep whom a company invited to set a first password, and the digest of the link."""
    op.create_table(
        "security_invitation",
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("mail_due_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("mail_attempts", sa.Integer(), nullable=False),
        sa.Column("mailed_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_security_invitation")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_security_invitation_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["ab_user.id"], name=op.f("fk_security_invitation_invited_by_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_invitation")),
        sa.UniqueConstraint("user_id", name=op.f("uq_security_invitation_user_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_security_invitation_token_hash")),
    )
    op.create_index(
        "ix_security_invitation_mail",
        "security_invitation",
        ["mail_due_at"],
        unique=False,
        sqlite_where=_MAIL_DUE,
        postgresql_where=_MAIL_DUE,
    )


def downgrade() -> None:
    """Forget them: every open link opens nothing any more."""
    op.drop_index("ix_security_invitation_mail", table_name="security_invitation")
    op.drop_table("security_invitation")
