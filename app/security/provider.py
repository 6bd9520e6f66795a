"""The company's identity provider (OpenID Connect), seen from here: a browser goes out, checked claims come back."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from flask import current_app

from app.errors import AppError

if TYPE_CHECKING:
    from app.security.provider_client import Provider

PENDING_FOR = dt.timedelta(minutes=10)
CONFIRMED_FOR = dt.timedelta(minutes=5)


class ProviderDown(AppError):
    """The provider gives no answer, or not in the form that the standard wants."""

    http_status = 503


class ProviderRefused(AppError):
    """A log-in by the provider that is not believed, or that it refused itself."""

    http_status = 401


@dataclass(frozen=True)
class Pending:
    """A log-in that the browser has been sent away for; it is kept in the cookie."""

    nonce: str
    verifier: str
    path: str  # Where to go afterwards, within this site.
    at: float
    again: bool = False  # The provider was told to ask the person itself, logged in there or not.

    def to_dict(self) -> dict[str, Any]:
        """Return what the cookie keeps."""
        return asdict(self)

    def is_over(self, now: dt.datetime) -> bool:
        """Tell whether it was begun too long ago."""
        return not self.at <= now.timestamp() < self.at + PENDING_FOR.total_seconds()


@dataclass(frozen=True)
class Claims:
    """What the provider said, checked, and the token in which it did."""

    said: dict[str, Any]
    id_token: str


def is_provider_on() -> bool:
    """Tell whether this installation has an identity provider."""
    return bool(current_app.config["OIDC_ISSUER"])


def provider() -> "Provider":
    """Return the provider of this installation, with what it has published about itself."""
    from app.security.provider_client import Provider  # noqa: PLC0415  # Its libraries take memory that few need.

    found: Provider = current_app.extensions.setdefault("identity_provider", Provider())
    return found
