"""One reviewer's part in a version of a contract."""

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from addons.contracts.choices import ReviewKind, ReviewState
from addons.contracts.models.contract import Contract
from app.sdk.models import CompanyModel, Owned, User, UtcDateTime, choice, many_to_one, reference


class Review(Owned, CompanyModel):
    """Asked for when the contract is submitted; all reviewers work side by side (S:CON-02)."""

    __tablename__ = "contracts_review"
    __table_args__ = (UniqueConstraint("company_id", "contract_id", "revision", "kind"),)
    __title__ = "kind"

    contract_id: Mapped[int] = reference("contracts_contract")
    revision: Mapped[int]
    kind: Mapped[ReviewKind] = choice(ReviewKind)
    state: Mapped[ReviewState] = choice(ReviewState, ReviewState.PENDING)
    opinion: Mapped[str | None] = mapped_column(String(400))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    contract: Mapped[Contract] = many_to_one("Review.contract_id", "Contract.id")
    decided_by: Mapped[User | None] = relationship(User, foreign_keys=[decided_by_id])

    def __str__(self) -> str:
        return f"{self.contract} · v{self.revision}"
