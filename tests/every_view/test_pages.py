"""Pages of add-ons: light, and hostile values in every form and address of theirs are refused or kept, never a 500."""

import re
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from tests.every_view.hostile import TEXTS
from tests.every_view.page_forms import PageForm, PageForms
from tests.every_view.test_hostile import SHARE, failed
from tests.every_view.views import page, pages

pytestmark = pytest.mark.by_turns

MOST_ELEMENTS = 1_500  # Of one page: what is folded is fetched when it is opened.
LINKS = 4  # So many links within a page are followed: to one line, one version, one month, what is folded.


def forms_of(house: Any, resource: str) -> list[PageForm]:
    """Return the forms of a page, and of what its links lead to within it; each once."""
    address = f"{page(resource)}/"
    first = PageForms(house.root.get(address).text)
    within = list(dict.fromkeys(link for link in first.links if link.startswith(address) and "?" in link))[:LINKS]
    found = [first, *(PageForms(house.root.get(link).text) for link in within)]
    forms = {(form.action, *sorted(form.values)): form for one in found for form in one.forms}
    return [form for form in forms.values() if form.action.startswith(address) or form.method == "get"]


@pytest.mark.parametrize("screen", pages())
def test_in_every_form_of_a_page(house: Any, screen: str) -> None:
    answers: dict[Any, Any] = {}

    for place, form in enumerate(one for one in forms_of(house, screen) if one.method == "post"):
        form.values.pop("submission_key", None)
        for text in TEXTS[place % SHARE :: SHARE // 2]:
            for names in (form.typed, form.values):
                sent = {**form.values, **dict.fromkeys(names, text)}
                answers[form.action, text, len(names)] = house.root.post(form.action, data=sent)
                answers[form.action, text, "kept"] = house.root.get(f"{page(screen)}/")

    assert not failed(answers)


@pytest.mark.parametrize("screen", pages())
def test_in_the_address_of_a_page(house: Any, screen: str) -> None:
    names = {name for form in forms_of(house, screen) for name in form.values}

    answers = {
        text: house.root.get(f"{page(screen)}/", query_string=MultiDict(dict.fromkeys(names, text[:1_000])))
        for text in TEXTS[:: SHARE // 3]
    }

    assert not failed(answers)


@pytest.mark.parametrize("screen", pages())
def test_a_page_is_light(house: Any, screen: str) -> None:
    shown = re.sub("<template.*?</template>", "", house.root.get(f"{page(screen)}/").text, flags=re.DOTALL)

    assert len(re.findall(r"<[a-z]", shown)) < MOST_ELEMENTS
