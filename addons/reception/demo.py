"""A sales office to look at: sixty customers, three consultants in turn, a week of visitors."""

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import Any

from addons.reception import services
from addons.reception.choices import (
    FOLLOWED_UP,
    AuditState,
    ContactMethod,
    CustomerState,
    DutyState,
    InquiryChannel,
    Intent,
    Potential,
)
from addons.reception.masterdata import INDUSTRIES, NATURES, PROMISE_TYPES, REGIONS, SOURCES
from addons.reception.models import SCORES, Category, Customer, Reception, TurnQueue
from addons.reception.queries import find_audit
from app.sdk.database import select, session
from app.sdk.masterdata import list_options, open_list
from app.sdk.models import Assignment, Company, Employee, Position, User
from app.sdk.organisation import active_zone

CUSTOMERS = 60
FAMILY_NAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN_NAMES = "建华志强晓燕雅琴子涵浩然思远嘉欣文博雨桐家豪欣怡俊杰梓萱国庆海燕春梅立新桂英秀英"  # Two characters each.
COMPANIES = ("杭州云栖建材有限公司", "宁波海天贸易有限公司", "绍兴锦绣纺织有限公司", "湖州绿源农业有限公司")
NEEDS = (
    "三居室，南向",
    "两居室，近地铁",
    "学区房",
    "改善型四居室",
    "临街商铺",
    "小户型，用于出租",
    "顶楼复式",
    "写字楼整层",
)
PRESENTED = ("沙盘与户型图", "样板间 A2", "样板间 B1、周边配套", "价格表与付款方式", "园区实景")
NEXT_STEPS = ("周末带家人再来", "电话回访，发户型图", "约看样板间", "等待公积金审批", "对比竞品后答复")
PROMISE = "两年免费停车"
DECLINED = "只是路过看看，不愿留电话"
CATEGORIES = (("001", "住宅客户"), ("001001", "首次置业"), ("001002", "改善置业"), ("002", "商业客户"))
TALKS = ("介绍了新推出的户型和价格", "客户希望周末带家人看房", "发送了户型图和付款方案", "客户在比较周边楼盘，下周答复")
OBJECTIONS = (("总价偏高", "可以分两期付款，并申请公积金贷款"), ("停车位不够", "地下车位按户配比一比一"))
OPENING, VISITS = dt.time(9, 5), (4, 8)  # The first visitor of a day, and how many come.


