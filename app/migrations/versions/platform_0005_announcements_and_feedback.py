"""announcements and feedback."""

import sqlalchemy as sa
from alembic import op

import app.database.columns

revision = "platform_0005"
down_revision = "platform_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of announcements and feedback."""
    op.create_table(
        "announcements_announcement",
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("publish_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("expires_on >= publish_on", name=op.f("ck_announcements_announcement_expires_on")),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_announcements_announcement")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_announcements_announcement_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["ab_user.id"], name=op.f("fk_announcements_announcement_updated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements_announcement")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_announcements_announcement_id")),
    )
    op.create_table(
        "feedback_fault_report",
        sa.Column(
            "kind",
            sa.Enum("fault", "wish", name="faultkind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("page", sa.String(length=300), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open", "handled", "closed", name="faultstate", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("reported_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=400), nullable=True),
        sa.Column("closed_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_feedback_fault_report")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_feedback_fault_report_created_by_id")),
        sa.ForeignKeyConstraint(["reporter_id"], ["ab_user.id"], name=op.f("fk_feedback_fault_report_reporter_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_feedback_fault_report_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_fault_report")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_feedback_fault_report_id")),
    )
    op.create_table(
        "announcements_read",
        sa.Column("announcement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("read_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "announcement_id"],
            ["announcements_announcement.company_id", "announcements_announcement.id"],
            name=op.f("fk_announcements_read_announcement_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_announcements_read")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_announcements_read_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_announcements_read_updated_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_announcements_read_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements_read")),
        sa.UniqueConstraint(
            "company_id", "announcement_id", "user_id", name=op.f("uq_announcements_read_announcement_id_user_id")
        ),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_announcements_read_id")),
    )
    op.create_table(
        "announcements_unit",
        sa.Column("announcement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("org_unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "announcement_id"],
            ["announcements_announcement.company_id", "announcements_announcement.id"],
            name=op.f("fk_announcements_unit_announcement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "org_unit_id"],
            ["companies_org_unit.company_id", "companies_org_unit.id"],
            name=op.f("fk_announcements_unit_org_unit_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_announcements_unit")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_announcements_unit_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_announcements_unit_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements_unit")),
        sa.UniqueConstraint(
            "company_id",
            "announcement_id",
            "org_unit_id",
            name=op.f("uq_announcements_unit_announcement_id_org_unit_id"),
        ),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_announcements_unit_id")),
    )
    with op.batch_alter_table("announcements_unit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_announcements_unit_org_unit_id"), ["company_id", "org_unit_id"], unique=False
        )


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("announcements_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcements_unit_org_unit_id"))

    op.drop_table("announcements_unit")
    op.drop_table("announcements_read")
    op.drop_table("feedback_fault_report")
    op.drop_table("announcements_announcement")
