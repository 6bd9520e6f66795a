"""Letters: what leaves by e-mail, and the server that carries it."""

import datetime as dt
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

from app.errors import ConfigurationError

if TYPE_CHECKING:
    import smtplib

MAIL_ERRORS = (OSError, ValueError)  # Those of smtplib are OSErrors; ValueError: an address that no mail can carry.
SECURITIES = ("starttls", "tls", "none")
_TIMEOUT = 20  # Seconds.
_SUBJECT = 120  # Characters.


@dataclass(frozen=True)
class Letter:
    """One e-mail. `key` makes its Message-ID: sent twice, it is known as the same."""

    to: str
    subject: str
    body: str
    key: str  # "notice.1.7"
    at: dt.datetime


def is_mail_on() -> bool:
    """Tell whether this installation sends e-mail."""
    return bool(current_app.config["SMTP_HOST"])


def check_mail_settings(settings: dict[str, object]) -> None:
    """Raise ConfigurationError for a mail server without a sender, or with a security that does not exist."""
    if not settings["SMTP_HOST"]:
        return
    if "@" not in str(settings["SMTP_SENDER"]):
        raise ConfigurationError("SMTP_SENDER: is needed with SMTP_HOST, as an e-mail address")
    if settings["SMTP_SECURITY"] not in SECURITIES:
        raise ConfigurationError(f"SMTP_SECURITY: is one of {', '.join(SECURITIES)}")


def subject_line(text: str) -> str:
    """Return a text as one line that every mail program shows whole."""
    subject = " ".join(text.split())
    return subject if len(subject) <= _SUBJECT else f"{subject[: _SUBJECT - 1]}…"


def send_letter(letter: Letter) -> None:
    """Send a letter. Raises one of MAIL_ERRORS when the server does not take it."""
    from email.headerregistry import Address  # noqa: PLC0415  # A megabyte, for the process that sends mail.
    from email.message import EmailMessage  # noqa: PLC0415
    from email.utils import format_datetime  # noqa: PLC0415

    config = current_app.config
    message = EmailMessage()
    sender = config["SMTP_SENDER"]
    message["From"] = Address(config["APP_NAME"], addr_spec=sender)
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # Holiday replies stay away.
    message.set_content(letter.body)
    with _server() as server:
        server.send_message(message)


def _server() -> "smtplib.SMTP":
    import smtplib  # noqa: PLC0415

    config = current_app.config
    host, port, security = config["SMTP_HOST"], config["SMTP_PORT"], config["SMTP_SECURITY"]
    server: smtplib.SMTP
    if security == "tls":
        server = smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=_TIMEOUT)
    try:
        if security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if config["SMTP_USERNAME"]:
            server.login(config["SMTP_USERNAME"], config["SMTP_PASSWORD"])
    except Exception:
        server.close()
        raise
    return server
