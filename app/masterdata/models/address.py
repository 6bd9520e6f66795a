"""Where a partner is."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import choice, many_to_one, reference
from app.database.encryption import EncryptedText
from app.masterdata.choices import AddressKind
from app.masterdata.models.partner import Partner


class Address(CompanyModel):
    """One address: the administrative division in clear, for statistics, and the door, encrypted."""

    __tablename__ = "masterdata_address"
    __personal__ = ("admin_code", "detail", "custom")

    partner_id: Mapped[int] = reference("masterdata_partner")
    kind: Mapped[AddressKind] = choice(AddressKind, AddressKind.MAILING)
    # GB/T 2260: province, prefecture, county, two digits each.
    admin_code: Mapped[str] = mapped_column(String(12), default="")
    detail: Mapped[str] = mapped_column(EncryptedText)

    partner: Mapped[Partner] = many_to_one("Address.partner_id", "Partner.id")

    def __str__(self) -> str:
        return self.admin_code or self.kind.value
