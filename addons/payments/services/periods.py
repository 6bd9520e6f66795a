"""The close of a month (S:PAY-05)."""

from addons.payments.events import PeriodClosed
from addons.payments.models import Period
from addons.payments.parameters import CLOSE_REQUIRES
from addons.payments.queries import count_draft_invoices, present_day, unfinished_in
from addons.payments.workflow import PERIOD_WORKFLOW
from app.sdk.errors import Conflict
from app.sdk.events import publish
from app.sdk.i18n import _
from app.sdk.models import User


@PERIOD_WORKFLOW.transition("close")
def close_period(period: Period, *, actor: User) -> None:
    """Let nothing more be posted in a month; other add-ons are asked for documents of theirs.

    Raises Conflict while receipts of it are drafts or unaudited, naming how many.
    """
    audited = CLOSE_REQUIRES.value(present_day()) == "all_audited"
    drafts, unaudited = unfinished_in(period, audited=audited)
    if drafts or unaudited:
        raise Conflict(
            "period.unfinished",
            _("%(month)s has %(drafts)s receipts in draft and %(unaudited)s that are not audited."),
            month=period.month,
            drafts=drafts,
            unaudited=unaudited,
        )
    invoices = count_draft_invoices(period)
    if invoices:
        raise Conflict(
            "period.invoices", _("%(month)s has %(invoices)s invoices in draft."), month=period.month, invoices=invoices
        )
    publish(
        PeriodClosed(
            company_id=period.company_id,
            period_id=period.id,
            month=period.month,
            legal_entity_id=period.legal_entity_id,
            audited=audited,
        )
    )


@PERIOD_WORKFLOW.transition("reopen")
def reopen_period(period: Period, *, actor: User, reason: str) -> None:
    """Let a month be posted in again; the log keeps the reason."""
