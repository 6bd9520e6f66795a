"""What an add-on leaves in the platform's tables, by declaration: uninstalling takes it along, restoring brings it.

tests/every_addon/test_traces.py fails for a table that is not declared here and keeps an add-on's name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from app.addon_loader.contributions import AddonSetup
from app.search.declaration import declaration_of


class Form(Enum):
    """How a column names an add-on."""

    NAME = "name"  # visits
    DOTTED = "dotted"  # visits.Visit
    ROLE = "role"  # visits_manager, as its code declares it
    SEARCH = "search"  # the number of one of its tables among the search tokens


@dataclass(frozen=True)
class Trace:
    """A table whose rows name an add-on."""

    table: str
    column: str
    form: Form = Form.DOTTED


@dataclass(frozen=True)
class Follower:
    """A table whose rows go with the row of another one that they point at."""

    table: str
    column: str
    of: str


TRACES = (
    Trace("ab_role", "name", Form.ROLE),
    Trace("ab_view_menu", "name"),
    Trace("approvals_chain", "resource"),
    Trace("approvals_file", "resource"),
    Trace("cleaning_run", "resource"),
    Trace("companies_disabled_addon", "addon", Form.NAME),
    Trace("companies_installed_addon", "addon", Form.NAME),
    Trace("crud_card_place", "card"),
    Trace("crud_hidden_card", "card"),
    Trace("crud_recent_record", "resource"),
    Trace("crud_saved_filter", "resource"),
    Trace("crud_default_filter", "resource"),  # After the filters that it points at.
    Trace("crud_submission", "resource"),
    Trace("documents_ref", "resource"),
    Trace("changes_request", "resource"),  # After the registry, which it may point at.
    Trace("events_delivery", "handler"),
    Trace("jobs_job", "name"),
    Trace("jobs_scheduled_run", "name"),
    Trace("masterdata_number_counter", "key"),
    Trace("masterdata_number_series", "key"),
    Trace("masterdata_option_list", "key"),
    Trace("notices_notice", "resource"),
    Trace("parameters_value", "key"),
    Trace("search_token", "model", Form.SEARCH),
    Trace("security_field_limit", "resource"),
    Trace("statistics_report_run", "report"),
    Trace("workflow_log", "resource"),
)
FOLLOWERS = (
    Follower("ab_user_role", "role_id", "ab_role"),
    Follower("ab_group_role", "role_id", "ab_role"),
    Follower("ab_permission_view", "view_menu_id", "ab_view_menu"),
    Follower("ab_permission_view_role", "permission_view_id", "ab_permission_view"),
    Follower("ab_permission_view_role", "role_id", "ab_role"),
    Follower("approvals_file", "chain_id", "approvals_chain"),
    Follower("approvals_task", "file_id", "approvals_file"),
    Follower("approvals_line", "file_id", "approvals_file"),
    Follower("changes_request", "cancelled_by_id", "documents_ref"),
    Follower("channels_chat_message", "notice_id", "notices_notice"),
    Follower("companies_membership", "role_id", "ab_role"),
    Follower("companies_membership_unit", "membership_id", "companies_membership"),
    Follower("crud_hidden_card", "role_id", "ab_role"),
    Follower("crud_default_filter", "filter_id", "crud_saved_filter"),
    Follower("documents_attachment", "ref_id", "documents_ref"),
    Follower("documents_comment", "ref_id", "documents_ref"),
    Follower("documents_item_claim", "holder_id", "documents_ref"),
    Follower("documents_link", "source_id", "documents_ref"),
    Follower("documents_link", "target_id", "documents_ref"),
    Follower("masterdata_option", "list_id", "masterdata_option_list"),
    Follower("security_field_limit", "role_id", "ab_role"),
    Follower("security_own_role", "role_id", "ab_role"),
    Follower("statistics_comparison", "run_id", "statistics_report_run"),
)
# Columns that name add-ons and keep doing so, with the reason.
KEPT = {
    "audit_access.resource": "Who looked at what stays known, like the audit log.",
    "audit_entry.table_name": "The audit log is append-only (S:CORE-07).",
    "jobs_maintenance_task.addon": "What was done to the installation stays known.",
    "companies_enabled_addon.addon": "An add-on that a company has on is not uninstalled.",
}
# Files that rows of company tables name, and where they lie below the data folder; `start` is two letters of the name.
FILES = {
    "documents_attachment.stored_as": "attachments/{company_id}/{start}/{name}",
    "jobs_job.result_path": "jobs/{name}",
}

_IDS = "SELECT id FROM {} WHERE {}"


@dataclass(frozen=True)
class AddonNames:
    """All that rows may call an add-on."""

    addon: str
    roles: tuple[str, ...] = ()
    search_numbers: tuple[int, ...] = ()


def names_of(setup: AddonSetup) -> AddonNames:
    """Return what rows call this add-on."""
    numbers = tuple(declaration_of(model).number for model in setup.models)
    return AddonNames(setup.name, tuple(role.name for role in setup.roles), numbers)


@dataclass(frozen=True)
class Selection:
    """A condition on one table, as SQL, and its values."""

    table: str
    where: str
    values: Mapping[str, Any]


def selections(names: AddonNames, existing: Iterable[str]) -> list[Selection]:
    """Return which rows of the existing tables are an add-on's, parents before the rows that point at them."""
    there, found = set(existing), dict[str, Selection]()
    for trace in TRACES:
        if trace.table in there:
            found[trace.table] = Selection(trace.table, *_condition(trace, names))
    for follower in FOLLOWERS:
        parent = found.get(follower.of)  # Without rows of the parent's nothing follows.
        if follower.table in there and parent is not None:
            where = f"{follower.column} IN ({_IDS.format(parent.table, parent.where)})"
            before = found.get(follower.table)
            values = parent.values
            if before is not None:
                where, values = f"({before.where}) OR {where}", {**before.values, **values}
            found[follower.table] = Selection(follower.table, where, values)
    return list(found.values())


def _condition(trace: Trace, names: AddonNames) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {}
    if trace.form is Form.NAME:
        values = {"addon": names.addon}
        return f"{trace.column} = :addon", values
    if trace.form is Form.DOTTED:  # No LIKE: an underscore in the name would stand for any sign.
        values = {"prefix": f"{names.addon}.", "length": len(names.addon) + 1}
        return f"substr({trace.column}, 1, :length) = :prefix", values
    listed: tuple[Any, ...] = names.roles if trace.form is Form.ROLE else names.search_numbers
    values = {f"value_{number}": value for number, value in enumerate(listed)}
    return f"{trace.column} IN ({', '.join(f':{name}' for name in values) or 'NULL'})", values
