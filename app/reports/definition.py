"""What an add-on declares: a report is a statement with described columns; screen, chart, Excel and PDF follow."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from sqlalchemy import Select, Table
from sqlalchemy.sql import visitors

from app.database.base import CompanyModel
from app.errors import ConfigurationError, Text
from app.i18n import _, humanize
from app.reports.filters import ReportArguments, ReportFilter

ColumnKind = Literal[
    "text", "integer", "quantity", "money", "percent", "duration", "date", "datetime", "choice", "bool"
]
ChartKind = Literal["bar", "horizontal", "donut"]
Statement = Select[*tuple[Any, ...]]
NUMBERS = frozenset({"integer", "quantity", "money", "percent", "duration"})
_SUMMABLE = frozenset({"integer", "quantity", "money", "duration"})


@dataclass(frozen=True)
class ReportColumn:
    """One column: `name` is the statement's label for it, `kind` says how it is shown and written.

    A percent is kept as a ratio (0.125 is shown as 12.5 %); a duration in whole minutes, which are read as days, hours
    and minutes, and which Excel keeps as a time that can be summed. `width` counts Latin characters; None lets the kind
    decide. `choices` words the values of a choice; without it, the stored value is humanised and translated.
    `personal` masks the value for whoever may not see personal data; the owner of a row sees it in clear where the
    statement carries its `owner_id`.
    """

    name: str
    label: Text = ""
    kind: ColumnKind = "text"
    total: bool = False
    width: int | None = None
    choices: Mapping[str, Text] | None = None
    personal: Callable[[str], str] | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(ColumnKind):
            raise ConfigurationError(f"report column {self.name}: unknown kind {self.kind!r}")
        if self.total and self.kind not in _SUMMABLE:
            raise ConfigurationError(f"report column {self.name}: a {self.kind} cannot be summed")
        if isinstance(self.label, str) and not self.label:  # A lazy text has no words before the app has languages.
            object.__setattr__(self, "label", _(humanize(self.name)))

    @property
    def is_number(self) -> bool:
        """Tell whether the column is set flush right."""
        return self.kind in NUMBERS


@dataclass(frozen=True)
class ReportChart:
    """How the rows are drawn: `label` names the column of the names, `values` those of the amounts.

    The column named by `line` is drawn as a line over the bars, such as a target over what was reached.
    """

    kind: ChartKind
    label: str
    values: tuple[str, ...]
    line: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(ChartKind):
            raise ConfigurationError(f"unknown chart {self.kind!r}")

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of all columns that the chart needs."""
        return (self.label, *self.values, *((self.line,) if self.line else ()))


@dataclass(frozen=True)
class Wording:
    """What depends on the arguments: headings of columns by name, and notes that say how the amounts came about.

    `columns` are those of the report where the data tell which there are; every one of the report's own must be known
    to its statement all the same.
    """

    headings: Mapping[str, Text] = field(default_factory=dict)
    notes: Sequence[Text] = ()
    columns: tuple[ReportColumn, ...] | None = None


@dataclass(frozen=True)
class DrillDown:
    """The lists behind the figures of rows that sum records up.

    `by` names what in the statement holds the id that a row is about. `filters` returns, for the arguments and that id,
    by column the filters of the list of the model's records: (field, operator, value), all of which hold.
    """

    by: str
    filters: Callable[[ReportArguments, Any], Mapping[str, Sequence[tuple[str, str, object]]]]


@dataclass
class Report:
    """A report. Who may list `model` may see it; the loader sets `resource` to that model's resource.

    `query` is a statement, or a function of the arguments that returns one. `order` names columns, "-" for
    descending, and is only needed where the statement has no order of its own. `signatures` are the lines to be
    signed under the printed table, such as "Checked by". `before_print` may refuse, with an AppError, to print.
    `rows`, in place of `query`, works the rows out, each a mapping by column; it keeps to what the actor may see.
    `opens` names what in the statement holds the id of the model's record that a row is about: the row leads there.
    `opens_in` names what holds the resource of that record, where rows are about records of several kinds.
    `drill_down` leads from the figures of a row that is about many records to their list.
    `wording` returns headings and notes for the arguments, where they follow a policy value; it may refuse.
    """

    name: str
    title: Text
    model: type[CompanyModel]
    query: Statement | Callable[[ReportArguments], Statement] | None
    columns: tuple[ReportColumn, ...]
    filters: tuple[ReportFilter, ...] = ()
    order: tuple[str, ...] = ()
    chart: ReportChart | None = None
    signatures: tuple[Text, ...] = ()
    before_print: Callable[[ReportArguments], None] | None = None
    opens: str = ""
    opens_in: str = ""
    drill_down: DrillDown | None = None
    rows: Callable[[ReportArguments], Iterable[Mapping[str, Any]]] | None = None
    wording: Callable[[ReportArguments], Wording] | None = None
    notes: Sequence[Text] = field(init=False, default=())
    resource: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Refuse at start what could only fail when a user opens the report."""
        self.columns, self.filters = tuple(self.columns), tuple(self.filters)
        names = [column.name for column in self.columns]
        self._require(names, "needs at least one column")
        self._require(len(set(names)) == len(names), "names a column twice")
        filters = [name for each in self.filters for name in each.input_names]
        self._require(len(set(filters)) == len(filters), "names a filter twice")
        used = [*(name.removeprefix("-") for name in self.order), *(self.chart.columns if self.chart else ())]
        for name in used:
            self._require(name in names, f"orders or draws by {name}, which is not among its columns")
        self._require((self.query is None) != (self.rows is None), "needs a statement or rows, not both")
        self._require(not (self.opens and self.drill_down), "leads from a row to one record or to many, not both")
        if isinstance(self.query, Select):
            self.check(self.query)

    def worded(self, arguments: ReportArguments) -> "Report":
        """Return the report with the headings and notes for these arguments."""
        if self.wording is None:
            return self
        found, worded = self.wording(arguments), copy(self)
        worded.notes = found.notes
        worded.columns = tuple(
            replace(column, label=found.headings[column.name]) if column.name in found.headings else column
            for column in found.columns or self.columns
        )
        return worded

    @property
    def key(self) -> str:
        """What in the statement holds the id of what a row is about; empty where it is about none."""
        return self.drill_down.by if self.drill_down is not None else self.opens

    def check(self, statement: Statement) -> None:
        """Raise ConfigurationError where the statement lacks a declared column, or the model that scopes it."""
        tables = {each.name for each in visitors.iterate(statement) if isinstance(each, Table)}
        table = self.model.__table__.name
        self._require(table in tables, f"does not read {table}, so that no record scope would hold")
        keys = statement.selected_columns.keys()
        for name in (*(column.name for column in self.columns), *((self.key,) if self.key else ())):
            self._require(name in keys, f"has no column {name} in its statement")

    def _require(self, condition: object, problem: str) -> None:
        if not condition:
            raise ConfigurationError(f"report {self.name} {problem}")
