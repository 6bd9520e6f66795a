"""People, units and the company's clock."""

from app.companies.clock import active_zone, day_bounds, local_day
from app.companies.org import employee_of, legal_entity_of, owner_and_unit, unit_names, units_of

__all__ = [
    "active_zone",
    "day_bounds",
    "employee_of",
    "legal_entity_of",
    "local_day",
    "owner_and_unit",
    "unit_names",
    "units_of",
]
