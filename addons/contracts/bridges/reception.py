"""With reception: the first signed contract makes a customer a signed one (S:REC-06)."""

from addons.contracts.events import ContractSigned
from addons.contracts.models import Contract
from addons.reception.api import note_contract
from app.sdk.addon import AddonSetup
from app.sdk.database import session


def setup(addon: AddonSetup) -> None:
    """Record it."""
    addon.subscribe(ContractSigned, on_contract_signed_at_reception)


def on_contract_signed_at_reception(event: ContractSigned) -> None:
    """Note the signing in the customer's file, if there is one."""
    contract = session.get_one(Contract, event.contract_id)
    if contract.signed_on is not None:
        note_contract(event.partner_id, signed_on=contract.signed_on)
