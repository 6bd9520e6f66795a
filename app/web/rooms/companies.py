"""Screens of the organisation: legal entities, units, employees, positions, assignments."""

import datetime as dt
from typing import Any

from flask_appbuilder.security.sqla.models import User

from app.addon_loader.contributions import AddonSetup
from app.companies.models import Assignment, Employee, LegalEntity, OrgUnit, OrgUnitKind, Position, Viewing
from app.companies.org import assign, create_unit
from app.crud.fields import DayField
from app.crud.importing.definition import ImportColumn, Importer
from app.crud.view import CrudView
from app.database.session import session
from app.i18n import _
from app.security.roles import CRUD, Role
from app.web.home_cards_page import HomeCardsPage
from app.web.leaver_page import LeaverPage
from app.web.members_page import MembersPage
from app.web.rooms import agreements
from app.web.view_as_page import VIEWED, ViewAsPage
from app.web.why_page import WhyPage

MEMBERS = ("show", "admit", "change", "dismiss", "add", "import", "export", "invite")
ADMINISTRATOR = Role(
    "companies_administrator",
    _("Company administrator"),
    {
        **{f"companies.{name}": (*CRUD, "export") for name in ("LegalEntity", "Position", "Assignment")},
        "companies.OrgUnit": ("list", "show", "add", "edit", "export"),
        "companies.Employee": (*CRUD, "export", "import"),
        "companies.Members": MEMBERS,
        "companies.Leaver": ("show", "hand_over", "export"),
        "companies.Roles": (*CRUD, "grant_any"),
        "companies.Why": ("show",),
        "approvals.ApprovalDeputy": ("list", "show", "add", "delete", "export"),
        "approvals.ApprovalFile": ("list", "show", "export"),
        "approvals.Chains": ("show", "set", "export"),
        "packs.Packs": ("show", "apply", "export"),
        "parameters.RuleSet": ("list", "show", "add", "export"),
        "parameters.Values": ("show", "set", "export"),
        **agreements.RIGHTS,
        "companies.HomeCards": ("show", "choose"),
        "companies.ViewAs": ("show", "begin"),
        "companies.Viewing": ("list", "show", "export"),
        "announcements.Announcement": (*CRUD, "export"),
        "feedback.FaultReport": ("list", "show", "add", "handle", "close", "export"),
        "issues.Issue": ("list", "show", "export"),
        "changes.ChangeRequest": ("list", "show", "export"),
        "statistics.Other": ("show",),
        "statistics.Comparison": ("list", "show", "edit", "export"),
        "statistics.ReportRun": ("list", "show", "export"),
        "audit.AuditEntry": ("list", "show", "export"),
        "audit.Access": ("show", "export"),
        "audit.SecurityEvents": ("show", "export"),
        "events.Inbox": ("show", "retry", "dismiss", "export"),
        "cleaning.DataCleaning": ("show", "clean"),
        "cleaning.CleanRun": ("list", "show", "put_back", "export"),
        "channels.ChatChannel": (*CRUD, "try_out", "switch_off", "switch_on", "export"),
        "channels.ChatMessage": ("list", "show", "send_again", "export"),
        "online.Functions": ("show", "try_now"),
        "masterdata.EraseRequest": ("list", "show", "add", "erase", "refuse", "export"),
        "masterdata.Numbering": ("show", "set", "export"),
        "Apps": ("list", "switch"),
    },
)


REGIONAL_ADMINISTRATOR = Role(
    "companies_regional_administrator",
    _("Regional administrator"),
    {
        "companies.Members": MEMBERS,
        "companies.ViewAs": ("show", "begin"),
        "companies.Roles": ("list", "show", "grant_any"),  # Of the roles of add-ons, to the people of his units.
    },
)


class LegalEntityView(CrudView):
    """Legal entities: who signs, invoices and numbers."""

    model = LegalEntity
    title = _("Legal entities")
    list_columns = ("name", "tax_no")
    form_columns = ("name", "tax_no")
    search_columns = ("name", "tax_no")
    labels = {"tax_no": _("Tax number")}


class OrgUnitView(CrudView):
    """Branches, departments and teams, as a tree with dates."""

    model = OrgUnit
    title = _("Units")
    verbs = ("list", "show", "add", "edit")
    list_columns = ("code", "name", "kind", "parent", "legal_entity")
    form_columns = ("code", "name", "kind", "parent_id", "legal_entity_id", "valid_from")
    edit_columns = ("name", "kind", "legal_entity_id")
    search_columns = ("code", "name", "kind", "parent_id")
    fields = {"valid_from": DayField(_("Valid from"), required=True)}
    order = ("code", "asc")

    @staticmethod
    def create_with(
        *,
        actor: User,
        code: str,
        name: str,
        kind: OrgUnitKind,
        parent_id: int | None,
        legal_entity_id: int | None,
        valid_from: dt.date,
    ) -> OrgUnit:
        """Open a unit below its parent from a day on."""
        parent = session.get(OrgUnit, parent_id) if parent_id else None
        entity = session.get(LegalEntity, legal_entity_id) if legal_entity_id else None
        return create_unit(name, code=code, kind=kind, parent=parent, legal_entity=entity, valid_from=valid_from)


