"""Tables of security, one noun per file. All but the grants belong to users, not to companies."""

from app.security.models.account import Account
from app.security.models.external_identity import DIRECTORY, ExternalIdentity
from app.security.models.field_limit import FieldLevel, FieldLimit
from app.security.models.former_password import FormerPassword
from app.security.models.invitation import Invitation
from app.security.models.login import Login, LoginKind, LoginMethod
from app.security.models.own_role import OwnRole
from app.security.models.partner_grant import PartnerGrant
from app.security.models.second_factor import RecoveryCode, SecondFactor

__all__ = [
    "DIRECTORY",
    "Account",
    "ExternalIdentity",
    "FieldLevel",
    "FieldLimit",
    "FormerPassword",
    "Invitation",
    "Login",
    "LoginKind",
    "LoginMethod",
    "OwnRole",
    "PartnerGrant",
    "RecoveryCode",
    "SecondFactor",
]
