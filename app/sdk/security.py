"""Roles, rights and masks."""

from app.security.masking import mask_address, mask_id_number, mask_name, mask_phone, may_see_personal
from app.security.roles import CRUD, Role, may, require
from app.security.scope import visible

__all__ = [
    "CRUD",
    "Role",
    "mask_address",
    "mask_id_number",
    "mask_name",
    "mask_phone",
    "may",
    "may_see_personal",
    "require",
    "visible",
]
