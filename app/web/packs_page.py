"""Packs: what there is, what one would change in this company, applying it, taking it back, and writing one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response, abort, request
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User

from app.audit import record_security_event
from app.companies.opening import get_company
from app.crud.page import Page
from app.database.columns import read_id, utc_now
from app.database.context import active_company
from app.database.session import session
from app.errors import AppError, NotFound, Text, ValidationError
from app.i18n import _
from app.masterdata.normalise import parse_date
from app.packs.applying import apply_offer, apply_pack, list_runs, offers, pack_of, plan_pack, roll_back
from app.packs.change import Moment, moment_of
from app.packs.exporting import export_pack
from app.packs.models import PackRun
from app.packs.reading import LARGEST_UPLOAD, Pack, find_pack, in_words, list_packs, read_upload
from app.reports.definition import ReportColumn
from app.security.roles import acting_user, may
from app.web.list_files import ListFile

RESOURCE = "packs.Packs"
PART_TITLES: dict[str, Text] = {
    "addons": _("Add-on"), "parameters": _("Policy value"), "numbering": _("Number series"),
    "options": _("Option list"), "roles": _("Role"), "chains": _("Approval chain"),
}  # fmt: skip


class PacksPage(Page):
    """Cards of the packs that come with the product, the differences of one, and what was applied."""

    resource = RESOURCE
    title = _("Packs")
    template = "packs/packs.html"
    verbs = ("export",)
    method_permission_name = {**Page.method_permission_name, "export": "export", "preview": "apply"}

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the packs, what was applied, and the differences of the pack or offer that is asked for."""
        company_id, runs = active_company() or abort(404), list_runs()
        in_force = [run for run in runs if run.rolled_back_at is None]
        return {
            "packs": [(one, in_words(one.title, one.name), in_words(one.summary)) for one in list_packs()],
            "runs": runs,
            "last": in_force[0] if in_force else None,
            "offers": offers(company_id),
            "applied": {run.pack for run in in_force},
            "parts": PART_TITLES,
            "may_apply": may(actor, "apply", RESOURCE),
            "may_export": may(actor, "export", RESOURCE),
            **_shown(actor, company_id, arguments),
        }

    @expose("/preview", methods=["POST"])
    @has_access
    def preview(self) -> Any:
        """Show the differences of an uploaded pack; it is kept nowhere until it is applied."""
        actor, values = acting_user(), request.form.to_dict()
        context = self.context(actor=actor, arguments={})
        file, error = request.files.get("file"), None
        context["day"] = values.get("valid_from", "")
        try:
            if "text" in values:
                pack = _uploaded(values)
            elif file is not None and file.filename:
                pack = read_upload(file.read(LARGEST_UPLOAD + 1), file=file.filename)
            else:
                raise ValidationError("packs.no_file", _("Choose a file."), field="file")
            moment = _moment(actor, values)
            context |= _differences(pack, moment) | {"uploaded": pack}
        except AppError as refused:
            error = context["error"] = refused
        status = 200 if error is None else error.http_status
        return self.render_template(self.template, title=self.title, page=self, **context), status

    @expose("/export")
    @has_access
    def export(self) -> Any:
        """Answer with the company's own settings as a pack."""
        company = get_company(active_company() or abort(404))
        text = export_pack(company.id, title=company.name)
        record_security_event("pack.exported", characters=len(text))
        name = "".join(sign for sign in company.code if sign.isalnum()) or "company"
        return Response(
            text, mimetype="application/toml", headers={"Content-Disposition": f'attachment; filename="{name}.toml"'}
        )


def apply(*, actor: User, values: dict[str, str]) -> Text:
    """Apply a pack, or what is offered of one. Raises as `apply_pack` does."""
    moment, seal = _moment(actor, values), values.get("seal", "")
    if values.get("offer"):
        run = apply_offer(_run(values["offer"]), moment, seal=seal)
    elif "text" in values:
        run = apply_pack(_uploaded(values), moment, seal=seal)
    else:
        run = apply_pack(find_pack(values.get("pack", "")), moment, seal=seal)
    notes = [made["note"] for made in run.changes if made["note"]]
    return " ".join([str(_("Applied: %(count)s changes.")) % {"count": len(run.changes)}, *notes])


def take_back(*, actor: User, values: dict[str, str]) -> Text:
    """Roll the last pack back. Raises as `roll_back` does, NotFound for none."""
    roll_back(_run(values.get("run", "")), _moment(actor, {}))
    return _("The pack was rolled back.")


PacksPage.actions = {"apply": ("apply", apply), "roll_back": ("apply", take_back)}


def _shown(actor: User, company_id: int, arguments: dict[str, str]) -> dict[str, Any]:
    """Return the differences of what is asked for, or why it cannot be applied."""
    shown: dict[str, Any] = {"chosen": None, "offer": arguments.get("offer", ""), "plan": None, "error": None}
    shown["day"] = arguments.get("valid_from", "")
    if not arguments.get("pack") and not shown["offer"]:
        return shown
    try:
        pack, only = _chosen(company_id, arguments)
        shown |= _differences(pack, _moment(actor, arguments), only=only)
    except AppError as error:
        shown["error"] = error
    return shown


def _differences(pack: Pack, moment: Moment, *, only: list[str] | None = None) -> dict[str, Any]:
    return {
        "chosen": pack,
        "chosen_title": in_words(pack.title, pack.name),
        "day": moment.valid_from.isoformat(),
        "plan": plan_pack(pack, moment, only=only),
    }


def _uploaded(values: dict[str, str]) -> Pack:
    """Return the uploaded pack as its preview sends it on."""
    return read_upload(values["text"].encode("utf-8", "replace"), file=values.get("file_name", ""))


def _chosen(company_id: int, arguments: dict[str, str]) -> tuple[Pack, list[str] | None]:
    if not arguments.get("offer"):
        return find_pack(arguments["pack"]), None
    run = _run(arguments["offer"])
    return pack_of(run), next((names for one, names in offers(company_id) if one is run), [])


def _run(text: str) -> PackRun:
    key = read_id(text)
    run = session.get(PackRun, key) if key is not None else None
    if run is None:
        raise NotFound("packs.no_run", _("No such pack was applied."))
    return run


def _moment(actor: User, values: dict[str, str]) -> Moment:
    day = values.get("valid_from", "").strip()
    valid_from = parse_date(day, field="valid_from") if day else None
    return moment_of(active_company() or abort(404), actor, utc_now(), valid_from)


def _file_rows(_actor: User, _arguments: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    for run in list_runs():
        for made in run.changes:
            yield (
                run.pack,
                run.applied_at,
                run.applied_by.get_full_name().strip(),
                run.rolled_back_at,
                str(PART_TITLES[made["part"]]),
                made["label"],
                made["before"],
                made["after"],
            )


PACKS_FILE = ListFile(
    "packs-applied",
    _("What was applied"),
    (
        ReportColumn("pack", _("Pack")),
        ReportColumn("applied_at", _("Applied at"), "datetime"),
        ReportColumn("by", _("By")),
        ReportColumn("rolled_back_at", _("Rolled back"), "datetime"),
        ReportColumn("part", _("What")),
        ReportColumn("label", _("Name"), width=40),
        ReportColumn("before", _("Before"), width=30),
        ReportColumn("after", _("Afterwards"), width=30),
    ),
    _file_rows,
    ("export", RESOURCE),
)
