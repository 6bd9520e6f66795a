"""Values by day, their limits, and how few questions they cost."""

import datetime as dt
from decimal import Decimal

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import event, func, select

from app.database.session import db, session
from app.errors import ConfigurationError, Conflict, ValidationError
from app.parameters.models import ParameterValue
from app.parameters.parameter import Parameter, ParameterUnset
from app.parameters.registry import Source, explain, get_parameter, list_parameters, list_values, register_parameters

FINE = Parameter("dummy.late_fine", Decimal, "Late fine", unit="CNY/min", requirement="S:ATT-04", minimum=0)
LEVELS = Parameter("dummy.levels", list[str], "Levels", default=["A", "B", "C"], choices=("A", "B", "C", "D"))
DAYS = Parameter("dummy.days", int, "Days", unit="days", default=3, minimum=1, maximum=90)
SWITCH = Parameter("dummy.switch", bool, "Switch", default=False)
MODE = Parameter("dummy.mode", str, "Mode", default="turn", choices=("turn", "free"))

MARCH, APRIL = dt.date(2026, 3, 1), dt.date(2026, 4, 1)


def put(world, run_in, parameter, value, day, company=None):
    run_in(
        company or world.one,
        lambda: parameter.set(value, valid_from=day, actor=session.get(User, world.users["ann"])) and None,
    )


@pytest.mark.rule("P:COR-03")
def test_five_minutes_late_cost_what_was_valid_that_day(world, run_in):
    put(world, run_in, FINE, Decimal(1), dt.date(2026, 1, 1))
    put(world, run_in, FINE, Decimal(2), APRIL)

    def fine(day):
        return run_in(world.one, lambda: 5 * FINE.value(day))

    assert fine(dt.date(2026, 3, 31)) == Decimal("5.00")
    assert fine(APRIL) == Decimal("10.00")


def test_unset_names_key_label_and_day(world, run_in):
    with pytest.raises(ParameterUnset) as refused:
        run_in(world.one, lambda: FINE.value(MARCH))

    assert refused.value.code == "parameter.unset"
    for part in ("Late fine", "dummy.late_fine", "2026-03-01"):
        assert part in str(refused.value)


def test_a_value_does_not_hold_before_its_first_day(world, run_in):
    put(world, run_in, FINE, Decimal(2), APRIL)

    with pytest.raises(ParameterUnset):
        run_in(world.one, lambda: FINE.value(dt.date(2026, 3, 31)))


def test_values_belong_to_one_company(world, run_in):
    put(world, run_in, DAYS, 7, MARCH)

    assert run_in(world.one, lambda: DAYS.value(MARCH)) == 7
    assert run_in(world.two, lambda: DAYS.value(MARCH)) == 3


def test_every_type_comes_back_exactly(world, run_in):
    for parameter, value in (
        (FINE, Decimal("0.015")),
        (LEVELS, ["A", "D"]),
        (DAYS, 90),
        (SWITCH, True),
        (MODE, "free"),
    ):
        put(world, run_in, parameter, value, MARCH)

        found = run_in(world.one, lambda asked=parameter: asked.value(MARCH))

        assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("parameter", "value", "code", "limit"),
    [
        (DAYS, 0, "parameter.minimum", 1),
        (DAYS, 91, "parameter.maximum", 90),
        (DAYS, "many", "parameter.type", None),
        (DAYS, 1.5, "parameter.type", None),
        (DAYS, True, "parameter.type", None),
        (DAYS, "  ", "parameter.blank", None),
        (FINE, "NaN", "parameter.type", None),
        (FINE, "1e30", "parameter.type", None),
        (FINE, "-1", "parameter.minimum", 0),
        (FINE, "1_0", "parameter.type", None),
        (FINE, None, "parameter.type", None),
        (SWITCH, "maybe", "parameter.type", None),
        (MODE, "chaos", "parameter.choices", "turn, free"),
        (LEVELS, ["A", "Z"], "parameter.choices", "A, B, C, D"),
        (LEVELS, ["A", 1], "parameter.type", None),
        (MODE, "a\0b", "parameter.type", None),
    ],
)
@pytest.mark.rule("P:COR-03")
def test_a_wrong_value_is_refused_naming_the_limit(parameter, value, code, limit):
    with pytest.raises(ValidationError) as refused:
        parameter.parse(value)

    assert (refused.value.code, refused.value.field) == (code, "value")
    assert str(parameter.label) in str(refused.value)
    assert limit is None or (refused.value.data["limit"] == limit and str(limit) in str(refused.value))


def test_a_refused_value_is_not_kept(world, run_in):
    with pytest.raises(ValidationError):
        put(world, run_in, DAYS, 0, MARCH)

    assert run_in(world.one, lambda: session.scalar(select(func.count(ParameterValue.id)))) == 0


@pytest.mark.parametrize(
    ("parameter", "raw", "value"),
    [
        (DAYS, "１２", 12),
        (FINE, " 1.50 ", Decimal("1.50")),
        (FINE, 2, Decimal(2)),
        (SWITCH, "on", True),
        (SWITCH, "0", False),
        (LEVELS, "A\r\nB\n\n", ["A", "B"]),
        (LEVELS, "", []),
    ],
)
def test_typed_text_is_read(parameter, raw, value):
    assert parameter.parse(raw) == value


