"""Price lists, reservations and orders to look at: flats in a property company, licences in a software company."""

import datetime as dt
from decimal import Decimal
from typing import Any

from addons.orders import services
from addons.orders.choices import BusinessType, CheckKind, DiscountKind, OrderForm, PaymentMethod
from addons.orders.models import Order, PriceList, Quotation, Reservation
from app.sdk.database import select, session, utc_now
from app.sdk.masterdata import (
    Dimension,
    Partner,
    PartnerDetails,
    PartnerKind,
    PartnerRoleName,
    Product,
    ProductCategory,
    ProductKind,
    SellableItem,
    UnitOfMeasure,
    create_partner,
)
from app.sdk.models import Company, OrgUnit, User

FLATS = (("8-1203", "89.50"), ("8-1204", "89.50"), ("8-1501", "126.80"), ("8-1502", "126.80"), ("9-0801", "142.30"))
SOFTWARE = (
    ("QM-ERP", "启明ERP 标准版", "QM-ERP-S", "50 用户 / 年", "套", 36_000, 30_000),
    ("QM-CRM", "启明CRM 企业版", "QM-CRM-E", "100 用户 / 年", "套", 58_000, 52_000),
    ("QM-IMP", "实施服务", None, "人天", "人天", 1_800, 1_500),
    ("QM-TRN", "操作培训", None, "场", "场", 3_000, 2_400),
)
SIGNED = 3  # So many customers of the reception's examples have agreed on a deal.
FIRMS = ("杭州云栖建材有限公司", "宁波海天贸易有限公司", "绍兴锦绣纺织有限公司", "苏州新锐电子有限公司")

ASKING = (
    ("嘉兴晨光印务有限公司", 60_000, ()),
    ("湖州润泽食品有限公司", 300_000, ("send", "negotiate", "send")),
    ("金华远航物流有限公司", 90_000, ("send", "accept")),
)


def load(*, company: Company, actor: User, today: dt.date) -> None:
    """Fill the active company; once is enough."""
    if session.scalar(select(PriceList.id).limit(1)) is not None:
        return
    if company.code == "homes":
        _sell_flats(today)
    else:
        _sell_software(today)


def _user(username: str) -> User:
    return session.scalars(select(User).where(User.username == username)).one()


def _unit(name: str, dimension: Dimension = Dimension.COUNT) -> UnitOfMeasure:
    found = session.scalar(select(UnitOfMeasure).where(UnitOfMeasure.name == name))
    if found is None:
        found = UnitOfMeasure(code=name, name=name, dimension=dimension, factor=Decimal(1))
        session.add(found)
        session.flush()
    return found


def _category(code: str, name: str) -> ProductCategory:
    category = ProductCategory(code=code, name=name)
    session.add(category)
    session.flush()
    return category


def _prices(name: str, first: dt.date, last: dt.date | None, lines: list[dict[str, Any]]) -> PriceList:
    prices = services.create_price_list(
        actor=_user("clerk"),
        name=name,
        valid_from=first,
        valid_to=last,
        basis="周边竞品均价与本月需求调研",
        lines=lines,
    )
    services.approve_price_list(prices, actor=_user("manager"), now=utc_now())
    return prices


def _sell_flats(today: dt.date) -> None:
    category, square = _category("001", "住宅"), _unit("平方米", Dimension.AREA)
    flat = Product(
        code="ZZ-GC",
        name="高层住宅",
        style_no="GC-2026",
        spec="毛坯，三室两厅",
        brand="云栖里",
        kind=ProductKind.SERIAL,
        category_id=category.id,
        base_uom_id=square.id,
    )
    session.add(flat)
    session.flush()
    items = [SellableItem(product_id=flat.id, serial=serial, note=f"{area} m²") for serial, area in FLATS]
    session.add_all(items)
    session.flush()
    last_year = today - dt.timedelta(days=60)
    _prices("二期首推价目", last_year, today - dt.timedelta(days=31), [_line(flat, 8_800, 8_500)])
    _prices("二期加推价目", today - dt.timedelta(days=30), None, [_line(flat, 9_000, 8_600)])
    consultant = _user("consultant")
    agreed = Partner.roles.any(role=PartnerRoleName.CUSTOMER)  # Reception has noted the deal.
    people = select(Partner).where(Partner.kind == PartnerKind.PERSON).order_by(agreed.desc(), Partner.id)
    buyers = session.scalars(people.limit(len(items))).all()
    for number, (buyer, item) in enumerate(zip(buyers, items, strict=False)):
        form = services.create_reservation(
            actor=consultant,
            partner_id=buyer.id,
            deposit=Decimal(20_000),
            lines=[{"product_id": flat.id, "item_id": item.id, "quantity": Decimal(FLATS[number][1])}],
        )
        _advance(form, len(items) - number, actor=consultant)
    _ask_discount(buyers[-2], flat, items[-1], actor=consultant)


