"""Policy values and rule sets."""

import datetime as dt

from flask_appbuilder.security.sqla.models import User

from app.addon_loader.contributions import AddonSetup
from app.companies.models import OrgUnit
from app.crud.view import CrudView
from app.database.session import session
from app.i18n import _
from app.parameters.models import RuleSet
from app.parameters.rule_sets import issue_rule_set
from app.web.parameters_page import ParametersPage


class RuleSetView(CrudView):
    """Editions of the company's rule sets; one that was issued is followed by another, never changed (S:CORE-22)."""

    model = RuleSet
    title = _("Rule sets")
    verbs = ("list", "show", "add")
    list_columns = ("title", "code", "edition", "effective_from", "interpreted_by")
    form_columns = ("title", "code", "edition", "effective_from", "interpreted_by_id")
    search_columns = ("title", "code", "edition", "effective_from", "interpreted_by_id")
    order = ("effective_from", "desc")
    labels = {
        "edition": _("Edition"),
        "effective_from": _("Effective from"),
        "interpreted_by": _("Interpreted by"),
        "interpreted_by_id": _("Interpreted by"),
    }

    @staticmethod
    def create_with(
        *, actor: User, title: str, code: str, edition: str, effective_from: dt.date, interpreted_by_id: int
    ) -> RuleSet:
        """Issue an edition."""
        unit = session.get_one(OrgUnit, interpreted_by_id)
        return issue_rule_set(
            code, title=title, edition=edition, effective_from=effective_from, interpreted_by=unit, actor=actor
        )


def setup(addon: AddonSetup) -> None:
    """Record the screens."""
    addon.add_models(RuleSet)
    addon.add_page(ParametersPage, menu="Organisation/Policy values", icon="sliders-horizontal")
    addon.add_view(RuleSetView, menu="Organisation/Rule sets", icon="scroll-text")
