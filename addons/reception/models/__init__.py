"""Tables of reception, one noun per file."""

from addons.reception.models.customer import Customer
from addons.reception.models.inquiry import Inquiry
from addons.reception.models.promise import Promise
from addons.reception.models.reception import Reception
from addons.reception.models.reception_check import ReceptionCheck
from addons.reception.models.turn import Turn
from addons.reception.models.turn_member import TurnMember
from addons.reception.models.turn_queue import TurnQueue

__all__ = ["Customer", "Inquiry", "Promise", "Reception", "ReceptionCheck", "Turn", "TurnMember", "TurnQueue"]
