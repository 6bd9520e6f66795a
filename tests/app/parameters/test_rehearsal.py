"""A value that is supposed for a while, and what cannot be declared."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from app.errors import ConfigurationError
from app.parameters.cache import supposing
from app.parameters.parameter import Parameter
from app.parameters.rehearsal import Rehearsal, Trial, Verdict, register_rehearsals
from app.parameters.standing import Standing, register_standings

SHARE: Parameter[Decimal] = Parameter("tests.share", Decimal, "Share", default=Decimal(5))
DAY = dt.date(2026, 3, 2)


def test_a_value_is_supposed_on_every_day_and_only_within(world: Any, run_in: Any) -> None:
    def ask() -> list[Decimal]:
        with supposing(SHARE.key, "7.50"):
            within = [SHARE.value(DAY), SHARE.value(dt.date(1990, 1, 1))]
            with supposing("tests.other", "1"):
                within.append(SHARE.value(DAY))
        return [*within, SHARE.value(DAY)]

    assert run_in(world.one, ask) == [Decimal("7.50"), Decimal("7.50"), Decimal("7.50"), Decimal(5)]


def test_two_rules_for_one_parameter_are_refused() -> None:
    app: Any = SimpleNamespace(extensions={})

    def declared(key: str) -> Rehearsal:
        return Rehearsal(keys=(key,), documents="orders", find=lambda *_days: None, judge=lambda *_: Verdict(""))  # type: ignore[arg-type,return-value]

    def standing(key: str) -> Standing:
        return Standing(key, "orders", lambda *_: [])

    register_rehearsals(app, declared("tests.share"), declared("tests.other"))
    register_standings(app, standing("tests.share"))
    with pytest.raises(ConfigurationError, match=r"tests\.share"):
        register_rehearsals(app, declared("tests.share"))
    with pytest.raises(ConfigurationError, match=r"tests\.share"):
        register_standings(app, standing("tests.share"))
    assert Trial(declared("tests.share"), 0).difference == 0


def test_a_check_of_its_own_refuses_its_own_default() -> None:
    with pytest.raises(ConfigurationError, match=r"parameter\.pattern"):
        Parameter(
            "tests.rising", list[str], "Rising", default=["2", "1"], makes_sense=lambda days: days == sorted(days)
        )
