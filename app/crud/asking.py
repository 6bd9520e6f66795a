"""The way to a file with personal data: first it is asked for whom it is (S:CORE-18)."""

from flask import url_for

from app.agreements.sharing import is_agreement_wanted, today


def asking_address(address: str, *, is_personal: bool) -> str:
    """Return the address of a file, or of the page that asks for whom it is where the company wants to know."""
    if not is_personal or not is_agreement_wanted(today()):
        return address
    return url_for("ShareView.ask", next=address.rstrip("?"))
