"""The ways to see a list besides its rows: as a board, a calendar, statistics, and as somebody kept it under a name."""

from app.crud.boards.pages import KanbanPages
from app.crud.calendars.pages import CalendarPages
from app.crud.pivots.pages import PivotPages
from app.crud.saved_filters import SavedFilterPages


class WaysToSee(CalendarPages, KanbanPages, PivotPages, SavedFilterPages):
    """What a CrudView offers on the bar above its list."""
