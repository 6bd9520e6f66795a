"""Screens of orders."""

from addons.market.models import Order
from addons.market.workflow import ORDER_WORKFLOW
from app.sdk.forms import ParsedField
from app.sdk.i18n import _
from app.sdk.masterdata import parse_phone
from app.sdk.security import mask_phone
from app.sdk.views import Calendar, CrudView, ImportColumn, Importer, Kanban, Lines, Printing

FIELDS = {"phone": ParsedField(_("Phone"), parser=parse_phone)}
PERSONAL = {"phone": mask_phone}


class OrderView(CrudView):
    """Orders with lines."""

    model = Order
    list_columns = (
        "number", "customer", "phone", "ordered_on", "deliver_at", "is_urgent", "boxes", "discount", "weight",
        "keeper", "state",
    )  # fmt: skip
    form_columns = (
        "number", "customer", "phone", "ordered_on", "deliver_at", "is_urgent", "boxes", "discount", "weight",
        "channel", "note", "keeper_id",
    )  # fmt: skip
    search_columns = (
        "number", "customer", "phone", "ordered_on", "deliver_at", "is_urgent", "boxes", "discount", "weight",
        "keeper_id", "state",
    )  # fmt: skip
    fields = FIELDS
    personal = PERSONAL
    copies = True
    lines = Lines(
        "lines", ("item", "quantity", "price", "is_gift", "unit_id"), key="item", label=_("Lines"), maximum=50
    )
    importer = Importer(
        (
            ImportColumn("number", ("单号",), "A-1"),
            ImportColumn("customer", ("客户",), "王芳"),
            ImportColumn("phone", ("手机",), "13812345678"),
            ImportColumn("ordered_on", ("日期",), "2026-03-02"),
            ImportColumn("is_urgent", ("加急",), "是"),
            ImportColumn("discount", ("优惠",), "12.50"),
            ImportColumn("keeper_id", ("经办人",), "E-ann"),
            ImportColumn("note", ("备注",), ""),
        )
    )
    workflow = ORDER_WORKFLOW
    kanban = Kanban("state", card=("number", "customer", "phone", "ordered_on", "keeper"), sum="discount")
    printing = Printing(signatures=(_("Customer"),))
    calendar = Calendar("deliver_at", title="customer", colour="state", details=("phone", "keeper"))