def test_a_default_list_is_not_shared(world, run_in):
    run_in(world.one, lambda: LEVELS.value(MARCH).append("D"))

    assert run_in(world.one, lambda: LEVELS.value(MARCH)) == ["A", "B", "C"]


@pytest.mark.rule("P:COR-03")
def test_two_values_for_one_day_are_refused(world, run_in):
    put(world, run_in, DAYS, 5, MARCH)

    with pytest.raises(Conflict) as refused:
        put(world, run_in, DAYS, 6, MARCH)

    assert (refused.value.code, refused.value.field) == ("parameter.same_day", "valid_from")
    assert run_in(world.one, lambda: list_values(DAYS)) == [(MARCH, 5)]


def test_one_question_per_parameter_and_transaction(world, run_in):
    asked = []

    def work():
        event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        for day in (MARCH, APRIL, MARCH):
            DAYS.value(day)
        first = len([sql for sql in asked if "parameters_value" in sql])
        DAYS.set(8, valid_from=MARCH, actor=session.get(User, world.users["ann"]))
        return first, DAYS.value(MARCH)

    assert run_in(world.one, work) == (1, 8)


def test_a_value_that_was_rolled_back_is_forgotten(world, run_in):
    def work():
        actor = session.get(User, world.users["ann"])
        assert DAYS.value(MARCH) == 3
        savepoint = session.begin_nested()
        DAYS.set(8, valid_from=MARCH, actor=actor)
        assert DAYS.value(MARCH) == 8
        savepoint.rollback()
        nested = DAYS.value(MARCH)
        DAYS.set(9, valid_from=MARCH, actor=actor)
        assert DAYS.value(MARCH) == 9
        session.rollback()
        return nested, DAYS.value(MARCH)

    assert run_in(world.one, work) == (3, 3)


def test_explain_tells_where_a_value_comes_from(world, run_in):
    put(world, run_in, FINE, Decimal("1.5"), MARCH)

    def ask(parameter, day):
        return run_in(world.one, lambda: explain(parameter, day))

    found = ask(FINE, APRIL)
    assert (found.value, found.valid_from, found.source) == (Decimal("1.5"), MARCH, Source.COMPANY)
    assert (found.unit, found.requirement) == ("CNY/min", "S:ATT-04")
    assert found.to_dict()["value"] == "1.5"
    assert ask(FINE, dt.date(2026, 2, 1)).source == Source.UNSET
    assert (ask(DAYS, APRIL).value, ask(DAYS, APRIL).source) == (3, Source.DEFAULT)


def test_the_registry_lists_by_addon_and_refuses_a_double(app):
    register_parameters(app, FINE, DAYS)
    other = Parameter("dummy.days", int, "Other")

    with pytest.raises(ConfigurationError, match=r"dummy\.days"):
        register_parameters(app, other)
    with app.app_context():
        assert list_parameters("dummy") == [DAYS, FINE]
        assert list_parameters("dum") == []
        assert get_parameter("dummy.days") is DAYS


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "late fine"},
        {"type": dict},
        {"default": 0, "minimum": 1},
        {"type": str, "default": "x", "choices": ("y",)},
    ],
)
def test_a_wrong_declaration_stops_the_start(wrong):
    with pytest.raises(ConfigurationError):
        Parameter(**{"key": "dummy.wrong", "type": int, "label": "Wrong", **wrong})


def test_two_parameters_with_one_name_in_a_rule_book_are_refused(app):
    first = Parameter("dummy.first", int, "First", spec_aliases=("S:dum.value",))
    second = Parameter("dummy.second", int, "Second", spec_aliases=("S:dum.value", "P:value"))
    register_parameters(app, first)

    with pytest.raises(ConfigurationError, match=r"dummy\.first.*dummy\.second"):
        register_parameters(app, second)

    del app.extensions["parameters"]["dummy.first"]


@pytest.mark.parametrize("alias", ["rec.value", "X:value", "S:Value", "S:a.b.c", ""])
def test_an_alias_names_its_rule_book(alias):
    with pytest.raises(ConfigurationError, match="alias"):
        Parameter("dummy.first", int, "First", spec_aliases=(alias,))


UNITS = Parameter("dummy.units", list[str], "Units", default=[], choices=lambda: {"hz": "杭州", "nb": "宁波"})


def test_choices_may_depend_on_the_company_and_have_words(world, run_in):
    put(world, run_in, UNITS, ["hz"], MARCH)
    assert run_in(world.one, lambda: UNITS.value(MARCH)) == ["hz"]
    assert UNITS.words(["hz", "nb", "gone"]) == "杭州, 宁波, gone"
    with pytest.raises(ValidationError) as refused:
        put(world, run_in, UNITS, ["hz", "sz"], APRIL)
    assert (refused.value.code, refused.value.data["limit"]) == ("parameter.choices", "hz, nb")
    assert run_in(world.one, lambda: list_values(UNITS)) == [(MARCH, ["hz"])]
    assert [one.words(value) for one, value in ((SWITCH, True), (FINE, Decimal("0.10")), (MODE, None))] == [
        "Yes",
        "0.10",
        "",
    ]
