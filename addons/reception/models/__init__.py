"""Tables of reception, one noun per file."""

from addons.reception.models.card_scan import CardScan
from addons.reception.models.category import Category
from addons.reception.models.contact import Contact
from addons.reception.models.customer import SCORES, Customer
from addons.reception.models.entry_audit import EntryAudit
from addons.reception.models.follow_up import FollowUp
from addons.reception.models.grading import Grading
from addons.reception.models.inquiry import Inquiry
from addons.reception.models.negotiation import Negotiation
from addons.reception.models.objection import Objection
from addons.reception.models.promise import Promise
from addons.reception.models.reception import Reception
from addons.reception.models.reception_check import ReceptionCheck
from addons.reception.models.sms_gateway import SmsGateway
from addons.reception.models.sms_message import SmsMessage
from addons.reception.models.sms_template import SmsTemplate
from addons.reception.models.turn import Turn
from addons.reception.models.turn_member import TurnMember
from addons.reception.models.turn_queue import TurnQueue

__all__ = [
    "SCORES",
    "CardScan",
    "Category",
    "Contact",
    "Customer",
    "EntryAudit",
    "FollowUp",
    "Grading",
    "Inquiry",
    "Negotiation",
    "Objection",
    "Promise",
    "Reception",
    "ReceptionCheck",
    "SmsGateway",
    "SmsMessage",
    "SmsTemplate",
    "Turn",
    "TurnMember",
    "TurnQueue",
]
