"""A locked version of a contract: the text that its reviewers read and that is signed."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addons.contracts.models.template import Template
from app.sdk.documents import Attachment
from app.sdk.models import CompanyModel, Money, UtcDateTime, many_to_one, reference


class Edition(CompanyModel):
    """Made when a contract is submitted, and never changed; its signing is added, and what it said before an amendment.

    The Word file is an attachment of the contract; `sha256` tells whether it is still the one that was made.
    """

    __tablename__ = "contracts_edition"
    __table_args__ = (UniqueConstraint("company_id", "contract_id", "revision"),)
    __title__ = "revision"
    __personal__ = ("text", "filled", "signed_terms")

    contract_id: Mapped[int] = reference("contracts_contract")
    revision: Mapped[int]
    template_id: Mapped[int] = reference("contracts_template")
    amount: Mapped[Decimal] = mapped_column(Money)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
    filled: Mapped[dict[str, str]] = mapped_column(JSON)  # What was filled in, by field.
    file_id: Mapped[int | None] = reference("documents_attachment", nullable=True)
    sha256: Mapped[str] = mapped_column(String(64))
    signed_on: Mapped[dt.date | None]
    # What the contract said before it was amended; None for one that never was.
    signed_terms: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    scan_id: Mapped[int | None] = reference("documents_attachment", nullable=True, index=False)

    template: Mapped[Template] = many_to_one("Edition.template_id", "Template.id")
    file: Mapped[Attachment | None] = many_to_one("Edition.file_id", "Attachment.id")
