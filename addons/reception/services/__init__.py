"""Verbs of reception."""

from addons.reception.services.custody import agree_deal, assign_custodian, delete_customer, undo_deal
from addons.reception.services.customers import create_customer, update_customer
from addons.reception.services.desk import take_visitor
from addons.reception.services.files import erase_customer, open_customer_file, submit_customer
from addons.reception.services.grants import end_customer_grant, grant_customer
from addons.reception.services.inquiries import (
    close_inquiry,
    create_inquiry,
    open_file_of_inquiry,
    receive_inquiry,
    update_inquiry,
)
from addons.reception.services.merging import CUSTOMER_FILES
from addons.reception.services.ownership import check_claim, take_over
from addons.reception.services.privacy import forget_visitor, propose_idle_erasures, refuse_unwanted_contact
from addons.reception.services.promises import (
    approve_promise,
    create_promise,
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
from addons.reception.services.transfer import HOLDINGS, transfer_customer, transfer_customers
from addons.reception.services.turns import create_queue, leave_queues, set_duty, update_queue

__all__ = [
    "CUSTOMER_FILES",
    "HOLDINGS",
    "agree_deal",
    "approve_promise",
    "assess_reception",
    "assign_custodian",
    "cancel_reception",
    "check_claim",
    "close_inquiry",
    "close_reception",
    "confirm_prospect",
    "create_customer",
    "create_inquiry",
    "create_promise",
    "create_queue",
    "create_reception",
    "delete_customer",
    "end_customer_grant",
    "erase_customer",
    "forget_visitor",
    "grant_customer",
    "leave_queues",
    "open_customer_file",
    "open_file_of_inquiry",
    "print_day",
    "print_reception",
    "propose_idle_erasures",
    "receive_inquiry",
    "record_reception",
    "refuse_unwanted_contact",
    "register_customer",
    "reject_promise",
    "reject_prospect",
    "set_duty",
    "start_reception",
    "submit_customer",
    "take_over",
    "take_visitor",
    "transfer_customer",
    "transfer_customers",
    "undo_deal",
    "update_customer",
    "update_inquiry",
    "update_promise",
    "update_queue",
    "update_reception",
    "withdraw_promise",
]
