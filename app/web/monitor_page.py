"""All documents by state: what there is of each kind, and how far it has come (P:COR-04)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for
from flask_appbuilder.security.sqla.models import User
from werkzeug.datastructures import MultiDict

from app.companies.clock import active_zone
from app.crud.conditions import PREFIX
from app.crud.list_page import query_of
from app.crud.page import Page
from app.crud.view import CrudView, view_of
from app.database.columns import utc_now
from app.database.context import active_company
from app.database.session import session
from app.documents.document import Document
from app.errors import NotAllowed
from app.i18n import _
from app.parameters.platform_values import DASHBOARD_ROLES
from app.security.gate import is_open, owner_of
from app.security.held_roles import held_roles
from app.security.permissions import permission_cache
from app.security.roles import may
from app.security.wording import role_words
from app.workflow.definition import Workflow

RESOURCE = "statistics.Monitor"


class MonitorPage(Page):
    """A tile for each state of everything that add-ons lead through states; each leads to its list."""

    resource = RESOURCE
    title = _("All documents")
    template = "statistics/monitor.html"

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the kinds with their tiles. Raises NotAllowed where the company names roles, and none is held."""
        require_dashboard_role(actor)
        kinds = watched_kinds(actor)
        counts = count_states(kinds, actor)
        return {"kinds": [_shown(kind, counts[kind.resource]) for kind in kinds]}


@dataclass(frozen=True)
class Kind:
    """One kind of record with a life of its own, as its add-on declares it."""

    view: CrudView
    workflow: Workflow[Any]

    @property
    def resource(self) -> str:
        """The name of its permissions."""
        return self.workflow.resource

    @property
    def states(self) -> list[Any]:
        """Its states, in the order in which the model declares them."""
        return list(self.workflow.model.__table__.c.state.type.enum_class)


def require_dashboard_role(actor: User) -> None:
    """Raise NotAllowed unless the actor holds one of the roles that the company names, by name or title."""
    named = set(DASHBOARD_ROLES.value(utc_now().astimezone(active_zone()).date()))
    if not named:
        return
    held = {role.role_id for role in held_roles(actor.id) if role.company_id == active_company()}
    names = {name for name, key in permission_cache().get().names.items() if key in held}
    if named.isdisjoint(names | {role_words(name) for name in names}):
        raise NotAllowed(
            "monitor.role",
            _("The policy value “%(label)s” names other roles than yours: %(roles)s."),
            label=DASHBOARD_ROLES.label,
            roles=", ".join(role_words(name) for name in sorted(named)),
        )


def watched_kinds(actor: User) -> list[Kind]:
    """Return every kind that the actor may list: documents first, then files and tasks.

    What the platform itself leads through states, such as a fault report, is no business of a sales department.
    """
    found = [
        Kind(view, workflow)
        for resource, workflow in current_app.extensions["workflows"].items()
        if owner_of(resource) is not None and is_open(resource) and may(actor, "list", resource)
        if (view := view_of(resource)) is not None
    ]
    return sorted(found, key=lambda kind: not issubclass(kind.workflow.model, Document))


def count_states(kinds: Sequence[Kind], actor: User) -> dict[str, dict[str, int]]:
    """Return by resource and state how many records the actor's list of it has: one statement for all kinds."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    parts = []
    for number, kind in enumerate(kinds):
        query, _refused = query_of(kind.view, actor, MultiDict())
        state = sa.cast(kind.workflow.model.state, sa.String)
        parts.append(query.counts_by(state, sa.literal(number)))
    every = sa.union_all(*parts).subquery() if parts else None
    for number, state, count in session.execute(sa.select(every)) if every is not None else ():
        counts[kinds[number].resource][state] = count
    return counts


def _shown(kind: Kind, counts: dict[str, int]) -> dict[str, Any]:
    address = url_for(f"{kind.view.endpoint}.list")
    return {
        "title": kind.view.title,
        "url": address,
        "count": sum(counts.values()),
        "tiles": [
            {
                "state": state,
                "words": str(kind.workflow.state_label(state)),
                "count": counts.get(state.value, 0),
                "url": f"{address}?{PREFIX}0_state={state.value}",
            }
            for state in kind.states
        ],
    }
