"""A flag that is left out: No on a page, its default over REST and in a file."""

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.crud.fields import FlagField, TextField
from app.crud.forms import form_class, formdata_of, tick_defaults
from app.crud.line_fields import LinesField

pytestmark = pytest.mark.by_turns

LINE = form_class("LineForm", {"item": TextField(), "is_new": FlagField(default=True), "is_gift": FlagField()}, Form)
FORM = form_class(
    "FlagForm",
    {
        "name": TextField(),
        "is_active": FlagField(default=True),
        "is_urgent": FlagField(default=False),
        "lines": LinesField(LINE, key="item"),
    },
    Form,
)
NAMES = ("name", "is_active", "is_urgent", "lines")


def sent(**body: Any) -> Any:
    """Return the form as REST reads a body."""
    form = FORM(formdata=formdata_of(body, FORM, NAMES))
    assert form.validate(), form.errors
    return form


@pytest.mark.parametrize(("body", "active"), [({}, True), ({"is_active": False}, False), ({"is_active": True}, True)])
def test_what_rest_leaves_out_keeps_its_default(body: dict[str, Any], active: bool) -> None:
    form = sent(name="x", **body)
    assert (form.is_active.data, form.is_urgent.data) == (active, False)


def test_so_does_a_line(app: Any) -> None:
    with app.test_request_context():
        rows = sent(lines=[{"item": "Desk"}, {"item": "Chair", "is_new": False, "is_gift": True}, {}])["lines"].rows
    assert [(row["item"], row["is_new"], row["is_gift"]) for row in rows] == [
        ("Desk", True, False), ("Chair", False, True),
    ]  # fmt: skip


def test_a_file_without_the_column_too() -> None:
    row = MultiDict({"name": "x"})
    tick_defaults(row, FORM, NAMES)
    assert FORM(formdata=row).is_active.data is True


def test_a_box_without_a_tick_is_no() -> None:
    assert FORM(formdata=MultiDict({"name": "x"})).is_active.data is False
