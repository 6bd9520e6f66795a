"""All rights that a role can grant, in words: areas of the menu, records and pages in them, what may be done there."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any

from flask import current_app
from flask_babel import gettext

from app.errors import Text
from app.extensions import appbuilder
from app.i18n import _, humanize, said_by
from app.security.permissions import EVERY_MEMBER, EVERYBODY, Pair
from app.security.sync import pair_ids
from app.security.wording import SCREENS, VERBS, subject_words

MENU = "menu_access"
SYSTEM = "Security"  # The area of what has no place in the menu of the companies.
COLUMNS = ("list", "show", "add", "edit", "delete", "export", "import")  # Verbs that most records share.
BY_RIGHTS = 5  # The rank of what only its rights are found by.
_HINTS: Mapping[str, Text] = {
    "grant_any": _("May grant rights that the grantor does not hold"),
    "export": _("Takes lists out of the system, as a file"),
    "import": _("Brings in many records from a file"),
}


@dataclass(frozen=True)
class Right:
    """One thing that a role may allow."""

    pair_id: int
    verb: str  # "list", "confirm".
    label: str
    hint: str  # What it does: the states that a transition leads from and to, the personal fields it shows.


@dataclass(frozen=True)
class Subject:
    """A kind of record, a page or a screen, with all that may be done there."""

    resource: str
    title: str
    rights: tuple[Right, ...]

    @property
    def common(self) -> Mapping[str, Right]:
        """The rights that most records share, by verb."""
        return {right.verb: right for right in self.rights if right.verb in COLUMNS}

    @property
    def special(self) -> list[Right]:
        """The others."""
        return [right for right in self.rights if right.verb not in COLUMNS]


class Rights:
    """What can be granted on one screen of roles, read once; words are made only for what is shown."""

    def __init__(self, offers: Callable[[Pair], bool]) -> None:
        held_anyway = EVERYBODY | EVERY_MEMBER
        self.ids = {pair: pair_id for pair, pair_id in pair_ids().items() if pair not in held_anyway and offers(pair)}
        self.of_resource: dict[str, dict[str, int]] = defaultdict(dict)
        entries = {entry for names in menus().values() for entry in names}
        for (permission, resource), pair_id in self.ids.items():
            if permission != MENU or resource not in entries:  # An entry is shown to whoever may do something there.
                self.of_resource[resource][permission] = pair_id
        self._titles = _screen_titles()

    def areas(self) -> dict[str, list[str]]:
        """Return the resources by area, both in the order of their words."""
        found: dict[str, list[str]] = defaultdict(list)
        for resource in self.of_resource:
            found[area_of(resource)].append(resource)
        ordered = sorted(found, key=lambda area: (area == SYSTEM, gettext(area)))
        return {area: sorted(found[area], key=self.title) for area in ordered}

    def title(self, resource: str) -> str:
        """Return a resource in words."""
        return str(SCREENS.get(resource) or self._titles.get(resource) or subject_words(resource))

    def subject(self, resource: str) -> Subject:
        """Return a resource with its rights, those that most records share first."""
        pairs = self.of_resource[resource]
        rights = [_right(resource, permission, pair_id) for permission, pair_id in pairs.items()]
        rights.sort(key=lambda one: (COLUMNS.index(one.verb) if one.verb in COLUMNS else len(COLUMNS), one.label))
        return Subject(resource, self.title(resource), tuple(rights))

    def subjects(self, resources: Iterable[str]) -> list[Subject]:
        """Return several resources."""
        return [self.subject(resource) for resource in resources]

    def found(self, text: str) -> list[Subject]:
        """Return what all words of a text are found in, the best match first, then in the order of the areas."""
        words, ranked = text.lower().split(), []
        for area, resources in self.areas().items():
            place = gettext(area).lower()
            for one in map(self.subject, resources):
                rank = rank_of(one, place, words)
                if rank is not None:  # The shorter title is nearer, if it is one that was found.
                    ranked.append(((rank, 0 if rank == BY_RIGHTS else len(one.title)), one))
        return [one for _rank, one in sorted(ranked, key=itemgetter(0))]

    def words(self, pair_ids: Collection[int]) -> list[tuple[str, str]]:
        """Return these rights as (resource, right) in words, in the order of the words."""
        named = {pair_id: pair for pair, pair_id in self.ids.items()}
        pairs = (named[pair_id] for pair_id in pair_ids)
        return sorted((self.title(resource), verb_words(resource, permission)) for permission, resource in pairs)


def rank_of(subject: Subject, area: str, words: Sequence[str]) -> int | None:
    """Return how well these words (in small letters) fit a subject, 0 best; None where one of them is not found.

    Its title and its English name come before its area and its rights; these take the words that are left.
    """
    names, whole = [subject.title.lower(), humanize(subject.resource.rpartition(".")[2]).lower()], " ".join(words)
    if any(name.startswith(whole) for name in names):
        return 0 if whole in names else 1
    if any(all(word in name for word in words) for name in names):
        return 2
    around = " ".join([*names, area])
    rights = " ".join(f"{right.label} {humanize(right.verb)}" for right in subject.rights).lower()
    missed = [word for word in words if word not in around]
    if all(word in rights for word in missed):
        return BY_RIGHTS if len(missed) == len(words) else 3
    return 4 if all(word in around or _is_of_two(word, f"{around} {rights}") for word in words) else None


def _is_of_two(word: str, text: str) -> bool:
    """Tell whether a text holds both parts of a word: Chinese puts no space between 'export' and 'customer'."""
    if word in text:
        return True
    cuts = range(2, len(word) - 1) if not word.isascii() else ()
    return any(word[:cut] in text and word[cut:] in text for cut in cuts)


def menus() -> Mapping[str, tuple[str, ...]]:
    """Return for each resource its area and entries in the menu."""
    found: Mapping[str, tuple[str, ...]] = current_app.extensions.get("menus", {})
    return found


def area_of(resource: str) -> str:
    """Return the area that a resource belongs to: its category in the menu."""
    return menus().get(resource, (SYSTEM,))[0]


def verb_words(resource: str, permission: str) -> str:
    """Return what a permission allows, in words: a transition is called as its button is."""
    transition = _transition(resource, permission)
    if transition is not None:
        return str(transition.label)
    return str(VERBS.get(permission) or said_by(resource, humanize(permission.removeprefix("can_"))))


def _right(resource: str, permission: str, pair_id: int) -> Right:
    verb = permission.removeprefix("can_")
    return Right(pair_id, verb, verb_words(resource, permission), _hint(resource, verb, permission))


def _hint(resource: str, verb: str, permission: str) -> str:
    transition = _transition(resource, permission)
    if transition is not None:
        state = current_app.extensions["workflows"][resource].state_label
        sources = ", ".join(str(state(one)) for one in transition.sources)
        if transition.target is None or transition.target in transition.sources:
            return sources  # The state stays.
        return f"{sources} → {state(transition.target)}"
    if verb == "see_personal":
        view = current_app.extensions.get("crud_views", {}).get(resource)
        label = partial(_label, view)
        return ", ".join(map(label, view.personal)) if view is not None else ""
    return str(_HINTS.get(verb, "")) if "." in resource else ""


def _label(view: Any, column: str) -> str:
    return str(view.labels.get(column) or gettext(humanize(column.rpartition(".")[2])))


def _transition(resource: str, permission: str) -> Any:
    workflow = current_app.extensions.get("workflows", {}).get(resource)
    return workflow.transitions.get(permission.removeprefix("can_")) if workflow is not None else None


def _screen_titles() -> dict[str, Text]:
    """Return what the running screens call themselves."""
    views: list[Any] = [view for view in appbuilder().baseviews if not isinstance(view, type)]
    named = [(view.class_permission_name or "", getattr(view, "title", "")) for view in views]
    return {resource: title for resource, title in named if title and "." in resource}
