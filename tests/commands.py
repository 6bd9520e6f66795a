"""Running `flask …` in this process, against the installation that settings name."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.cli import FlaskGroup

_ONLY_IN_CODE = ("TESTING", "WTF_CSRF_ENABLED")


def environment_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables that point the product there."""
    texts = {name: ",".join(value) if isinstance(value, list) else str(value) for name, value in settings.items()}
    return {f"ZHANGGUI_{name}": text for name, text in texts.items() if name not in _ONLY_IN_CODE}


def runner(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return what runs a command as `flask …` would; the test fails unless it ends as expected."""
    from app.cli import create_app

    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*words: str, fails: bool = False, answer: str | None = None) -> Result:
        monkeypatch.setattr(sys, "argv", ["flask", *words])
        group = FlaskGroup(create_app=create_app, load_dotenv=False, set_debug_flag=False)
        result = CliRunner().invoke(group, words, input=answer, catch_exceptions=False)
        assert (result.exit_code != 0) is fails, result.output
        return result

    return run
