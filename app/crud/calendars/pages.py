"""The page of a calendar, and moving its entries to another day."""

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from babel.dates import format_skeleton
from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User
from flask_babel import format_date, get_locale

from app.companies.clock import active_zone
from app.crud.bodies import values_of_body
from app.crud.calendars.diary import Day, Diary
from app.crud.calendars.leaf import By, Leaf
from app.crud.list_page import DAY, link_to, query_of, search_widget, view_switch
from app.crud.records import call_service
from app.database.columns import utc_now
from app.errors import AppError, Conflict, NotAllowed, ValidationError
from app.i18n import _
from app.masterdata.choices import DayKind
from app.masterdata.normalise import parse_date
from app.masterdata.working_days import WORKED_WEEKDAYS, marked_days
from app.security.roles import acting_user, may, require

if TYPE_CHECKING:
    from app.crud.view import CrudView

# Of each day. A page has at most 1,500 elements: a month has 42 days, a week 7.
MOST = {By.MONTH: 3, By.WEEK: 15, By.DAY: 60}


class CalendarPages:
    """What a CrudView that declares `calendar` can do besides."""

    @expose("/calendar/")
    @has_access
    def calendar_page(self: Any) -> Any:
        """Show the list as a calendar."""
        return _page(self, _diary_of(self))

    @expose("/reschedule/<pk>", methods=["GET", "POST"])
    @has_access
    def reschedule(self: Any, pk: str) -> Any:
        """Ask to which day a record is moved; move it, as its form would."""
        diary, actor = _diary_of(self), acting_user()
        if "edit" not in self.verbs:
            abort(404)
        record = self.record_or_404(pk, verb="edit")
        require(actor, "edit", self.resource)
        if request.method == "GET":
            return _page(self, diary, record)
        try:
            to = parse_date(request.form.get("to", ""), field="to")
            call_service(_move, self, diary, record, to, actor=actor, version=_seen_version())
        except AppError as error:
            flash(str(error), "danger")
            status = 403 if isinstance(error, NotAllowed) else 422
            return _page(self, diary, self.record_or_404(pk, verb="edit")), status  # The refusal let go of the record.
        flash(str(_("Moved to %(day)s.")) % {"day": to}, "success")
        return redirect(_address(self, "calendar_page"))


def _move(view: "CrudView", diary: Diary, record: Any, to: dt.date, *, actor: User, version: int | None) -> None:
    """Give a record another day through the form and the service of its view."""
    if diary.start.value_of(record) is None:
        raise Conflict("calendar.no_day", _("This record stands on no day yet. Set one in its form."))
    values = values_of_body(view, diary.moved(record, to), record, actor)
    view.change(record, actor=actor, version=version, **values)


def _page(view: "CrudView", diary: Diary, moving: Any = None) -> Any:
    actor = acting_user()
    query, refused = query_of(view, actor, request.args)
    leaf, wrong = _asked_leaf()
    for error in [*refused, *wrong]:
        flash(str(error), "warning")
    days = diary.read(leaf.days, query, actor, most=MOST[leaf.by])
    marks = {one.day: one for one in marked_days(leaf.days[0], leaf.days[-1])}
    cells = {one.day: _cell(view, diary, leaf, one, marks.get(one.day), actor) for one in days}
    return view.render_template(
        "crud/calendar.html",
        title=view.title,
        view=view,
        leaf=leaf,
        heading=_heading(leaf),
        weeks=[[cells[day] for day in week] for week in leaf.weeks],
        week_days=[format_date(day, "EEE") for day in leaf.weeks[0]],
        search=search_widget(view, query),
        views=view_switch(view, "calendar_page"),
        ways=[
            {"url": _address(view, "calendar_page", by=by.value, at=leaf.at), "label": label, "active": by is leaf.by}
            for by, label in ((By.MONTH, _("Month")), (By.WEEK, _("Week")), (By.DAY, _("One day")))
        ],
        before_url=_address(view, "calendar_page", at=leaf.beside(-1)),
        after_url=_address(view, "calendar_page", at=leaf.beside(1)),
        today_url=_address(view, "calendar_page", at=None),
        page_url=_address(view, "calendar_page"),
        move_url=partial(_address, view, "reschedule"),
        moving=_moving(diary, moving, actor) if moving is not None else None,
    )


def _cell(view: "CrudView", diary: Diary, leaf: Leaf, one: Day, mark: Any, actor: User) -> dict[str, Any]:
    """Return what the page says about one day."""
    works = one.day.weekday() in WORKED_WEEKDAYS if mark is None else mark.kind is DayKind.WORKDAY
    said = None if mark is None else mark.name or (_("Working day") if works else _("Holiday"))
    values = diary.new_values(one.day) if "add" in view.verbs and may(actor, "add", view.resource) else None
    more = one.count - len(one.entries)
    return {
        "day": one.day,
        "label": format_date(one.day, "full"),
        "is_today": one.day == _today(),
        "is_inside": leaf.holds(one.day),
        "works": works,
        "mark": said,
        "entries": one.entries,
        "more": more,
        "more_url": _list_of(view, one.day) if more else "",
        "url": _address(view, "calendar_page", by=By.DAY.value, at=one.day),
        "add_url": f"{url_for(f'{view.endpoint}.add')}?{urlencode(values)}" if values else "",
    }


def _moving(diary: Diary, record: Any, actor: User) -> dict[str, Any]:
    """Return what the form that moves a record shows; after a refusal, what was typed."""
    begins = diary.start.value_of(record) is not None
    shown = diary.day_of(record).isoformat() if begins else ""
    return {
        "id": record.id,
        "version": record.version,
        "title": diary.title_of(record, actor),
        "to": request.form.get("to", shown),
    }


def _heading(leaf: Leaf) -> str:
    if leaf.by is By.MONTH:
        return str(format_skeleton("yMMMM", leaf.at, locale=get_locale() or "en"))
    if leaf.by is By.WEEK:
        return f"{leaf.days[0]} – {leaf.days[-1]}"
    return str(format_date(leaf.at, "full"))


def _asked_leaf() -> tuple[Leaf, list[AppError]]:
    """Return the page of the address, and a refusal for a day that is none: then it is today's."""
    asked, by = request.args.get("at", "").strip(), request.args.get("by", "")
    shown = By(by) if by in set(By) else By.MONTH
    try:
        return Leaf(shown, parse_date(asked, field="at") if asked else _today()), []
    except ValidationError as error:
        return Leaf(shown, _today()), [error]


def _today() -> dt.date:
    return utc_now().astimezone(active_zone()).date()


def _list_of(view: "CrudView", day: dt.date) -> str:
    """Return the list of what happens on a day, with the filters that are in force."""
    address = link_to(view, "list")
    return f"{address}{'&' if '?' in address else '?'}{urlencode({DAY: day})}"


def _address(view: "CrudView", method: str, **more: Any) -> str:
    """Return a page of the view with the filters and the place that are in force, but for what is given anew."""
    path = {"pk": more.pop("pk")} if "pk" in more else {}
    asked = [(name, value) for name, value in request.args.items(multi=True) if name not in more]
    query = urlencode([*asked, *((name, value) for name, value in more.items() if value is not None)])
    address = url_for(f"{view.endpoint}.{method}", **path)
    return f"{address}?{query}" if query else address


def _diary_of(view: "CrudView") -> Diary:
    diary = view.diary
    return diary if diary is not None and diary.is_shown else abort(404)


def _seen_version() -> int | None:
    sent = request.form.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1
