"""The closed sets of master data; the database checks them too."""

from enum import StrEnum


class PartnerKind(StrEnum):
    """What a partner is in law."""

    PERSON = "person"
    ORGANISATION = "organisation"


class IdentityType(StrEnum):
    """The document that a person's identity number is taken from."""

    RESIDENT_CARD = "resident_card"
    PASSPORT = "passport"
    TRAVEL_PERMIT = "travel_permit"
    OTHER = "other"


class PartnerRoleName(StrEnum):
    """What a partner is to the company; one partner may be several at once."""

    PROSPECT = "prospect"
    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    CARRIER = "carrier"
    AGENT = "agent"


class PointKind(StrEnum):
    """A way to reach a partner."""

    PHONE = "phone"
    MAIL = "mail"
    WECHAT = "wechat"


class RelationKind(StrEnum):
    """What one partner is to another."""

    CONTACT_OF = "contact_of"
    SPOUSE = "spouse"
    CO_BUYER = "co_buyer"
    AGENT_OF = "agent_of"
    PAYER_FOR = "payer_for"


class AddressKind(StrEnum):
    """What an address is used for."""

    REGISTERED_OFFICE = "registered_office"
    DELIVERY = "delivery"
    HOME = "home"
    MAILING = "mailing"


class ConsentPurpose(StrEnum):
    """What personal data may be used for; sensitive data needs a consent of its own (PIPL Art. 29)."""

    SERVICE = "service"
    MARKETING = "marketing"
    SENSITIVE_DATA = "sensitive_data"
    SHARING = "sharing"


class EraseState(StrEnum):
    """How far a request for erasure has come."""

    PROPOSED = "proposed"  # By the platform, after a long time without contact; people decide.
    REQUESTED = "requested"
    REFUSED = "refused"
    ERASED = "erased"


class ProductKind(StrEnum):
    """How a product is counted: by quantity, not at all, piece by piece, or lot by lot."""

    GOODS = "goods"
    SERVICE = "service"
    SERIAL = "serial"
    BATCH = "batch"


class Dimension(StrEnum):
    """What a unit measures; only units of one dimension convert into each other."""

    COUNT = "count"
    MASS = "mass"
    LENGTH = "length"
    AREA = "area"
    VOLUME = "volume"
    TIME = "time"


class TaxKind(StrEnum):
    """How value added tax applies."""

    TAXED = "taxed"
    EXEMPT = "exempt"
    ZERO = "zero"
    NOT_TAXABLE = "not_taxable"


class DayKind(StrEnum):
    """What a calendar makes of a day: a holiday, or a weekend day that is worked instead."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"


class NumberReset(StrEnum):
    """When a series starts again at one."""

    NEVER = "never"
    YEAR = "year"
    MONTH = "month"
