"""The text of a contract, and two of its versions side by side."""

from typing import Any

from addons.contracts import queries, services
from addons.contracts.choices import ClauseKind, ContractState
from addons.contracts.models import Contract
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.security import sees_field
from app.sdk.views import Page

DRAFT = "draft"
CONTRACT = "contracts.Contract"
_TOLD = ("partner_id", "subject", "amount", *(kind.value for kind in ClauseKind))


class ReadingPage(Page):
    """Shows a locked version, or the draft as it would be; with a second one, what differs (P:CON-04)."""

    resource = "contracts.Reading"
    title = _("Texts of contracts")
    template = "contracts/reading.html"
    lookups = {"contract": Contract}  # noqa: RUF012  # As FAB's views are configured.

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return what the page shows: without a contract, where to choose one."""
        contract = queries.find_visible(Contract, queries.read_key(arguments.get("contract", "")), actor=actor)
        if contract is None:
            return {"contract": None}
        if not all(sees_field(actor, CONTRACT, name) for name in _TOLD):
            return {"contract": contract, "is_hidden": True}
        versions = _versions(contract)
        right = arguments.get("right") if arguments.get("right") in versions else next(iter(versions), None)
        left = arguments.get("left") if arguments.get("left") in versions and arguments["left"] != right else None
        texts = {name: _text(contract, name) for name in (left, right) if name is not None}
        return {
            "contract": contract,
            "is_hidden": False,
            "versions": versions,
            "left": left,
            "right": right,
            "text": texts.get(right or ""),
            "pairs": services.compare_texts(texts[left] or "", texts[right] or "") if left and right else None,
        }


def _versions(contract: Contract) -> dict[str, str]:
    """Return what can be read, the newest first: key and words."""
    found = {}
    if contract.state in (ContractState.DRAFT, ContractState.AMENDING):
        found[DRAFT] = str(_("Draft"))
    for edition in queries.list_editions(contract.id):
        signed = str(_("Version %(number)s, signed on %(day)s")), str(_("Version %(number)s"))
        words = {"number": edition.revision, "day": edition.signed_on}
        found[str(edition.revision)] = signed[edition.signed_on is None] % words
    return found


def _text(contract: Contract, name: str) -> str | None:
    if name == DRAFT:
        return services.draft_text(contract)
    edition = queries.edition_of(contract, int(name))
    return edition.text if edition is not None else None
