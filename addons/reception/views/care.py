"""Screens of what happens to a customer's file: follow-ups, negotiations, contacts, categories, grades, audits."""

from addons.reception import queries, services
from addons.reception.forms import CARD_FIELDS, CONTACT_FIELDS, NEGOTIATION_FIELDS, PERSONAL
from addons.reception.models import CardScan, Category, Contact, EntryAudit, FollowUp, Grading, Negotiation, Reception
from addons.reception.views.front_desk import LABELS
from addons.reception.workflow import AUDIT_WORKFLOW, CARD_WORKFLOW, GRADING_WORKFLOW, NEGOTIATION_WORKFLOW
from app.sdk.i18n import _
from app.sdk.views import Calendar, CreateMode, CrudView, Lines, Section, Tab

CARE_LABELS = {**LABELS, "customer": _("Customer"), "customer.code": _("Customer"), "at": _("Contacted at")}
FOLLOW_UP_LABELS = {**CARE_LABELS, "next_on": _("Next contact on")}
CONTACT_LABELS = {**CARE_LABELS, "title": _("Job title"), "is_decision_maker": _("Decides")}
CONTACT_PERSONAL = {"phone": PERSONAL["phone"]}
CATEGORY_LABELS = {"parent": _("Above"), "parent_id": _("Above")}
CARD_LABELS = {**CARE_LABELS, "title": _("Job title"), "company_name": _("Company")}
GRADING_LABELS = {**CARE_LABELS, "on": _("Day")}
CUSTOMER = "reception.Customer"


class FollowUpView(CrudView):
    """Every contact with a customer; it is saved from the customer's page and stays as it is."""

    model = FollowUp
    title = _("Follow-ups")
    verbs = ("list", "show")
    list_columns = ("customer", "at", "method", "note", "next_on", "owner")
    form_columns = ("customer_id", "at", "method", "note", "next_on", "owner_id")
    search_columns = ("customer_id", "at", "method", "next_on", "owner_id")
    order = ("at", "desc")
    labels = FOLLOW_UP_LABELS
    calendar = Calendar("next_on", title="customer", colour="method", details=("note", "owner"))


class NegotiationView(CrudView):
    """Rounds of negotiation."""

    model = Negotiation
    trails = True
    title = _("Negotiations")
    verbs = ("list", "show", "add", "edit")
    list_columns = ("topic", "customer", "round", "held_at", "owner", "state")
    form_columns = ("customer_id", "held_at", "topic", "note")
    edit_columns = ("held_at", "topic", "note")
    show_only = ("customer", "round", "owner")
    search_columns = ("customer_id", "topic", "round", "held_at", "owner_id", "state")
    labels = CARE_LABELS
    fields = NEGOTIATION_FIELDS
    lines = Lines("objections", ("objection", "reply"), key="objection", label=_("Objections"))
    create_with = services.create_negotiation
    update_with = services.update_negotiation
    workflow = NEGOTIATION_WORKFLOW
    calendar = Calendar("held_at", title="topic", colour="state", details=("customer", "round", "owner"))


class ContactView(CrudView):
    """The people to talk to at customers'."""

    model = Contact
    title = _("Contacts")
    list_columns = ("name", "customer", "title", "phone", "is_decision_maker", "owner")
    form_columns = ("customer_id", "name", "title", "phone", "is_decision_maker", "note")
    edit_columns = ("name", "title", "phone", "is_decision_maker", "note")
    show_only = ("customer", "owner")
    search_columns = ("customer_id", "owner_id")
    labels = CONTACT_LABELS
    fields = CONTACT_FIELDS
    personal = CONTACT_PERSONAL
    create_with = services.create_contact
    update_with = services.update_contact
    delete_with = services.delete_contact


class CategoryView(CrudView):
    """The tree of customer categories."""

    model = Category
    title = _("Customer categories")
    list_columns = ("code", "name", "parent")
    form_columns = ("parent_id", "code", "name")
    search_columns = ("code", "name", "parent_id")
    order = ("code", "asc")
    labels = CATEGORY_LABELS
    create_with = services.create_category
    update_with = services.update_category
    delete_with = services.delete_category


