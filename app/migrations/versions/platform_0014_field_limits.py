"""field limits."""

import sqlalchemy as sa
from alembic import op

revision = "platform_0014"
down_revision = "platform_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "security_field_limit",
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("resource", sa.String(length=80), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column(
            "level",
            sa.Enum("read_only", "hidden", name="fieldlevel", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], name=op.f("fk_security_field_limit_role_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_field_limit")),
        sa.UniqueConstraint(
            "role_id", "resource", "field", name=op.f("uq_security_field_limit_role_id_resource_field")
        ),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("security_field_limit")
