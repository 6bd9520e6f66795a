"""Number series: the format in force, the next number, and a form to write those to come otherwise (S:REC-02)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import abort, request
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User

from app.audit import record_security_event
from app.companies.clock import local_today
from app.companies.enablement import enabled_addons
from app.companies.opening import get_company
from app.crud.page import Page
from app.database.columns import read_id, utc_now
from app.database.context import active_company
from app.errors import Text, ValidationError
from app.i18n import _
from app.masterdata.choices import NumberReset
from app.masterdata.number_formats import SeriesInForce, list_in_force, set_format
from app.reports.definition import ReportColumn
from app.security.roles import acting_user, may
from app.web.list_files import ListFile


class NumberingPage(Page):
    """Shows the series of the add-ons that are on. Drawn numbers are never changed, and none is set back."""

    resource = "masterdata.Numbering"
    title = _("Number series")
    template = "masterdata/numbering.html"
    verbs = ("export",)
    method_permission_name = {**Page.method_permission_name, "body": "show"}

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the series, by key and legal entity."""
        return {"rows": _series()}

    @expose("/body")
    @has_access
    def body(self) -> Any:
        """Answer what a folded series holds: its format, and the form to write the numbers to come otherwise."""
        wanted = request.args.get("key"), read_id(request.args.get("legal_entity_id"))
        found = [row for row in _series() if (row.series.key, row.entity.id if row.entity else None) == wanted]
        return self.render_template(
            "masterdata/number_series.html",
            page=self,
            row=found[0] if found else abort(404),
            resets=[(reset.value, _RESETS[reset]) for reset in NumberReset],
            may_set=may(acting_user(), "set", self.resource),
        )


_RESETS = {
    NumberReset.NEVER: _("Never starts again"),
    NumberReset.YEAR: _("Each year"),
    NumberReset.MONTH: _("Each month"),
}


def change_format(*, actor: User, values: dict[str, str]) -> Text:
    """Set the format of numbers to come. Raises ValidationError naming what is wrong, NotFound for no series."""
    if values.get("reset") not in set(NumberReset):
        raise ValidationError("numbering.reset", _("Choose when counting starts again."), field="reset")
    row = set_format(
        values.get("key", ""),
        legal_entity_id=read_id(values.get("legal_entity_id")),
        template=values.get("template", ""),
        reset=NumberReset(values["reset"]),
        on=_today(),
    )
    record_security_event("numbering.set", series=row.key, template=row.template, reset=row.reset.value)
    return _("Saved.")


NumberingPage.actions = {"set": ("set", change_format)}


def _series() -> list[SeriesInForce]:
    return list_in_force(enabled_addons(active_company()), on=_today())


def _today() -> Any:
    return local_today(get_company(active_company() or abort(404)), utc_now())


def _file_rows(_actor: User, _arguments: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    for row in _series():
        yield (
            str(row.series.title),
            row.series.key,
            row.entity.name if row.entity is not None else "",
            row.format.template,
            str(_RESETS[row.format.reset]),
            row.period,
            row.last_number,
            row.next_number,
        )


NUMBERING_FILE = ListFile(
    "number-series",
    NumberingPage.title,
    (
        ReportColumn("series", _("Number series"), width=24),
        ReportColumn("key", _("Key"), width=24),
        ReportColumn("legal_entity", _("Legal entity"), width=24),
        ReportColumn("format", _("Format")),
        ReportColumn("reset", _("Starts again")),
        ReportColumn("period", _("Period")),
        ReportColumn("last_number", _("Last number"), "integer"),
        ReportColumn("next_number", _("Next number")),
    ),
    _file_rows,
    ("export", NumberingPage.resource),
)
