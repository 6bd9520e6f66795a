"""Answers to the dialogs of transitions: such as a service takes, and such as it nearly takes."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from flask.testing import FlaskClient

from tests.every_view.hostile import DAYS, FIGURES
from tests.every_view.samples import SHANGHAI
from tests.every_view.views import page, rest

Arguments = Sequence[dict[str, Any]]


def possible(client: FlaskClient, resource: str, transition: str, keys: Sequence[int]) -> tuple[int, Arguments]:
    """Return a record on which a transition is possible, else the last one, and what its dialog asks for."""
    asked: Arguments = ()
    for key in keys:
        for button in client.get(f"{rest(resource)}/{key}/transitions").json["result"]:
            if button["name"] == transition:
                asked = button["arguments"]
                if button["enabled"]:
                    return key, asked
    return keys[-1], asked


def of_type(asked: Arguments, *types: str) -> list[str]:
    """Return the names of the arguments of these types."""
    return [one["name"] for one in asked if one["type"] in types]


def extremes(fitting: dict[str, Any], asked: Arguments) -> Iterator[dict[str, Any]]:
    """Yield what fits, with an extreme figure or day in all arguments of that kind."""
    for types, chosen in ((("integer", "decimal"), FIGURES), (("date", "datetime"), DAYS)):
        names = of_type(asked, *types)
        for value in chosen if names else ():
            yield {**fitting, **dict.fromkeys(names, value)}


def sound(client: FlaskClient, resource: str, transition: str, argument: dict[str, Any]) -> Any:
    """Return a value that fits the type of an argument."""
    match argument["type"]:
        case "id":
            offered = client.get(f"{page(resource)}/lookup/{transition}/{argument['name']}")
            value = offered.json[0]["id"] if offered.status_code == 200 and offered.json else 1
        case "choice":
            value = argument["choices"][0]
        case "boolean":
            value = True
        case "integer" | "decimal":
            value = "1"
        case "date":
            value = str(dt.datetime.now(SHANGHAI).date())
        case "datetime":
            value = f"{dt.datetime.now(SHANGHAI):%Y-%m-%d %H:%M}"
        case _:
            value = "Sound"
    return [value] if argument["list"] else value
