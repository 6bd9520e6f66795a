"""A model to report on, and a report of each shape."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.companies.ownership import Owned
from app.database.base import CompanyModel
from app.database.columns import Money, UtcDateTime, choice
from app.reports import Report, ReportArguments, ReportChart, ReportColumn, ReportFilter, today_as_period


class Stage(StrEnum):
    """How far a deal is."""

    OPEN = "open"
    WON = "won"


class Deal(Owned, CompanyModel):
    """Something to count and to sum."""

    __tablename__ = "deals_deal"

    title: Mapped[str]
    stage: Mapped[Stage] = choice(Stage, Stage.OPEN)
    amount: Mapped[Decimal] = mapped_column(Money)
    closed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


COLUMNS = (
    ReportColumn("title", "Title"),
    ReportColumn("stage", "Stage", "choice"),
    ReportColumn("amount", "Amount", "money", total=True),
    ReportColumn("closed_at", "Closed at", "datetime"),
)

PLAIN = Report(
    name="deals.plain",
    title="Deals",
    model=Deal,
    query=select(Deal.id, Deal.title, Deal.stage, Deal.amount, Deal.closed_at),
    columns=COLUMNS,
    order=("-amount",),
)

BY_STAGE = Report(
    name="deals.by_stage",
    title="Deals by stage",
    model=Deal,
    query=select(Deal.stage, func.count().label("number"), func.sum(Deal.amount).label("amount")).group_by(Deal.stage),
    columns=(
        ReportColumn("stage", "Stage", "choice"),
        ReportColumn("amount", "Amount", "money", total=True),
        ReportColumn("number", "Number", "integer", total=True),
    ),
    order=("stage",),
    chart=ReportChart("bar", "stage", ("amount",), line="number"),
)


def closed_in_period(arguments: ReportArguments) -> Any:
    """Return the deals closed on the local days asked for, of a stage where one is asked for."""
    first, last = arguments["closed"].instants(arguments.zone)
    statement = select(Deal.title, Deal.stage, Deal.amount, Deal.closed_at).order_by(Deal.id)
    statement = statement.where(Deal.closed_at >= first, Deal.closed_at < last)
    return statement if arguments["stage"] is None else statement.where(Deal.stage == arguments["stage"])


FILTERED = Report(
    name="deals.filtered",
    title="成交记录",
    model=Deal,
    query=closed_in_period,
    columns=COLUMNS,
    filters=(
        ReportFilter("closed", "Closed", "period", default=today_as_period, required=True, longest=31),
        ReportFilter("stage", "Stage", "choice", choices=Stage),
        ReportFilter("deal", "Deal", "record", model=Deal),
    ),
    signatures=("编制人", "审核人"),
)
