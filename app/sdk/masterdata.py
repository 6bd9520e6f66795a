"""Partners, options, numbers and calendars, which all add-ons share."""

from app.database.encryption import keyed_hash
from app.documents.references import erase_personal_data, hand_on_comments
from app.masterdata.choices import (
    AddressKind,
    ConsentPurpose,
    EraseState,
    IdentityType,
    NumberReset,
    PartnerKind,
    PartnerRoleName,
    PointKind,
    RelationKind,
)
from app.masterdata.duplicates import Identity, find_by_id_number, find_by_phone, list_duplicates
from app.masterdata.events import EmployeeLeft, PartnerAnonymised, PartnersMerged, PartnerTransferred
from app.masterdata.holdings import Holding
from app.masterdata.models import Address, Consent, Option, Partner, PartnerPoint, PartnerRelation
from app.masterdata.normalise import (
    clean_text,
    name_key,
    optional_text,
    parse_date,
    parse_decimal,
    parse_identity_number,
    parse_phone,
    required_text,
)
from app.masterdata.numbering import NumberFormat, NumberSeriesDefinition, draw_number
from app.masterdata.one_to_one import OneToOne
from app.masterdata.options import OptionListDefinition, find_option, list_options, offered_names, open_list
from app.masterdata.partners import (
    PartnerDetails,
    add_role,
    create_partner,
    details_of,
    drop_role,
    relate,
    set_point,
    set_stage,
    update_partner,
)
from app.masterdata.privacy import (
    contact_refusal,
    decide_erasure,
    opt_in,
    opt_out,
    propose_erasures,
    record_consent,
    request_erasure,
    text_refusal,
    withdraw_consent,
)
from app.masterdata.transfer import find_receiver, list_changes, preview_transfer, transfer_partners
from app.search.pinyin import pinyin
from app.search.query import ids_with_numbers

__all__ = [
    "Address",
    "AddressKind",
    "Consent",
    "ConsentPurpose",
    "EmployeeLeft",
    "EraseState",
    "Holding",
    "Identity",
    "IdentityType",
    "NumberFormat",
    "NumberReset",
    "NumberSeriesDefinition",
    "OneToOne",
    "Option",
    "OptionListDefinition",
    "Partner",
    "PartnerAnonymised",
    "PartnerDetails",
    "PartnerKind",
    "PartnerPoint",
    "PartnerRelation",
    "PartnerRoleName",
    "PartnerTransferred",
    "PartnersMerged",
    "PointKind",
    "RelationKind",
    "add_role",
    "clean_text",
    "contact_refusal",
    "create_partner",
    "decide_erasure",
    "details_of",
    "draw_number",
    "drop_role",
    "erase_personal_data",
    "find_by_id_number",
    "find_by_phone",
    "find_option",
    "find_receiver",
    "hand_on_comments",
    "ids_with_numbers",
    "keyed_hash",
    "list_changes",
    "list_duplicates",
    "list_options",
    "name_key",
    "offered_names",
    "open_list",
    "opt_in",
    "opt_out",
    "optional_text",
    "parse_date",
    "parse_decimal",
    "parse_identity_number",
    "parse_phone",
    "pinyin",
    "preview_transfer",
    "propose_erasures",
    "record_consent",
    "relate",
    "request_erasure",
    "required_text",
    "set_point",
    "set_stage",
    "text_refusal",
    "transfer_partners",
    "update_partner",
    "withdraw_consent",
]
