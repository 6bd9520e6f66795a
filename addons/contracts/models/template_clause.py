"""The wording that a template proposes for a clause."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from addons.contracts.choices import ClauseKind
from app.sdk.models import CompanyModel, choice, reference


class TemplateClause(CompanyModel):
    """A new contract begins with it where nothing else is written."""

    __tablename__ = "contracts_template_clause"
    __title__ = "kind"

    template_id: Mapped[int] = reference("contracts_template")
    position: Mapped[int]
    kind: Mapped[ClauseKind] = choice(ClauseKind)
    text: Mapped[str] = mapped_column(Text)
