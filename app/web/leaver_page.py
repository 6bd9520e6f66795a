"""Hand-over of somebody who leaves: what he holds, who takes over, and the end of his access."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_appbuilder.security.sqla.models import User

from app.companies.clock import active_zone
from app.companies.models import Employee
from app.crud.page import Page
from app.database.columns import utc_now
from app.database.session import session
from app.errors import NotFound, Text
from app.i18n import _
from app.masterdata.leaving import end_employment, list_held
from app.masterdata.normalise import parse_date
from app.reports.definition import ReportColumn
from app.web.list_files import ListFile

FIELD = "successor:"


class LeaverPage(Page):
    """Shows all that an employee holds, by kind, and hands it to one or several successors."""

    resource = "companies.Leaver"
    title = _("Leavers")
    template = "companies/leaver.html"
    lookups = {"employee": Employee}
    kept = ("employee", "last_day")
    kept_if_refused = (FIELD,)
    verbs = ("export",)

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the employee named and what is in his hands."""
        employee = _find(arguments.get("employee", ""))
        return {
            "employee": employee,
            "held": list_held(employee) if employee is not None else [],
            "today": utc_now().astimezone(active_zone()).date(),
            "successor": _find(arguments.get("successor", "")),
            "chosen": _successors(arguments),
        }


def _find(raw: str) -> Employee | None:
    return session.get(Employee, int(raw)) if raw.isdecimal() and len(raw) < 19 else None


def _successors(values: Mapping[str, str]) -> dict[str, Employee]:
    """Return who was chosen, by the name of what he takes over."""
    chosen = ((name.removeprefix(FIELD), _find(raw)) for name, raw in values.items() if name.startswith(FIELD))
    return {name: found for name, found in chosen if found is not None}


def hand_over(*, actor: User, values: dict[str, str]) -> Text:
    """Hand everything over and end the employment."""
    employee = _find(values.get("employee", ""))
    if employee is None:
        raise NotFound("leaving.employee", _("There is no such employee."), field="employee")
    count = end_employment(
        employee,
        last_day=parse_date(values.get("last_day", ""), field="last_day"),
        successors=_successors(values),
        actor=actor,
        now=utc_now(),
    )
    return str(_("%(count)s records of %(name)s are in other hands.")) % {"count": count, "name": employee.name}


LeaverPage.actions = {"hand_over": ("hand_over", hand_over)}


def _file_rows(_actor: User, arguments: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    employee = _find(arguments.get("employee", ""))
    if employee is None:
        return
    for one in list_held(employee):
        yield employee.name, str(one.holding.label), one.count, ", ".join(map(str, one.first))


HELD_FILE = ListFile(
    "hand-over",
    LeaverPage.title,
    (
        ReportColumn("employee", _("Who leaves")),
        ReportColumn("what", _("What"), width=24),
        ReportColumn("count", _("Count"), "integer"),
        ReportColumn("first", _("The first of them"), width=60),
    ),
    _file_rows,
    ("export", LeaverPage.resource),
)
