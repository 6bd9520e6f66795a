"""A way to pay, and where its money goes."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from addons.payments.choices import MethodKind
from addons.payments.models.place import Place
from app.sdk.models import Archivable, CompanyModel, choice, many_to_one, reference


class Method(Archivable, CompanyModel):
    """Cash at the front desk, a transfer to an account, a card at the terminal."""

    __tablename__ = "payments_method"
    __table_args__ = (UniqueConstraint("company_id", "name"),)
    __search__ = ("name",)

    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[MethodKind] = choice(MethodKind, MethodKind.CASH)
    place_id: Mapped[int] = reference("payments_place")

    place: Mapped[Place] = many_to_one("Method.place_id", "Place.id", joined=True)
