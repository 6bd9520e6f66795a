"""Receivables and receipts to look at: deposits, a split tender, and a transfer of somebody unknown."""

import datetime as dt
from decimal import Decimal

from addons.payments import services
from addons.payments.choices import MethodKind, PlaceKind, ReceivableKind
from addons.payments.models import Method, Place, Receivable
from addons.payments.queries import present_day
from app.sdk.database import select, session, utc_now
from app.sdk.masterdata import Partner, PartnerDetails, create_partner
from app.sdk.models import Company, User

WAYS = (
    ("现金", MethodKind.CASH, "前台收银", PlaceKind.CASH_DESK, None),
    ("银行转账", MethodKind.BANK_TRANSFER, "工商银行基本户", PlaceKind.BANK_ACCOUNT, "1202 0000 0910 0123 456"),
    ("刷卡", MethodKind.CARD, "银联商务清算户", PlaceKind.BANK_ACCOUNT, None),
)
BUYERS = ("赵立新", "钱雨桐", "孙国庆", "李思远")
PRICES = (Decimal(980_000), Decimal(1_260_000), Decimal(1_480_000), Decimal(860_000))
UNKNOWN = ("转账摘要：房款 8 幢", "20260301-7781")


def load(*, company: Company, actor: User, today: dt.date) -> None:
    """Fill the active company; once is enough."""
    if session.scalar(select(Place.id).limit(1)) is not None:
        return
    actor = session.scalar(select(User).where(User.username == "finance")) or actor  # Who may post.
    ways = [_way(*way) for way in WAYS]
    cash, bank, card = ways
    owed = [
        _owe(name, price, number, actor=actor) for number, (name, price) in enumerate(zip(BUYERS, PRICES, strict=True))
    ]
    last_month = present_day().replace(day=1) - dt.timedelta(days=1)  # Something to try policy values on.
    _owe(BUYERS[0], PRICES[2], len(BUYERS), actor=actor, doc_date=last_month)
    _take(owed[0], [(cash, Decimal(8_000)), (card, owed[0].amount - 8_000)], actor=actor)
    _take(owed[1], [(bank, owed[1].amount)], actor=actor)
    lines = [{"method_id": bank.id, "amount": Decimal(20_000), "bank_ref": UNKNOWN[1]}]
    parked = services.create_receipt(actor=actor, payer_name=UNKNOWN[0], lines=lines)
    services.post_receipt(parked, actor=actor, now=utc_now())
    services.create_receipt(
        actor=actor,
        receivable_id=owed[2].id,
        lines=[{"method_id": cash.id, "amount": owed[2].amount, "bank_ref": None}],
    )


def _way(name: str, kind: MethodKind, place: str, place_kind: PlaceKind, account_no: str | None) -> Method:
    where = Place(name=place, kind=place_kind, account_no=account_no)
    session.add(where)
    session.flush()
    way = Method(name=name, kind=kind, place_id=where.id)
    session.add(way)
    session.flush()
    return way


def _owe(name: str, price: Decimal, number: int, *, actor: User, doc_date: dt.date | None = None) -> Receivable:
    partner = session.scalar(select(Partner).where(Partner.name == name)) or create_partner(
        PartnerDetails(name=name), actor=actor
    )
    receivable = services.create_receivable(
        actor=actor,
        partner_id=partner.id,
        kind=ReceivableKind.DEPOSIT,
        subject=f"8 幢 {number + 3}01 室 定金",
        amount=price / 10,
        base_amount=price,
        doc_date=doc_date,
        due_on=present_day() - dt.timedelta(days=number * 25 - 5),
    )
    services.bind_receivable(receivable, actor=actor, now=utc_now())
    return receivable


def _take(receivable: Receivable, tenders: list[tuple[Method, Decimal]], *, actor: User) -> None:
    lines = [{"method_id": way.id, "amount": amount, "bank_ref": None} for way, amount in tenders]
    receipt = services.create_receipt(actor=actor, receivable_id=receivable.id, lines=lines)
    services.post_receipt(receipt, actor=actor, now=utc_now())