class EmployeeView(CrudView):
    """People who work here, whether or not they log in."""

    model = Employee
    title = _("Employees")
    list_columns = ("number", "name", "hired_on", "left_on")
    form_columns = ("number", "name", "hired_on", "left_on")
    search_columns = ("number", "name", "hired_on", "left_on")
    order = ("number", "asc")
    importer = Importer(
        (
            ImportColumn("number", ("工号",), "E001"),
            ImportColumn("name", ("姓名",), "王芳"),
            ImportColumn("hired_on", ("入职日期",), "2026-03-01"),
        )
    )


class PositionView(CrudView):
    """Posts of a unit."""

    model = Position
    title = _("Positions")
    list_columns = ("title", "org_unit")
    form_columns = ("title", "org_unit_id")
    search_columns = ("title", "org_unit_id")
    labels = {"org_unit": _("Unit"), "org_unit_id": _("Unit")}


class AssignmentView(CrudView):
    """Who holds which position under whom, and when (P:COR-05)."""

    model = Assignment
    title = _("Assignments")
    list_columns = ("employee", "position", "superior", "share", "valid_from", "valid_to")
    form_columns = ("employee_id", "position_id", "superior_id", "share", "valid_from", "valid_to")
    edit_columns = ("valid_to",)
    search_columns = ("employee_id", "position_id", "superior_id", "valid_from")

    @staticmethod
    def create_with(
        *, actor: User, employee_id: int, position_id: int, superior_id: int | None, **values: Any
    ) -> Assignment:
        """Assign a position; a loop of superiors is refused."""
        superior = session.get(Employee, superior_id) if superior_id else None
        employee, position = session.get_one(Employee, employee_id), session.get_one(Position, position_id)
        return assign(employee, position=position, superior=superior, **values)


class ViewingView(CrudView):
    """Who saw the screens as whom, when and why; written by the viewing itself."""

    model = Viewing
    title = _("Views as another user")
    verbs = ("list", "show")
    list_columns = ("viewer", "viewed", "reason", "began_at", "until", "ended_at", "ended_by")
    show_only = list_columns
    search_columns = ("viewer_id", "viewed_id", "began_at", "ended_by")
    order = ("began_at", "desc")
    labels = {
        **dict.fromkeys(("viewer", "viewer_id"), _("Administrator")),
        **dict.fromkeys(("viewed", "viewed_id"), _("Seen as")),
        "began_at": _("Began"),
        "until": _("At most until"),
        "ended_at": _("Ended"),
        "ended_by": _("How it ended"),
    }


def setup(addon: AddonSetup) -> None:
    """Record the screens."""
    addon.add_models(LegalEntity, OrgUnit, Employee, Position, Assignment, Viewing)
    addon.add_notice_kinds(VIEWED)
    addon.add_roles(ADMINISTRATOR, REGIONAL_ADMINISTRATOR)
    addon.add_view(EmployeeView, menu="Organisation/Employees", icon="users-round")
    addon.add_view(OrgUnitView, menu="Organisation/Units", icon="building-2")
    addon.add_view(PositionView, menu="Organisation/Positions", icon="briefcase")
    addon.add_view(AssignmentView, menu="Organisation/Assignments", icon="user-cog")
    addon.add_view(LegalEntityView, menu="Organisation/Legal entities", icon="receipt")
    addon.add_page(LeaverPage, menu="Organisation/Leavers", icon="log-out")
    addon.add_page(MembersPage, menu="Organisation/Users and roles", icon="key")
    addon.add_page(WhyPage, menu="Organisation/Who may do what", icon="circle-question-mark")
    addon.add_page(HomeCardsPage, menu="Organisation/Figures per role", icon="layout-grid")
    addon.add_page(ViewAsPage, menu="Organisation/View as another user", icon="eye")
    addon.add_view(ViewingView, menu="Organisation/Views as another user", icon="scan-eye")
    addon.add_link("companies.Roles", "/company-roles/list/", menu="Organisation/Roles", icon="shield-check")
    addon.add_link("Apps", "/apps/", menu="Organisation/Apps", icon="blocks")
