"""Pages of reception."""

from addons.reception.pages.front_desk import DeskPage
from addons.reception.pages.transfer import TransferPage

__all__ = ["DeskPage", "TransferPage"]
