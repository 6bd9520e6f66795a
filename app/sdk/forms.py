"""Form fields, where the generated ones are not enough."""

from app.crud.fields import (
    ChoiceField,
    DayField,
    DecimalField,
    FlagField,
    InstantField,
    LongTextField,
    ParsedField,
    ReferenceField,
    TextField,
    WholeNumberField,
)
from app.crud.option_field import OptionField

__all__ = [
    "ChoiceField",
    "DayField",
    "DecimalField",
    "FlagField",
    "InstantField",
    "LongTextField",
    "OptionField",
    "ParsedField",
    "ReferenceField",
    "TextField",
    "WholeNumberField",
]
