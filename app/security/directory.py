"""The company's directory (LDAP), seen from here: a name and a password go in, a person comes out."""

from dataclasses import dataclass

from flask import current_app

from app.errors import AppError
from app.security.external import Person
from app.security.models import DIRECTORY


class DirectoryDown(AppError):
    """No server of the directory gives an answer that can be used."""

    http_status = 503


@dataclass(frozen=True)
class Entry:
    """A person in the directory; `id` never changes there. What the directory does not say is empty."""

    dn: str
    id: str
    username: str
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    employee_number: str = ""


@dataclass(frozen=True)
class Answer:
    """What the directory says to a name and a password; the entry is known only where it may be read."""

    accepted: bool
    entry: Entry | None = None


def is_directory_on() -> bool:
    """Tell whether this installation asks a directory."""
    return bool(current_app.config["LDAP_SERVERS"])


def ask_directory(name: str, password: str) -> Answer:
    """Tell whether the directory knows this name with this password, and lets it in.

    The transaction so far is given up: call it before anything is written. Raises DirectoryDown.
    """
    from app.security.directory_client import ask  # noqa: PLC0415  # Its library takes memory that few need.

    return ask(name, password)


def find_in_directory(name: str) -> Entry | None:
    """Return the person of this name, for whoever links users; only where the directory may be searched."""
    from app.security.directory_client import find  # noqa: PLC0415  # As above.

    return find(name)


def person_of(entry: Entry) -> Person:
    """Return a person of the directory; what an administrator wrote there is verified."""
    return Person(
        DIRECTORY, entry.id, entry.username, entry.email, entry.first_name, entry.last_name, entry.employee_number
    )
