"""A template in Word, and contracts in every stage, to look at."""

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from docx import Document

from addons.contracts import services
from addons.contracts.choices import ClauseKind, SignMode
from addons.contracts.models import Contract, Template
from addons.contracts.queries import open_reviews
from addons.payments.api import ReceivableKind
from app.sdk.database import select, session, utc_now
from app.sdk.documents import keep_generated, ref_of
from app.sdk.masterdata import Partner, PartnerDetails, create_partner
from app.sdk.models import Company, User

PARAGRAPHS = (
    "甲方（出卖人）：{{ seller }}{% if seller_tax_no %}　统一社会信用代码：{{ seller_tax_no }}{% endif %}",
    "乙方（买受人）：{{ buyer }}{% if buyer_id_no %}　身份证号：{{ buyer_id_no }}{% endif %}",
    "{% if others %}共同当事人：{% for row in others %}{{ row.role }} {{ row.name }}；{% endfor %}{% endif %}",
    "一、标的：{{ subject }}{% if quantity %}，数量 {{ quantity }} {{ unit }}，单价 {{ unit_price }} 元{% endif %}。",
    "二、价款：人民币 {{ amount }} 元（大写：{{ amount_in_words }}）。{{ price_terms }}",
    "三、付款：{{ payment_terms }}",
    "{% for row in plan %}{{ row.due_on }} 前支付{{ row.kind }} {{ row.amount }} 元。{% endfor %}",
    "四、交付：{{ delivery_date }} 前。{{ delivery_terms }}",
    "五、出卖人义务：{{ seller_duties }}",
    "六、买受人义务：{{ buyer_duties }}",
    "七、售后：{{ after_sales_terms }}",
    "八、违约责任：{{ breach_terms }}",
    "经办人：{{ salesperson }}　日期：{{ contract_date }}",
)
CLAUSES = {
    "parties": "甲乙双方信息见首部。",
    "content": "商品房一套，面积以产权登记为准。",
    "price_terms": "本价款为含税总价，不因面积误差以外的原因调整。",
    "payment_terms": "买受人按下列计划付款至出卖人指定账户。",
    "delivery_terms": "经竣工验收合格后交付，双方签署交接单。",
    "after_sales_terms": "按住宅质量保证书承担保修责任。",
    "cooperation_terms": "双方配合办理备案与产权登记。",
    "seller_duties": "按期交付符合约定的房屋，协助办理产权登记。",
    "buyer_duties": "按期付款，按期接收房屋。",
    "breach_terms": "逾期付款或逾期交付的，每日按逾期部分万分之五支付违约金。",
}
DEALS = (
    ("赵立新", "8 幢 301 室", "980000", "signed"),
    ("钱雨桐", "8 幢 401 室", "1260000", "approved"),
    ("孙国庆", "8 幢 501 室", "1480000", "submitted"),
    ("李思远", "8 幢 601 室", "860000", "draft"),
)
STAGES = ("draft", "submitted", "approved", "signed")


def load(*, company: Company, actor: User, today: dt.date) -> None:
    """Fill the active company; once is enough."""
    if session.scalar(select(Template.id).limit(1)) is not None:
        return
    people = {one.username: one for one in session.scalars(select(User))}
    template = _template(people.get("officer", actor), today)
    author = people.get("consultant", actor)
    for name, subject, amount, stage in DEALS:
        contract = _draft(template, name, subject, Decimal(amount), author, today)
        steps = STAGES[1 : STAGES.index(stage) + 1]
        _take(contract, steps, author=author, people=people, today=today)


def _template(officer: User, today: dt.date) -> Template:
    template = services.create_template(
        actor=officer,
        name="商品房买卖合同",
        valid_from=today - dt.timedelta(days=90),
        clauses=[{"kind": ClauseKind(kind), "text": text} for kind, text in CLAUSES.items()],
    )
    document = Document()
    document.add_heading("商品房买卖合同", level=1)
    for text in PARAGRAPHS:
        document.add_paragraph(text)
    _keep(template, "contracts.Template", "商品房买卖合同.docx", document, officer)
    services.put_template_in_force(template, actor=officer)
    return template


def _keep(record: Any, resource: str, name: str, document: Any, actor: User) -> None:
    out = io.BytesIO()
    document.save(out)
    kept = keep_generated(ref_of(record, resource), name=name, content=out.getvalue(), actor=actor, now=utc_now())
    services.check_template_file(record, kept, is_new=True)


def _draft(template: Template, name: str, subject: str, amount: Decimal, author: User, today: dt.date) -> Contract:
    partner = session.scalar(select(Partner).where(Partner.name == name)) or create_partner(
        PartnerDetails(name=name), actor=author
    )
    deposit = amount / 10
    plan = [
        {"kind": ReceivableKind.DEPOSIT, "amount": deposit, "due_on": today + dt.timedelta(days=3), "note": "定金"},
        {
            "kind": ReceivableKind.BALANCE,
            "amount": amount - deposit,
            "due_on": today + dt.timedelta(days=30),
            "note": "按揭房款",
        },
    ]
    return services.create_contract(
        actor=author,
        template_id=template.id,
        doc_date=today,
        partner_id=partner.id,
        subject=subject,
        amount=amount,
        delivery_date=today + dt.timedelta(days=120),
        plan=plan,
    )


def _take(contract: Contract, steps: Sequence[str], *, author: User, people: dict[str, User], today: dt.date) -> None:
    now = utc_now()
    if "submitted" in steps:
        services.confirm_read(contract, actor=author, now=now)
        services.submit_contract(contract, actor=author, now=now)
    if "approved" in steps:
        for review in open_reviews(contract):
            who = people["legal" if review.kind.value == "legal" else "finance"]
            services.agree_review(review, actor=who, opinion="条款完整，同意。", now=now)
        services.approve_contract(contract, actor=people["general"], opinion="同意签订。", now=now)
    if "signed" in steps:
        scan = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
        ref = ref_of(contract, "contracts.Contract")
        keep_generated(ref, name="签署扫描件.pdf", content=scan, actor=author, now=utc_now())
        services.sign_contract(
            contract, actor=author, signed_on=today, sign_mode=SignMode.FACE_TO_FACE, copies=4, sealed=True, now=now
        )
