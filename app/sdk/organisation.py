"""People, units and the company's clock."""

from app.companies.clock import active_zone, day_bounds
from app.companies.org import employee_of, legal_entity_of, units_of

__all__ = ["active_zone", "day_bounds", "employee_of", "legal_entity_of", "units_of"]
