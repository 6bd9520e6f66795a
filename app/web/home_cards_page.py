"""Which figures of the home page each role shows (S:CORE-19)."""

from typing import Any

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.audit import record_security_event
from app.crud.home_cards import cards_of_role, choose_cards
from app.crud.page import Page
from app.database.context import active_company
from app.database.session import session
from app.errors import Text, ValidationError
from app.i18n import _
from app.security.own_roles import roles_to_give
from app.security.wording import role_words

CARD = "card:"


class HomeCardsPage(Page):
    """A role, and the figures that it has the right to, each with a tick."""

    resource = "companies.HomeCards"
    title = _("Figures per role")
    template = "companies/home_cards.html"
    kept = ("role",)

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the roles, and the figures of the one chosen."""
        titles = roles_to_give(active_company())
        chosen = _role(arguments.get("role", ""))
        return {
            "roles": sorted(titles.items(), key=lambda item: str(item[1])),
            "chosen": chosen,
            "words": role_words(chosen.name) if chosen is not None else "",
            "cards": cards_of_role(chosen) if chosen is not None else [],
        }


def choose(*, actor: User, values: dict[str, str]) -> Text:
    """Keep which figures a role shows. Raises ValidationError for a role that is not given here."""
    role = _role(values.get("role", ""))
    if role is None:
        raise ValidationError("card.role", _("Choose a role."), field="role")
    shown = [name.removeprefix(CARD) for name in values if name.startswith(CARD)]
    choose_cards(role, shown)
    record_security_event("role.figures", role=role.name, shown=sorted(shown))
    return _("Saved.")


def _role(name: str) -> RoleRow | None:
    if name not in roles_to_give(active_company()):
        return None
    return session.scalar(select(RoleRow).where(RoleRow.name == name))


HomeCardsPage.actions = {"choose": ("choose", choose)}
