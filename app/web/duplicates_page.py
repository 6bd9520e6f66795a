"""Duplicates: who is perhaps on file twice, both side by side, and the merge (S:REC-16)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_appbuilder.security.sqla.models import User

from app.audit import AccessKind, record_access
from app.companies.clock import active_zone
from app.crud.page import Page
from app.database.columns import utc_now
from app.errors import NotFound, Text, ValidationError
from app.i18n import _
from app.masterdata.choices import PointKind
from app.masterdata.duplicate_list import list_groups
from app.masterdata.merge_preview import MergePreview, preview_merge
from app.masterdata.merging import merge_partners
from app.masterdata.models import Partner
from app.parameters.platform_values import DUPLICATE_KEYS
from app.reports.definition import ReportColumn
from app.security.field_limits import limits_of
from app.security.masking import mask_id_number, mask_phone, may_see_personal
from app.security.records import find_visible
from app.security.roles import may
from app.web.list_files import ListFile

RESOURCE = "masterdata.Duplicates"
PARTNER = "masterdata.Partner"
_WORDS = {"phone": _("Same phone number"), "tax_no": _("Same tax number"), "name": _("Same name")}


class DuplicatesPage(Page):
    """Lists the duplicates; with two partners in the address, shows them side by side."""

    resource = RESOURCE
    title = _("Duplicates")
    template = "masterdata/duplicates.html"
    lookups = {"partner": Partner}
    verbs = ("export",)

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the groups of duplicates, and the comparison that is asked for."""
        today = utc_now().astimezone(active_zone()).date()
        survivor, loser = (_find(arguments.get(name, ""), actor) for name in ("survivor", "loser"))
        pair = None
        if survivor is not None and loser is not None and survivor is not loser:
            pair = _compared(survivor, loser, preview_merge(survivor, loser), actor)
        groups = [] if pair else list_groups(DUPLICATE_KEYS.value(today), actor=actor)
        return {
            "pair": pair,
            "groups": [
                {"words": _WORDS[group.key.value], "rows": [_row(partner, actor) for partner in group.partners]}
                for group in groups
            ],
            "survivor": survivor,
            "may_merge": may(actor, "merge", RESOURCE),
        }


def _find(raw: str, actor: User) -> Partner | None:
    return find_visible(Partner, int(raw), actor=actor) if raw.isdecimal() and len(raw) < 19 else None


def _row(partner: Partner, actor: User) -> dict[str, Any]:
    clear = may_see_personal(actor, partner)
    limits = limits_of(actor, PARTNER)
    phones = [point.value for point in partner.points if point.kind is PointKind.PHONE]
    return {
        "partner": partner,
        "clear": clear,
        "phones": ", ".join(phone if clear else mask_phone(phone) for phone in phones),
        "owner": partner.owner.name if partner.owner is not None and not limits.hides("owner") else "",
    }


def _file_rows(actor: User, _arguments: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    """Yield the partners of every group; what shows a phone number in clear is recorded (P:CRM-20)."""
    today, seen = utc_now().astimezone(active_zone()).date(), 0
    for number, group in enumerate(list_groups(DUPLICATE_KEYS.value(today), actor=actor), start=1):
        for partner in group.partners:
            row = _row(partner, actor)
            seen += bool(row["clear"] and row["phones"])
            yield number, str(_WORDS[group.key.value]), str(partner), partner.number or "", row["phones"], row["owner"]
    if seen:
        record_access(AccessKind.EXPORT, user_id=actor.id, resource=PARTNER, columns=["phone"], count=seen)


def _compared(survivor: Partner, loser: Partner, preview: MergePreview, actor: User) -> dict[str, Any]:
    clear = [may_see_personal(actor, partner) for partner in (survivor, loser)]
    masks = {"id_no": mask_id_number}
    fields = []
    limits = limits_of(actor, PARTNER)
    for field in preview.fields:
        if limits.hides(field.name):
            continue
        mask = masks.get(field.name)
        shown = [
            mask(value) if mask and value and not seen else value
            for value, seen in zip((field.kept, field.other), clear, strict=True)
        ]
        fields.append({"name": field.name, "label": field.label, "values": shown, "is_choice": field.is_choice})
    return {
        "rows": [_row(survivor, actor), _row(loser, actor)],
        "fields": fields,
        "uses": preview.uses,
        "conflicts": preview.conflicts,
    }


def merge(*, actor: User, values: dict[str, str]) -> Text:
    """Make two partners one, with the values that were chosen."""
    survivor, loser = (_find(values.get(name, ""), actor) for name in ("survivor", "loser"))
    if survivor is None or loser is None:
        raise NotFound("merge.partner", _("There is no such partner."))
    if survivor is loser:
        raise ValidationError("merge.same", _("Choose two different partners."), field="loser")
    taken = {name.removeprefix("take:") for name, value in values.items() if name.startswith("take:") and value == "1"}
    merge_partners(survivor, loser, actor=actor, now=utc_now(), taken=taken, reason=values.get("reason", ""))
    return _("Merged. What pointed at either points at the one that was kept.")


DuplicatesPage.actions = {"merge": ("merge", merge)}

DUPLICATES_FILE = ListFile(
    "duplicates",
    DuplicatesPage.title,
    (
        ReportColumn("group", _("Group"), "integer"),
        ReportColumn("why", _("Why"), width=24),
        ReportColumn("name", _("Name"), width=30),
        ReportColumn("number", _("Number")),
        ReportColumn("phones", _("Phone"), width=24),
        ReportColumn("owner", _("Owner")),
    ),
    _file_rows,
    ("export", RESOURCE),
)
