"""A way to reach a partner: phone, mail, WeChat."""

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import choice, many_to_one, reference
from app.database.encryption import EncryptedText
from app.masterdata.choices import PointKind
from app.masterdata.models.partner import Partner


class PartnerPoint(CompanyModel):
    """One phone number, mail address or WeChat name, encrypted; compared by its keyed hash."""

    __tablename__ = "masterdata_partner_point"
    __table_args__ = (
        UniqueConstraint("company_id", "partner_id", "kind", "value_hash"),
        UniqueConstraint("company_id", "claim_hash"),
        Index(None, "company_id", "value_hash"),
    )
    __search_for__ = "partner"
    __personal__ = ("value", "value_hash", "claim_hash", "last_four")

    partner_id: Mapped[int] = reference("masterdata_partner", index=False)  # The unique key serves as its index.
    kind: Mapped[PointKind] = choice(PointKind)
    value: Mapped[str] = mapped_column(EncryptedText)
    value_hash: Mapped[str] = mapped_column(String(64), info={"stands_for": "value"})
    # The hash of a mobile number that stands for its partner alone, else blank: of two clerks who enter the same
    # customer at once, the unique key stops the second (P:CRM-21).
    claim_hash: Mapped[str | None] = mapped_column(String(64), info={"stands_for": "phone"})
    last_four: Mapped[str] = mapped_column(String(4), default="")
    is_primary: Mapped[bool] = mapped_column(default=False)
    opt_out: Mapped[bool] = mapped_column(default=False)

    partner: Mapped[Partner] = many_to_one("PartnerPoint.partner_id", "Partner.id")

    def __str__(self) -> str:
        return f"…{self.last_four}"
