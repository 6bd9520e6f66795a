"""Rule sets: which edition governs a day, who interprets it, and issuing one."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.errors import Conflict, ValidationError
from app.parameters.parameter import Parameter

FINE = Parameter("dummy.fault_fine", Decimal, "Fine", unit="CNY", requirement="S:CORE-22", default=Decimal(50))
FIRST, SECOND = dt.date(2012, 11, 1), dt.date(2015, 1, 1)
LIST = "/parameters/ruleset"
Login = Callable[..., FlaskClient]


def issue(world: Any, run_in: Any, edition: str = "1.0", day: dt.date = FIRST, code: str = "data_quality") -> None:
    """Issue an edition in company one, interpreted by its root unit."""
    from flask_appbuilder.security.sqla.models import User

    from app.companies.models import OrgUnit
    from app.database.session import session
    from app.parameters.rule_sets import issue_rule_set

    def run() -> None:
        issue_rule_set(
            code,
            title="Data quality rules",
            edition=edition,
            effective_from=day,
            interpreted_by=session.scalars(sa.select(OrgUnit)).one(),
            actor=session.get_one(User, world.users["root"]),
        )

    run_in(world.one, run)


def editions(world: Any, run_in: Any) -> list[str]:
    """Return the editions of company one, by day."""
    from app.database.session import session
    from app.parameters.models import RuleSet

    return run_in(  # type: ignore[no-any-return]
        world.one, lambda: list(session.scalars(sa.select(RuleSet.edition).order_by(RuleSet.effective_from)))
    )


def fine(run_in: Any, company: int, day: dt.date) -> Decimal:
    """Return what a fault of that day costs: nothing as long as no rule set is in force."""
    from app.parameters.rule_sets import rule_set_in_force

    def ask() -> Decimal:
        return Decimal(0) if rule_set_in_force("data_quality", on=day) is None else FINE.value(day)

    return run_in(company, ask)  # type: ignore[no-any-return]


@pytest.mark.rule("S:CORE-22")
def test_a_fault_before_the_effective_date_costs_nothing(world: Any, run_in: Any) -> None:
    issue(world, run_in)

    assert fine(run_in, world.one, dt.date(2012, 10, 31)) == 0
    assert fine(run_in, world.one, FIRST) == 50
    assert fine(run_in, world.two, FIRST) == 0


@pytest.mark.rule("S:CORE-22")
def test_each_day_has_its_edition_and_who_interprets_it(world: Any, run_in: Any) -> None:
    from app.parameters.rule_sets import rule_set_in_force

    issue(world, run_in, "2.0", SECOND)
    issue(world, run_in)

    def of(day: dt.date) -> tuple[str, str]:
        found = rule_set_in_force("data_quality", on=day)
        assert found is not None
        return found.edition, found.interpreted_by.name

    assert run_in(world.one, lambda: of(SECOND - dt.timedelta(days=1))) == ("1.0", "One Homes")
    assert run_in(world.one, lambda: of(SECOND)) == ("2.0", "One Homes")


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"edition": "1.0", "day": SECOND}, "rule_set.edition", "edition"),
        ({"edition": "2.0", "day": FIRST}, "rule_set.same_day", "effective_from"),
        ({"edition": "2.0", "code": "Data quality"}, "rule_set.code", "code"),
    ],
)
def test_what_would_be_ambiguous_is_refused(
    world: Any, run_in: Any, values: dict[str, Any], code: str, field: str
) -> None:
    issue(world, run_in)

    with pytest.raises((Conflict, ValidationError)) as refused:
        issue(world, run_in, **values)

    assert (refused.value.code, refused.value.field) == (code, field)
    assert editions(world, run_in) == ["1.0"]


def test_an_edition_is_issued_on_the_screen(world: Any, run_in: Any, login: Login) -> None:
    from app.companies.models import OrgUnit
    from app.database.session import session

    unit = run_in(world.one, lambda: session.scalars(sa.select(OrgUnit.id)).one())
    root = login("root", world.one)
    values = {"title": "Rules", "code": "data_quality", "edition": "1.0", "interpreted_by_id": unit}

    wrong = root.post(f"{LIST}/add", data={**values, "effective_from": ""})
    assert wrong.status_code == 422
    assert editions(world, run_in) == []
    assert root.post(f"{LIST}/add", data={**values, "effective_from": "2012-11-01"}).status_code == 302

    assert editions(world, run_in) == ["1.0"]
    assert "2012-11-01" in root.get(f"{LIST}/list/").text
    assert login("ann", world.one).get(f"{LIST}/list/").status_code in (302, 403)
