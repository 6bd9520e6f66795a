"""The form of a transition."""

import pytest
from werkzeug.datastructures import MultiDict

from app.workflow.arguments import arguments_of
from app.workflow.forms import RecordField, form_for
from app.workflow.transition import Transition
from tests.app.workflow.slips import SLIP_WORKFLOW, Slip, SlipState
from tests.app.workflow.test_arguments import service


@pytest.fixture
def form_class():
    """The form of a transition that asks for everything."""
    transition = Transition("try_all", SlipState.DRAFT, SlipState.DONE, "Try all")
    transition.service, transition.arguments = service, arguments_of(service)
    return form_for(transition)


def test_every_argument_has_its_field(form_class):
    form = form_class()

    assert {field.name: type(field).__name__ for field in form} == {
        "name": "StringField",
        "count": "IntegerField",
        "fee": "DecimalField",
        "day": "DateField",
        "at": "DateTimeLocalField",
        "colour": "SelectField",
        "urgent": "BooleanField",
        "other": "RecordField",
        "tags": "TextAreaField",
        "others": "RecordListField",
        "code": "StringField",
        "reason": "TextAreaField",
    }
    assert [field.name for field in form if field.flags.required] == ["name"]
    assert str(form["day"].label.text) == "Day"
    assert form["other"].target is Slip
    assert form["code"].data == "new"


def test_choices_have_a_blank_unless_one_is_needed(form_class):
    assert [(choice.value, str(choice.label)) for choice in form_class()["colour"].choices] == [
        ("", ""),
        ("red", "Red"),
        ("blue", "Blue"),
    ]


def test_a_record_can_be_given_beforehand(form_class):
    form = form_class(other=Slip(id=7))

    assert form["other"].data == 7


def test_what_was_typed_stays(form_class):
    form = form_class(MultiDict({"count": "many", "day": "2026-02-30", "name": ""}))

    assert not form.validate()
    assert "many" in form["count"]()
    assert "2026-02-30" in form["day"]()
    assert set(form.errors) == {"count", "day", "name"}


def test_a_transition_that_asks_for_nothing_has_an_empty_form():
    assert list(form_for(SLIP_WORKFLOW.transitions["file"])()) == []
    assert isinstance(form_for(SLIP_WORKFLOW.transitions["check"])()["owner"], RecordField)
