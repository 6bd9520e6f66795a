"""Screens of contracts and of their other parties."""

from collections.abc import Collection
from typing import Any

from addons.contracts import queries, services
from addons.contracts.choices import ClauseKind, ContractState
from addons.contracts.models import Contract, Credit, Edition, Incident, Obligation, Party, Review, Supplement
from addons.contracts.workflow import CONTRACT_WORKFLOW
from app.sdk.documents import Attachment
from app.sdk.errors import Text
from app.sdk.forms import DayField, DecimalField, TextField
from app.sdk.i18n import _
from app.sdk.views import Action, CrudView, Kanban, Lines, Tab

LABELS: dict[str, Text] = {
    "partner": _("Buyer"),
    "partner_id": _("Buyer"),
    "partner.name": _("Buyer"),
    "template": _("Template"),
    "template_id": _("Template"),
    "source_number": _("Drafted from"),
    "subject": _("Subject matter"),
    "doc_date": _("Date of the contract"),
    "is_out_stationed": _("Out-stationed"),
    "revision": _("Version"),
    "read_confirmed_at": _("Clauses read at"),
    "is_entered_late": _("Entered late"),
    "contract": _("Of contract"),
    "contract_id": _("Of contract"),
    "unit": _("Unit of quantity"),
}
PARTY_LABELS: dict[str, Text] = {**LABELS, "partner": _("Partner"), "partner_id": _("Partner")}
FIELDS = {
    "source_number": TextField(
        _("Drafted from"), maximum=40, hint=_("The number of a confirmed order, if there is one.")
    ),
    "doc_date": DayField(_("Date of the contract"), hint=_("Today, if left blank.")),
    "amount": DecimalField(_("Amount"), places=2, hint=_("Quantity times unit price, if left blank.")),
}
CLAUSES = tuple(kind.value for kind in ClauseKind)
_HEAD = ("template_id", "partner_id", "subject", "quantity", "unit", "unit_price", "amount")
_DAYS = ("doc_date", "delivery_date", "ends_on", "is_out_stationed", "owner_id", "note")
_SIGNING = ("read_confirmed_at", "approved_on", "signed_on", "sign_mode", "copies", "entered_on", "is_entered_late")
_LATER = ("checked_on", "breach_side", "breached_on", "ended_on", "deposit_decision", "archived_on", "archive_place")


class ContractView(CrudView):
    """Contracts with customers."""

    model = Contract
    title = _("Contracts")
    list_columns = ("number", "subject", "partner.name", "amount", "doc_date", "signed_on", "ends_on", "owner", "state")
    hidden_columns = ("ends_on",)
    form_columns = ("source_number", *_HEAD, *_DAYS, *CLAUSES)
    edit_columns = (*_HEAD, *_DAYS, *CLAUSES)
    show_only = ("number", "revision", *_SIGNING, *_LATER)
    fieldsets = (
        (_("Subject and price"), ("number", "revision", "source_number", *_HEAD, *_DAYS)),
        (_("Clauses"), CLAUSES),
        (_("Signing"), _SIGNING),
        (_("Execution and end"), _LATER),
    )
    search_columns = (
        *("number", "subject", "partner_id", "partner.name", "template_id", "amount", "doc_date", "signed_on"),
        *("ends_on", "is_entered_late", "archived_on", "owner_id", "state"),
    )
    labels = LABELS
    fields = FIELDS
    lines = Lines("plan", ("kind", "amount", "due_on", "note"), key="amount", label=_("Payment plan"), maximum=60)
    verbs = ("list", "show", "add", "edit")
    kanban = Kanban("state", card=("number", "partner.name", "amount", "owner"), sum="amount")
    create_with = services.create_contract
    update_with = services.update_contract
    workflow = CONTRACT_WORKFLOW

    @staticmethod
    def check_file(record: Any, attachment: Attachment, *, is_new: bool) -> None:
        """Keep the files of locked versions."""
        services.check_contract_file(record, attachment, is_new=is_new)


class PartyView(CrudView):
    """Co-buyers, payers and agents."""

    model = Party
    title = _("Other parties")
    list_columns = ("contract", "partner", "role", "owner")
    form_columns = ("contract_id", "partner_id", "role")
    edit_columns = ("role",)
    show_only = ("owner",)
    search_columns = ("contract_id", "partner_id", "role", "owner_id")
    labels = PARTY_LABELS
    create_with = services.create_party
    update_with = services.update_party
    delete_with = services.delete_party


