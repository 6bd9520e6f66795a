"""Generated screens of reception; REST has the same."""

import datetime as dt

from addons.reception import queries, services
from addons.reception.choices import CustomerState
from addons.reception.forms import CUSTOMER_FIELDS, INQUIRY_FIELDS, PERSONAL, PROMISE_FIELDS, VISITOR_FIELDS
from addons.reception.models import SCORES, Customer, Inquiry, Promise, Reception, TurnQueue
from addons.reception.reports import DAILY_RECORD
from addons.reception.workflow import CUSTOMER_WORKFLOW, INQUIRY_WORKFLOW, PROMISE_WORKFLOW, RECEPTION_WORKFLOW
from app.sdk.i18n import _
from app.sdk.models import User
from app.sdk.views import Calendar, CrudView, Figure, HomeCard, ImportColumn, Importer, Kanban, Lines, Printing

LABELS = {
    "owner": _("Consultant"),
    "owner_id": _("Consultant"),
    "partner.name": _("Name"),
    "source.name": _("Source"),
    "source": _("Source"),
    "file_minutes_late": _("Minutes late"),
    "nature.name": _("Nature"),
    "industry.name": _("Industry"),
    "region.name": _("Region"),
    "lifecycle": _("Customer stage"),
    "is_key": _("Key customer"),
}
REGISTERED = ("prospect_number", "registered_at", "confirmed_at", "agreed_at", "custodian")  # P:CRM-02 to 04.
CLASSES = ("nature_id", "industry_id", "region_id", "category_id", "potential")  # S:REC-06
WORKED_OUT = ("lifecycle", "signed_on", "is_key", "grade", "graded_on", "reviewed_on")
PROMISE_LABELS = {
    **LABELS,
    "type.name": _("Type"),
    "type": _("Type"),
    "text": _("Promise"),
    "reception.number": _("Reception"),
}
CUSTOMER_IMPORT = Importer(
    columns=(
        ImportColumn("name", ("姓名", "客户名称", "客户姓名", "公司名称"), "王小明"),
        ImportColumn("kind", ("客户类型", "性质"), "个人"),
        ImportColumn("phone", ("手机", "电话", "手机号", "手机号码", "联系电话"), "13812345678"),
        ImportColumn("source_id", ("来源", "客户来源"), "展会"),
        ImportColumn("intent", ("意向", "购买意向", "意向等级"), "B"),
        ImportColumn("id_no", ("身份证号", "身份证", "身份证号码", "证件号码"), "11010519491231002X"),
        ImportColumn("tax_no", ("统一社会信用代码", "税号"), ""),
        ImportColumn("address", ("地址", "联系地址"), "杭州市西湖区文三路 1 号"),
        ImportColumn("mail", ("邮箱", "电子邮箱"), ""),
        ImportColumn("wechat", ("微信", "微信号"), ""),
        ImportColumn("legal_representative", ("法定代表人",), ""),
        ImportColumn("decision_maker", ("决策人",), ""),
        ImportColumn("business_scope", ("经营范围",), ""),
        ImportColumn("buying_power", ("购买能力",), ""),
        ImportColumn("cooperation_need", ("合作需求", "需求"), "三居室"),
        ImportColumn("budget", ("预算",), "1500000"),
        ImportColumn("received_on", ("来访日期", "接待日期", "登记日期"), "2026-03-02"),
        ImportColumn("remark", ("备注",), ""),
    ),
    hint=_("A row whose phone or identity number is on file already is a duplicate."),
)