def _ask_discount(buyer: Partner, flat: Product, item: SellableItem, *, actor: User) -> None:
    """Have a discount asked for on one more flat: it waits for its first reviewer."""
    form = services.create_reservation(
        actor=actor,
        partner_id=buyer.id,
        deposit=Decimal(20_000),
        lines=[{"product_id": flat.id, "item_id": item.id, "quantity": Decimal(FLATS[-1][1])}],
    )
    supervisor = _user("supervisor")
    request = services.create_discount(
        actor=supervisor,
        reservation_id=form.id,
        note="老业主介绍，一次性付款",
        lines=[
            {"kind": DiscountKind.PERCENT, "value": Decimal(2)},
            {"kind": DiscountKind.GIFT, "value": Decimal(6_000), "description": "家电礼包"},
        ],
    )
    services.submit_discount(request, actor=supervisor, now=utc_now())


def _line(product: Product, price: int, floor: int) -> dict[str, Any]:
    return {"product_id": product.id, "price": Decimal(price), "floor": Decimal(floor), "cost": Decimal(floor) * 7 / 10}


def _advance(form: Reservation, number: int, *, actor: User) -> None:
    """Leave the last form a draft, have the one before ready, and the others signed."""
    if number > 1:
        services.make_reservation_ready(form, actor=actor)
    if number > len(FLATS) - SIGNED:
        services.sign_reservation(form, actor=actor, now=utc_now())


def _sell_software(today: dt.date) -> None:
    category, products = _category("S01", "软件与服务"), []
    for code, name, style, spec, unit, _price, _floor in SOFTWARE:
        kind = ProductKind.SERVICE if style is None else ProductKind.GOODS
        products.append(
            Product(
                code=code,
                name=name,
                style_no=style,
                spec=spec,
                brand="启明",
                kind=kind,
                category_id=category.id,
                base_uom_id=_unit(unit).id,
            )
        )
    session.add_all(products)
    session.flush()
    prices = [_line(one, row[5], row[6]) for one, row in zip(products, SOFTWARE, strict=True)]
    _prices(f"{today.year} 年价目表", today - dt.timedelta(days=90), None, prices)
    engineer = _user("engineer")
    team = session.scalars(select(OrgUnit).order_by(OrgUnit.id.desc()).limit(1)).one()
    services.create_rule(actor=_user("manager"), unit_id=team.id, task="实施与交付")
    _quote(products, actor=engineer)
    for number, name in enumerate(FIRMS):
        firm = create_partner(PartnerDetails(name=name, kind=PartnerKind.ORGANISATION), actor=engineer)
        lines = [
            {"product_id": products[number % 2].id, "quantity": Decimal(number + 1)},
            {"product_id": products[2].id, "quantity": Decimal(10 * (number + 1))},
        ]
        order = services.create_order(
            actor=engineer,
            partner_id=firm.id,
            form=OrderForm.ELECTRONIC if number % 2 else OrderForm.WRITTEN,
            business_type=BusinessType.DOMESTIC,
            promised_on=today + dt.timedelta(days=14 + number),
            payment_method=PaymentMethod.TRANSFER,
            customer_number=f"PO-{today:%y%m}-{number + 11:03}",
            lines=lines,
        )
        _carry_on(order, number, actor=engineer)


def _quote(products: list[Product], *, actor: User) -> None:
    """Leave one quotation a draft that is above the budget, one in its second round, and one accepted."""
    for number, (name, budget, steps) in enumerate(ASKING):
        firm = create_partner(PartnerDetails(name=name, kind=PartnerKind.ORGANISATION), actor=actor)
        quotation = services.create_quotation(
            actor=actor,
            partner_id=firm.id,
            budget=Decimal(budget),
            lines=[
                {"product_id": products[number % 2].id, "quantity": Decimal(2)},
                {"product_id": products[3].id, "quantity": Decimal(3)},
            ],
        )
        for step in steps:
            _step_on(quotation, step, actor=actor)


def _step_on(quotation: Quotation, step: str, *, actor: User) -> None:
    if step == "send":
        services.send_quotation(quotation, actor=actor, now=utc_now())
    elif step == "accept":
        services.accept_quotation(quotation, actor=actor, now=utc_now())
    else:
        services.negotiate_quotation(quotation, actor=actor, reason="客户要求各加一套")
        wanted = [{"id": line.id, "quantity": line.quantity + 1} for line in quotation.lines]
        services.update_quotation(quotation, actor=actor, lines=wanted)


def _carry_on(order: Order, number: int, *, actor: User) -> None:
    """Leave the first order a draft, and bring each further one a step or two on."""
    now = utc_now()
    if number > 0:
        services.submit_order(order, actor=actor, now=now)
    if number > 1:
        services.audit_order(order, actor=_user("supervisor"), now=now)
        services.check_order(order, actor=_user("clerk"), check=CheckKind.STOCK, passed=True, now=now)
    if number > 2:
        services.audit_order_finance(order, actor=_user("accountant"), now=now)
        services.confirm_order(order, actor=_user("supervisor"), now=now)
        services.release_order(order, actor=_user("supervisor"), now=now)
