"""Generated screens, their slots, pages and home cards."""

from app.crud.boards.kanban import Kanban
from app.crud.calendars.diary import Calendar
from app.crud.columns import Kind
from app.crud.forms import Lines
from app.crud.home_card import Figure, HomeCard
from app.crud.importing.definition import ImportColumn, Importer
from app.crud.page import Page
from app.crud.printing.definition import Paper, Printing
from app.crud.slots import Action, Column, CreateMode, Section, Tab
from app.crud.view import CrudView
from app.reports.page_head import PaperLook

__all__ = [
    "Action",
    "Calendar",
    "Column",
    "CreateMode",
    "CrudView",
    "Figure",
    "HomeCard",
    "ImportColumn",
    "Importer",
    "Kanban",
    "Kind",
    "Lines",
    "Page",
    "Paper",
    "PaperLook",
    "Printing",
    "Section",
    "Tab",
]
