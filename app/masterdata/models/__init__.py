"""Models of master data, one noun per file."""

from app.masterdata.models.address import Address
from app.masterdata.models.calendar_day import CalendarDay
from app.masterdata.models.consent import Consent
from app.masterdata.models.currency import Currency
from app.masterdata.models.erase_request import EraseRequest
from app.masterdata.models.fx_rate import FxRate
from app.masterdata.models.invoice_title import InvoiceTitle
from app.masterdata.models.merge_log import MergeLog
from app.masterdata.models.number_counter import NumberCounter
from app.masterdata.models.number_series import NumberSeries
from app.masterdata.models.option import Option
from app.masterdata.models.option_list import OptionList
from app.masterdata.models.ownership_change import OwnershipChange
from app.masterdata.models.partner import Partner
from app.masterdata.models.partner_point import PartnerPoint
from app.masterdata.models.partner_relation import PartnerRelation
from app.masterdata.models.partner_role import PartnerRole
from app.masterdata.models.product import Product
from app.masterdata.models.product_category import ProductCategory
from app.masterdata.models.sellable_item import SellableItem
from app.masterdata.models.tax_rate import TaxRate
from app.masterdata.models.unit_of_measure import UnitOfMeasure

__all__ = [
    "Address",
    "CalendarDay",
    "Consent",
    "Currency",
    "EraseRequest",
    "FxRate",
    "InvoiceTitle",
    "MergeLog",
    "NumberCounter",
    "NumberSeries",
    "Option",
    "OptionList",
    "OwnershipChange",
    "Partner",
    "PartnerPoint",
    "PartnerRelation",
    "PartnerRole",
    "Product",
    "ProductCategory",
    "SellableItem",
    "TaxRate",
    "UnitOfMeasure",
]
