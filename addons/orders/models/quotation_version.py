"""A version of a quotation that was negotiated anew since."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import CompanyModel, Money, UtcDateTime, reference


class QuotationVersion(CompanyModel):
    """What was offered, as it was sent (P:QUO-08); `lines` repeats its lines in words. Never changed."""

    __tablename__ = "orders_quotation_version"
    __table_args__ = (UniqueConstraint("company_id", "quotation_id", "revision"),)
    __title__ = "revision"
    __personal__ = ("custom",)
    __quotes__ = ("reason",)

    quotation_id: Mapped[int] = reference("orders_quotation", index=False)  # The unique key serves as its index.
    revision: Mapped[int]
    sent_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[dt.date]
    net: Mapped[Decimal] = mapped_column(Money)
    tax: Mapped[Decimal] = mapped_column(Money)
    gross: Mapped[Decimal] = mapped_column(Money)
    reason: Mapped[str] = mapped_column(String(200))  # Why it was negotiated anew.
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
