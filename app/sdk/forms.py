"""Form fields, where the generated ones are not enough."""

from app.crud.fields import (
    ChoiceField, DayField, DecimalField, FlagField, InstantField, LongTextField, ParsedField, ReferenceField, TextField,
    WholeNumberField,
)

__all__ = [
    "ChoiceField", "DayField", "DecimalField", "FlagField", "InstantField", "LongTextField", "ParsedField", "ReferenceField",
    "TextField", "WholeNumberField",
]
