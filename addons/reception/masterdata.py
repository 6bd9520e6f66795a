"""The lists and running numbers that reception keeps in master data."""

from app.sdk.i18n import _
from app.sdk.masterdata import NumberFormat, NumberReset, NumberSeriesDefinition, OptionListDefinition

SOURCES = "reception.source"
CHECKLIST = "reception.checklist"
PROMISE_TYPES = "reception.promise_type"
NATURES = "reception.nature"
INDUSTRIES = "reception.industry"
REGIONS = "reception.region"
CUSTOMER_NUMBERS = "reception.customer"
RECEPTION_NUMBERS = "reception.reception"
PROSPECT_NUMBERS = "reception.prospect"

OPTION_LISTS = (
    OptionListDefinition(
        SOURCES,
        _("Customer sources"),
        (  # S:REC-05
            _("Market research"),
            _("Exhibition"),
            _("Web"),
            _("Visit"),
            _("Form"),
            _("Phone"),
            _("E-mail"),
            _("Chat"),
        ),
    ),
    OptionListDefinition(
        CHECKLIST,
        _("Reception checklist"),
        (  # P:REC-01
            _("Company introduced"),
            _("Products explained"),
            _("Needs asked"),
            _("Brochure handed over"),
        ),
    ),
    OptionListDefinition(
        PROMISE_TYPES,
        _("Kinds of promise"),
        (  # P:REC-05
            _("Price"),
            _("Gift"),
            _("Delivery date"),
            _("After-sales service"),
            _("Other"),
        ),
    ),
    OptionListDefinition(
        NATURES,
        _("Natures of customers"),
        (  # S:REC-06
            _("Private person"),
            _("Private company"),
            _("State-owned company"),
            _("Foreign company"),
            _("Public institution"),
        ),
    ),
    OptionListDefinition(
        INDUSTRIES,
        _("Industries"),
        (  # S:REC-06
            _("Real estate"),
            _("Manufacturing"),
            _("Trade"),
            _("Agriculture"),
            _("Financial services"),
            _("Education"),
            _("Health care"),
            _("Services"),
        ),
    ),
    OptionListDefinition(
        REGIONS,
        _("Sales regions"),
        (  # S:REC-15
            _("North China"),
            _("East China"),
            _("South China"),
            _("Central China"),
            _("North-west China"),
            _("South-west China"),
            _("North-east China"),
        ),
    ),
)
NUMBER_SERIES = (
    NumberSeriesDefinition(CUSTOMER_NUMBERS, _("Customers"), NumberFormat("C{yyyy}{mm}{number:04}", NumberReset.MONTH)),
    NumberSeriesDefinition(
        RECEPTION_NUMBERS, _("Receptions"), NumberFormat("R{yyyy}{mm}{number:04}", NumberReset.MONTH)
    ),
    NumberSeriesDefinition(PROSPECT_NUMBERS, _("Prospect register"), NumberFormat("PC{yyyy}-{number:04}")),
)
