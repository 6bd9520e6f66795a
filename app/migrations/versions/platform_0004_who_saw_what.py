"""who saw what, dismissed failures, proposed erasures."""

import sqlalchemy as sa
from alembic import op

import app.database.columns

revision = "platform_0004"
down_revision = "platform_0003"
branch_labels = None
depends_on = None

_BEFORE = ("requested", "refused", "erased")


def upgrade() -> None:
    """Keep who saw whose numbers; let failures be dismissed and erasures be proposed."""
    op.create_table(
        "audit_access",
        sa.Column("at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "record", "list", "export", name="accesskind", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("resource", sa.String(length=80), nullable=False),
        sa.Column("record_ids", sa.Text(), nullable=False),
        sa.Column("record_count", sa.Integer(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_audit_access")),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_audit_access_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_access")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_audit_access_id")),
    )
    with op.batch_alter_table("audit_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_access_at"), ["company_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_access_resource_at"), ["company_id", "resource", "at"], unique=False)

    op.add_column("events_delivery", sa.Column("dismissed_reason", sa.String(length=200), nullable=True))
    _allow("proposed", *_BEFORE)


def downgrade() -> None:
    """Forget what the earlier code does not know."""
    op.execute(sa.text("DELETE FROM masterdata_erase_request WHERE state = 'proposed'"))
    _allow(*_BEFORE)
    op.drop_column("events_delivery", "dismissed_reason")

    with op.batch_alter_table("audit_access", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_access_resource_at"))
        batch_op.drop_index(batch_op.f("ix_audit_access_at"))

    op.drop_table("audit_access")


def _allow(*states: str) -> None:
    """Let the database take these states; SQLite makes the table anew, without the check that it cannot read."""
    with op.batch_alter_table("masterdata_erase_request") as batch_op:
        if op.get_context().dialect.name != "sqlite":
            batch_op.drop_constraint("erasestate", type_="check")
        batch_op.create_check_constraint("erasestate", sa.column("state").in_(states))
