"""Tables that exist to be attacked: their names start with dummy_."""

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import DynamicMapped, Mapped, WriteOnlyMapped, column_property, mapped_column, relationship

from app.companies.models import Company
from app.companies.ownership import Owned
from app.database.base import CompanyModel, Model
from app.database.columns import Id, Money, many_to_one, reference
from app.database.context import active_company

child_tag = sa.Table(
    "dummy_child_tag",
    Model.metadata,
    sa.Column("company_id", Id, default=active_company, nullable=False, info={"company": True}),
    sa.Column("child_id", Id, primary_key=True, info={"references": "dummy_child", "indexed": True}),
    sa.Column("tag_id", Id, primary_key=True, info={"references": "dummy_tag", "indexed": True}),
)
# No company and no foreign keys: what a careless add-on might write. The first wall holds even here.
loose_tag = sa.Table(
    "dummy_loose_tag",
    Model.metadata,
    sa.Column("loose_id", Id, primary_key=True),
    sa.Column("tag_id", Id, primary_key=True),
)


class DummyParent(CompanyModel):
    """A parent with children."""

    __tablename__ = "dummy_parent"

    name: Mapped[str] = mapped_column(sa.String(40))

    children: Mapped[list["DummyChild"]] = relationship(
        primaryjoin="DummyParent.id == foreign(DummyChild.parent_id)", back_populates="parent"
    )
    dynamic_children: DynamicMapped["DummyChild"] = relationship(
        primaryjoin="DummyParent.id == foreign(DummyChild.parent_id)", viewonly=True
    )
    written_children: WriteOnlyMapped["DummyChild"] = relationship(
        primaryjoin="DummyParent.id == foreign(DummyChild.parent_id)", viewonly=True
    )


class DummyChild(Owned, CompanyModel):
    """A child: its code is unique in its company, its tags are many-to-many."""

    __tablename__ = "dummy_child"
    __table_args__ = (sa.UniqueConstraint("company_id", "code"),)

    code: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(40))
    total: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    parent_id: Mapped[int | None] = reference("dummy_parent")

    parent: Mapped[DummyParent | None] = relationship(
        primaryjoin="foreign(DummyChild.parent_id) == DummyParent.id", back_populates="children"
    )
    company: Mapped[Company] = relationship(Company)
    tags: Mapped[list["DummyTag"]] = relationship(
        secondary=child_tag,
        primaryjoin=lambda: DummyChild.id == child_tag.c.child_id,
        secondaryjoin=lambda: DummyTag.id == child_tag.c.tag_id,
    )
    looses: Mapped[list["DummyLoose"]] = relationship(
        primaryjoin="DummyChild.id == foreign(DummyLoose.child_id)", viewonly=True
    )


class DummyTag(CompanyModel):
    """A tag."""

    __tablename__ = "dummy_tag"

    name: Mapped[str] = mapped_column(sa.String(40))


class DummyLoose(CompanyModel):
    """A row whose pointers no foreign key checks, so that they can point abroad."""

    __tablename__ = "dummy_loose"

    name: Mapped[str] = mapped_column(sa.String(40))
    child_id: Mapped[int | None] = mapped_column(Id)

    child: Mapped[DummyChild | None] = many_to_one("DummyLoose.child_id", "DummyChild.id")
    tags: Mapped[list[DummyTag]] = relationship(
        secondary=loose_tag,
        primaryjoin=lambda: DummyLoose.id == loose_tag.c.loose_id,
        secondaryjoin=lambda: DummyTag.id == loose_tag.c.tag_id,
    )


DummyLoose.tag_count = column_property(  # type: ignore[attr-defined]
    sa.select(sa.func.count(DummyTag.id)).scalar_subquery()
)
