"""The tree of customer categories (S:REC-07)."""

from typing import Any

from addons.reception.models import Category, Customer
from addons.reception.parameters import CATEGORY_CODE_LEN
from addons.reception.queries import present_day
from app.sdk.database import func, select, session
from app.sdk.errors import Conflict, Duplicate, ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import required_text
from app.sdk.models import User


def create_category(*, actor: User, code: str, name: str, parent_id: int | None = None) -> Category:
    """Open a category: its code is the parent's and so many digits more.

    Raises ValidationError for a code of another form, Duplicate for one that is taken.
    """
    parent = session.get(Category, parent_id) if parent_id is not None else None
    category = Category(
        code=_checked_code(code, parent), name=required_text(name, field="name", maximum=80), parent_id=parent_id
    )
    session.add(category)
    session.flush()
    return category


def update_category(category: Category, *, actor: User, **values: Any) -> None:
    """Rename a category; code and parent can change only while nobody uses it and nothing lies below it."""
    if values.get("name") is not None:
        category.name = required_text(values["name"], field="name", maximum=80)
    code, parent_id = values.get("code", category.code), values.get("parent_id", category.parent_id)
    if (code, parent_id) != (category.code, category.parent_id):
        _refuse_used(category, _("“%(category)s” is used: it can only be renamed."), field="code")
        parent = session.get(Category, parent_id) if parent_id is not None else None
        category.code, category.parent_id = _checked_code(code, parent, other_than=category), parent_id
    session.flush()


def delete_category(category: Category, *, actor: User) -> None:
    """Delete a category that nobody uses and that has none below it; raises Conflict for any other."""
    _refuse_used(category, _("“%(category)s” is used, or has categories below it, and cannot be deleted."))
    session.delete(category)
    session.flush()


def _refuse_used(category: Category, message: Any, *, field: str | None = None) -> None:
    customers = session.scalar(select(func.count(Customer.id)).where(Customer.category_id == category.id))
    below = session.scalar(select(func.count(Category.id)).where(Category.parent_id == category.id))
    if customers or below:
        raise Conflict(
            "category.used", message, field=field, category=str(category), customers=customers or 0, below=below or 0
        )


def _checked_code(typed: str, parent: Category | None, *, other_than: Category | None = None) -> str:
    code, digits = required_text(typed, field="code", maximum=40), CATEGORY_CODE_LEN.value(present_day())
    start = parent.code if parent is not None else ""
    own = code.removeprefix(start)
    if not (code.startswith(start) and own.isascii() and own.isdecimal() and len(own) == digits):
        raise ValidationError(
            "category.code",
            _("The code must be “%(start)s” and %(limit)s digits."),
            field="code",
            start=start,
            limit=digits,
        )
    taken = session.scalar(select(Category).where(Category.code == code))
    if taken is not None and taken is not other_than:
        raise Duplicate("category.taken", _("The code belongs to “%(match)s”."), field="code", match=str(taken))
    return code
