"""Tables of security, one noun per file. They belong to users, not to companies."""

from app.security.models.account import Account
from app.security.models.former_password import FormerPassword
from app.security.models.login import Login, LoginKind

__all__ = ["Account", "FormerPassword", "Login", "LoginKind"]
