"""A report that could only fail when a user opens it is refused at start."""

import pytest
from sqlalchemy import select

from app.companies.models import Employee
from app.errors import ConfigurationError
from app.reports import DrillDown, Report, ReportChart, ReportColumn, ReportFilter
from tests.app.reports.deals import COLUMNS, Deal, Stage

QUERY = select(Deal.title, Deal.stage, Deal.amount, Deal.closed_at)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"columns": ()}, "report d.r needs at least one column"),
        ({"columns": (*COLUMNS, ReportColumn("title"))}, "report d.r names a column twice"),
        ({"columns": (ReportColumn("price"),)}, "report d.r has no column price in its statement"),
        ({"order": ("-price",)}, "report d.r orders or draws by price, which is not among its columns"),
        ({"chart": ReportChart("bar", "title", ("price",))}, "report d.r orders or draws by price, which is not among"),
        ({"filters": (ReportFilter("day", kind="period"), ReportFilter("day_to"))}, "report d.r names a filter twice"),
        ({"drill_down": DrillDown("owner_id", dict)}, "report d.r has no column owner_id in its statement"),
        ({"opens": "title", "drill_down": DrillDown("title", dict)}, "report d.r leads from a row to one record or to"),
        ({"model": Employee}, "report d.r does not read companies_employee, so that no record scope would hold"),
    ],
)
def test_a_wrong_report_is_refused(change, message):
    with pytest.raises(ConfigurationError) as refused:
        Report(**{"name": "d.r", "title": "R", "model": Deal, "query": QUERY, "columns": COLUMNS, **change})

    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ReportColumn("a", "A", "colour"), "report column a: unknown kind 'colour'"),
        (lambda: ReportColumn("a", "A", "percent", total=True), "report column a: a percent cannot be summed"),
        (lambda: ReportFilter("a", "A", "colour"), "report filter a: unknown kind 'colour'"),
        (
            lambda: ReportFilter("a", "A", "choice"),
            "report filter a: a choice needs choices, and nothing else has them",
        ),
        (lambda: ReportFilter("a", "A", "text", choices=Stage), "report filter a: a choice needs choices"),
        (lambda: ReportFilter("a", "A", "record"), "report filter a: a record needs a model, and nothing else has one"),
        (lambda: ReportChart("pie", "a", ("b",)), "unknown chart 'pie'"),
    ],
)
def test_a_wrong_part_is_refused(make, message):
    with pytest.raises(ConfigurationError) as refused:
        make()

    assert str(refused.value).startswith(message)


def test_a_label_left_out_is_made_from_the_name():
    assert str(ReportColumn("closed_at").label) == "Closed at"
    assert str(ReportFilter("owner_id").label) == "Owner"