class CustomerView(CrudView):
    """Prospects and customer files."""

    model = Customer
    attachments = trails = True
    reads_along = ("points", "addresses", "consents", "partner.custodian")
    title = _("Customers")
    list_columns = (
        "code",
        "partner.name",
        "phone",
        "stage",
        "intent",
        "grade",
        "source.name",
        "owner",
        "received_on",
        "last_contact_at",
        "lifecycle",
        "category",
        "region.name",
        "is_key",
        "reviewed_on",
        "state",
    )
    hidden_columns = ("received_on", "lifecycle", "category", "region.name", "is_key", "reviewed_on")
    form_columns = (
        "name",
        "kind",
        "phone",
        "mail",
        "wechat",
        "address",
        "source_id",
        "intent",
        "owner_id",
        "received_on",
        "id_type",
        "id_no",
        "tax_no",
        "legal_representative",
        "decision_maker",
        "business_scope",
        "buying_power",
        "cooperation_need",
        "budget",
        "remark",
        *CLASSES,
        *SCORES,
        "preferences",
        "feedback",
        "notice_given",
        "marketing_consent",
        "sensitive_consent",
        "opt_out",
        "take_over",
    )
    edit_columns = (*(name for name in form_columns if name != "take_over"), "lifecycle")
    show_only = (
        *WORKED_OUT,
        "code",
        "stage",
        "last_contact_at",
        "file_opened_at",
        "submitted_at",
        "days_late",
        "file_minutes_late",
        *REGISTERED,
    )
    fieldsets = (
        (_("Contact"), ("code", "stage", "name", "kind", "phone", "mail", "wechat", "address")),
        (
            _("Interest"),
            (
                "intent",
                "source_id",
                "owner_id",
                "received_on",
                "last_contact_at",
                "cooperation_need",
                "buying_power",
                "budget",
                "decision_maker",
                "take_over",
            ),
        ),
        (_("Classification"), ("lifecycle", "signed_on", "is_key", *CLASSES)),
        (_("Grade"), ("grade", "graded_on", *SCORES)),
        (_("Preferences"), ("preferences", "feedback")),
        (_("Identity"), ("id_type", "id_no", "tax_no", "legal_representative", "business_scope")),
        (_("Privacy"), ("notice_given", "marketing_consent", "sensitive_consent", "opt_out")),
        (_("Notes"), ("remark", "file_opened_at", "submitted_at", "days_late", "file_minutes_late")),
        (_("Prospect register"), REGISTERED),
    )
    search_columns = (
        "code",
        "partner.name",
        "stage",
        "state",
        "intent",
        "source.name",
        "owner_id",
        "received_on",
        "last_contact_at",
        "budget",
        "days_late",
        "prospect_number",
        "registered_at",
        "awaits_custodian",
        "lifecycle",
        "nature.name",
        "industry.name",
        "region.name",
        "category_id",
        "potential",
        "grade",
        "is_key",
        "reviewed_on",
        "signed_on",
    )
    labels = LABELS
    fields = CUSTOMER_FIELDS
    personal = PERSONAL
    importer = CUSTOMER_IMPORT
    kanban = Kanban("intent", card=("partner.name", "phone", "state", "last_contact_at", "owner"), sum="budget")
    printing = Printing(signatures=(_("Consultant"), _("Customer")))
    create_with = services.create_customer
    update_with = services.update_customer
    delete_with = services.delete_customer
    workflow = CUSTOMER_WORKFLOW


class ReceptionView(CrudView):
    """Receptions, one for each visitor."""

    model = Reception
    title = _("Receptions")
    list_columns = (
        "number",
        "visitor_name",
        "phone",
        "doc_date",
        "arrived_at",
        "left_at",
        "minutes",
        "owner",
        "source.name",
        "intent",
        "state",
    )
    hidden_columns = ("doc_date", "source.name")
    form_columns = (
        "visitor_name",
        "phone",
        "declined_reason",
        "source_id",
        "customer_id",
        "owner_id",
        "arrived_at",
        "left_at",
        "needs",
        "presented",
        "next_step",
        "id_no",
        "note",
    )
    show_only = ("number", "minutes", "intent", "is_returning", "recorded_at", "printed_at")
    fieldsets = (
        (
            _("Visitor"),
            ("number", "visitor_name", "phone", "declined_reason", "source_id", "customer_id", "id_no", "is_returning"),
        ),
        (
            _("Reception"),
            ("owner_id", "arrived_at", "left_at", "minutes", "needs", "presented", "next_step", "intent", "note"),
        ),
    )
    search_columns = (
        "number",
        "visitor_name",
        "doc_date",
        "arrived_at",
        "owner_id",
        "source.name",
        "intent",
        "state",
        "is_returning",
    )
    labels = LABELS
    fields = VISITOR_FIELDS
    personal = PERSONAL
    lines = Lines("checks", ("item", "done"), key="item", label=_("Checklist"))
    calendar = Calendar("arrived_at", "left_at", "visitor_name", colour="state", details=("phone", "owner", "intent"))
    printing = Printing(DAILY_RECORD, step="print")
    create_with = services.create_reception
    update_with = services.update_reception
    workflow = RECEPTION_WORKFLOW


