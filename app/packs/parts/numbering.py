"""Number formats in packs (S:REC-02)."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.database.session import session
from app.errors import AppError
from app.i18n import _
from app.masterdata.choices import NumberReset
from app.masterdata.models import NumberSeries
from app.masterdata.number_formats import set_format
from app.masterdata.numbering import NumberFormat, format_of, list_series
from app.packs.change import Change, Moment
from app.packs.reading import Pack, is_table

_LEFT_OUT = _("a format of one legal entity")


class Numbering:
    """`series = {template = "C{yyyy}{number:04}", reset = "year"}`, for the company as a whole."""

    name = "numbering"
    right = ("set", "masterdata.Numbering")

    def plan(self, pack: Pack, section: str, content: Any, moment: Moment) -> Iterator[Change]:
        """Yield the series that the company writes otherwise."""
        known = {one.key: one for one in list_series()}
        for key, given in content.items():
            series = known.get(f"{section}.{key}")
            if series is None:
                raise pack.wrong(f"{section}.{self.name}", key, _("No number series is called so."))
            if not is_table(given) or set(given) != {"template", "reset"} or given["reset"] not in list(NumberReset):
                raise pack.wrong(f"{section}.{self.name}", key, _("Write template, and reset: never, year or month."))
            try:
                wanted = NumberFormat(str(given["template"]).strip(), NumberReset(given["reset"]))
            except AppError as error:
                raise pack.wrong(f"{section}.{self.name}", key, error) from error
            before = format_of(series.key, legal_entity_id=None)
            if wanted != before:
                yield Change(
                    self.name, section, series.key, str(series.title), before.template, wanted.template,
                    {"format": wanted},
                )  # fmt: skip

    def make(self, change: Change, moment: Moment) -> dict[str, Any]:
        """Write the numbers to come so."""
        row, wanted = _row(change.key), change.data["format"]
        before = None if row is None else {"template": row.template, "reset": row.reset.value}
        set_format(change.key, legal_entity_id=None, template=wanted.template, reset=wanted.reset, on=moment.today)
        return {"key": change.key, "template": wanted.template, "reset": wanted.reset.value, "before": before}

    def take_back(self, made: dict[str, Any], moment: Moment) -> None:
        """Write the numbers to come as before; those that were drawn stay."""
        row = _row(made["key"])
        series = next((one for one in list_series() if one.key == made["key"]), None)
        if series is None or row is None or (row.template, row.reset.value) != (made["template"], made["reset"]):
            return
        before = made["before"]
        former = NumberFormat(before["template"], NumberReset(before["reset"])) if before else series.format
        set_format(series.key, legal_entity_id=None, template=former.template, reset=former.reset, on=moment.today)
        if before is None:
            session.delete(row)
            session.flush()

    def export(self, section: str, company_id: int) -> tuple[Any, list[str]]:
        """Return the series of the section that the company writes in its own format."""
        found, left_out = {}, []
        for series in list_series():
            owner, _dot, key = series.key.partition(".")
            rows = session.scalars(sa.select(NumberSeries).where(NumberSeries.key == series.key)).all()
            for row in rows if owner == section else ():
                if row.legal_entity_id is None:
                    found[key] = {"template": row.template, "reset": row.reset.value}
                else:
                    left_out.append(f"{series.key}: {_LEFT_OUT}")
        return found, left_out


def _row(key: str) -> NumberSeries | None:
    return session.scalar(
        sa.select(NumberSeries).where(NumberSeries.key == key, NumberSeries.legal_entity_id.is_(None))
    )
