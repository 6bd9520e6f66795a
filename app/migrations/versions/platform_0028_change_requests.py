"""change requests."""

import sqlalchemy as sa
from alembic import op

import app.database.columns
import app.database.encryption

revision = "platform_0028"
down_revision = "platform_0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "changes_request",
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "applied",
                "refused",
                "withdrawn",
                name="changestate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("resource", sa.String(length=80), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("changes", app.database.encryption.EncryptedText(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=False),
        sa.Column("due_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("submitted_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=400), nullable=True),
        sa.Column("applied_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=400), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("doc_date", sa.Date(), nullable=False),
        sa.Column("posted_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("period", sa.String(length=7), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("print_count", sa.Integer(), nullable=False),
        sa.Column("terms_hash", sa.String(length=64), nullable=True),
        sa.Column("legal_entity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cancelled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
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
            ["company_id", "cancelled_by_id"],
            ["documents_ref.company_id", "documents_ref.id"],
            name=op.f("fk_changes_request_cancelled_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "legal_entity_id"],
            ["companies_legal_entity.company_id", "companies_legal_entity.id"],
            name=op.f("fk_changes_request_legal_entity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "org_unit_id"],
            ["companies_org_unit.company_id", "companies_org_unit.id"],
            name=op.f("fk_changes_request_org_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "submitted_to_id"],
            ["companies_employee.company_id", "companies_employee.id"],
            name=op.f("fk_changes_request_submitted_to_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "owner_id"],
            ["companies_employee.company_id", "companies_employee.id"],
            name=op.f("fk_changes_request_owner_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_changes_request")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_changes_request_created_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["ab_user.id"], name=op.f("fk_changes_request_decided_by_id")),
        sa.ForeignKeyConstraint(["requester_id"], ["ab_user.id"], name=op.f("fk_changes_request_requester_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_changes_request_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes_request")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_changes_request_id")),
        sa.UniqueConstraint(
            "company_id", "legal_entity_id", "number", name=op.f("uq_changes_request_legal_entity_id_number")
        ),
    )
    with op.batch_alter_table("changes_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_changes_request_cancelled_by_id"), ["company_id", "cancelled_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_changes_request_legal_entity_id"), ["company_id", "legal_entity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_changes_request_number"),
            ["company_id", "number"],
            unique=True,
            sqlite_where=sa.text("legal_entity_id IS NULL"),
            postgresql_where=sa.text("legal_entity_id IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_changes_request_org_unit_id"), ["company_id", "org_unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_changes_request_owner_id"), ["company_id", "owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_changes_request_requester_id"), ["requester_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_changes_request_submitted_to_id"), ["company_id", "submitted_to_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_changes_request_resource_record_id"), ["company_id", "resource", "record_id"], unique=False
        )
        batch_op.create_index(
            "uq_changes_request_pending",
            ["company_id", "resource", "record_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('draft', 'submitted', 'approved')"),
            postgresql_where=sa.text("state IN ('draft', 'submitted', 'approved')"),
        )


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("changes_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_changes_request_pending",
            sqlite_where=sa.text("state IN ('draft', 'submitted', 'approved')"),
            postgresql_where=sa.text("state IN ('draft', 'submitted', 'approved')"),
        )
        batch_op.drop_index(batch_op.f("ix_changes_request_submitted_to_id"))
        batch_op.drop_index(batch_op.f("ix_changes_request_resource_record_id"))
        batch_op.drop_index(batch_op.f("ix_changes_request_requester_id"))
        batch_op.drop_index(batch_op.f("ix_changes_request_owner_id"))
        batch_op.drop_index(batch_op.f("ix_changes_request_org_unit_id"))
        batch_op.drop_index(
            batch_op.f("ix_changes_request_number"),
            sqlite_where=sa.text("legal_entity_id IS NULL"),
            postgresql_where=sa.text("legal_entity_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_changes_request_legal_entity_id"))
        batch_op.drop_index(batch_op.f("ix_changes_request_cancelled_by_id"))

    op.drop_table("changes_request")
