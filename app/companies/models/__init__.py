"""Tables of companies, one noun per file."""

from app.companies.models.assignment import Assignment
from app.companies.models.cache_version import CacheVersion
from app.companies.models.company import Company
from app.companies.models.disabled_addon import DisabledAddon
from app.companies.models.employee import Employee
from app.companies.models.enabled_addon import EnabledAddon
from app.companies.models.installed_addon import InstalledAddon
from app.companies.models.legal_entity import LegalEntity
from app.companies.models.membership import Membership, MembershipUnit, Scope
from app.companies.models.org_placement import OrgPlacement
from app.companies.models.org_unit import OrgUnit, OrgUnitKind
from app.companies.models.position import Position
from app.companies.models.viewing import Viewing, ViewingEnd

__all__ = [
    "Assignment",
    "CacheVersion",
    "Company",
    "DisabledAddon",
    "Employee",
    "EnabledAddon",
    "InstalledAddon",
    "LegalEntity",
    "Membership",
    "MembershipUnit",
    "OrgPlacement",
    "OrgUnit",
    "OrgUnitKind",
    "Position",
    "Scope",
    "Viewing",
    "ViewingEnd",
]
