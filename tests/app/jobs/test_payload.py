"""What is stored as JSON comes back as it was."""

import datetime as dt
import json
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from app.errors import ConfigurationError
from app.jobs.payload import check_storable, decode, encode


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        (int, 7),
        (str, "张三"),
        (bool, True),
        (Any, {"a": [1, None]}),
        (int | None, None),
        (dt.date | None, dt.date(2026, 3, 2)),
        (Decimal, Decimal("0.10")),
        (Colour, Colour.RED),
        (dt.time, dt.time(9, 30)),
        (list[Decimal], [Decimal("1.5")]),
        (dt.datetime, dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)),
        (tuple[dt.date, ...], (dt.date(2026, 3, 2),)),
        (dict[str, Decimal], {"fine": Decimal("320.00")}),
    ],
    ids=str,
)
def test_a_value_comes_back_as_annotated(hint: Any, value: Any) -> None:
    check_storable(hint, "here")

    back = decode(json.loads(json.dumps(encode(value))), hint)

    assert back == value
    assert type(back) is type(value)


def test_an_object_cannot_be_stored() -> None:
    with pytest.raises(TypeError, match="object cannot be stored; pass its id instead"):
        encode([object()])


@pytest.mark.parametrize("hint", [object, set[int], tuple[int, str], int | str, list[object]], ids=str)
def test_an_annotation_that_does_not_come_back_is_refused(hint: Any) -> None:
    with pytest.raises(ConfigurationError, match="event Sold lines"):
        check_storable(hint, "event Sold lines")