_BEFORE = (ContractState.DRAFT, ContractState.AMENDING)
_RUNNING = (*queries.RUNNING, ContractState.BREACH)


def _adding(name: str, label: Text, icon: str, states: Collection[ContractState]) -> Action:
    """Return the link to an empty form for this contract; it is offered in these states only."""

    def url(key: int) -> str | None:
        contract = queries.find_contract(key)
        address = f"/contracts/{name.lower()}/add?contract_id={key}"
        return address if contract is not None and contract.state in states else None

    return Action(f"add_{name.lower()}", label, url, icon=icon, resource=f"contracts.{name}")


ACTIONS = (
    Action(
        "read",
        _("Read the text"),
        lambda key: f"/contracts/reading/?contract={key}",
        icon="book-open",
        tells=("subject", "amount", *CLAUSES),
    ),
    _adding("Party", _("Add a party"), "user-plus", _BEFORE),
    _adding("Obligation", _("Add a duty"), "list-plus", _RUNNING),
    _adding("Incident", _("Report an incident"), "circle-alert", _RUNNING),
    _adding("Supplement", _("Add a supplement"), "file-plus", _RUNNING),
)
TABS = (
    Tab(
        "versions",
        _("Versions"),
        ("revision", "template", "amount", "made_at", "signed_on", "sha256"),
        rows=queries.list_editions,
        count=queries.counting(Edition),
        labels={
            "revision": _("Version"),
            "template": _("Template"),
            "amount": _("Amount"),
            "made_at": _("Made at"),
            "signed_on": _("Signed on"),
            "sha256": _("Checksum of the Word file"),
        },
        tells=("amount",),
    ),
    Tab(
        "reviews",
        _("Reviews"),
        ("revision", "kind", "decided_by", "decided_at", "opinion", "state"),
        rows=queries.list_reviews,
        count=queries.counting(Review),
        labels={
            "revision": _("Version"),
            "kind": _("Kind"),
            "decided_by": _("Reviewer"),
            "decided_at": _("Reviewed at"),
            "opinion": _("Opinion"),
            "state": _("State"),
        },
        view="contracts.ReviewView",
        resource="contracts.Review",
    ),
    Tab(
        "obligations",
        _("Duties"),
        ("title", "side", "due_on", "done_on", "evidence", "state"),
        rows=queries.list_obligations,
        count=queries.counting(Obligation),
        labels={
            "title": _("Title"),
            "side": _("Side"),
            "due_on": _("Due on"),
            "done_on": _("Done on"),
            "evidence": _("Evidence"),
            "state": _("State"),
        },
        view="contracts.ObligationView",
        resource="contracts.Obligation",
    ),
    Tab(
        "parties",
        _("Other parties"),
        ("partner", "role"),
        rows=queries.list_parties,
        count=queries.counting(Party),
        labels={"partner": _("Partner"), "role": _("Role")},
        view="contracts.PartyView",
        resource="contracts.Party",
    ),
    Tab(
        "incidents",
        _("Incidents"),
        ("reported_at", "kind", "what_happened", "due_at", "solution", "state"),
        rows=queries.list_incidents,
        count=queries.counting(Incident),
        labels={
            "reported_at": _("Reported at"),
            "kind": _("Kind"),
            "what_happened": _("What happened"),
            "due_at": _("Due at"),
            "solution": _("Solution"),
            "state": _("State"),
        },
        view="contracts.IncidentView",
        resource="contracts.Incident",
    ),
    Tab(
        "supplements",
        _("Supplements"),
        ("number", "subject", "signed_on", "state"),
        rows=queries.list_supplements,
        count=queries.counting(Supplement),
        labels={
            "number": _("Number"),
            "subject": _("Subject matter"),
            "signed_on": _("Signed on"),
            "state": _("State"),
        },
        view="contracts.SupplementView",
        resource="contracts.Supplement",
    ),
    Tab(
        "credits",
        _("Performance"),
        ("employee", "share", "amount", "counts_on"),
        rows=queries.list_credits,
        count=queries.counting(Credit),
        labels={
            "employee": _("Employee"),
            "share": _("Share in per cent"),
            "amount": _("Amount"),
            "counts_on": _("Counts on"),
        },
        tells=("amount", "owner_id"),
    ),
)
