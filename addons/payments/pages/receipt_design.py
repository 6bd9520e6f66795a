"""The page on which the company says how its receipts look: paper, title, footer, logo and seal."""

from typing import Any

from addons.payments import queries, services
from addons.payments.choices import PaperSize
from addons.payments.models import ReceiptDesign
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


LABELS = {"title": _("Title"), "footer": _("Text under the table")}
ACTIONS = {"save": ("edit", save)}


class ReceiptDesignPage(Page):
    """Shows and changes the design."""

    resource = "payments.ReceiptDesign"
    title = _("Receipt design")
    template = "payments/receipt_design.html"
    actions = ACTIONS
    labels = LABELS
    kept_if_refused = ("paper", "title", "footer")

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the design as it is, and what was typed and refused."""
        design = queries.find_design() or ReceiptDesign()
        typed = {name: arguments.get(name, getattr(design, name) or "") for name in ("paper", "title", "footer")}
        return {"design": design, "typed": typed, "papers": list(PaperSize), "most": MOST_KILOBYTES}
