"""Declaring tables."""

from flask_appbuilder.security.sqla.models import User

from app.companies.models import Assignment, Company, Employee, LegalEntity, OrgUnit, Position
from app.companies.ownership import Owned
from app.database.archiving import Archivable
from app.database.base import CompanyModel
from app.database.columns import Money, Quantity, UtcDateTime, choice, many_to_one, reference
from app.database.encryption import EncryptedText
from app.database.personal import Attached
from app.documents.document import Document

__all__ = [
    "Archivable",
    "Assignment",
    "Attached",
    "Company",
    "CompanyModel",
    "Document",
    "Employee",
    "EncryptedText",
    "LegalEntity",
    "Money",
    "OrgUnit",
    "Owned",
    "Position",
    "Quantity",
    "User",
    "UtcDateTime",
    "choice",
    "many_to_one",
    "reference",
]
