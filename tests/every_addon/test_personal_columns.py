"""Every text in the platform's tables that could name a customer is declared, so that erasure finds it (P:CRM-22)."""

import pytest
import sqlalchemy as sa

from app.database.base import CompanyModel, Model
from app.database.personal import personal_columns, quoting_columns

# Tables that say nothing of customers, and why; their texts need no declaration.
ABOUT_NOBODY = {
    "approvals_chain": "The company's policy.",
    "approvals_deputy": "Which employees stand in for which.",
    "approvals_task": "Which employees are asked to sign.",
    "agreements_signature": "Who of those who work here signed what.",
    "agreements_version": "What they sign.",
    "audit_seal": "Keyed digests of entries.",
    "audit_access": "Ids of records, and names of columns; it is never changed.",
    "audit_entry": "Personal and quoting columns are dots in it; it is never changed.",
    "audit_security_event": "About users; its writers leave names and numbers of customers out. It is never changed.",
    "backups": "When backups were made, and what stood in their way.",
    "channels_chat_channel": "Robots of groups.",
    "companies": "The organisation and those who work in it.",
    "crud_card_place": "Names of figures on the home page.",
    "crud_hidden_card": "Names of figures on the home page.",
    "crud_default_filter": "Which filter a list opens with.",
    "crud_recent_record": "Which records a user opened.",
    "crud_submission": "Keys that the platform draws.",
    "documents_item_claim": "Which document holds which item.",
    "documents_link": "Which document does what to which.",
    "jobs_maintenance_task": "Add-ons, archives, and what came of installing them; no record is read into it.",
    "jobs_scheduled_run": "Names of code, and of the class of an error.",
    "masterdata_calendar_day": "Holidays.",
    "masterdata_currency": "Currencies.",
    "masterdata_fx_rate": "Exchange rates.",
    "masterdata_number": "How numbers are written, and the last one.",
    "masterdata_option": "Words of the company's own lists.",
    "masterdata_product": "Products and their classes.",
    "masterdata_sellable_item": "Serial numbers of what is sold.",
    "masterdata_tax_rate": "Tax rates.",
    "masterdata_unit_of_measure": "Units of measure.",
    "notices_preference": "Where users want to be told of what.",
    "packs": "What a company was set up with.",
    "parameters": "The company's policy.",
    "security": "Log-ins and passwords of users.",
}
# Single columns of tables that do, and why they hold no free text.
NO_FREE_TEXT = {
    "key", "resource", "state",
    "approvals_file.requested_by", "approvals_file.rule", "approvals_file.step", "approvals_file.step_name",
    "approvals_file.terms_hash", "approvals_file.transition",
    "approvals_line.back_to", "approvals_line.step", "approvals_line.step_name",
    "changes_request.number", "changes_request.period", "changes_request.terms_hash",
    "channels_chat_message.failed_because",
    "cleaning_run.archive", "cleaning_run.record_state",
    "documents_attachment.extension", "documents_ref.number",
    "events_delivery.event", "events_delivery.event_uid", "events_delivery.handler",
    "jobs_job.locale", "jobs_job.name", "jobs_job.result_path", "masterdata_partner.number",
    "masterdata_partner_role.stage", "notices_notice.kind", "notices_notice.text", "notices_reader.locale",
    "online_call.feature",
    "search_token.token",
    "workflow_log.source", "workflow_log.target",
    "workflow_log.transition", "statistics_report_run.report", "statistics_report_run.title",
    "statistics_report_run.period", "statistics_comparison.measure", "statistics_comparison.figure",
}  # fmt: skip
# Add-ons give fields of their own to what they show; these tables are shown nowhere, so `custom` stays empty.
WITHOUT_CUSTOM_FIELDS = {
    "approvals_file", "approvals_line",
    "announcements_announcement", "announcements_read", "announcements_unit", "feedback_fault_report",
    "changes_request",
    "channels_chat_message", "cleaning_run", "crud_saved_filter", "documents_attachment", "documents_comment",
    "documents_ref", "events_delivery", "issues_issue", "jobs_job", "masterdata_consent", "masterdata_erase_request",
    "masterdata_partner_point", "masterdata_partner_role", "notices_notice", "notices_reader",
    "online_call",
    "statistics_comparison", "statistics_report_run", "workflow_log",
}  # fmt: skip


def platform_models():
    """Return the models of the platform's own tables; the users' are Flask-AppBuilder's."""
    found = {mapper.class_ for mapper in Model.registry.mappers if mapper.class_.__module__.startswith("app.")}
    return sorted(found, key=lambda model: model.__tablename__)


def texts(model):
    """Return the columns that can hold free text."""
    return [
        name
        for name, column in sa.inspect(model).columns.items()
        if isinstance(column.type, sa.String | sa.JSON) and not isinstance(column.type, sa.Enum)
    ]


@pytest.mark.rule("P:CRM-22")
def test_every_text_about_a_person_is_declared_or_has_a_reason(product):
    open_ones = []
    for model in platform_models():
        table = model.__tablename__
        if any(table == name or table.startswith(f"{name}_") for name in ABOUT_NOBODY):
            continue
        declared = personal_columns(model) | set(quoting_columns(model)) if issubclass(model, CompanyModel) else set()
        reasons = {name for name in texts(model) if name in NO_FREE_TEXT or f"{table}.{name}" in NO_FREE_TEXT}
        if table in WITHOUT_CUSTOM_FIELDS:
            reasons.add("custom")
        open_ones += [f"{table}.{name}" for name in texts(model) if name not in declared | reasons]
    assert not open_ones, (
        f"{open_ones}: name each in __personal__ (blanked with its record) or __quotes__ (words starred out), see "
        "app/database/personal.py, or give a reason here"
    )


def test_every_reason_is_still_needed(product):
    tables = {model.__tablename__: model for model in platform_models()}
    gone = [name for name in ABOUT_NOBODY if not any(one == name or one.startswith(f"{name}_") for one in tables)]
    gone += [
        name
        for name in NO_FREE_TEXT
        if "." in name and name.partition(".")[2] not in texts(tables[name.partition(".")[0]])
    ]
    gone += [table for table in WITHOUT_CUSTOM_FIELDS if table not in tables]
    assert not gone


def test_what_is_declared_is_there(product):
    for mapper in Model.registry.mappers:
        model = mapper.class_
        if issubclass(model, CompanyModel):
            columns = set(sa.inspect(model).columns.keys())
            declared = {*getattr(model, "__personal__", ()), *quoting_columns(model)}
            assert declared <= columns, f"{model.__name__}: there is no {declared - columns}"
            attached = getattr(model, "__attached__", None)
            if attached is not None:
                wanted = {attached.through} if attached.through else {attached.resource, attached.record_id}
                assert wanted <= columns, f"{model.__name__}: there is no {wanted - columns}"
