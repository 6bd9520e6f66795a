"""Form fields that are not columns, and the masks of personal data."""

from collections.abc import Callable

from addons.reception.masterdata import PROMISE_TYPES, SOURCES
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
)
from app.sdk.i18n import _
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
