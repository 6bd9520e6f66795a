"""Numbers without gaps or repeats (S:REC-02)."""

import datetime as dt
import multiprocessing
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.companies.models import LegalEntity
from app.database.session import as_company, commit, db, rollback, session
from app.errors import ConfigurationError, ValidationError
from app.masterdata.choices import NumberReset
from app.masterdata.models import NumberCounter, NumberSeries
from app.masterdata.number_formats import set_format
from app.masterdata.numbering import NumberFormat, NumberSeriesDefinition, draw_number, register_series
from tests.app.jobs.waiting import is_waited_for, wait_until

CUSTOMERS = NumberSeriesDefinition(
    "test.customer", "Customers", NumberFormat("C{yyyy}{mm}{number:04}", NumberReset.MONTH)
)
DAY = dt.date(2025, 11, 3)
PROCESSES, DRAWS = 4, 60


@pytest.fixture
def customers(world):
    register_series(world.app, CUSTOMERS)
    yield CUSTOMERS.key
    del world.app.extensions["number_series"][CUSTOMERS.key]


def draw(key, day=DAY, legal_entity_id=None):
    return draw_number(key, legal_entity_id=legal_entity_id, on=day)


@pytest.mark.rule("S:REC-02")
def test_the_third_customer_of_november(world, run_in, customers):
    drawn = [run_in(world.one, lambda: draw(customers)) for _ in range(3)]

    assert drawn[2] == "C2025110003"
    assert drawn == ["C2025110001", "C2025110002", "C2025110003"]
    assert run_in(world.one, lambda: draw(customers, dt.date(2025, 12, 1))) == "C2025120001"
    assert run_in(world.one, lambda: draw(customers)) == "C2025110004"
    assert run_in(world.two, lambda: draw(customers)) == "C2025110001"


@pytest.mark.rule("S:REC-02")
def test_a_rolled_back_number_is_drawn_again(world, run_in, customers):
    run_in(world.one, lambda: draw(customers))
    with world.app.app_context(), as_company(world.one):
        assert draw(customers) == "C2025110002"
        rollback()

    assert run_in(world.one, lambda: draw(customers)) == "C2025110002"


def test_each_legal_entity_counts_for_itself_in_its_own_format(world, run_in, customers):
    def check():
        entities = [LegalEntity(name=name) for name in ("North", "South")]
        session.add_all(entities)
        session.flush()
        north, south = (entity.id for entity in entities)
        session.add(
            NumberSeries(key=customers, legal_entity_id=north, template="N{yy}-{number}", reset=NumberReset.YEAR)
        )
        session.add(NumberSeries(key=customers, template="{number:06}", reset=NumberReset.NEVER))
        session.flush()

        assert [draw(customers, legal_entity_id=north), draw(customers, dt.date(2025, 12, 1), north)] == [
            "N25-1",
            "N25-2",
        ]
        assert [draw(customers, legal_entity_id=south), draw(customers)] == ["000001", "000001"]
        assert draw(customers, dt.date(2026, 1, 1)) == "000002"
        assert session.scalar(sa.select(sa.func.count()).select_from(NumberCounter)) == 3

    run_in(world.one, check)


def numbers_of(key, template, reset):
    """Write the series otherwise, on 15 January 2026."""
    set_format(key, legal_entity_id=None, template=template, reset=reset, on=dt.date(2026, 1, 15))


@pytest.mark.rule("S:REC-02")
def test_a_day_before_counting_was_changed_repeats_no_number(world, run_in, customers):
    new_year, next_year = dt.date(2026, 1, 20), dt.date(2027, 1, 4)
    run_in(world.one, lambda: numbers_of(customers, "C{yyyy}{number:04}", NumberReset.NEVER))
    assert [run_in(world.one, lambda: draw(customers)) for _ in range(2)] == ["C20250001", "C20250002"]

    run_in(world.one, lambda: numbers_of(customers, "C{yyyy}{number:04}", NumberReset.YEAR))
    assert run_in(world.one, lambda: [draw(customers), draw(customers, new_year), draw(customers, next_year)]) == [
        "C20250003", "C20260003", "C20270001",
    ]  # fmt: skip

    run_in(world.one, lambda: numbers_of(customers, "C{yyyy}{number:04}", NumberReset.NEVER))
    assert run_in(world.one, lambda: draw(customers)) == "C20250004"


