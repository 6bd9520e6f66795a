"""Which figures a user's home page has, and in what order (S:CORE-19).

Nobody sees a card without the right that it is for. Beyond that a role may leave cards out: a card is hidden from
whoever has its right by such roles only. The order is each user's own.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from flask import current_app
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User

from app.crud.home_card import HomeCard
from app.crud.models import CardPlace, HiddenCard
from app.database.context import active_company
from app.database.session import session
from app.errors import NotFound
from app.i18n import _
from app.security.gate import is_open
from app.security.held_roles import held_roles
from app.security.permissions import NOTHING, permission_cache
from app.security.roles import may


def home_cards(actor: User, *, per_role: bool) -> list[HomeCard]:
    """Return the cards that the actor sees, in his order; new ones come last. `per_role`: roles may leave some out."""
    cards = [one for one in all_cards() if may(actor, one.verb, one.resource)]
    hidden = _hidden_from(actor, cards) if per_role and cards else frozenset()
    places = _places(actor) if cards else {}
    shown = [one for one in cards if one.name not in hidden]
    return sorted(shown, key=lambda one: places.get(one.name, len(places)))


def move_card(actor: User, name: str, *, up: bool, per_role: bool) -> None:
    """Put one of the actor's cards before its neighbour, or after the next one. Raises NotFound for none of his."""
    names = [one.name for one in home_cards(actor, per_role=per_role)]
    if name not in names:
        raise NotFound("card.missing", _("There is no such figure on your home page."))
    at = names.index(name)
    to = min(max(at + (-1 if up else 1), 0), len(names) - 1)
    names.insert(to, names.pop(at))
    known = {one.card: one for one in session.scalars(sa.select(CardPlace).where(CardPlace.user_id == actor.id))}
    for place, card in enumerate(names):
        if card in known:
            known[card].place = place
        else:
            session.add(CardPlace(user_id=actor.id, card=card, place=place))
    session.flush()


def cards_of_role(role: RoleRow) -> list[tuple[HomeCard, bool]]:
    """Return the cards that a role grants the right to, each with whether it shows it."""
    hidden = set(session.scalars(sa.select(HiddenCard.card).where(HiddenCard.role_id == role.id)))
    return [(one, one.name not in hidden) for one in all_cards() if _grants(role.id, one)]


def choose_cards(role: RoleRow, shown: Collection[str]) -> None:
    """Let a role show these of its cards to its holders in the active company, and no others."""
    known = {one.card: one for one in session.scalars(sa.select(HiddenCard).where(HiddenCard.role_id == role.id))}
    for card, _is_shown in cards_of_role(role):
        if card.name in shown and card.name in known:
            session.delete(known[card.name])
        elif card.name not in shown and card.name not in known:
            session.add(HiddenCard(role_id=role.id, card=card.name))
    session.flush()


def all_cards() -> Sequence[HomeCard]:
    """Return the cards of the add-ons that the active company has on."""
    return [one for one in current_app.extensions["home_cards"] if is_open(one.resource)]


def _hidden_from(actor: User, cards: Sequence[HomeCard]) -> frozenset[str]:
    company_id = active_company()
    roles = {held.role_id for held in held_roles(actor.id) if held.company_id == company_id}
    rows = session.execute(sa.select(HiddenCard.role_id, HiddenCard.card).where(HiddenCard.role_id.in_(roles)))
    hiding = {(role_id, card) for role_id, card in rows}
    if not hiding:
        return frozenset()
    return frozenset(
        one.name for one in cards if all((role, one.name) in hiding for role in roles if _grants(role, one))
    )


def _grants(role_id: int, card: HomeCard) -> bool:
    return (f"can_{card.verb}", card.resource) in permission_cache().get().of_role.get(role_id, NOTHING)


def _places(actor: User) -> dict[str, int]:
    found = sa.select(CardPlace.card, CardPlace.place).where(CardPlace.user_id == actor.id)
    return {row.card: row.place for row in session.execute(found)}
