"""Packs as texts, and companies to apply them to."""

from collections.abc import Callable
from typing import Any

import pytest

TEXT = """
[pack]
title = {en = "Visits", zh = "拜访"}
addons = ["bonus", "far_away"]

[core.parameters]
escalate_hours = 12
import_max_rows = [
    {value = 100, valid_from = 2024-01-01},
    {value = 200, valid_from = 2099-01-01},
]

[visits.roles.Inspector]
base = "visits_reader"
give = ["visits.Visit.confirm"]

[[visits.chains]]
resource = "visits.Visit"
transition = "confirm"
rules = [{name = "All", when = [], steps = ["boss"]}]
steps = [{key = "boss", name = "Boss", who = "superior", value = "1"}]

[far_away.parameters]
distance = 7
"""


@pytest.fixture
def within(world: Any, run_in: Any) -> Callable[..., Any]:
    """Return a function that calls another one with the moment of a company and a user."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.columns import utc_now
    from app.database.session import session
    from app.packs.change import moment_of

    def call(company: int, function: Callable[[Any], Any], *, user: str = "root") -> Any:
        return run_in(
            company, lambda: function(moment_of(company, session.get_one(User, world.users[user]), utc_now()))
        )

    return call


@pytest.fixture
def apply(within: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """Return a function that applies a text and says which keys were changed and which sections skipped."""
    from app.packs.applying import apply_pack
    from app.packs.reading import read_pack

    def call(company: int, text: str = TEXT, **options: Any) -> dict[str, Any]:
        def run(moment: Any) -> dict[str, Any]:
            made = apply_pack(read_pack(text, file="visits_pack.toml"), moment)
            return {"keys": [one["key"] for one in made.changes], "skipped": made.skipped}

        return within(company, run, **options)  # type: ignore[no-any-return]

    return call
