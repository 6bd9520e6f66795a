"""Errors a user can be told about: a stable code, a translatable message, a field and its data."""

from typing import Any, TypeAlias

from flask_babel import LazyString

Text: TypeAlias = str | LazyString


class AppError(Exception):
    """A refusal. `http_status` is what the request edge answers with.

    `code` is stable and meant for programs, `message` is for people: its named places are filled
    from `data`, which carries at least the limit that was broken.
    """

    http_status = 422

    def __init__(self, code: str, message: Text = "", *, field: str | None = None, **data: Any) -> None:
        super().__init__(code)
        self.code, self.message, self.field, self.data = code, message, field, data

    def to_dict(self) -> dict[str, Any]:
        """Return what REST answers."""
        data = {key: value if isinstance(value, int | bool | None) else str(value) for key, value in self.data.items()}
        return {"error": self.code, "message": str(self), "field": self.field, "data": data}

    def __str__(self) -> str:
        text = str(self.message) or self.code
        return text % self.data if self.data and "%(" in text else text


class ValidationError(AppError):
    """An input breaks a rule; `field` names the input (R1, R4)."""


class NotAllowed(AppError):
    """The actor lacks a permission, or the rule forbids this actor (R3)."""

    http_status = 403


class NotFound(AppError):
    """No such record in the actor's company and scope."""

    http_status = 404


class Conflict(AppError):
    """The record changed, is in another state, is locked, or a unique value is taken (R2, R5)."""

    http_status = 409


class Duplicate(Conflict):
    """The same thing exists already (R5); `match` names it, so that a person can look at it."""

    def __init__(self, code: str, message: Text = "", *, match: str, field: str | None = None, **data: Any) -> None:
        super().__init__(code, message, field=field, match=match, **data)
        self.match = match


class ConfigurationError(Exception):
    """The code, a setting or a manifest is wrong; raised at start, names file and key."""
