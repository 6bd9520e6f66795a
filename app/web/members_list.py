"""What the page of users and roles shows and exports: the people found, in words."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext

from app.companies.clock import active_zone
from app.companies.models import Membership, OrgUnit
from app.crud.list_page import LONGEST_SEARCH, PAGE_SIZES
from app.database.columns import read_id, utc_now
from app.database.context import active_company
from app.i18n import _, humanize
from app.masterdata.normalise import clean_text
from app.reports.definition import ReportColumn
from app.security.delegation import RESOURCE, managed_units
from app.security.own_roles import roles_to_give
from app.security.people import ORDERS, PeopleFilter, PeopleQuery, Person, PersonState
from app.security.usernames import has_mail
from app.web.administrators import unit_paths
from app.web.list_files import ListFile

ASKED = ("q", "role", "unit", "state", "order", "desc", "page", "size")  # What an address asks of the list.
STATES = {"here": _("Active"), "new": _("Never logged in"), "invited": _("Invited"), "left": _("Left")}
STATE_WORDS = {
    PersonState.ACTIVE: (_("Active"), "green"),
    PersonState.INVITED: (_("Invited"), "blue"),
    PersonState.EXPIRED: (_("Invitation too old"), "amber"),
    PersonState.NEW: (_("Never logged in"), "amber"),
    PersonState.LEFT: (_("Left"), "grey"),
}


def people_shown(actor: User, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Return the page of people that an address asks for, and what it may be asked for."""
    paths = unit_paths(managed_units(actor))
    units, titles = {unit.id: unit for unit, _path in paths}, roles_to_give(active_company())
    query = people_asked(actor, arguments)
    size = int(arguments["size"]) if arguments.get("size", "") in map(str, PAGE_SIZES) else PAGE_SIZES[0]
    count = query.count()
    number = min(read_id(arguments.get("page")) or 0, max(count - 1, 0) // size)
    people = query.people(offset=number * size, limit=size)
    return {
        "people": [_row(one, titles, units, actor) for one in people],
        "count": count,
        "number": number,
        "size": size,
        "sizes": PAGE_SIZES,
        "asked": query.asked,
        "role": arguments.get("role", ""),
        "paths": [(unit.id, path) for unit, path in paths],
        "titles": titles,
        "states": STATES,
    }


def people_asked(actor: User, arguments: Mapping[str, str]) -> PeopleQuery:
    """Return the people that an address asks for; what it makes up asks for nobody."""
    now = utc_now()
    order = arguments.get("order", "")
    asked = PeopleFilter(
        text=(clean_text(arguments.get("q")) or "")[:LONGEST_SEARCH],
        role=arguments.get("role", ""),
        unit_id=read_id(arguments.get("unit")),
        state=arguments.get("state", "") if arguments.get("state") in STATES else "",
        order=order if order in ORDERS else "name",
        descending=arguments.get("desc") == "1",
    )
    return PeopleQuery(actor, asked, now=now, today=now.astimezone(active_zone()).date())


def role_title(titles: Mapping[str, str], membership: Membership) -> str:
    """Return what a role is called here."""
    name = membership.role.name
    return titles.get(name) or gettext(humanize(name))


def _row(person: Person, titles: Mapping[str, str], units: Mapping[int, OrgUnit], actor: User) -> dict[str, Any]:
    words, tone = STATE_WORDS[person.state]
    waits = person.state in (PersonState.NEW, PersonState.INVITED, PersonState.EXPIRED)
    return {
        "id": person.user.id,
        "name": person.name,
        "username": person.user.username,
        "number": person.employee.number if person.employee is not None else "",
        "units": person.units,
        "roles": [
            {
                "id": one.id,
                "title": role_title(titles, one),
                "scope": _(humanize(one.scope.value)),
                "units": [units[key].name for key in one.unit_ids if key in units],
            }
            for one in person.memberships
        ],
        "state": words,
        "tone": tone,
        "last_login": person.user.last_login,
        "is_own": person.user.id == actor.id,
        "waits": waits,  # For a first way in: an invitation or a password.
        "is_invited": person.state is PersonState.INVITED,
    }


def _file_rows(actor: User, arguments: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    titles = roles_to_give(active_company())
    for person in people_asked(actor, arguments).people():
        user, login = person.user, person.user.last_login
        roles = [f"{role_title(titles, one)} ({gettext(humanize(one.scope.value))})" for one in person.memberships]
        yield (
            person.name,
            user.username,
            person.employee.number if person.employee is not None else "",
            user.email if has_mail(user) else "",
            ", ".join(person.units),
            ", ".join(roles),
            str(STATE_WORDS[person.state][0]),
            login.replace(tzinfo=dt.UTC) if login is not None else None,
        )


MEMBERS_FILE = ListFile(
    "members",
    _("Users and roles"),
    (
        ReportColumn("name", _("Full Name")),
        ReportColumn("username", _("User Name")),
        ReportColumn("number", _("Employee no.")),
        ReportColumn("email", _("Email"), width=28),
        ReportColumn("units", _("Unit")),
        ReportColumn("roles", _("Roles"), width=40),
        ReportColumn("state", _("State")),
        ReportColumn("last_login", _("Last login"), "datetime"),
    ),
    _file_rows,
    ("export", RESOURCE),
)
