"""With reception: no text is made while a promise is not approved, and the first signed contract makes a customer."""

from addons.contracts.events import ContractSigned, ContractSubmitted
from addons.contracts.models import Contract
from addons.reception.api import note_contract, refuse_unapproved_promises
from app.sdk.addon import AddonSetup
from app.sdk.database import session


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.subscribe(ContractSubmitted, on_contract_submitted_at_reception, veto=True)
    addon.subscribe(ContractSigned, on_contract_signed_at_reception)


def on_contract_submitted_at_reception(event: ContractSubmitted) -> None:
    """Refuse the Word file, which is what is printed, while the buyer believes in an unapproved promise (P:REC-05)."""
    refuse_unapproved_promises(session.get_one(Contract, event.contract_id).partner_id)


def on_contract_signed_at_reception(event: ContractSigned) -> None:
    """Note the signing in the customer's file, if there is one (S:REC-06)."""
    contract = session.get_one(Contract, event.contract_id)
    if contract.signed_on is not None:
        note_contract(event.partner_id, signed_on=contract.signed_on)
