"""Reports: the reception record, visitors by day and by source, the registers."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from addons.reception import reports, services
from addons.reception.choices import CustomerState, DutyState, InquiryChannel, Intent
from app.errors import Conflict
from app.reports import list_opening_rows, list_rows, read_arguments, sum_columns
from tests.addons.reception.fixtures import Office
from tests.addons.reception.office import DAY, at
from tests.addons.reception.test_customers import opened
from tests.addons.reception.test_inquiries import registered
from tests.addons.reception.test_receptions import assessed, recorded, started

MARCH = {"period_from": "2026-03-01", "period_to": "2026-03-31"}


def run(office, report, by="max", **asked):
    """Return the rows of a report as dictionaries."""
    arguments = read_arguments(report, asked, actor=office.user(by), today=DAY, zone=ZoneInfo("Asia/Shanghai"))
    names = [column.name for column in report.columns]
    return [dict(zip(names, row, strict=True)) for row in list_rows(report, arguments)], arguments


@pytest.mark.rule("P:RP-01", "P:REC-03")
def test_the_reception_record_has_a_row_for_each_reception(office):
    for number in range(5):
        assessed(
            office,
            Intent.B,
            visitor_name=f"客户{number}",
            phone=f"1381234567{number}",
            needs="三居室",
            presented="样板间",
            next_step="周末再来",
        )
    started(office, phone="13900000000")

    rows, _arguments = run(office, reports.DAILY_RECORD)

    assert [row["number"] for row in rows] == [f"R202603000{number}" for number in range(1, 6)]
    first = rows[0]
    assert (first["doc_date"], first["arrived_at"], first["left_at"]) == (DAY, at("10:00"), at("10:45"))
    assert (first["visitor_name"], first["needs"], first["presented"], first["next_step"]) == (
        "客户0",
        "三居室",
        "样板间",
        "周末再来",
    )
    assert (first["intent"], first["consultant"]) == (Intent.B, "Amy")


@pytest.mark.rule("P:REC-03")
def test_it_is_not_printed_before_everything_is_assessed(office):
    recorded(office)
    _rows, arguments = run(office, reports.DAILY_RECORD)
    with pytest.raises(Conflict) as caught:
        reports.DAILY_RECORD.before_print(arguments)
    assert caught.value.code == "reception.unfinished"

    _rows, of_the_day_before = run(office, reports.DAILY_RECORD, period_from="2026-03-01", period_to="2026-03-01")
    assert reports.DAILY_RECORD.before_print(of_the_day_before) is None


@pytest.mark.rule("P:CRM-20", "S:REC-38")
@pytest.mark.parametrize(("by", "phone"), [("amy", "13812345678"), ("sue", "13812345678"), ("dee", "138****5678")])
def test_the_record_masks_numbers(office, by, phone):
    assessed(office)
    rows, _arguments = run(office, reports.DAILY_RECORD, by=by)
    assert [row["phone"] for row in rows] == [phone]


def test_a_consultants_record_has_his_own_visitors(office):
    assessed(office, name="amy")
    assessed(office, name="bob", phone="13900000000")
    assert [row["consultant"] for row in run(office, reports.DAILY_RECORD, by="amy")[0]] == ["Amy"]
    assert len(run(office, reports.DAILY_RECORD, by="sue")[0]) == 2


@pytest.mark.rule("P:REC-02")
def test_visitors_are_counted_by_day_and_source(office):
    assessed(office, Intent.A)
    assessed(office, Intent.NONE, phone="13900000001", source_id=office.source("Exhibition"))
    declined = started(office, phone=None, declined_reason="declined")
    services.record_reception(declined, actor=office.user("amy"), now=at("11:00"), left_at=at("10:30"))
    again = started(office, phone="138 1234 5678")
    services.record_reception(again, actor=office.user("amy"), now=at("11:00"), left_at=at("10:30"))

    rows, arguments = run(office, reports.VISITORS_BY_DAY, **MARCH)
    assert rows == [{"doc_date": DAY, "visitors": 4, "returning_visitors": 1, "unnamed": 1, "with_intent": 1}]
    assert sum_columns(reports.VISITORS_BY_DAY, arguments)["visitors"] == 4
    rows, _arguments = run(office, reports.VISITORS_BY_SOURCE, **MARCH)
    assert [(row["source"], row["visitors"]) for row in rows] == [("Visit", 3), ("Exhibition", 1)]


@pytest.mark.rule("S:REC-23")
def test_calls_and_walk_ins_are_counted(office):
    for number in range(5):
        registered(office, number, channel=InquiryChannel.PHONE_IN if number < 3 else InquiryChannel.WALK_IN)
    rows, _arguments = run(office, reports.INQUIRIES_BY_SOURCE, **MARCH)
    assert rows == [{"source": "Phone", "phone_in": 3, "walk_in": 2, "inquiries": 5}]


@pytest.mark.rule("P:RP-02", "P:CRM-01")
def test_the_register_says_how_late_a_prospect_came(office):
    customer = opened(office, notice_given=True)
    services.submit_customer(customer, actor=office.user("amy"), now=at("09:00", DAY + dt.timedelta(days=1)))

    rows, _arguments = run(office, reports.PROSPECT_REGISTER, by="sue", **MARCH)

    assert [(row["number"], row["contact"], row["source"], row["consultant"]) for row in rows] == [
        ("C2026030001", "王小明", "Visit", "Amy")
    ]
    assert customer.days_late == 1


@pytest.mark.rule("P:RP-01", "P:RP-02")
@pytest.mark.parametrize(
    ("report", "columns"),
    [
        (
            reports.DAILY_RECORD,
            "number doc_date arrived_at left_at visitor_name phone needs presented intent next_step consultant",
        ),
        (
            reports.PROSPECT_REGISTER,
            "number received_on source contact consultant registered_at confirmed_at custodian state",
        ),
    ],
)
def test_the_pinned_reports_have_exactly_the_columns_of_the_rule(report, columns):
    assert [column.name for column in report.columns] == columns.split()


@pytest.mark.rule("P:RP-02")
def test_the_prospect_register_follows_a_prospect_to_its_custodian(office):
    customer = opened(office, notice_given=True)
    services.submit_customer(customer, actor=office.user("amy"), now=at("10:30"))
    services.register_customer(customer, actor=office.user("sue"), now=at("11:00"))
    services.confirm_prospect(customer, actor=office.user("mia"), now=at("13:00"))

    rows, arguments = run(office, reports.PROSPECT_REGISTER, by="sue", **MARCH, state="confirmed")

    assert [list(row.values()) for row in rows] == [
        ["PC2026-0001", DAY, "Visit", "王小明", "Amy", at("11:00"), at("13:00"), "Sue", CustomerState.CONFIRMED]
    ]
    assert [key for key, _row in list_opening_rows(reports.PROSPECT_REGISTER, arguments)] == [customer.id]
    assert run(office, reports.PROSPECT_REGISTER, by="sue", **MARCH, state="draft")[0] == []


@pytest.mark.rule("P:RP-01", "P:RP-02")
@pytest.mark.parametrize(
    ("name", "page"),
    [("reception.daily_record", "reception/reception"), ("reception.prospect_register", "reception/customer")],
)
def test_a_row_of_a_report_leads_to_its_record(world, login, run_in, name, page):
    run_in(world.one, lambda: assessed(Office(world)) and None)
    client = login("max", world.one)
    period = "period_from=2026-03-01&period_to=2026-03-31"

    assert f'href="/{page}/show/1"' in client.get(f"/reports/{name}?{period}").text
    for kind, start in (("excel", b"PK"), ("pdf", b"%PDF")):
        with client.get(f"/reports/{name}/{kind}?{period}") as file:
            assert (file.status_code, file.data[: len(start)]) == (200, start)


@pytest.mark.rule("P:CRM-22")
def test_files_without_contact_for_three_years_are_due_for_erasure(office):
    opened(office, now=at("10:00", dt.date(2023, 3, 1)))
    opened(office, now=at("10:00", dt.date(2023, 3, 3)), phone="13900000000")
    rows, _arguments = run(office, reports.IDLE_FILES)
    assert [row["received_on"] for row in rows] == [dt.date(2023, 3, 1)]


def test_home_cards_count_what_the_reader_may_see(office):
    from addons.reception.views import HOME_CARDS

    assessed(office, name="amy")
    assessed(office, name="bob", phone="13900000000")
    services.set_duty(office.seat("amy"), state=DutyState.REST, actor=office.user("amy"))
    registered(office)

    def figures(name):
        return [card.figure(office.user(name), DAY).value for card in HOME_CARDS]

    assert figures("amy") == [1, 1, 0, 1, 0, 0]
    assert figures("max") == [2, 2, 0, 1, 0, 0]
    assert HOME_CARDS[0].figure(office.user("max"), DAY).trend == [0, 0, 0, 0, 0, 0, 2]