class InquiryView(CrudView):
    """The phone-in and walk-in register."""

    model = Inquiry
    title = _("Inquiries")
    list_columns = ("visitor_name", "phone", "channel", "received_at", "need", "source.name", "owner", "state")
    form_columns = ("channel", "received_at", "visitor_name", "phone", "need", "source_id", "owner_id", "note")
    show_only = ("reception", "customer")
    search_columns = ("visitor_name", "channel", "received_at", "source.name", "owner_id", "state")
    labels = LABELS
    fields = INQUIRY_FIELDS
    personal = PERSONAL
    kanban = Kanban("state", card=("visitor_name", "phone", "channel", "received_at", "owner"))
    calendar = Calendar("received_at", title="visitor_name", colour="state", details=("phone", "channel", "owner"))
    create_with = services.create_inquiry
    update_with = services.update_inquiry
    workflow = INQUIRY_WORKFLOW


class PromiseView(CrudView):
    """What visitors were promised."""

    model = Promise
    title = _("Promises")
    list_columns = ("text", "type.name", "reception.number", "reception.visitor_name", "owner", "created_at", "state")
    form_columns = ("reception_id", "type_id", "text")
    edit_columns = ("type_id", "text")
    search_columns = ("text", "type.name", "owner_id", "created_at", "state")
    labels = PROMISE_LABELS
    fields = PROMISE_FIELDS
    create_with = services.create_promise
    update_with = services.update_promise
    workflow = PROMISE_WORKFLOW


class TurnQueueView(CrudView):
    """Front desks, and the consultants who take turns there."""

    model = TurnQueue
    title = _("Turn queues")
    list_columns = ("name",)
    form_columns = ("name",)
    order = ("name", "asc")
    search_columns = ("name",)
    lines = Lines("members", ("employee_id", "state", "is_active"), key="employee_id", label=_("Consultants"))
    create_with = services.create_queue
    update_with = services.update_queue


def _visitors_today(actor: User, today: dt.date) -> Figure:
    return Figure(
        queries.count_receptions(today, actor=actor),
        _("received or on their way"),
        queries.daily_counts(today, actor=actor),
    )


def _files_to_submit(actor: User, _today: dt.date) -> Figure:
    return Figure(queries.count_in_state(CustomerState.DRAFT, actor=actor), _("to hand to the supervisor"), tone="c3")


def _files_to_register(actor: User, _today: dt.date) -> Figure:
    return Figure(queries.count_in_state(CustomerState.SUBMITTED, actor=actor), _("waiting for the register"))


def _open_inquiries(actor: User, _today: dt.date) -> Figure:
    return Figure(queries.count_open_inquiries(actor=actor), _("not followed up yet"), tone="c2")


def _promises_to_decide(actor: User, _today: dt.date) -> Figure:
    return Figure(queries.count_requested_promises(actor=actor), _("waiting for a decision"), tone="c4")


def _registered_customers(actor: User, _today: dt.date) -> Figure:
    return Figure(queries.count_in_state(CustomerState.REGISTERED, actor=actor), _("in the register"))


HOME_CARDS = (
    HomeCard("reception.visitors_today", _("Visitors today"), "users", "reception.Reception", _visitors_today),
    HomeCard(
        "reception.files_to_submit",
        _("Files to submit"),
        "contact",
        "reception.Customer",
        _files_to_submit,
        {"_flt_0_state": CustomerState.DRAFT.value},
    ),
    HomeCard(
        "reception.files_to_register",
        _("Files to register"),
        "book-open",
        "reception.Customer",
        _files_to_register,
        {"_flt_0_state": CustomerState.SUBMITTED.value},
        verb="register",
    ),
    HomeCard(
        "reception.open_inquiries",
        _("Open inquiries"),
        "phone-call",
        "reception.Inquiry",
        _open_inquiries,
        {"_flt_0_state": "open"},
    ),
    HomeCard(
        "reception.promises",
        _("Promises"),
        "handshake",
        "reception.Promise",
        _promises_to_decide,
        {"_flt_0_state": "requested"},
    ),
    HomeCard(
        "reception.registered_customers",
        _("Registered customers"),
        "contact",
        "reception.Customer",
        _registered_customers,
        {"_flt_0_state": CustomerState.REGISTERED.value},
    ),
)
