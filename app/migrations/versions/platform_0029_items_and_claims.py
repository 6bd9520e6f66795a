"""products' particulars, single items and who holds them."""

import sqlalchemy as sa
from alembic import op

import app.database.columns

revision = "platform_0029"
down_revision = "platform_0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "masterdata_sellable_item",
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("serial", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("archived_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "product_id"],
            ["masterdata_product.company_id", "masterdata_product.id"],
            name=op.f("fk_masterdata_sellable_item_product_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_masterdata_sellable_item")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_masterdata_sellable_item_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["ab_user.id"], name=op.f("fk_masterdata_sellable_item_updated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_masterdata_sellable_item")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_masterdata_sellable_item_id")),
        sa.UniqueConstraint(
            "company_id", "product_id", "serial", name=op.f("uq_masterdata_sellable_item_product_id_serial")
        ),
    )
    op.create_table(
        "documents_item_claim",
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("claimed_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("released_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "holder_id"],
            ["documents_ref.company_id", "documents_ref.id"],
            name=op.f("fk_documents_item_claim_holder_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "item_id"],
            ["masterdata_sellable_item.company_id", "masterdata_sellable_item.id"],
            name=op.f("fk_documents_item_claim_item_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_documents_item_claim")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_documents_item_claim_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_documents_item_claim_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents_item_claim")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_documents_item_claim_id")),
    )
    with op.batch_alter_table("documents_item_claim", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_documents_item_claim_holder_id"), ["company_id", "holder_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_documents_item_claim_item_id"), ["company_id", "item_id"], unique=False)
        batch_op.create_index(
            "uq_documents_item_claim_live",
            ["company_id", "item_id"],
            unique=True,
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        )

    for name, length in (("style_no", 40), ("spec", 200), ("brand", 80), ("attributes", 400)):
        op.add_column("masterdata_product", sa.Column(name, sa.String(length=length), nullable=True))
    op.create_index(
        op.f("ix_masterdata_product_style_no"), "masterdata_product", ["company_id", "style_no"], unique=True
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index(op.f("ix_masterdata_product_style_no"), table_name="masterdata_product")
    for name in ("attributes", "brand", "spec", "style_no"):
        op.drop_column("masterdata_product", name)
    with op.batch_alter_table("documents_item_claim", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_documents_item_claim_live",
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_documents_item_claim_item_id"))
        batch_op.drop_index(batch_op.f("ix_documents_item_claim_holder_id"))

    op.drop_table("documents_item_claim")
    op.drop_table("masterdata_sellable_item")
