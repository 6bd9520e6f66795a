"""viewing, confidentiality and figures of the home page."""

import sqlalchemy as sa
from alembic import op

import app.database.columns
import app.database.encryption

revision = "platform_0021"
down_revision = "platform_0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "agreements_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("length(text_zh) > 0", name=op.f("ck_agreements_version_text_zh")),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_agreements_version")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_agreements_version_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_agreements_version_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements_version")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_agreements_version_id")),
        sa.UniqueConstraint("company_id", "number", name=op.f("uq_agreements_version_number")),
    )
    op.create_table(
        "companies_viewing",
        sa.Column("viewer_id", sa.Integer(), nullable=False),
        sa.Column("viewed_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("began_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_by",
            sa.Enum(
                "left",
                "logged_out",
                "timed_out",
                "withdrawn",
                name="viewingend",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_companies_viewing")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_companies_viewing_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_companies_viewing_updated_by_id")),
        sa.ForeignKeyConstraint(["viewed_id"], ["ab_user.id"], name=op.f("fk_companies_viewing_viewed_id")),
        sa.ForeignKeyConstraint(["viewer_id"], ["ab_user.id"], name=op.f("fk_companies_viewing_viewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies_viewing")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_companies_viewing_id")),
    )
    with op.batch_alter_table("companies_viewing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_companies_viewing_viewed_id"), ["viewed_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_companies_viewing_viewer_id"), ["viewer_id"], unique=False)

    op.create_table(
        "crud_card_place",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("card", sa.String(length=80), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_crud_card_place")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_crud_card_place_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_crud_card_place_updated_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_crud_card_place_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crud_card_place")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_crud_card_place_id")),
        sa.UniqueConstraint("company_id", "user_id", "card", name=op.f("uq_crud_card_place_user_id_card")),
    )
    op.create_table(
        "crud_hidden_card",
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("card", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_crud_hidden_card")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_crud_hidden_card_created_by_id")),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], name=op.f("fk_crud_hidden_card_role_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_crud_hidden_card_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crud_hidden_card")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_crud_hidden_card_id")),
        sa.UniqueConstraint("company_id", "role_id", "card", name=op.f("uq_crud_hidden_card_role_id_card")),
    )
    op.create_table(
        "agreements_signature",
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "way",
            sa.Enum("on_screen", "paper", name="signingway", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "agreement_id"],
            ["agreements_version.company_id", "agreements_version.id"],
            name=op.f("fk_agreements_signature_agreement_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_agreements_signature")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_agreements_signature_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_agreements_signature_updated_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_agreements_signature_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements_signature")),
        sa.UniqueConstraint(
            "company_id", "agreement_id", "user_id", name=op.f("uq_agreements_signature_agreement_id_user_id")
        ),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_agreements_signature_id")),
    )
    with op.batch_alter_table("agreements_signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreements_signature_user_id"), ["user_id"], unique=False)

    op.create_table(
        "agreements_recipient_agreement",
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signatory", sa.String(length=80), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("valid_to >= signed_on", name=op.f("ck_agreements_recipient_agreement_valid_to")),
        sa.ForeignKeyConstraint(
            ["company_id", "partner_id"],
            ["masterdata_partner.company_id", "masterdata_partner.id"],
            name=op.f("fk_agreements_recipient_agreement_partner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies_company.id"], name=op.f("fk_agreements_recipient_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_agreements_recipient_agreement_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["ab_user.id"], name=op.f("fk_agreements_recipient_agreement_updated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements_recipient_agreement")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_agreements_recipient_agreement_id")),
    )
    with op.batch_alter_table("agreements_recipient_agreement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreements_recipient_agreement_partner_id"), ["company_id", "partner_id"], unique=False
        )

    op.create_table(
        "agreements_data_share",
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_agreements_data_share_valid_to")),
        sa.ForeignKeyConstraint(
            ["company_id", "agreement_id"],
            ["agreements_recipient_agreement.company_id", "agreements_recipient_agreement.id"],
            name=op.f("fk_agreements_data_share_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "partner_id"],
            ["masterdata_partner.company_id", "masterdata_partner.id"],
            name=op.f("fk_agreements_data_share_partner_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_agreements_data_share")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_agreements_data_share_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_agreements_data_share_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements_data_share")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_agreements_data_share_id")),
    )
    with op.batch_alter_table("agreements_data_share", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreements_data_share_agreement_id"), ["company_id", "agreement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_agreements_data_share_partner_id"), ["company_id", "partner_id"], unique=False
        )

    with op.batch_alter_table("security_login", schema=None) as batch_op:
        batch_op.add_column(sa.Column("viewed_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("viewed_until", app.database.columns.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("viewing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_security_login_viewed_id"), "ab_user", ["viewed_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("security_login", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_security_login_viewed_id"), type_="foreignkey")
        batch_op.drop_column("viewing_id")
        batch_op.drop_column("viewed_until")
        batch_op.drop_column("viewed_id")

    with op.batch_alter_table("agreements_data_share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreements_data_share_partner_id"))
        batch_op.drop_index(batch_op.f("ix_agreements_data_share_agreement_id"))

    op.drop_table("agreements_data_share")
    with op.batch_alter_table("agreements_recipient_agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreements_recipient_agreement_partner_id"))

    op.drop_table("agreements_recipient_agreement")
    with op.batch_alter_table("agreements_signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreements_signature_user_id"))

    op.drop_table("agreements_signature")
    op.drop_table("crud_hidden_card")
    op.drop_table("crud_card_place")
    with op.batch_alter_table("companies_viewing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_companies_viewing_viewer_id"))
        batch_op.drop_index(batch_op.f("ix_companies_viewing_viewed_id"))

    op.drop_table("companies_viewing")
    op.drop_table("agreements_version")