class GradingView(CrudView):
    """Grades that were proposed and decided on, with how they came about."""

    model = Grading
    title = _("Grades")
    verbs = ("list", "show")
    list_columns = ("customer", "quarter", "score", "former_grade", "grade", "owner", "state")
    form_columns = ("customer_id", "quarter", "on", "former_grade", "grade", "score", "owner_id")
    search_columns = ("customer_id", "quarter", "grade", "former_grade", "score", "owner_id", "state")
    labels = GRADING_LABELS
    workflow = GRADING_WORKFLOW


class EntryAuditView(CrudView):
    """The audit of what consultants entered."""

    model = EntryAudit
    title = _("Entry audits")
    verbs = ("list", "show")
    list_columns = ("customer", "owner", "asked_at", "verified_at", "returned_because", "state")
    form_columns = ("customer_id", "owner_id", "asked_at", "verified_at", "returned_because")
    search_columns = ("customer_id", "owner_id", "asked_at", "verified_at", "state")
    labels = CARE_LABELS
    workflow = AUDIT_WORKFLOW


WHY_THIS_GRADE = Section("why", _("How the grade came about"), queries.explain_grading, tells=("score", "grade"))
DUE_SECTION = Section(
    "due", _("Due"), queries.due_pairs, resource=CUSTOMER, tells=("intent", "grade", "last_contact_at")
)
CUSTOMER_TABS = (
    Tab(
        "contacts",
        _("Contacts"),
        ("name", "title", "is_decision_maker", "note"),
        rows=queries.list_contacts,
        count=queries.counting(Contact),
        labels={"name": _("Name"), "title": _("Job title"), "is_decision_maker": _("Decides"), "note": _("Note")},
        view="reception.ContactView",
        resource="reception.Contact",
    ),
    Tab(
        "follow_ups",
        _("Follow-ups"),
        ("at", "method", "note", "next_on"),
        rows=queries.list_follow_ups,
        count=queries.counting(FollowUp),
        labels={"at": _("Contacted at"), "method": _("Method"), "note": _("Note"), "next_on": _("Next contact on")},
        view="reception.FollowUpView",
        resource="reception.FollowUp",
    ),
    Tab(
        "visits",
        _("Receptions"),
        ("number", "arrived_at", "minutes", "intent", "needs"),
        rows=queries.list_visits,
        count=queries.counting(Reception),
        labels={
            "number": _("Number"),
            "arrived_at": _("Arrived at"),
            "minutes": _("Minutes"),
            "intent": _("Intent"),
            "needs": _("Needs"),
        },
        view="reception.ReceptionView",
        resource="reception.Reception",
    ),
    Tab(
        "negotiations",
        _("Negotiations"),
        ("round", "topic", "held_at", "state"),
        rows=queries.list_negotiations,
        count=queries.counting(Negotiation),
        labels={"round": _("Round"), "topic": _("Topic"), "held_at": _("Held at"), "state": _("State")},
        view="reception.NegotiationView",
        resource="reception.Negotiation",
    ),
    Tab(
        "gradings",
        _("Grades"),
        ("quarter", "score", "grade", "state"),
        rows=queries.list_gradings,
        count=queries.counting(Grading),
        labels={"quarter": _("Quarter"), "score": _("Score"), "grade": _("Grade"), "state": _("State")},
        view="reception.GradingView",
        resource="reception.Grading",
    ),
    Tab(
        "documents",
        _("Documents"),
        ("number", "title", "kind", "state"),
        rows=queries.list_papers,
        count=queries.count_papers,
        labels={"number": _("Number"), "title": _("Document"), "kind": _("Kind"), "state": _("State")},
        resource=CUSTOMER,
    ),
)


class CardScanView(CrudView):
    """Business cards that were read; somebody compares them with the card before they become files."""

    model = CardScan
    title = _("Business cards")
    verbs = ("list", "show", "add", "edit")
    list_columns = ("name", "company_name", "title", "phone", "owner", "created_at", "state")
    form_columns = ("text", "source_id")
    edit_columns = ("name", "company_name", "title", "phone", "mail", "wechat", "address", "source_id")
    show_only = ("customer", "owner")
    search_columns = ("name", "company_name", "owner_id", "created_at", "state")
    labels = CARD_LABELS
    fields = CARD_FIELDS
    personal = PERSONAL
    create_with = services.create_card
    update_with = services.update_card
    workflow = CARD_WORKFLOW


BY_HAND = CreateMode("manual", _("Type it in"), "pencil", "reception.Customer")
BY_CARD = CreateMode("card", _("From a business card"), "id-card", "reception.CardScan")
