"""Screens of text messages: what was sent, templates, and the access to the provider (S:REC-22)."""

from addons.reception import queries, services
from addons.reception.forms import GATEWAY_FIELDS, PERSONAL, TEMPLATE_FIELDS
from addons.reception.models import SmsGateway, SmsMessage, SmsTemplate
from addons.reception.workflow import SMS_WORKFLOW
from app.sdk.i18n import _
from app.sdk.views import CrudView, Tab

SMS_LABELS = {
    "customer": _("Customer"),
    "owner": _("Sender"),
    "owner_id": _("Sender"),
    "text": _("Message"),
    "length": _("Characters"),
    "parts": _("Messages charged"),
    "queued_at": _("Asked for at"),
    "sent_at": _("Sent at"),
    "failure": _("Not sent because"),
}
SMS_PERSONAL = {"phone": PERSONAL["phone"]}
TEMPLATE_LABELS = {"text": _("Message")}
GATEWAY_LABELS = {
    "has_key": _("Access key is kept"),
    "is_on": _("In use"),
    "timeout_seconds": _("Seconds to wait"),
    "body_template": _("Body of the request"),
    "success_mark": _("Mark of success"),
    "signature": _("Signature"),
    "adapter": _("Adapter"),
    "address": _("Address"),
    "new_key": _("Access key"),
}


class SmsMessageView(CrudView):
    """Every text message to a customer; it is sent from the customer's page."""

    model = SmsMessage
    title = _("Text messages")
    verbs = ("list", "show")
    list_columns = ("customer", "phone", "text", "parts", "owner", "queued_at", "sent_at", "failure", "state")
    hidden_columns = ("failure",)
    form_columns = ("customer_id", "phone", "text", "length", "parts", "queued_at", "sent_at")
    show_only = ("failure", "owner")
    search_columns = ("customer_id", "owner_id", "queued_at", "parts", "state")
    order = ("queued_at", "desc")
    labels = SMS_LABELS
    personal = SMS_PERSONAL
    workflow = SMS_WORKFLOW


class SmsTemplateView(CrudView):
    """Texts that are sent again and again."""

    model = SmsTemplate
    title = _("SMS templates")
    list_columns = form_columns = ("name", "text")
    search_columns = ("name",)
    order = ("name", "asc")
    labels = TEMPLATE_LABELS
    fields = TEMPLATE_FIELDS
    create_with = services.create_template
    update_with = services.update_template


class SmsGatewayView(CrudView):
    """The access to the provider: the key is typed, and never shown again."""

    model = SmsGateway
    title = _("SMS gateways")
    list_columns = ("name", "adapter", "address", "signature", "has_key", "is_on")
    form_columns = (
        "name", "adapter", "address", "new_key", "body_template", "success_mark", "signature", "timeout_seconds",
        "is_on",
    )  # fmt: skip
    show_only = ("has_key",)
    search_columns = ("name", "is_on")
    copies = False
    labels = GATEWAY_LABELS
    fields = GATEWAY_FIELDS
    create_with = services.create_gateway
    update_with = services.update_gateway


SMS_TAB = Tab(
    "sms",
    _("Text messages"),
    ("queued_at", "text", "parts", "owner", "sent_at", "state"),
    rows=queries.list_sms,
    count=queries.counting(SmsMessage),
    labels={**SMS_LABELS, "state": _("State")},
    view="reception.SmsMessageView",
    resource="reception.SmsMessage",
    tells=("owner",),
)
