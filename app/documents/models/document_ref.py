"""The registry of documents: the real foreign key of whatever belongs to a record of any kind."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database.base import CompanyModel
from app.database.columns import Id, reference
from app.database.personal import Attached


class DocumentRef(CompanyModel):
    """One record of any resource ('<addon>.<Model>'), with what a list of mixed records shows of it."""

    __tablename__ = "documents_ref"
    __table_args__ = (UniqueConstraint("company_id", "resource", "record_id"),)
    __personal__ = ("title",)
    __quotes__ = ("title",)
    __attached__ = Attached()
    __audit__ = False  # It repeats what its record says, whose changes are recorded.

    resource: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int] = mapped_column(Id)
    number: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    partner_id: Mapped[int | None] = reference("masterdata_partner", nullable=True)
    state: Mapped[str | None] = mapped_column(String(40))

    def __str__(self) -> str:
        return self.number or self.title or f"#{self.record_id}"
