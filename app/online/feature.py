"""What a function that needs the internet says about itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from app.errors import ConfigurationError, Text

_REGISTRY = "online_features"


class OnlineFailed(Exception):
    """It could not be reached, or was too busy: tried again later, and what waits behind it waits as well.

    The text is kept as it is and translated where it is shown; it must not name a person.
    """


class OnlineRefused(Exception):
    """The other side said no for good: trying again would change nothing. The text is as that of OnlineFailed."""


def _always() -> bool:
    return True


@dataclass(frozen=True)
class OnlineFeature:
    """One function that needs the internet, for one kind of record.

    `name` stands in core.online_features. `needs` says what must be there, in words. `is_ready` tells whether this
    company has set it up. `tells_asker` is whether who asked hears of it when it is given up.

    A call has three steps, so that no transaction is open while the other side is waited for: `prepare(record_id)`
    reads what is to be sent, or returns None where it is not wanted any more; `call(request)` asks the other side,
    without the database, and raises OnlineFailed or OnlineRefused; `finish(record_id, answer, error)` notes what came
    of it, where `error` is blank or why it was given up. `call` may run twice for one record: a process can end
    between asking and noting.
    """

    name: str
    title: Text
    needs: Text
    prepare: Callable[[int], Any]
    call: Callable[[Any], Any]
    finish: Callable[[int, Any, str], None]
    is_ready: Callable[[], bool] = _always
    tells_asker: bool = True
    addon: str | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", self.name):
            raise ConfigurationError(f"online feature {self.name!r}: small letters, digits and underscores only")


def register_online_features(app: Flask, *features: OnlineFeature) -> None:
    """Make features known. Raises ConfigurationError for a name used twice."""
    known: dict[str, OnlineFeature] = app.extensions[_REGISTRY]
    for feature in features:
        if feature.name in known:
            raise ConfigurationError(f"online feature {feature.name}: declared twice")
        known[feature.name] = feature


def list_features() -> list[OnlineFeature]:
    """Return all features of this app by name."""
    known: dict[str, OnlineFeature] = current_app.extensions[_REGISTRY]
    return [known[name] for name in sorted(known)]


def find_feature(name: str) -> OnlineFeature | None:
    """Return a feature; None where nothing of this name is installed."""
    found: OnlineFeature | None = current_app.extensions[_REGISTRY].get(name)
    return found
