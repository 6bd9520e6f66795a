"""Policy values of bonus."""

from decimal import Decimal

from app.sdk.i18n import _
from app.sdk.parameters import Parameter

PER_VISIT = Parameter("bonus.per_visit", Decimal, _("Bonus per confirmed visit"), unit="CNY")
