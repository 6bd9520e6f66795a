"""The number that tells every process that the installed code has changed, and that it must start anew."""

from sqlalchemy.engine import Connection

from app.companies.snapshot import current_number, raise_number

CODE = "code"


def announce_code_change(connection: Connection) -> None:
    """Have every web process and worker start anew within seconds: add-ons came, went or were upgraded."""
    raise_number(connection, CODE)


def code_version(connection: Connection) -> int:
    """Return the present number; 0 before the first release."""
    return current_number(connection, CODE) or 0
