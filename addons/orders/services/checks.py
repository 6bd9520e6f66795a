"""The three checks of an order: credit is reckoned, rule and stock are answered (S:ORD-03, S:ORD-04)."""

import datetime as dt
from typing import Any

from addons.orders.choices import CheckKind, CheckState
from addons.orders.models import CustomerTerms, Guarantee, Order, OrderCheck
from addons.orders.parameters import CHECKS
from addons.orders.queries import PASSED, carries, find_check, still_missing
from addons.orders.workflow import ORDER_WORKFLOW
from app.sdk.database import session
from app.sdk.errors import Conflict, ValidationError
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import OneToOne
from app.sdk.models import User

CUSTOMER_TERMS = OneToOne(CustomerTerms, fields=("credit_limit", "prepayment", "note"))


def open_checks(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Open the checks that the company asks for; those of an earlier round are made anew."""
    wanted = [CheckKind(kind) for kind in CHECKS.value(order.doc_date) if kind in set(CheckKind)]
    for kind in CheckKind:
        check = find_check(order, kind)
        if kind not in wanted:
            if check is not None:
                order.checks.remove(check)
        elif check is None:
            order.checks.append(OrderCheck(kind=kind, state=CheckState.OPEN))
        else:
            check.state, check.note, check.checked_at, check.checked_by_id = CheckState.OPEN, None, None, None
    reckon_credit(order, actor=actor, now=now)


def reckon_credit(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Compare what the customer owes, and this order, with his limit and its guarantees (S:ORD-04).

    What was overridden stays so.
    """
    check = find_check(order, CheckKind.CREDIT)
    if check is not None and check.state is not CheckState.OVERRIDDEN:
        with session.no_autoflush:  # The check and its order are written together.
            is_enough = carries(order)
        state = CheckState.PASSED if is_enough else CheckState.FAILED
        if check.state is not state:  # Otherwise it stays as it was answered first.
            answer_check(check, state, actor=actor, now=now)


def pass_rule(order: Order, *, actor: User, now: dt.datetime) -> None:
    """Note that the auditor found the order in line with the rules. Raises Conflict where somebody found it was not."""
    check = find_check(order, CheckKind.RULE)
    if check is None or check.state in PASSED:
        return
    if check.state is CheckState.FAILED:
        raise Conflict("order.rule_failed", _("It failed the check “%(check)s”: return it."), check=_label(check))
    answer_check(check, CheckState.PASSED, actor=actor, now=now)


def refuse_unchecked(order: Order) -> None:
    """Raise Conflict naming the checks that were not passed (S:ORD-03)."""
    missing = [check for check in order.checks if check.state not in PASSED]
    if missing:
        raise Conflict(
            "order.unchecked",
            _("Not every check is passed yet: %(checks)s."),
            checks=", ".join(str(_label(check)) for check in missing),
        )


def found_check(order: Order, kind: CheckKind) -> OrderCheck:
    """Return a check of an order. Raises Conflict where the company does not ask for it."""
    found = find_check(order, kind)
    if found is None:
        raise Conflict(
            "order.no_check", _("The company does not ask for this check."), field="check", check=_(humanize(kind))
        )
    return found


def answer_check(
    check: OrderCheck, state: CheckState, *, actor: User, now: dt.datetime, note: str | None = None
) -> None:
    """Note how a check went, and who says so."""
    check.state, check.note, check.checked_at, check.checked_by_id = state, note, now, actor.id


@ORDER_WORKFLOW.transition("check")
def check_order(
    order: Order, *, actor: User, check: CheckKind, passed: bool, now: dt.datetime, note: str | None = None
) -> None:
    """Answer a check; the credit check is reckoned anew.

    Raises ValidationError where it failed and no note says why; Conflict where the credit does not carry the order,
    and for stock while goods are missing of which nobody has said when they come (S:ORD-06).
    """
    found = found_check(order, check)
    if check is CheckKind.CREDIT:
        reckon_credit(order, actor=actor, now=now)
        if found.state not in PASSED:
            raise Conflict(
                "order.credit",
                _("The credit does not carry it: add a guarantee, or have the check overridden."),
                field="check",
            )
        return
    if check is CheckKind.STOCK and passed:
        _refuse_dateless(order)
    if not passed and not note:
        raise ValidationError("order.check_note", _("%(label)s is required."), field="note", label=_("Note"))
    answer_check(found, CheckState.PASSED if passed else CheckState.FAILED, actor=actor, now=now, note=note)


@ORDER_WORKFLOW.transition("override_check")
def override_check(order: Order, *, actor: User, check: CheckKind, reason: str, now: dt.datetime) -> None:
    """Let an order pass a check that it failed; whoever decides answers for it (S:ORD-04)."""
    found = found_check(order, check)
    if found.state in PASSED:
        raise Conflict("order.check_passed", _("It has passed this check."), field="check")
    answer_check(found, CheckState.OVERRIDDEN, actor=actor, now=now, note=reason)


def create_terms(*, actor: User, **values: Any) -> CustomerTerms:
    """Grant a customer terms. Raises ValidationError for a negative limit, or a part that is not 0 to 100 per cent."""
    terms = CustomerTerms(**values)
    _check_terms(terms)
    session.add(terms)
    session.flush()
    return terms


def update_terms(terms: CustomerTerms, *, actor: User, **values: Any) -> None:
    """Change a customer's terms. Raises ValidationError as `create_terms` does."""
    for name, value in values.items():
        setattr(terms, name, value)
    with session.no_autoflush:
        _check_terms(terms)
    session.flush()


def create_guarantee(*, actor: User, order_id: int, **values: Any) -> Guarantee:
    """Note what secures an order. Raises ValidationError for an amount that is not above zero."""
    guarantee = Guarantee(order_id=order_id, **values)
    amount = guarantee.amount
    if amount <= 0:
        raise ValidationError(
            "guarantee.amount", _("The amount must be above %(limit)s."), field="amount", limit="0.00"
        )
    session.add(guarantee)
    session.flush()
    return guarantee


def _refuse_dateless(order: Order) -> None:
    missing = [one.description for one in still_missing(order.id) if one.expected_on is None]
    if missing:
        raise Conflict(
            "order.dateless",
            _("Nobody has said yet when these goods come: %(products)s."),
            field="check",
            products=", ".join(missing),
        )


def _label(check: OrderCheck) -> Any:
    return _(humanize(check.kind.value))


def _check_terms(terms: CustomerTerms) -> None:
    limit, part = terms.credit_limit, terms.prepayment
    if limit is not None and limit < 0:
        raise ValidationError("terms.limit", _("A limit is at least %(limit)s."), field="credit_limit", limit="0.00")
    if part is not None and not 0 <= part <= 100:
        raise ValidationError("terms.prepayment", _("Between 0 and %(limit)s per cent."), field="prepayment", limit=100)
