"""A contract template: one version of a Word file with places to be filled."""

import datetime as dt

from sqlalchemy import JSON, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.contracts.choices import TemplateState
from addons.contracts.models.template_clause import TemplateClause
from app.sdk.documents import Attachment
from app.sdk.models import CompanyModel, choice, many_to_one, reference


class Template(CompanyModel):
    """Versions of one name follow each other; a version in force is never changed (P:CON-02).

    The Word file is an attachment of the record: the last one that was sent while it was a draft.
    """

    __tablename__ = "contracts_template"
    __table_args__ = (UniqueConstraint("company_id", "name", "edition"),)
    __title__ = "name"
    __search__ = ("name",)

    name: Mapped[str] = mapped_column(String(80))
    edition: Mapped[int]
    state: Mapped[TemplateState] = choice(TemplateState, TemplateState.DRAFT)
    valid_from: Mapped[dt.date]
    retired_on: Mapped[dt.date | None]  # From this day on it makes no contracts.
    file_id: Mapped[int | None] = reference("documents_attachment", nullable=True, index=False)
    placeholders: Mapped[list[str]] = mapped_column(JSON, default=list)  # The fields that the file names, in order.
    required: Mapped[list[str]] = mapped_column(JSON, default=list)  # Those of them that may not be blank.
    text: Mapped[str | None] = mapped_column(Text)  # Of the file, with its places, to be read and compared.
    note: Mapped[str | None] = mapped_column(String(400))

    file: Mapped[Attachment | None] = many_to_one("Template.file_id", "Attachment.id")
    clauses: Mapped[list[TemplateClause]] = relationship(
        TemplateClause,
        primaryjoin="Template.id == foreign(TemplateClause.template_id)",
        order_by=TemplateClause.position,
        cascade="all, delete-orphan",
    )

    def is_in_force(self, day: dt.date) -> bool:
        """Tell whether contracts may be made of it on that day."""
        return (
            self.state is not TemplateState.DRAFT
            and self.valid_from <= day
            and (self.retired_on is None or day < self.retired_on)
        )

    def __str__(self) -> str:
        return f"{self.name} v{self.edition}" if self.edition else self.name