@dataclass(frozen=True)
class Office:
    """What the examples are made with."""

    actor: User
    today: dt.date
    consultants: list[Employee]
    queue: TurnQueue
    random: Random

    def at(self, day: dt.date, minutes: int) -> dt.datetime:
        """Return the instant so many minutes after opening."""
        return dt.datetime.combine(day, OPENING, active_zone()) + dt.timedelta(minutes=minutes)

    def name(self) -> str:
        """Return a person's name."""
        place = 2 * self.random.randrange(len(GIVEN_NAMES) // 2)
        return self.random.choice(FAMILY_NAMES) + GIVEN_NAMES[place : place + 2]

    def phone(self) -> str:
        """Return a mobile number."""
        return self.random.choice(("138", "139", "136", "158", "187")) + f"{self.random.randrange(10**8):08}"

    def source(self) -> int:
        """Return the id of a source."""
        return self.random.choice(list_options(SOURCES)).id


def load(*, company: Company, actor: User, today: dt.date) -> None:
    """Fill the active company; once is enough."""
    if session.scalar(select(Customer.id).limit(1)) is not None:
        return
    consultants = list(
        session.scalars(
            select(Employee)
            .join(Assignment, Assignment.employee_id == Employee.id)
            .join(Position, Position.id == Assignment.position_id)
            .where(Position.title == "销售顾问")
            .order_by(Employee.id)
        )
    )
    if not consultants:
        return
    open_list(SOURCES)
    queue = services.create_queue(
        actor=actor, name="一号前台", members=[{"employee_id": one.id} for one in consultants]
    )
    office = Office(actor, today, consultants, queue, Random(company.code))  # noqa: S311  # Examples need repeatable chance, not secrecy.
    _customers(office)
    for days in range(7, 0, -1):
        day = today - dt.timedelta(days=days)
        if day.isoweekday() < 7:
            _busy_day(office, day)
    _inquiries(office)
    _this_morning(office)
    _sales_office(office)
    _care(office)


def _customers(office: Office) -> None:
    intents = [Intent.A, Intent.B, Intent.B, Intent.C, Intent.C, Intent.NONE, None]
    for number in range(CUSTOMERS):
        day = office.today - dt.timedelta(days=8 + CUSTOMERS - number)
        facts: dict[str, Any] = {
            "name": office.name(),
            "phone": office.phone(),
            "source_id": office.source(),
            "intent": office.random.choice(intents),
            "owner_id": office.random.choice(office.consultants).id,
            "cooperation_need": office.random.choice(NEEDS),
            "notice_given": True,
            "budget": office.random.choice((None, 1_200_000, 1_800_000, 2_600_000)),
        }
        if number % 15 == 7:
            facts |= {"name": COMPANIES[number // 15], "kind": "organisation", "decision_maker": office.name()}
        now = office.at(day, office.random.randrange(400))
        customer = services.create_customer(actor=office.actor, now=now, received_on=day, **facts)
        if number % 6:
            services.submit_customer(
                customer, actor=office.actor, now=now + dt.timedelta(hours=office.random.randrange(8))
            )


def _care(office: Office) -> None:
    """Follow up, sort, grade, audit and negotiate, and leave some of it to do."""
    for key in (NATURES, INDUSTRIES, REGIONS):
        open_list(key)
    made: dict[str, Category] = {}
    for code, name in CATEGORIES:
        parent = made.get(code[:-3])
        made[code] = services.create_category(
            actor=office.actor, code=code, name=name, parent_id=parent.id if parent is not None else None
        )
    kept = select(Customer).where(Customer.state.in_(FOLLOWED_UP)).order_by(Customer.id)
    customers = list(session.scalars(kept))
    for number, customer in enumerate(customers):
        _describe(office, customer, made)
        if number % 9:
            _talk(office, customer)
        if number % 3 == 0:
            services.grade_customer(customer, actor=office.actor, today=office.today)
        if number % 10 == 3:
            services.flag_key_customer(customer, actor=office.actor)
        _audit(office, customer, number)
    registered = [one for one in customers if one.state in (CustomerState.REGISTERED, CustomerState.CONFIRMED)]
    for number, customer in enumerate(registered[::4]):
        _negotiate(office, customer, is_open=number % 2 == 0)


def _describe(office: Office, customer: Customer, categories: dict[str, Category]) -> None:
    is_firm = customer.kind.value == "organisation"
    day = office.today - dt.timedelta(days=office.random.randrange(60))
    services.update_customer(
        customer,
        actor=office.actor,
        now=office.at(day, 30),
        nature_id=list_options(NATURES)[1 if is_firm else 0].id,
        industry_id=office.random.choice(list_options(INDUSTRIES)).id if is_firm else None,
        region_id=list_options(REGIONS)[office.random.choice((1, 1, 1, 2, 0))].id,
        category_id=categories["002" if is_firm else office.random.choice(("001001", "001002"))].id,
        potential=office.random.choice(list(Potential)),
        **{name: 5 * office.random.randint(5, 20) for name in SCORES},
    )
    if is_firm:
        for title, decides in (("采购经理", False), ("总经理", True)):
            services.create_contact(
                actor=office.actor,
                customer_id=customer.id,
                name=office.name(),
                phone=office.phone(),
                title=title,
                is_decision_maker=decides,
            )


def _talk(office: Office, customer: Customer) -> None:
    """Log one or two contacts of the last days; some are due again already."""
    for days in sorted({office.random.randrange(1, 9), office.random.randrange(1, 4)}, reverse=True):
        at = office.at(office.today - dt.timedelta(days=days), office.random.randrange(480))
        services.follow_up(
            customer,
            actor=office.actor,
            now=at,
            method=office.random.choice(list(ContactMethod)),
            note=office.random.choice(TALKS),
        )


def _audit(office: Office, customer: Customer, number: int) -> None:
    audit = find_audit(customer.id)
    if audit is None or audit.state is not AuditState.PENDING:
        return
    if number % 12 == 5:
        services.return_entry(audit, actor=office.actor, reason="缺少地址")
    elif number % 6:
        services.verify_entry(audit, actor=office.actor, now=office.at(office.today, 10))


def _negotiate(office: Office, customer: Customer, *, is_open: bool) -> None:
    rows: list[dict[str, str | None]] = [{"objection": objection, "reply": reply} for objection, reply in OBJECTIONS]
    if is_open:
        rows[0]["reply"] = None
    negotiation = services.create_negotiation(
        actor=office.actor,
        customer_id=customer.id,
        topic="价格与付款方式",
        held_at=office.at(office.today, 20),
        now=office.at(office.today, 30),
        objections=rows,
    )
    if not is_open:
        services.close_negotiation(negotiation, actor=office.actor)


def _busy_day(office: Office, day: dt.date) -> None:
    """Receive, record, assess and print the visitors of a day that is over."""
    for number in range(office.random.randint(*VISITS)):
        reception = _visitor(office, day, 60 * number + office.random.randrange(20))
        _record(office, reception, declines=office.random.random() < 0.1)
        _assess(office, reception)
    services.print_day(day, actor=office.actor, now=office.at(day, 530))


def _this_morning(office: Office) -> None:
    """Leave a day to play with: one visitor assessed, one recorded, one here, and a consultant who rests."""
    assessed, recorded, _here = [_visitor(office, office.today, 50 * number) for number in range(3)]
    _record(office, assessed)
    _assess(office, assessed)
    _record(office, recorded)
    open_list(PROMISE_TYPES)
    services.create_promise(
        actor=office.actor, reception_id=assessed.id, type_id=list_options(PROMISE_TYPES)[1].id, text=PROMISE
    )
    services.set_duty(office.queue.members[-1], state=DutyState.REST, actor=office.actor)


def _visitor(office: Office, day: dt.date, minutes: int) -> Reception:
    return services.take_visitor(
        office.queue,
        actor=office.actor,
        now=office.at(day, minutes),
        visitor_name=office.name(),
        phone=office.phone(),
        source_id=office.source(),
    )


def _record(office: Office, reception: Reception, *, declines: bool = False) -> None:
    """Note what was said and let the visitor go after twenty to fifty minutes."""
    values: dict[str, Any] = {
        "needs": office.random.choice(NEEDS),
        "presented": office.random.choice(PRESENTED),
        "next_step": office.random.choice(NEXT_STEPS),
        "checks": [{"item": check.item, "done": True} for check in reception.checks],
    }
    if declines:
        values |= {"visitor_name": None, "phone": None, "declined_reason": DECLINED}
    services.update_reception(reception, actor=office.actor, **values)
    arrived = reception.arrived_at or office.at(office.today, 0)
    left = arrived + dt.timedelta(minutes=office.random.randint(20, 50))
    services.record_reception(reception, actor=office.actor, now=left, left_at=left)


def _assess(office: Office, reception: Reception) -> None:
    intent = office.random.choice([Intent.A, Intent.B, Intent.C, Intent.NONE, Intent.NONE])
    left = reception.left_at or office.at(office.today, 0)
    services.assess_reception(reception, actor=office.actor, now=left, intent=intent)
    if reception.customer is not None and reception.doc_date < office.today:
        services.update_customer(reception.customer, actor=office.actor, now=left, notice_given=True)
        services.submit_customer(reception.customer, actor=office.actor, now=left + dt.timedelta(hours=1))


def _inquiries(office: Office) -> None:
    for number in range(10):
        day = office.today - dt.timedelta(days=number // 2)
        services.create_inquiry(
            actor=office.actor,
            now=office.at(day, 30 * number),
            received_at=office.at(day, 30 * number),
            channel=InquiryChannel.PHONE_IN if number % 3 else InquiryChannel.WALK_IN,
            visitor_name=office.name(),
            phone=office.phone(),
            need=office.random.choice(NEEDS),
            source_id=office.source(),
            owner_id=office.random.choice(office.consultants).id,
        )


def _sales_office(office: Office) -> None:
    """Show what happens behind the desk: the register, deals, a customer twice on file, grants, a transfer."""
    supervisor, marketing = _user("林悦"), _user("吴静")
    submitted = session.scalars(select(Customer).where(Customer.state == CustomerState.SUBMITTED).order_by(Customer.id))
    customers = submitted.all()
    now = office.at(office.today, 60)
    for customer in customers[:18]:
        services.register_customer(customer, actor=supervisor, now=now)
    for customer in customers[:9]:
        services.confirm_prospect(customer, actor=marketing, now=now)
    services.reject_prospect(customers[9], actor=marketing, reason="电话无法接通")
    for customer in customers[:3]:
        services.agree_deal(customer, actor=office.actor, now=now)
    twin = customers[10]
    services.create_customer(
        actor=office.actor,
        now=now,
        name=twin.name,
        phone=office.phone(),
        source_id=twin.source_id,
        owner_id=office.consultants[0].id,
        remark="换了手机号，疑似重复建档",
    )
    for customer in customers[11:13]:
        colleague = next(one for one in office.consultants if one.id != customer.owner_id)
        services.grant_customer(customer, actor=office.actor, colleague=colleague, now=now)
    moved = customers[13]
    receiver = next(one for one in office.consultants if one.id != moved.owner_id)
    services.transfer_customer(moved, actor=office.actor, receiver=receiver, reason="客户在其片区", now=now)


def _user(name: str) -> User:
    """Return the log-in of an employee."""
    return session.scalars(select(User).join(Employee, Employee.user_id == User.id).where(Employee.name == name)).one()
