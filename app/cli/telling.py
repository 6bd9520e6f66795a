"""How a command says what stops it: one line, no traceback."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click

from app.errors import AppError, ConfigurationError

P = ParamSpec("P")
T = TypeVar("T")


def tell(call: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """Call, and say in one line what stops it."""
    try:
        return call(*arguments, **options)
    except (AppError, ConfigurationError) as error:
        raise click.ClickException(str(error)) from error
