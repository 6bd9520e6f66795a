"""Other parties of a contract: added and taken away while it may be changed."""

from addons.contracts.choices import ContractState, PartyRole
from addons.contracts.models import Contract, Party
from addons.contracts.queries import find_visible
from app.sdk.database import session
from app.sdk.errors import Conflict, NotFound, ValidationError
from app.sdk.i18n import _
from app.sdk.models import User


def create_party(*, actor: User, contract_id: int, partner_id: int, role: PartyRole = PartyRole.CO_BUYER) -> Party:
    """Name somebody else in a contract. Raises Conflict for a locked version, ValidationError for the buyer (R4)."""
    contract = find_visible(Contract, contract_id, actor=actor)
    if contract is None:
        raise NotFound("contract.missing", _("There is no such contract."), field="contract_id")
    if contract.partner_id == partner_id:
        raise ValidationError("party.buyer", _("The buyer is named already."), field="partner_id")
    _touch(contract)
    party = Party(
        contract_id=contract.id,
        partner_id=partner_id,
        role=role,
        owner_id=contract.owner_id,
        org_unit_id=contract.org_unit_id,
    )
    session.add(party)
    session.flush()
    return party


def update_party(party: Party, *, actor: User, role: PartyRole | None = None) -> None:
    """Change what somebody has to do with the contract."""
    _touch(party.contract)
    if role is not None:
        party.role = role
    session.flush()


def delete_party(party: Party, *, actor: User) -> None:
    """Take somebody out of a draft."""
    _touch(party.contract)
    session.delete(party)
    session.flush()


def _touch(contract: Contract) -> None:
    """Refuse a locked version; what was read before has to be read again."""
    if contract.state not in (ContractState.DRAFT, ContractState.AMENDING):
        raise Conflict(
            "contract.locked",
            _("This version is locked. Have it returned, or amend the signed contract."),
            field="contract_id",
        )
    contract.read_confirmed_at = contract.read_confirmed_by_id = None
