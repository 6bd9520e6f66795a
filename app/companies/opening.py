"""Opening a company: the least that it needs before anybody can work in it."""

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from app.companies.models import Company, LegalEntity, OrgUnitKind
from app.companies.org import create_unit
from app.database.session import as_company, session
from app.errors import Conflict, NotFound, ValidationError
from app.i18n import _


def open_company(
    name: str,
    *,
    code: str,
    on: dt.date,
    mark: str = "",
    timezone: str = "Asia/Shanghai",
    locale: str = "zh",
    legal_entity_name: str = "",
    tax_no: str | None = None,
) -> Company:
    """Create a company with its first legal entity and the root of its units, which bear its name unless told.

    Raises Conflict when the name or the code is taken, ValidationError when the time zone is unknown.
    """
    _check_timezone(timezone)
    _check_free(name, code)
    company = Company(name=name, code=code, mark=mark or code[:2].upper(), timezone=timezone, locale=locale)
    session.add(company)
    session.flush()
    with as_company(company.id):
        legal_entity = LegalEntity(name=legal_entity_name or name, tax_no=tax_no)
        session.add(legal_entity)
        create_unit(name, code=code, kind=OrgUnitKind.REGION, legal_entity=legal_entity, valid_from=on)
    return company


def get_company(company_id: int) -> Company:
    """Return the company. Raises NotFound."""
    company = session.get(Company, company_id)
    if company is None:
        raise NotFound("company.not_found", _("There is no such company."))
    return company


def find_company(code: str) -> Company | None:
    """Return the company with this code."""
    return session.scalar(sa.select(Company).where(Company.code == code))


def _check_timezone(timezone: str) -> None:
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationError(
            "company.timezone", _("%(timezone)s is not a time zone."), field="timezone", timezone=timezone
        ) from None


def _check_free(name: str, code: str) -> None:
    for column, value in ((Company.name, name), (Company.code, code)):
        if session.scalar(sa.select(Company.id).where(column == value)):
            raise Conflict(
                f"company.{column.key}", _("Another company is called %(value)s."), field=column.key, value=value
            )
