"""Screen of price lists."""

from addons.orders import services
from addons.orders.models import PriceList
from addons.orders.workflow import PRICE_LIST_WORKFLOW
from app.sdk.errors import Text
from app.sdk.i18n import _
from app.sdk.views import CrudView, Lines

LABELS: dict[str, Text] = {
    "basis": _("What it rests on"),
    "valid_to": _("In force until"),
    "price": _("Price"),
    "floor": _("Floor price"),
    "product_id": _("Product"),
}


class PriceListView(CrudView):
    """Price lists, each in force from a day on."""

    model = PriceList
    title = _("Price lists")
    list_columns = ("name", "valid_from", "valid_to", "approved_by", "approved_at", "owner", "state")
    form_columns = ("name", "valid_from", "valid_to", "basis")
    show_only = ("approved_by", "approved_at")
    search_columns = ("name", "valid_from", "valid_to", "owner_id", "state")
    labels = LABELS
    order = ("valid_from", "desc")
    lines = Lines("lines", ("product_id", "price", "floor", "cost"), key="product_id", label=_("Prices"))
    create_with = services.create_price_list
    update_with = services.update_price_list
    delete_with = services.delete_price_list
    workflow = PRICE_LIST_WORKFLOW
