"""Tables of agreements, one noun per file."""

from app.agreements.models.agreement_version import AgreementVersion
from app.agreements.models.data_share import DataShare
from app.agreements.models.recipient_agreement import RecipientAgreement
from app.agreements.models.signature import Signature, SigningWay

__all__ = ["AgreementVersion", "DataShare", "RecipientAgreement", "Signature", "SigningWay"]
