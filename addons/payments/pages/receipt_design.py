"""The page on which the company says how its receipts look: paper, title, footer, logo and seal."""

from typing import Any

from addons.payments import queries, services
from addons.payments.choices import PaperSize
from app.sdk.errors import Text, ValidationError
from app.sdk.files import sent_picture
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.views import Page

MOST_KILOBYTES = 500
_PICTURES = ("logo", "seal")


def save(*, actor: User, values: dict[str, str]) -> Text:
    """Keep the design."""
    if values.get("paper") not in list(PaperSize):
        raise ValidationError("design.paper", _("Choose A4 or A5."), field="paper")
    services.save_design(
        actor=actor,
        paper=PaperSize(values["paper"]),
        title=values.get("title"),
        footer=values.get("footer"),
        dropped=frozenset(name for name in _PICTURES if values.get(f"drop_{name}")),
        **{name: sent_picture(name, most_kilobytes=MOST_KILOBYTES) for name in _PICTURES},
    )
    return _("Saved. Receipts are printed like this from now on.")


ACTIONS = {"save": ("edit", save)}


class ReceiptDesignPage(Page):
    """Shows and changes the design."""

    resource = "payments.ReceiptDesign"
    title = _("Receipt design")
    template = "payments/receipt_design.html"
    actions = ACTIONS

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the design as it is."""
        return {"design": queries.find_design(), "papers": list(PaperSize), "most": MOST_KILOBYTES}
