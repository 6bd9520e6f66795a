"""Opening companies, and their clocks."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from app.companies.clock import day_bounds, local_time, local_today
from app.companies.models import Company, LegalEntity, OrgPlacement, OrgUnit, OrgUnitKind
from app.companies.opening import find_company, get_company, open_company
from app.database.context import active_company
from app.database.session import as_company, session
from app.errors import Conflict, NotFound, ValidationError

Run = Callable[..., Any]
DAY = dt.date(2026, 3, 2)


def test_a_company_opens_with_an_entity_and_a_root(world: SimpleNamespace, run_in: Run) -> None:
    def check() -> None:
        company = open_company(
            "三号店", code="three", on=DAY, legal_entity_name="三号店有限公司", tax_no="91310000MA1K3TEST1"
        )

        assert active_company() is None
        assert (company.mark, company.timezone, company.locale, company.active) == ("TH", "Asia/Shanghai", "zh", True)
        assert find_company("three") is get_company(company.id) is company
        with as_company(company.id):
            entity = session.scalars(sa.select(LegalEntity)).one()
            root = session.scalars(sa.select(OrgUnit)).one()
            placement = session.scalars(sa.select(OrgPlacement)).one()
        assert (entity.name, entity.tax_no) == ("三号店有限公司", "91310000MA1K3TEST1")
        assert (root.name, root.kind, root.legal_entity_id) == ("三号店", OrgUnitKind.REGION, entity.id)
        assert (placement.ancestor_id, placement.depth, placement.valid_from) == (root.id, 0, DAY)

    run_in(None, check)


@pytest.mark.parametrize(
    ("wrong", "error", "field"),
    [
        ({"name": "One Homes"}, Conflict, "name"),
        ({"code": "one"}, Conflict, "code"),
        ({"timezone": "Asia/Nowhere"}, ValidationError, "timezone"),
        ({"timezone": "../etc/passwd"}, ValidationError, "timezone"),
    ],
)
def test_a_refused_opening_leaves_nothing(
    world: SimpleNamespace, run_in: Run, wrong: dict[str, str], error: type[Exception], field: str
) -> None:
    def check() -> None:
        with pytest.raises(error) as refusal:
            open_company(**{"name": "New", "code": "new", "on": DAY, **wrong})  # type: ignore[arg-type]
        assert refusal.value.field == field  # type: ignore[attr-defined]
        assert session.scalar(sa.select(sa.func.count()).select_from(Company)) == 2

    run_in(None, check)


def test_an_unknown_company_is_not_found(world: SimpleNamespace, run_in: Run) -> None:
    def check() -> None:
        with pytest.raises(NotFound):
            get_company(999_999)
        assert find_company("nowhere") is None

    run_in(None, check)


def test_the_day_is_the_company_s_own() -> None:
    now = dt.datetime(2026, 3, 1, 16, 30, tzinfo=dt.UTC)
    shanghai, london = Company(timezone="Asia/Shanghai"), Company(timezone="Europe/London")

    assert local_today(shanghai, now) == dt.date(2026, 3, 2)
    assert local_today(london, now) == dt.date(2026, 3, 1)
    assert local_time(shanghai, now).isoformat() == "2026-03-02T00:30:00+08:00"
    with pytest.raises(ValueError, match="time zone"):
        local_today(shanghai, now.replace(tzinfo=None))


def test_the_bounds_of_a_day_are_local(world: SimpleNamespace, run_in: Run) -> None:
    first, last = run_in(world.one, lambda: day_bounds(DAY))

    assert first == dt.datetime(2026, 3, 1, 16, 0, tzinfo=dt.UTC)
    assert last == dt.datetime(2026, 3, 2, 15, 59, 59, 999999, tzinfo=dt.UTC)
