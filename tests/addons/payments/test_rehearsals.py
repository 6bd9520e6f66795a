"""Policy values of payments tried on a month before anybody decides them, and values that drafts would break."""

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from addons.payments import parameters, services
from addons.payments.models import CashDay, Recovery
from app.companies.org import employee_of
from app.database.late_rows import write_waiting
from app.database.session import db
from app.errors import Conflict, ValidationError
from app.packs.applying import plan_pack
from app.packs.change import moment_of
from app.packs.reading import read_pack
from app.parameters.models import ParameterValue
from app.parameters.rehearsal import rehearse_value
from tests.addons.payments.till import DAY, at, yuan

FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 3, 31)


@pytest.fixture
def rehearse(till):
    """Return a function that tries a value on March, and makes sure that nothing was written."""

    def run(parameter, value, *, by="fay"):
        till.session.flush()
        write_waiting(till.session.connection())  # The log of what the test itself did.
        written, before = [], till.facts()

        def watch(_connection, _cursor, statement, *_more):
            if statement.split()[0].upper() in ("INSERT", "UPDATE", "DELETE"):
                written.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", watch)
        try:
            trial = rehearse_value(parameter, value, first=FIRST, last=LAST, actor=till.user(by))
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", watch)
        assert (written, till.facts()) == ([], before)
        assert till.session.scalar(sa.select(sa.func.count(ParameterValue.id))) == 0
        return trial

    return run


@pytest.mark.rule("P:COR-03", "S:RE-04")
def test_a_lower_cap_makes_more_of_a_deposit_a_prepayment(till, rehearse):
    wide = till.deposit(20_000, 80_000)
    till.deposit(10_000, 100_000)

    trial = rehearse(parameters.DING_CAP, Decimal(10))

    (one,) = trial.affected
    assert (trial.count, trial.people, trial.difference) == (2, 1, -8_000)
    assert (one.record, one.title, one.person) == (wide, wide.number, "Abe · E-abe")
    assert (one.before.amount, one.after.amount) == (16_000, 8_000)
    assert trial.others == 0
    assert parameters.DING_CAP.value(DAY) == 20


@pytest.mark.rule("S:PAY-11")
def test_what_would_be_claimed_of_losses(till, rehearse):
    cai = employee_of(till.world.users["cai"])
    for loss in (1_000, 600):
        till.session.add(Recovery(employee_id=cai.id, happened_on=DAY, loss=yuan(loss), what_happened="Broken"))

    trial = rehearse(parameters.RECOVERY_RATE, Decimal(20))

    assert (trial.count, trial.others, trial.people, trial.difference) == (2, 2, 1, 320)
    assert {one.before.path for one in trial.affected} == {"not decided"}


@pytest.mark.rule("S:RE-07")
def test_an_earlier_hour_makes_a_cash_day_late(till, rehearse):
    till.posted(("cash", 500))
    day = till.session.scalars(sa.select(CashDay)).one()
    services.submit_cash_day(day, actor=till.user("cai"), counted=yuan(500), now=at("17:45"))
    assert day.minutes_late == 0

    trial = rehearse(parameters.CASH_DUE, "17:30")

    (one,) = trial.affected
    assert (one.before.path, one.after.path, one.difference) == ("in time", "late", 15)
    assert rehearse(parameters.CASH_DUE, "18:30").affected == []


@pytest.mark.rule("S:PAY-09")
def test_other_bands_move_what_is_owed_to_another_age(till, rehearse):
    till.owed(900, due_on=LAST - dt.timedelta(days=20))
    till.owed(900, due_on=LAST)

    trial = rehearse(parameters.AGEING, ["10", "20", "40"])

    assert [(one.before.path, one.after.path) for one in trial.affected] == [("1st age", "2nd age")]


@pytest.mark.rule("P:PIG-01", "P:PAY-01")
def test_deposits_tried(till, rehearse):
    till.deposit(20_000, 50_000)

    (low,) = rehearse(parameters.DEPOSIT_MINIMUM, Decimal(60)).affected
    (parts,) = rehearse(parameters.ALLOW_PARTIAL_DEPOSIT, value=True).affected

    assert (low.before.path, low.after.path, low.difference) == ("high enough", "too low: refused", 30_000)
    assert (parts.before.path, parts.after.path) == ("is paid whole", "may be paid in parts")
    assert parts.after.amount == yuan("0.01")


def test_who_may_not_list_the_documents_sees_none_of_them(till, rehearse):
    till.deposit(20_000, 80_000)

    assert rehearse(parameters.DING_CAP, Decimal(10), by="nil").count == 0


@pytest.mark.rule("P:PIG-01")
def test_a_least_deposit_that_drafts_would_break_is_refused_with_their_list(till, refused):
    drafts = [till.owed(5_000, opened=False, kind="deposit", base_amount=yuan(50_000)) for _number in range(22)]
    given = {"valid_from": DAY, "actor": till.user("fay")}

    error = refused(parameters.DEPOSIT_MINIMUM.set, Decimal(20), **given)

    assert isinstance(error, Conflict)
    assert (error.code, error.field) == ("parameter.broken", "value")
    assert "it would break 22 stored drafts of deposits: " in str(error)
    assert str(error).endswith(f"{drafts[2]}, …")
    assert till.session.scalar(sa.select(sa.func.count(ParameterValue.id))) == 0
    parameters.DEPOSIT_MINIMUM.set(Decimal(10), **given)
    parameters.DEPOSIT_MINIMUM.set(Decimal(20), valid_from=DAY + dt.timedelta(days=1), actor=till.user("fay"))


@pytest.mark.rule("S:PAY-09")
@pytest.mark.parametrize("days", [["30", "60"], ["60", "30", "90"], ["x", "60", "90"], ["30", "60", "3651"]])
def test_ages_that_make_no_sense_are_refused(till, days):
    with pytest.raises(ValidationError, match="must be written like 30, 60, 90"):
        parameters.AGEING.set(days, valid_from=DAY, actor=till.user("fay"))


@pytest.mark.rule("P:PIG-01")
def test_a_pack_with_such_a_value_is_refused_before_it_is_applied(till):
    draft = till.owed(5_000, opened=False, kind="deposit", base_amount=yuan(50_000), subject="Flat 7")
    pack = read_pack("[payments.parameters]\ndeposit_minimum = 20\n", file="strict.toml")
    moment = moment_of(till.world.one, till.user("fay"), at(), DAY)

    with pytest.raises(ValidationError, match=r"strict\.toml") as caught:
        plan_pack(pack, moment)

    assert f"it would break 1 stored drafts of deposits: {draft}" in str(caught.value)
    assert till.session.scalar(sa.select(sa.func.count(ParameterValue.id))) == 0
