"""approvals."""

import sqlalchemy as sa
from alembic import op

import app.database.columns

revision = "platform_0024"
down_revision = "platform_0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "approvals_chain",
        sa.Column("resource", sa.String(length=80), nullable=False),
        sa.Column("transition", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "active", "retired", name="chainstate", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("activated_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("activated_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["activated_by_id"], ["ab_user.id"], name=op.f("fk_approvals_chain_activated_by_id")),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_approvals_chain")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_approvals_chain_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_approvals_chain_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals_chain")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_approvals_chain_id")),
        sa.UniqueConstraint(
            "company_id", "resource", "transition", "number", name=op.f("uq_approvals_chain_resource_transition_number")
        ),
    )
    with op.batch_alter_table("approvals_chain", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_approvals_chain_resource_transition_state"),
            ["company_id", "resource", "transition", "state"],
            unique=False,
        )

    op.create_table(
        "approvals_deputy",
        sa.Column("absent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deputy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
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
            ["company_id", "absent_id"],
            ["companies_employee.company_id", "companies_employee.id"],
            name=op.f("fk_approvals_deputy_absent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "deputy_id"],
            ["companies_employee.company_id", "companies_employee.id"],
            name=op.f("fk_approvals_deputy_deputy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "org_unit_id"],
            ["companies_org_unit.company_id", "companies_org_unit.id"],
            name=op.f("fk_approvals_deputy_org_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "owner_id"],
            ["companies_employee.company_id", "companies_employee.id"],
            name=op.f("fk_approvals_deputy_owner_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_approvals_deputy")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_approvals_deputy_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_approvals_deputy_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals_deputy")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_approvals_deputy_id")),
    )
    with op.batch_alter_table("approvals_deputy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_deputy_absent_id"), ["company_id", "absent_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_approvals_deputy_deputy_id_first_day"),
            ["company_id", "deputy_id", "first_day"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_approvals_deputy_org_unit_id"), ["company_id", "org_unit_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_approvals_deputy_owner_id"), ["company_id", "owner_id"], unique=False)

    op.create_table(
        "approvals_file",
        sa.Column("resource", sa.String(length=80), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("transition", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "approved",
                "done",
                "failed",
                "rejected",
                "returned",
                "withdrawn",
                name="filestate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("chain_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("route", sa.JSON(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step_name", sa.String(length=80), nullable=True),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("due_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
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
            ["company_id", "chain_id"],
            ["approvals_chain.company_id", "approvals_chain.id"],
            name=op.f("fk_approvals_file_chain_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "org_unit_id"],
            ["companies_org_unit.company_id", "companies_org_unit.id"],
            name=op.f("fk_approvals_file_org_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "owner_id"],
            ["companies_employee.company_id", "companies_employee.id"],
            name=op.f("fk_approvals_file_owner_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_approvals_file")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_approvals_file_created_by_id")),
        sa.ForeignKeyConstraint(["requester_id"], ["ab_user.id"], name=op.f("fk_approvals_file_requester_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_approvals_file_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals_file")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_approvals_file_id")),
    )
    with op.batch_alter_table("approvals_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_file_chain_id"), ["company_id", "chain_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approvals_file_org_unit_id"), ["company_id", "org_unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approvals_file_owner_id"), ["company_id", "owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approvals_file_requester_id"), ["requester_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_approvals_file_resource_record_id"), ["company_id", "resource", "record_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_approvals_file_state"), ["company_id", "state"], unique=False)

    op.create_table(
        "approvals_line",
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=True),
        sa.Column("step_name", sa.String(length=80), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "agree",
                "disagree",
                "return",
                "passed",
                "void",
                "add_signer",
                "withdraw",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("signer_id", sa.Integer(), nullable=True),
        sa.Column("employee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("for_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("back_to", sa.String(length=40), nullable=True),
        sa.Column("at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["companies_employee.company_id", "companies_employee.id"],
            name=op.f("fk_approvals_line_employee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "file_id"],
            ["approvals_file.company_id", "approvals_file.id"],
            name=op.f("fk_approvals_line_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "for_id"],
            ["companies_employee.company_id", "companies_employee.id"],
            name=op.f("fk_approvals_line_for_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_approvals_line")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_approvals_line_created_by_id")),
        sa.ForeignKeyConstraint(["signer_id"], ["ab_user.id"], name=op.f("fk_approvals_line_signer_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_approvals_line_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals_line")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_approvals_line_id")),
    )
    with op.batch_alter_table("approvals_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_line_employee_id"), ["company_id", "employee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approvals_line_file_id"), ["company_id", "file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approvals_line_for_id"), ["company_id", "for_id"], unique=False)

    op.create_table(
        "approvals_task",
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("employee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "signed", "closed", name="taskstate", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("due_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("remind_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("signer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("overdue_at", app.database.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("escalated_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", app.database.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["companies_employee.company_id", "companies_employee.id"],
            name=op.f("fk_approvals_task_employee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "escalated_to_id"],
            ["companies_employee.company_id", "companies_employee.id"],
            name=op.f("fk_approvals_task_escalated_to_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "file_id"],
            ["approvals_file.company_id", "approvals_file.id"],
            name=op.f("fk_approvals_task_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "signer_id"],
            ["companies_employee.company_id", "companies_employee.id"],
            name=op.f("fk_approvals_task_signer_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies_company.id"], name=op.f("fk_approvals_task")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_approvals_task_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["ab_user.id"], name=op.f("fk_approvals_task_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals_task")),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_approvals_task_id")),
    )
    with op.batch_alter_table("approvals_task", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_approvals_task_employee_id_state"), ["company_id", "employee_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_approvals_task_escalated_to_id"), ["company_id", "escalated_to_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_approvals_task_file_id"), ["company_id", "file_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_approvals_task_state_due_at"), ["company_id", "state", "due_at"], unique=False
        )


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("approvals_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approvals_task_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_approvals_task_file_id"))
        batch_op.drop_index(batch_op.f("ix_approvals_task_escalated_to_id"))
        batch_op.drop_index(batch_op.f("ix_approvals_task_employee_id_state"))

    op.drop_table("approvals_task")
    with op.batch_alter_table("approvals_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approvals_line_for_id"))
        batch_op.drop_index(batch_op.f("ix_approvals_line_file_id"))
        batch_op.drop_index(batch_op.f("ix_approvals_line_employee_id"))

    op.drop_table("approvals_line")
    with op.batch_alter_table("approvals_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approvals_file_state"))
        batch_op.drop_index(batch_op.f("ix_approvals_file_resource_record_id"))
        batch_op.drop_index(batch_op.f("ix_approvals_file_requester_id"))
        batch_op.drop_index(batch_op.f("ix_approvals_file_owner_id"))
        batch_op.drop_index(batch_op.f("ix_approvals_file_org_unit_id"))
        batch_op.drop_index(batch_op.f("ix_approvals_file_chain_id"))

    op.drop_table("approvals_file")
    with op.batch_alter_table("approvals_deputy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approvals_deputy_owner_id"))
        batch_op.drop_index(batch_op.f("ix_approvals_deputy_org_unit_id"))
        batch_op.drop_index(batch_op.f("ix_approvals_deputy_deputy_id_first_day"))
        batch_op.drop_index(batch_op.f("ix_approvals_deputy_absent_id"))

    op.drop_table("approvals_deputy")
    with op.batch_alter_table("approvals_chain", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approvals_chain_resource_transition_state"))

    op.drop_table("approvals_chain")
