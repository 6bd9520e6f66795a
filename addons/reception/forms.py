"""Form fields that are not columns, and the masks of personal data."""

from collections.abc import Callable

from addons.reception.masterdata import INDUSTRIES, NATURES, PROMISE_TYPES, REGIONS, SOURCES
from addons.reception.models import SCORES
from addons.reception.parameters import MASK_FIELDS
from addons.reception.queries import present_day
from app.sdk.forms import (
    ChoiceField,
    DayField,
    FlagField,
    InstantField,
    LongTextField,
    OptionField,
    ParsedField,
    TextField,
    WholeNumberField,
)
from app.sdk.i18n import _, humanize
from app.sdk.masterdata import IdentityType, PartnerKind, parse_identity_number, parse_phone
from app.sdk.security import mask_address, mask_id_number, mask_phone


def _masked(name: str, mask: Callable[[str], str]) -> Callable[[str], str]:
    """Return the mask of a field, which does nothing where the company shows that field to everybody."""
    return lambda value: mask(value) if name in MASK_FIELDS.value(present_day()) else value


PERSONAL = {
    "phone": _masked("phone", mask_phone),
    "id_no": _masked("id_no", mask_id_number),
    "address": _masked("address", mask_address),
}

PHONE = ParsedField(_("Phone"), parser=parse_phone)
SCORE = {name: WholeNumberField(_(humanize(name)), minimum=0, maximum=100, hint=_("0 to 100")) for name in SCORES}
SOURCE = OptionField(_("Source"), key=SOURCES, required=True)
CUSTOMER_FIELDS = {
    "name": TextField(_("Name"), maximum=200, required=True),
    "kind": ChoiceField(_("Kind"), choices=PartnerKind, required=True, default=PartnerKind.PERSON),
    "phone": PHONE,
    "mail": TextField(_("Mail"), maximum=254),
    "wechat": TextField(_("WeChat"), maximum=40),
    "id_type": ChoiceField(_("Identity document"), choices=IdentityType),
    "id_no": TextField(_("Identity number"), maximum=40),
    "tax_no": TextField(_("Unified social credit code"), maximum=40),
    "address": TextField(_("Address"), maximum=200),
    "source_id": SOURCE,
    "received_on": DayField(_("Received on"), hint=_("Today, if left blank.")),
    "notice_given": FlagField(_("Told what the data is for")),
    "marketing_consent": FlagField(_("Agreed to marketing")),
    "sensitive_consent": FlagField(_("Agreed to sensitive data")),
    "opt_out": FlagField(_("Wants no contact")),
    "nature_id": OptionField(_("Nature"), key=NATURES),
    "industry_id": OptionField(_("Industry"), key=INDUSTRIES),
    "region_id": OptionField(_("Region"), key=REGIONS),
    **SCORE,
    "take_over": FlagField(_("Take over"), hint=_("From a colleague whose protection has ended.")),
}
VISITOR_FIELDS = {
    "phone": PHONE,
    "id_no": ParsedField(_("Identity number"), parser=parse_identity_number),
    "source_id": OptionField(_("Source"), key=SOURCES),
}
INQUIRY_FIELDS = {**VISITOR_FIELDS, "received_at": InstantField(_("Received at"), hint=_("Now, if left blank."))}
PROMISE_FIELDS = {
    "type_id": OptionField(_("Type"), key=PROMISE_TYPES, required=True),
    "text": LongTextField(_("Promise"), maximum=400, required=True),
}
CONTACT_FIELDS = {
    "name": TextField(_("Name"), maximum=200, required=True),
    "title": TextField(_("Job title"), maximum=60),
    "phone": PHONE,
    "is_decision_maker": FlagField(_("Decides")),
}
CARD_FIELDS = {
    "text": LongTextField(
        _("Text of the card"),
        maximum=4_000,
        required=True,
        hint=_("Type or paste what the card says, or what its QR code holds (vCard, MeCard)."),
    ),
    "phone": PHONE,
    "source_id": OptionField(_("Source"), key=SOURCES),
}
NEGOTIATION_FIELDS = {"held_at": InstantField(_("Held at"), hint=_("Now, if left blank."))}
TEMPLATE_FIELDS = {
    "name": TextField(_("Name"), maximum=60, required=True),
    "text": LongTextField(
        _("Message"), maximum=500, required=True, hint=_("{name} stands for the customer, {consultant} for the sender.")
    ),
}
GATEWAY_FIELDS = {
    "name": TextField(_("Name"), maximum=60, required=True),
    "adapter": TextField(_("Adapter"), maximum=40, hint=_("http, if left blank.")),
    "address": TextField(_("Address"), maximum=300, required=True, hint=_("Such as https://sms.example.com/send")),
    "new_key": TextField(_("Access key"), maximum=400, hint=_("Blank: the one that is kept stays. It is never shown.")),
    "body_template": LongTextField(
        _("Body of the request"),
        maximum=2000,
        required=True,
        hint=_(
            'JSON or a form, with $phone, $text, $key, $reference, $timestamp, $sign: {"to":"$phone","text":"$text"}'
        ),
    ),
    "success_mark": TextField(
        _("Mark of success"), maximum=100, hint=_('What the answer contains when it was taken, such as "code":0')
    ),
    "signature": TextField(_("Signature"), maximum=20, hint=_("Put before each message in 【】.")),
    "timeout_seconds": WholeNumberField(_("Seconds to wait"), minimum=1, maximum=30, default=10),
    "is_on": FlagField(_("In use"), default=True),
}
