"""Special circumstances: reported to the manager, solved within hours, closed with the solution (P:CON-09)."""

import datetime as dt

from addons.contracts.choices import IncidentKind, IncidentState
from addons.contracts.models import Contract, Incident
from addons.contracts.parameters import INCIDENT_HOURS
from addons.contracts.queries import find_visible, local_day
from addons.contracts.services.telling import tell_manager
from addons.contracts.workflow import INCIDENT_WORKFLOW
from app.sdk.database import session, utc_now
from app.sdk.errors import Conflict, NotFound
from app.sdk.i18n import _
from app.sdk.masterdata import required_text
from app.sdk.models import User


def report_incident(*, actor: User, contract_id: int, what_happened: str, now: dt.datetime | None = None) -> Incident:
    """Report something special about a contract. Raises NotFound for one that the actor does not see."""
    contract = find_visible(Contract, contract_id, actor=actor)
    if contract is None:
        raise NotFound("contract.missing", _("There is no such contract."), field="contract_id")
    text = required_text(what_happened, field="what_happened", maximum=4_000)
    return note_incident(contract, kind=IncidentKind.SPECIAL, text=text, now=now or utc_now())


def update_incident(incident: Incident, *, actor: User, what_happened: str | None = None) -> None:
    """Word an open incident anew. Raises Conflict for a closed one (R2)."""
    if incident.state is not IncidentState.OPEN:
        raise Conflict("incident.closed", _("It is closed."))
    if what_happened is not None:
        incident.what_happened = required_text(what_happened, field="what_happened", maximum=4_000)
    session.flush()


@INCIDENT_WORKFLOW.transition("close")
def close_incident(incident: Incident, *, actor: User, solution: str, now: dt.datetime) -> None:
    """Close an incident with its solution (R1)."""
    incident.solution, incident.closed_at = required_text(solution, field="solution", maximum=200), now


def note_incident(contract: Contract, *, kind: IncidentKind, text: str, now: dt.datetime) -> Incident:
    """Write an incident down and tell the manager."""
    incident = Incident(
        contract_id=contract.id,
        kind=kind,
        what_happened=text,
        reported_at=now,
        due_at=now + dt.timedelta(hours=INCIDENT_HOURS.value(local_day(now))),
        state=IncidentState.OPEN,
        owner_id=contract.owner_id,
        org_unit_id=contract.org_unit_id,
    )
    session.add(incident)
    session.flush()
    session.refresh(incident, ["contract"])
    tell_manager(incident, now=now)
    return incident
