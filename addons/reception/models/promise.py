"""Something promised to a visitor beyond what everybody gets."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from addons.reception.choices import PromiseState
from addons.reception.models.reception import Reception
from app.sdk.masterdata import Option
from app.sdk.models import CompanyModel, Owned, choice, many_to_one, reference


class Promise(Owned, CompanyModel):
    """It holds only when the sales manager approves it (P:REC-05)."""

    __tablename__ = "reception_promise"
    __title__ = "text"
    __search__ = ("text",)

    reception_id: Mapped[int] = reference("reception_reception")
    type_id: Mapped[int] = reference("masterdata_option", index=False)
    text: Mapped[str] = mapped_column(String(400))
    state: Mapped[PromiseState] = choice(PromiseState, PromiseState.REQUESTED)

    reception: Mapped[Reception] = many_to_one("Promise.reception_id", "Reception.id")
    type: Mapped[Option] = many_to_one("Promise.type_id", "Option.id")

    def __str__(self) -> str:
        return self.text
