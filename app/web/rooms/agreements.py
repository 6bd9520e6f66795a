"""Confidentiality agreements: versions, who signed what and when, partners' agreements, and data shares (S:CORE-18)."""

from typing import Any

from flask_appbuilder.security.sqla.models import User

from app.addon_loader.contributions import AddonSetup
from app.agreements.models import AgreementVersion, DataShare, RecipientAgreement, Signature
from app.agreements.sharing import change_share, open_share
from app.agreements.versions import add_version
from app.crud.view import CrudView
from app.i18n import _
from app.security.roles import CRUD, Role
from app.web.paper_page import PaperPage

RIGHTS = {
    "agreements.AgreementVersion": ("list", "show", "add", "export"),
    "agreements.Signature": ("list", "show", "export"),
    "agreements.Paper": ("show", "record"),
    "agreements.RecipientAgreement": (*CRUD, "export"),
    "agreements.DataShare": (*CRUD, "export"),
}
KEEPER = Role("agreements_keeper", _("Keeper of confidentiality agreements"), RIGHTS)


class AgreementVersionView(CrudView):
    """The versions of the text; a new one is written, none is changed."""

    model = AgreementVersion
    title = _("Confidentiality agreements")
    verbs = ("list", "show", "add")
    list_columns = ("number", "title", "valid_from", "created_at")
    form_columns = ("title", "valid_from", "text_zh", "text_en")
    show_only = ("number",)
    search_columns = ("title", "valid_from")
    order = ("number", "desc")
    labels = {"number": _("Version"), "text_zh": _("Text in Chinese"), "text_en": _("Text in English")}

    @staticmethod
    def create_with(*, actor: User, **values: Any) -> AgreementVersion:
        """Write a version: staff is asked anew from its first day on."""
        return add_version(actor=actor, **values)


class SignatureView(CrudView):
    """Who has signed which version, when and how."""

    model = Signature
    title = _("Signatures")
    verbs = ("list", "show")
    list_columns = ("user", "name", "agreement", "signed_on", "way", "recorded_at")
    show_only = (*list_columns, "language")
    search_columns = ("user_id", "name", "agreement_id", "signed_on", "way")
    attachments = True
    labels = {
        **dict.fromkeys(("user", "user_id"), _("User")),
        **dict.fromkeys(("agreement", "agreement_id"), _("Version")),
        "name": _("Signed as"),
        "way": _("How it was signed"),
        "recorded_at": _("Recorded at"),
        "language": _("Language"),
    }


class RecipientAgreementView(CrudView):
    """Agreements that partners have signed."""

    model = RecipientAgreement
    title = _("Agreements of recipients")
    list_columns = ("partner", "signatory", "signed_on", "valid_to")
    form_columns = ("partner_id", "signatory", "signed_on", "valid_to")
    edit_columns = ("signatory", "valid_to")
    search_columns = ("partner_id", "signed_on", "valid_to")
    order = ("signed_on", "desc")
    attachments = True
    labels = {**dict.fromkeys(("partner", "partner_id"), _("Recipient")), "signatory": _("Signed by")}


class DataShareView(CrudView):
    """What may go to whom outside, what for, and when."""

    model = DataShare
    title = _("Data shares")
    list_columns = ("partner", "purpose", "valid_from", "valid_to", "agreement")
    form_columns = ("partner_id", "purpose", "valid_from", "valid_to")
    edit_columns = ("purpose", "valid_from", "valid_to")
    show_only = ("agreement",)
    search_columns = ("partner_id", "purpose", "valid_from", "valid_to")
    order = ("valid_from", "desc")
    labels = {
        **dict.fromkeys(("partner", "partner_id"), _("Recipient")),
        "agreement": _("Agreement signed by"),
        "purpose": _("Purpose"),
    }

    @staticmethod
    def create_with(*, actor: User, **values: Any) -> DataShare:
        """Open a data share under the agreement that covers its days."""
        return open_share(actor=actor, **values)

    @staticmethod
    def update_with(record: DataShare, *, actor: User, **values: Any) -> None:
        """Change its purpose or its days, as far as an agreement covers them."""
        change_share(record, **values)


def setup(addon: AddonSetup) -> None:
    """Record the screens."""
    addon.add_models(AgreementVersion, Signature, RecipientAgreement, DataShare)
    addon.add_roles(KEEPER)
    addon.add_view(AgreementVersionView, menu="Confidentiality/Confidentiality agreements", icon="file-lock")
    addon.add_view(SignatureView, menu="Confidentiality/Signatures", icon="signature")
    addon.add_page(PaperPage, menu="Confidentiality/Signatures on paper", icon="file-pen")
    addon.add_view(RecipientAgreementView, menu="Confidentiality/Agreements of recipients", icon="handshake")
    addon.add_view(DataShareView, menu="Confidentiality/Data shares", icon="share-2")
