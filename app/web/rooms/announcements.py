"""Writing announcements, and seeing who has read them (S:CORE-12)."""

import datetime as dt
from typing import Any

from flask_appbuilder.security.sqla.models import User

from app.addon_loader.contributions import AddonSetup
from app.announcements.board import list_reads
from app.announcements.models import Announcement, AnnouncementRead, AnnouncementUnit
from app.companies.clock import local_today
from app.companies.opening import get_company
from app.crud.forms import Lines
from app.crud.records import create_record, update_record
from app.crud.slots import Tab
from app.crud.view import CrudView
from app.database.base import CompanyModel
from app.database.columns import utc_now
from app.database.context import active_company
from app.errors import ValidationError
from app.i18n import _
from app.parameters.platform_values import READ_RECEIPT


class AnnouncementView(CrudView):
    """Announcements: text, days, and the units addressed; none means everybody."""

    model = Announcement
    title = _("Announcements")
    list_columns = ("title", "publish_on", "expires_on", "addressed_to", "created_at")
    form_columns = ("title", "body", "publish_on", "expires_on")
    show_only = ("addressed_to",)
    search_columns = ("title", "publish_on", "expires_on")
    lines = Lines("units", ("org_unit_id",), key="org_unit_id", label=_("Units addressed; none means everybody"))
    order = ("publish_on", "desc")
    labels = {"org_unit_id": _("Unit"), "org_unit": _("Unit"), "addressed_to": _("Addressed to")}

    @staticmethod
    def create_with(*, actor: User, **values: Any) -> CompanyModel:
        """Write an announcement. Raises ValidationError for one that expires before it is published."""
        check_days(values.get("publish_on"), values.get("expires_on"))
        return create_record(Announcement, actor=actor, **values)

    @staticmethod
    def update_with(record: Announcement, *, actor: User, **values: Any) -> None:
        """Change an announcement. Raises ValidationError for one that expires before it is published."""
        check_days(values.get("publish_on", record.publish_on), values.get("expires_on", record.expires_on))
        update_record(record, actor=actor, **values)


def check_days(publish_on: dt.date | None, expires_on: dt.date | None) -> None:
    """Raise ValidationError where the last day comes before the first."""
    if publish_on is not None and expires_on is not None and expires_on < publish_on:
        raise ValidationError(
            "announcement.days", _("It must not expire before it is published."), field="expires_on", limit=publish_on
        )


def readers(announcement_id: int) -> list[Any]:
    """Return who has read it, where the company wants that to be shown."""
    company_id = active_company()
    today = local_today(get_company(company_id), utc_now()) if company_id is not None else utc_now().date()
    return list_reads(announcement_id) if READ_RECEIPT.value(today) else []


def setup(addon: AddonSetup) -> None:
    """Record the screen."""
    addon.add_models(Announcement, AnnouncementUnit, AnnouncementRead)
    addon.add_view(AnnouncementView, menu="Organisation/Announcements", icon="megaphone")
    labels = {"user": _("User"), "read_at": _("Read at")}
    addon.extend_view(
        "announcements.AnnouncementView", Tab("readers", _("Read by"), ("user", "read_at"), readers, labels)
    )
