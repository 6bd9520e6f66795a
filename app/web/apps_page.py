"""The Apps page: which add-ons this company has on, what switching one would change, and the switch."""

from collections.abc import Sequence
from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext

from app.addon_loader.catching_up import missed, open_work, start_catching_up
from app.addon_loader.manifest import Manifest, closure
from app.audit import record_security_event
from app.companies.enablement import enabled_addons, switch
from app.crud.records import call_service
from app.database.context import active_company
from app.errors import AppError
from app.i18n import _
from app.packs.applying import offers
from app.security.roles import acting_user, may
from app.web.backups_page import last_backup, state_of
from app.web.maintenance_page import maintenance_shown, may_maintain


class AppsView(BaseView):
    """Cards of all installed add-ons."""

    route_base = "/apps"
    default_view = "list"
    class_permission_name = "Apps"
    base_permissions = ["can_list", "can_switch"]
    method_permission_name = {"list": "list", "preview": "list", "switch": "switch"}

    @expose("/")
    @has_access
    def list(self) -> Any:
        """Show the cards."""
        company_id = active_company() or abort(404)
        cards = self.cards(company_id)
        shown = maintenance_shown() if may_maintain() else {}
        if shown:
            last = last_backup()
            shown["last_backup"] = (last, *state_of(last)) if last is not None else None
        offered = offers(company_id) if may(acting_user(), "apply", "packs.Packs") else []
        return self.render_template(
            "apps/list.html",
            titles={name: one.title for name, one in current_app.extensions["manifests"].items()},
            title=_("Apps"),
            cards=cards,
            maintains=bool(shown),
            offers=offered,
            **shown,
        )

    @classmethod
    def cards(cls, company_id: int) -> Sequence[dict[str, Any]]:
        """Return what is shown of each installed add-on."""
        on = enabled_addons(company_id)
        return [cls._card(setup.manifest, on) for setup in current_app.extensions["setups"]]

    @expose("/<name>/preview")
    @has_access
    def preview(self, name: str) -> Any:
        """Show what switching this add-on would change, before it is done."""
        manifest, on = self._manifest(name), enabled_addons(active_company())
        card = self._card(manifest, on)
        setup = next(one for one in current_app.extensions["setups"] if one.name == name)
        switched = [one for one in current_app.extensions["setups"] if one.name in (name, *card["brings"])]
        found = [] if card["is_on"] else [(one.manifest.title, missed(one)) for one in switched]
        return self.render_template(
            "apps/preview.html",
            title=manifest.title,
            card=card,
            open_work=open_work(setup) if card["is_on"] else [],
            missed=[(title, *what) for title, what in found if what],
        )

    @expose("/<name>", methods=["POST"])
    @has_access
    def switch(self, name: str) -> Any:
        """Switch an add-on on or off for the active company."""
        manifest, company_id = self._manifest(name), active_company() or abort(404)
        turn_on = request.form.get("on") == "1"
        try:
            changed = call_service(switch, name, company_id, on=turn_on, depends=_depends())
            if changed:
                record_security_event("addon.switched", addons=changed, on=turn_on)
                if turn_on and start_catching_up(current_app.extensions["setups"], changed, actor=acting_user()):
                    flash(gettext("What happened meanwhile is being caught up with."), "info")
                word = gettext("Switched on: %(names)s") if turn_on else gettext("Switched off: %(names)s")
                flash(word % {"names": ", ".join(gettext(self._manifest(one).title) for one in changed)}, "success")
        except AppError as error:
            flash(str(error), "danger")
        return redirect(url_for(f"{self.endpoint}.list", _anchor=manifest.name))

    def _manifest(self, name: str) -> Manifest:
        installed = {setup.name: setup.manifest for setup in current_app.extensions["setups"]}
        return installed.get(name) or abort(404)

    @staticmethod
    def _card(manifest: Manifest, on: frozenset[str]) -> dict[str, Any]:
        """Return the add-on with what comes along when it is switched on, and what stands against switching it off."""
        depends = _depends()
        setup = next(one for one in current_app.extensions["setups"] if one.name == manifest.name)
        return {
            "manifest": manifest,
            "is_on": manifest.name in on,
            "brings": [one for one in depends[manifest.name] if one not in on],
            "needed_by": sorted(one for one in on if manifest.name in depends.get(one, ())),
            "screens": [
                f"{gettext(entry.category)} / {gettext(entry.title)}"
                for _what, entry in [*setup.views, *setup.pages, *setup.reports]
            ],
            "roles": [role.title for role in setup.roles],
        }


def _depends() -> dict[str, tuple[str, ...]]:
    manifests = current_app.extensions["manifests"]
    return {setup.name: tuple(closure(manifests, setup.name)) for setup in current_app.extensions["setups"]}
