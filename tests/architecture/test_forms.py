"""What a form in a template carries, so that no page forgets what keeps its users safe."""

import re

from tests.architecture.source import project_files, relative

FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)


def forms():
    """Yield (template, text) of every form that posts to an action of a page."""
    for path in project_files(".html"):
        for form in FORM.findall(path.read_text("utf-8")):
            if "'.act'" in form:
                yield relative(path), form


def test_the_search_for_forms_finds_them():
    assert {name for name, _form in forms()} >= {
        "app/templates/companies/members.html",
        "addons/reception/templates/reception/desk.html",
    }


def test_every_action_of_a_page_is_done_once():
    careless = [(name, form[:120]) for name, form in forms() if "{{ once() }}" not in form]
    assert not careless, (
        f"Sent twice, these forms do their work twice: {careless}. Start them with {{{{ once() }}}}, from "
        "{% from 'macros/fields.html' import once with context %}"
    )