@pytest.mark.rule("S:REC-02")
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.needs("postgresql")
def test_who_waits_while_counting_is_changed_draws_by_the_new_format(world, run_in, customers):
    assert run_in(world.one, lambda: draw(customers)) == "C2025110001"
    changed = threading.Event()

    def change():
        set_format(customers, legal_entity_id=None, template="C{yyyy}{number:06}", reset=NumberReset.YEAR, on=DAY)
        changed.set()
        wait_until(lambda: is_waited_for(world.app))

    with ThreadPoolExecutor(2) as pool:
        changing = pool.submit(run_in, world.one, change)
        assert changed.wait(20)
        assert pool.submit(run_in, world.one, lambda: draw(customers)).result() == "C2025000002"
        changing.result()


def test_a_number_too_long_for_its_places_grows():
    assert NumberFormat("PC{yyyy}-{number:04}").write(12345, DAY) == "PC2025-12345"
    assert NumberFormat("{dd}/{mm}/{yy} {number}", NumberReset.MONTH).write(7, DAY) == "03/11/25 7"


@pytest.mark.parametrize(
    ("template", "reset", "code"),
    [
        ("C{yyyy}", NumberReset.YEAR, "template"),
        ("{number}{number}{yyyy}", NumberReset.YEAR, "template"),
        ("{yyyy}{week}{number}", NumberReset.YEAR, "template"),
        ("{yyyy}{number:x}", NumberReset.YEAR, "template"),
        ("{yyyy}{number}}", NumberReset.YEAR, "template"),
        ("C{number}", NumberReset.YEAR, "repeats"),
        ("{yyyy}{number}", NumberReset.MONTH, "repeats"),
        ("{mm}{number}", NumberReset.MONTH, "repeats"),
    ],
)
def test_a_format_that_cannot_number_is_refused(template, reset, code):
    with pytest.raises(ValidationError) as refusal:
        NumberFormat(template, reset)

    assert (refusal.value.code, refusal.value.field) == (f"numbering.{code}", "template")
    assert str(refusal.value)


def test_series_are_declared_once(world, run_in, customers):
    with pytest.raises(ConfigurationError, match=r"test\.customer"):
        register_series(world.app, CUSTOMERS)
    with pytest.raises(ConfigurationError, match="nowhere"):
        run_in(world.one, lambda: draw("nowhere"))


def _draw_many(app, company_id, seed, results):
    """Draw in a process of its own; roll some back; report what was committed."""
    chance, kept = random.Random(seed), []
    with app.app_context():
        db.engine.dispose(close=False)  # The parent's connections stay the parent's.
        for turn in range(DRAWS):
            with as_company(company_id):
                number = draw(CUSTOMERS.key, DAY if turn % 2 else dt.date(2025, 12, 1))
                if chance.random() < 0.3:
                    rollback()
                else:
                    commit()
                    kept.append(number)
    results.put(kept)


@pytest.mark.rule("S:REC-02")
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.needs("postgresql")
def test_four_processes_with_roll_backs_leave_no_gap_and_no_repeat(world, customers):
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    processes = [
        context.Process(target=_draw_many, args=(world.app, world.one, seed, results)) for seed in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    drawn = [number for _process in processes for number in results.get(timeout=120)]
    for process in processes:
        process.join(timeout=30)

    assert [process.exitcode for process in processes] == [0] * PROCESSES
    for month in ("202511", "202512"):
        numbers = sorted(number for number in drawn if number.startswith(f"C{month}"))
        assert numbers == [f"C{month}{number:04}" for number in range(1, len(numbers) + 1)]
        assert len(numbers) > PROCESSES * DRAWS / 4


@pytest.mark.rule("S:REC-02")
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31)), st.booleans()), max_size=12))
def test_what_is_kept_has_no_gap_and_no_repeat(world, customers, draws):
    def kept():
        with world.app.app_context(), as_company(world.one):
            return {row.period: row.last_number for row in session.scalars(sa.select(NumberCounter))}

    before = kept()
    count = dict(before)
    for day, keeps in draws:
        with world.app.app_context(), as_company(world.one):
            number = draw(customers, day)
            expected = count.get(f"{day:%Y-%m}", 0) + 1
            assert number == f"C{day:%Y%m}{expected:04}"
            if keeps:
                commit()
                count[f"{day:%Y-%m}"] = expected
            else:
                rollback()

    assert kept() == count
