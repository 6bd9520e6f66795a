"""Verbs of reception."""

from addons.reception.services.audits import ask_for_audit, flag_key_customer, note_contract, return_entry, verify_entry
from addons.reception.services.cards import create_card, discard_card, file_card, update_card
from addons.reception.services.categories import create_category, delete_category, update_category
from addons.reception.services.contacts import create_contact, delete_contact, update_contact
from addons.reception.services.custody import agree_deal, assign_custodian, delete_customer, undo_deal
from addons.reception.services.customers import create_customer, update_customer
from addons.reception.services.desk import take_visitor
from addons.reception.services.files import erase_customer, open_customer_file, submit_customer
from addons.reception.services.follow_ups import follow_up, review_customer
from addons.reception.services.gradings import accept_grading, grade_customer, propose_grades, reject_grading
from addons.reception.services.grants import end_customer_grant, grant_customer
from addons.reception.services.inquiries import (
    close_inquiry,
    create_inquiry,
    open_file_of_inquiry,
    receive_inquiry,
    update_inquiry,
)
from addons.reception.services.merging import CUSTOMER_FILES
from addons.reception.services.negotiations import (
    cancel_negotiation,
    close_negotiation,
    create_negotiation,
    lose_negotiation,
    resume_negotiation,
    undo_negotiation,
    update_negotiation,
    win_negotiation,
)
from addons.reception.services.ownership import check_claim, take_over
from addons.reception.services.privacy import forget_visitor, propose_idle_erasures, refuse_unwanted_contact
from addons.reception.services.promises import (
    approve_promise,
    create_promise,
    refuse_unapproved_promises,
    reject_promise,
    update_promise,
    withdraw_promise,
)
from addons.reception.services.prospects import confirm_prospect, register_customer, reject_prospect
from addons.reception.services.receptions import (
    assess_reception,
    cancel_reception,
    close_reception,
    create_reception,
    print_day,
    print_reception,
    record_reception,
    start_reception,
    update_reception,
)
from addons.reception.services.sms import SMS, mark_failed, mark_sent, send_sms
from addons.reception.services.sms_adapters import SmsRequest, register_sms_adapter
from addons.reception.services.sms_settings import create_gateway, create_template, update_gateway, update_template
from addons.reception.services.transfer import HOLDINGS, transfer_customer, transfer_customers
from addons.reception.services.turns import create_queue, leave_queues, set_duty, update_queue

__all__ = [
    "CUSTOMER_FILES",
    "HOLDINGS",
    "SMS",
    "SmsRequest",
    "accept_grading",
    "agree_deal",
    "approve_promise",
    "ask_for_audit",
    "assess_reception",
    "assign_custodian",
    "cancel_negotiation",
    "cancel_reception",
    "check_claim",
    "close_inquiry",
    "close_negotiation",
    "close_reception",
    "confirm_prospect",
    "create_card",
    "create_category",
    "create_contact",
    "create_customer",
    "create_gateway",
    "create_inquiry",
    "create_negotiation",
    "create_promise",
    "create_queue",
    "create_reception",
    "create_template",
    "delete_category",
    "delete_contact",
    "delete_customer",
    "discard_card",
    "end_customer_grant",
    "erase_customer",
    "file_card",
    "flag_key_customer",
    "follow_up",
    "forget_visitor",
    "grade_customer",
    "grant_customer",
    "leave_queues",
    "lose_negotiation",
    "mark_failed",
    "mark_sent",
    "note_contract",
    "open_customer_file",
    "open_file_of_inquiry",
    "print_day",
    "print_reception",
    "propose_grades",
    "propose_idle_erasures",
    "receive_inquiry",
    "record_reception",
    "refuse_unapproved_promises",
    "refuse_unwanted_contact",
    "register_customer",
    "register_sms_adapter",
    "reject_grading",
    "reject_promise",
    "reject_prospect",
    "resume_negotiation",
    "return_entry",
    "review_customer",
    "send_sms",
    "set_duty",
    "start_reception",
    "submit_customer",
    "take_over",
    "take_visitor",
    "transfer_customer",
    "transfer_customers",
    "undo_deal",
    "undo_negotiation",
    "update_card",
    "update_category",
    "update_contact",
    "update_customer",
    "update_gateway",
    "update_inquiry",
    "update_negotiation",
    "update_promise",
    "update_queue",
    "update_reception",
    "update_template",
    "verify_entry",
    "win_negotiation",
    "withdraw_promise",
]
