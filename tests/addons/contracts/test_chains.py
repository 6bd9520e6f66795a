"""A company puts the approval of contracts under a chain of its own (P:CON-06, S:CON-08)."""

import datetime as dt

import pytest

from addons.contracts import services
from addons.contracts.choices import ContractState
from addons.contracts.models import Contract
from addons.contracts.workflow import CONTRACT_WORKFLOW
from app.errors import Conflict
from tests.addons.contracts.office import Office, at
from tests.addons.payments.chains import sign


def set_chain(office, *, above):
    """Have the leader sign what is above an amount; what is below needs no signature."""
    from app.approvals.chains import activate, save_draft
    from app.workflow.facts import facts_of

    facts = facts_of(CONTRACT_WORKFLOW, CONTRACT_WORKFLOW.transitions["send_up"])
    condition = {"fact": "amount", "operator": "above", "values": [str(above)]}
    data = {
        "rules": [
            {"name": "Large", "conditions": [condition], "steps": ["a"]},
            {"name": "Small", "conditions": [], "steps": []},
        ],
        "steps": [{"key": "a", "name": "Leader", "who": "role", "value": "contracts_leader"}],
    }
    draft = save_draft("contracts.Contract", "send_up", data=data, facts=facts)
    activate(draft, facts=facts, actor=office.user("leo"), now=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))


@pytest.mark.rule("P:CON-06", "S:CON-08")
def test_the_chain_decides_instead_of_the_leader_alone(world, run_in):
    def ask():
        office = Office(world)
        template_id = office.template().id
        small, large = (office.submitted(amount, template_id=template_id) for amount in (90_000, 800_000))
        for contract in (small, large):
            office.review(contract)
            with pytest.raises(Conflict) as caught:
                services.approve_contract(contract, actor=office.user("leo"), opinion="Good", now=at())
            assert caught.value.code == "contract.chained"
        sam = office.user("sam")
        assert services.send_contract_up(small, actor=sam, now=at()).is_done
        file = services.send_contract_up(large, actor=sam, now=at()).request
        assert (small.state, large.state) == (ContractState.APPROVED, ContractState.SUBMITTED)
        return file.id, large.id

    run_in(world.one, lambda: set_chain(Office(world), above=100_000))
    file_id, contract_id = run_in(world.one, ask)
    run_in(world.one, lambda: sign(Office(world), file_id, by="leo", now=at(clock="11:00")))
    state = run_in(world.one, lambda: Office(world).session.get_one(Contract, contract_id).state)
    assert state is ContractState.APPROVED
