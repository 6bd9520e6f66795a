"""Roles as add-ons declare them, and the permission check that services may call."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_appbuilder.security.sqla.models import User
from flask_login import current_user

from app.errors import NotAllowed, Text
from app.extensions import appbuilder
from app.i18n import _, humanize, said_by
from app.security.audit import record_denial

CRUD = ("list", "show", "add", "edit", "delete")


@dataclass(frozen=True)
class Role:
    """A named set of grants: {'visits.Visit': ('list', 'show', 'confirm')}.

    A `sensitive` one handles money or rights: a company may want a second factor of its holders.
    """

    name: str
    title: Any  # A text or a lazy translation.
    grants: Mapping[str, Sequence[str]]
    sensitive: bool = False


def acting_user() -> User:
    """Return the logged-in user itself; Flask-Login and FAB keep a proxy. Raises NotAllowed for a stranger."""
    user = current_user._get_current_object()
    if not user.is_authenticated:
        raise NotAllowed("security.not_logged_in", _("Log in first."))
    found: User = user
    return found


def may(actor: User, verb: str, resource: str) -> bool:
    """Tell whether a role that the actor holds in the active company grants this verb, and the add-on is on."""
    granted: bool = appbuilder().sm.is_granted(actor, f"can_{verb}", resource)
    return granted


def require(actor: User, verb: str, resource: str) -> None:
    """Raise NotAllowed unless the actor may do this; the refusal is recorded (S:CORE-04)."""
    if may(actor, verb, resource):
        return
    record_denial(actor.id, verb=verb, resource=resource)
    raise NotAllowed(
        "security.refused",
        _("You need the right “%(right)s” on “%(subject)s”."),
        right=_(humanize(verb)),
        subject=subject_text(resource),
        verb=verb,
        resource=resource,
    )


def subject_text(resource: str) -> Text:
    """Return a resource in the words of its add-on."""
    return said_by(resource, subject_of(resource))


def subject_of(resource: str) -> str:
    """Return a resource in words: 'reception.CustomerFile' becomes 'Customer file'."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", resource.rpartition(".")[2])
    return words.lower().capitalize()
