"""Whatever a screen says can be said in every language: labels are collected from the running views."""

import enum
from collections.abc import Iterator

import pytest
from flask_babel import force_locale
from wtforms.fields import HiddenField

from app.crud.line_fields import LinesField
from app.i18n import humanize
from app.web.translation_commands import LANGUAGES, catalogue_path, read_catalogue
from tests.every_addon.conftest import SHIPPED


def of_view(view) -> Iterator[object]:
    """Yield what the list, the record page, the forms and the buttons of a view say."""
    yield view.title
    for column in [*view.columns, *view.filter_columns, *view.form_screen_columns, *view.show_columns]:
        yield column.label
        yield from of_choices(column.choices)
    for form in (view.add_form(), view.edit_form()):
        for field in form:
            yield from of_field(field)
    yield from (title for title, _names in view.fieldsets)
    if view.importer:
        yield view.importer.hint
    for extension in view.extensions:
        yield from (extension.slot.label, *getattr(extension.slot, "labels", {}).values())
    if view.workflow:
        for transition in view.workflow.transitions.values():
            yield from (transition.label, transition.confirm)
            for argument in transition.arguments.values():
                yield from (argument.label, *of_choices(argument.kind))


def of_choices(kind) -> Iterator[str]:
    """Yield what the members of a closed set are called."""
    if isinstance(kind, enum.EnumMeta):
        yield from (humanize(str(member.value)) for member in kind)


def of_field(field) -> Iterator[object]:
    if isinstance(field, HiddenField) or field.type == "CSRFTokenField":
        return
    yield field.label.text
    yield getattr(field, "description", "")
    if isinstance(field, LinesField):
        for inner in field.append_entry().form:
            yield from of_field(inner)
    yield from of_choices(getattr(field, "source", None))


def of_setup(setup, views) -> Iterator[object]:
    """Yield what the screens, roles and settings of an add-on or a room say."""
    manifest = setup.manifest
    yield from (manifest.title, manifest.summary, manifest.category)
    for _what, entry in [*setup.views, *setup.pages, *setup.reports]:
        yield from (entry.category, entry.title)
    for view, _ in setup.views:
        yield from of_view(views[setup.resource(view.model)])
    for page, _ in setup.pages:
        yield page.title
    for report, _ in setup.reports:
        yield from of_report(report)
    for role in setup.roles:
        yield role.title
        for verbs in role.grants.values():
            yield from (humanize(verb) for verb in verbs)
    for parameter in setup.parameters:
        yield from (parameter.label, parameter.unit, parameter.help)
    for one in setup.option_lists:
        yield from (one.title, *one.defaults)
    yield from (series.title for series in setup.number_series)
    yield from (card.label for card in setup.home_cards)
    yield from (one.label for one in setup.todo_lists)


def of_report(report) -> Iterator[object]:
    """Yield what a report says on the screen and on paper."""
    yield from (report.title, *report.signatures)
    for column in report.columns:
        yield from (column.label, *(column.choices or {}).values())
    for one in report.filters:
        yield from (one.label, *(label for _value, label in one.options))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("owner", ["app", *SHIPPED])
def test_every_label_on_every_screen_is_translated(product, owner, language):
    rooms = product.extensions["rooms"]
    setups = rooms if owner == "app" else [one for one in product.extensions["setups"] if one.name == owner]
    with product.test_request_context(), force_locale("en"):
        # A bridge puts actions on another add-on's screens, and says them in a catalogue of its own.
        catalogues = [read_catalogue(catalogue_path(one, language), language) for one in ("app", *SHIPPED)]
        texts = {str(text) for setup in setups for text in of_setup(setup, product.extensions["crud_views"]) if text}
    missing = sorted(text for text in texts if not any(_said(catalogue, text) for catalogue in catalogues))
    assert len(texts) > 50, "Few labels were found: the collection is broken"
    assert not missing, f"run `flask translations collect` and translate into {language}: {missing}"


def _said(catalogue, text):
    message = catalogue.get(text)
    return message is not None and bool(message.string) and not message.fuzzy


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        ("orders.Order", "订单"),
        ("contracts.Contract", "合同"),
        ("contracts.Review", "会审"),
        ("payments.Receipt", "收据"),
    ],
)
@pytest.mark.parametrize("screen", ["/", "/orders/order/list/", "/reception/reception/list/"])
def test_a_document_is_called_as_its_own_addon_calls_it_on_every_screen(product, resource, words, screen):
    from app.security.roles import subject_text

    with product.test_request_context(screen), force_locale("zh"):
        assert str(subject_text(resource)) == words
