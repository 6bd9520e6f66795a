"""Roles, rights and masks."""

from app.security.field_limits import sees_field
from app.security.grants import end_grant, grant_partner, granted_beyond, list_grants
from app.security.held_roles import employees_holding, holds_role
from app.security.masking import mask_address, mask_id_number, mask_name, mask_phone, may_see_personal
from app.security.own import is_own
from app.security.roles import CRUD, Role, may, require
from app.security.scope import employee_id_of, visible
from app.security.wording import role_words

__all__ = [
    "CRUD",
    "Role",
    "employee_id_of",
    "employees_holding",
    "end_grant",
    "grant_partner",
    "granted_beyond",
    "holds_role",
    "is_own",
    "list_grants",
    "mask_address",
    "mask_id_number",
    "mask_name",
    "mask_phone",
    "may",
    "may_see_personal",
    "require",
    "role_words",
    "sees_field",
    "visible",
]
