"""What is typed about a customer: one set of names for the form, REST, import and other services."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from addons.reception.choices import CreateMode, Intent, Potential
from app.sdk.masterdata import IdentityType, PartnerDetails, PartnerKind

DETAILS = ("name", "kind", "phone", "mail", "wechat", "tax_no", "id_type", "id_no")  # The partner's own.
FILE = (  # Columns of the file that are written as they come.
    "source_id",
    "intent",
    "legal_representative",
    "decision_maker",
    "business_scope",
    "buying_power",
    "cooperation_need",
    "budget",
    "remark",
    "create_mode",
    "nature_id",
    "industry_id",
    "region_id",
    "category_id",
    "potential",
    "preferences",
    "feedback",
    "volume_score",
    "frequency_score",
    "potential_score",
    "loyalty_score",
)


@dataclass(frozen=True, kw_only=True)
class CustomerFacts:
    """Everything that may be said of a customer when the file is opened (S:REC-01)."""

    name: str | None = None
    kind: PartnerKind = PartnerKind.PERSON
    phone: str | None = None
    mail: str | None = None
    wechat: str | None = None
    tax_no: str | None = None
    id_type: IdentityType | None = None
    id_no: str | None = None
    address: str | None = None
    source_id: int | None = None
    intent: Intent | None = None
    legal_representative: str | None = None
    decision_maker: str | None = None
    business_scope: str | None = None
    buying_power: str | None = None
    cooperation_need: str | None = None
    budget: Decimal | None = None
    remark: str | None = None
    create_mode: CreateMode = CreateMode.MANUAL
    nature_id: int | None = None
    industry_id: int | None = None
    region_id: int | None = None
    category_id: int | None = None
    potential: Potential | None = None
    preferences: str | None = None
    feedback: str | None = None
    volume_score: int | None = None
    frequency_score: int | None = None
    potential_score: int | None = None
    loyalty_score: int | None = None
    received_on: dt.date | None = None
    owner_id: int | None = None
    notice_given: bool = False
    marketing_consent: bool = False
    sensitive_consent: bool = False
    opt_out: bool = False
    take_over: bool = False

    def partner_details(self) -> PartnerDetails:
        """Return the partner's part of it."""
        return PartnerDetails(
            name=self.name or "",
            kind=self.kind or PartnerKind.PERSON,
            phone=self.phone,
            mail=self.mail,
            wechat=self.wechat,
            tax_no=self.tax_no,
            id_type=self.id_type,
            id_no=self.id_no,
        )
