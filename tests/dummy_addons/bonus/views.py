"""What bonus adds to the screens of visits."""

from addons.bonus.queries import amount_of, list_entries
from app.sdk.i18n import _
from app.sdk.views import Column, Kind, Tab

VISIT = "visits.Visit"  # Who may list visits sees their bonus.
BONUS_COLUMN = Column("bonus", _("Bonus"), expression=amount_of, kind=Kind.MONEY, resource=VISIT)
BONUS_TAB = Tab("bonus", _("Bonus"), ("amount",), rows=list_entries, labels={"amount": _("Amount")}, resource=VISIT)
