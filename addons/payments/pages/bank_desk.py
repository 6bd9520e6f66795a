"""The desk at which lines of bank statements are matched: proposals with their reasons, one line or many (P:PAY-06)."""

from typing import Any

from addons.payments import queries, services
from addons.payments.models import BankLine, Receivable
from app.sdk.errors import AppError, Conflict, NotFound, Text, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import Partner, optional_text, parse_decimal
from app.sdk.models import User
from app.sdk.views import Page

_DEBT = "debt:"


def accept(*, actor: User, values: dict[str, str]) -> Text:
    """Match each ticked line with the proposal that was shown for it, or none of them."""
    ticked = [name.removeprefix("line:") for name in values if name.startswith("line:")]
    if not ticked:
        raise ValidationError("bank.none_ticked", _("Tick the lines first."), field="line")
    chosen = [(_line(actor, key), _debts(actor, values.get(f"debts:{key}", ""))) for key in ticked]
    services.lock_for_matching([line for line, _debts in chosen], {one for _line, debts in chosen for one in debts})
    for line, debts in chosen:
        try:
            services.match_line(line, actor=actor, receivables=debts, now=queries.present_instant())
        except AppError as error:
            said = {"line": line, "reason": error}
            raise Conflict("bank.refused", _("Line %(line)s: %(reason)s"), field="line", **said) from error
    return str(_("%(count)s lines matched.")) % {"count": len(ticked)}


def match(*, actor: User, values: dict[str, str]) -> Text:
    """Match one line with the amounts that were typed."""
    named = {name.removeprefix(_DEBT): text for name, text in values.items() if name.startswith(_DEBT) and text.strip()}
    if key := values.get("receivable"):
        named[key] = values.get("amount", "")
    if not named:
        raise ValidationError("bank.no_amounts", _("Type an amount for what the money pays."), field="amount")
    line = _line(actor, values.get("line"))
    services.match_line(
        line,
        actor=actor,
        receivables=[_debt(actor, key) for key in named],
        amounts=[parse_decimal(text, field="amounts", places=2) for text in named.values()],
        authorisation=values.get("authorisation"),
        now=queries.present_instant(),
    )
    return _booked(line)


def advance(*, actor: User, values: dict[str, str]) -> Text:
    """Book one line as the advance of a customer."""
    line, partner = _line(actor, values.get("line")), queries.find_seen(Partner, values.get("partner"), actor=actor)
    if partner is None:
        raise NotFound("bank.partner", _("Choose whose money it is."), field="partner")
    services.advance_line(
        line, actor=actor, partner=partner, authorisation=values.get("authorisation"), now=queries.present_instant()
    )
    return _booked(line)


def park(*, actor: User, values: dict[str, str]) -> Text:
    """Book one line as money of an unknown payer."""
    line = _line(actor, values.get("line"))
    services.park_line(line, actor=actor, now=queries.present_instant())
    return _booked(line)


def connect(*, actor: User, values: dict[str, str]) -> Text:
    """Link one line with what is booked already."""
    line = _line(actor, values.get("line"))
    alike = {str(one.id): one for one in queries.booked_alike(line)}
    chosen = alike.get(values.get("booked", ""))
    if chosen is None:
        raise NotFound("bank.not_booked", _("Somebody else has linked this meanwhile. Choose again."), field="booked")
    services.connect_line(line, actor=actor, **{"receipt" if line.amount > 0 else "refund": chosen})
    return str(_("Linked with %(number)s.")) % {"number": chosen}


def ignore(*, actor: User, values: dict[str, str]) -> Text:
    """Leave one line alone."""
    reason = optional_text(values.get("reason"), field="reason")
    if reason is None:
        raise ValidationError("bank.reason", _("Say why the line is left alone."), field="reason")
    services.ignore_line(_line(actor, values.get("line")), actor=actor, reason=reason)
    return _("The line is left alone.")


def _booked(line: BankLine) -> Text:
    return str(_("Booked as %(number)s.")) % {"number": line.receipt}


def _line(actor: User, key: str | None) -> BankLine:
    line = queries.find_line(queries.read_key(key), actor=actor)
    if line is None:
        raise NotFound("bank.line", _("There is no such bank line."), field="line")
    return line


def _debts(actor: User, keys: str) -> list[Receivable]:
    return [_debt(actor, key) for key in keys.split(",")]


def _debt(actor: User, key: str) -> Receivable:
    debt = queries.find_seen(Receivable, key, actor=actor)
    if debt is None:
        raise NotFound("bank.receivable", _("There is no such receivable."), field="receivable")
    return debt


ACTIONS = {
    "accept": ("edit", accept),
    "match": ("edit", match),
    "advance": ("edit", advance),
    "park": ("edit", park),
    "connect": ("edit", connect),
    "ignore": ("edit", ignore),
}
LABELS = {"amounts": _("Amount"), "authorisation": _("Written authorisation"), "reason": _("Reason")}
LOOKUPS = {"receivable": Receivable, "partner": Partner}


class BankDeskPage(Page):
    """Shows the lines that wait, each with what it might pay and why; one line alone with all that can be done."""

    resource = "payments.BankDesk"
    title = _("Match bank lines")
    template = "payments/bank_desk.html"
    actions = ACTIONS
    lookups = LOOKUPS
    labels = LABELS
    kept = ("place", "at", "authorisation", "reason", _DEBT)

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return one page of lines with the likeliest proposal, or the line that was asked for with all of them."""
        place_id = queries.read_key(arguments.get("place"))
        found: dict[str, Any] = {
            "accounts": queries.list_accounts(),
            "place": place_id,
            "typed": arguments,
            "line": None,
        }
        chosen = queries.find_line(queries.read_key(arguments.get("at")), actor=actor)
        if chosen is not None and chosen.state in queries.WAITING:
            return {
                **found,
                "line": chosen,
                "proposals": queries.proposals_for([chosen], actor=actor).get(chosen.id, []),
                "alike": queries.booked_alike(chosen) if chosen.receipt_id is None else [],
            }
        lines = queries.list_waiting(
            actor=actor, place_id=place_id, after=queries.read_key(arguments.get("after")) or 0
        )
        return {
            **found,
            "lines": lines,
            "count": queries.count_waiting(actor=actor, place_id=place_id),
            "most": queries.MOST_LINES,
            "proposals": queries.proposals_for(lines, actor=actor),
        }
