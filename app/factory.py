"""create_app(): the start-up order, readable top to bottom."""

import datetime as dt
import gc
import json
import os
import secrets
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from app.addon_loader import loader, registration
from app.addon_loader.discovery import find_addons
from app.addon_loader.installation import Manifests, check_revisions, revisions
from app.audit.sealing import SEAL_EVERY, seal_entries
from app.backups import BACKUP_FAILED, ask_when_due
from app.backups.asking import ASK_EVERY, SCHEDULE
from app.channels import install_channels
from app.cleaning.putting_back import CLEAN_UP_EVERY as ARCHIVES_CLEAN_UP_EVERY
from app.cleaning.putting_back import JOB as PUT_BACK_JOB
from app.cleaning.putting_back import delete_old_archives, put_back_job
from app.cleaning.running import JOB as CLEAN_JOB
from app.cleaning.running import clean_job
from app.companies.code_version import code_version
from app.companies.models import CacheVersion
from app.crud import models as crud_models  # noqa: F401  # Its table belongs to the platform's.
from app.crud.bulk.pages import BULK_JOB, bulk_job
from app.crud.exporting.pages import EXPORT_JOB, check_download, export_job
from app.crud.importing.pages import IMPORT_JOB, import_job
from app.crud.importing.uploads import CLEAN_UP_EVERY, delete_old_uploads
from app.crud.printing.pages import check_printed
from app.crud.sheets.pages import (
    SHEET_EXPORT_JOB,
    SHEET_JOB,
    SHEET_UNDO_JOB,
    sheet_export_job,
    sheet_job,
    sheet_undo_job,
)
from app.crud.submissions import delete_old_submissions
from app.database.encryption import set_personal_data_key
from app.database.row_security import is_held_by_policies
from app.database.session import db
from app.documents.attachments import CLEAN_UP_EVERY as FILES_CLEAN_UP_EVERY
from app.documents.attachments import delete_unnamed_files
from app.documents.mentions import MENTION
from app.documents.parameters import DOCUMENT_PARAMETERS
from app.errors import ConfigurationError
from app.events import install_events
from app.extensions import new_appbuilder
from app.i18n import install_catalogue
from app.issues.handling import REMIND_EVERY, remind_of_issues
from app.jobs import add_schedule, install_jobs, register_job
from app.notices import install_notices, register_notice_kinds
from app.notices.letters import check_mail_settings
from app.online import install_online
from app.parameters.platform_values import PLATFORM_PARAMETERS
from app.parameters.registry import register_parameters
from app.security.directory_watch import WATCH_EVERY, end_directory_logins
from app.security.install import install_security
from app.security.login_services import check_login_settings
from app.security.logins import delete_old_logins
from app.security.manager import AddonMenu, SecurityManager
from app.security.viewing import end_old_viewings
from app.web import edge
from app.web.appearance import install_appearance
from app.web.exported_lists import LIST_FILES
from app.web.home import HomeView
from app.web.late_rule import LateMap, LateRule
from app.web.new_users_page import NewUsersView
from app.web.platform_views import PLATFORM_VIEWS
from app.web.report_files import register_report_jobs
from app.web.rooms import platform_setups


def create_app(addons: Sequence[str] | None = None, **overrides: Any) -> Flask:
    """Build the application with the installed add-ons, or with those named.

    Raises ConfigurationError for a setting, a manifest or a contribution that is wrong, and, unless add-ons are named,
    for a database at another revision than the code.
    """
    try:
        return _build(addons, overrides)
    finally:
        gc.enable()  # Paused since app/__init__.py.


def _build(addons: Sequence[str] | None, overrides: dict[str, Any]) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.url_rule_class, app.url_map = LateRule, LateMap()
    app.config.update(_configuration(config.settings(**overrides)))
    set_personal_data_key(app.config["PERSONAL_DATA_KEY"])
    manifests = find_addons(app.config["ADDONS_PATH"])
    app.extensions["manifests"] = manifests
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = _translation_folders(manifests)
    db.init_app(app)
    edge.install_first(app)
    install_jobs(app)
    install_events(app)
    install_notices(app)
    install_online(app)
    install_channels(app)
    with app.app_context():
        app.extensions["code_version"] = _code_version()
        names = _installed(manifests) if addons is None else addons
        setups = loader.load(manifests[name] for name in manifests if name in names)
        app.extensions.update(setups=setups, rooms=platform_setups())
        _check_second_wall(app)
        folders = [setup.manifest.path / "templates" for setup in setups]
        install_appearance(app, template_folders=[folder for folder in folders if folder.is_dir()])
        _install_appbuilder(app)
        register_parameters(app, *PLATFORM_PARAMETERS, *DOCUMENT_PARAMETERS)
        register_notice_kinds(app, MENTION, BACKUP_FAILED)
        register_job(IMPORT_JOB, import_job)
        register_job(BULK_JOB, bulk_job, check_download=check_printed)
        register_job(EXPORT_JOB, export_job, restartable=True, reads_only=True, check_download=check_download)
        register_job(
            SHEET_EXPORT_JOB, sheet_export_job, restartable=True, reads_only=True, check_download=check_download
        )
        register_job(SHEET_JOB, sheet_job)
        register_job(SHEET_UNDO_JOB, sheet_undo_job)
        register_job(CLEAN_JOB, clean_job)
        register_job(PUT_BACK_JOB, put_back_job)
        register_report_jobs()
        add_schedule("crud.delete_old_uploads", CLEAN_UP_EVERY, delete_old_uploads)
        add_schedule("crud.delete_old_submissions", dt.timedelta(days=1), delete_old_submissions)
        add_schedule("cleaning.delete_old_archives", ARCHIVES_CLEAN_UP_EVERY, delete_old_archives)
        add_schedule("audit.seal_entries", SEAL_EVERY, seal_entries)
        add_schedule("security.end_old_viewings", dt.timedelta(minutes=5), end_old_viewings)
        add_schedule("security.delete_old_logins", dt.timedelta(days=1), delete_old_logins)
        add_schedule(SCHEDULE, ASK_EVERY, ask_when_due)
        add_schedule("security.end_directory_logins", WATCH_EVERY, end_directory_logins)
        add_schedule("documents.delete_unnamed_files", FILES_CLEAN_UP_EVERY, delete_unnamed_files)
        add_schedule("issues.remind_of_issues", REMIND_EVERY, remind_of_issues)
        registration.register(app, [*setups, *app.extensions["rooms"]])
        install_security(app)
    edge.install(app)
    if app.config["PROXIES_IN_FRONT"]:
        hops = app.config["PROXIES_IN_FRONT"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # As Flask's manual does.
    return app


def _installed(manifests: Manifests) -> Collection[str]:
    there = revisions(db.engine)
    check_revisions(there, manifests)
    return there


def _code_version() -> int:
    """Return the number of the installed code, read before the code itself: what changes meanwhile is noticed."""
    with db.engine.connect() as connection:
        there = sa.inspect(connection).has_table(CacheVersion.__tablename__)
        return code_version(connection) if there else 0


def _check_second_wall(app: Flask) -> None:
    """Refuse to run with the owner's rights where an owner is named: the policies would not bind us."""
    if app.config["DATABASE_OWNER_URL"]:
        with db.engine.connect() as connection:
            if not is_held_by_policies(connection, db.Model.metadata):
                raise ConfigurationError(
                    "DATABASE_URL: this role owns the tables or has special rights, so that row-level security does "
                    "not bind it"
                )


def _install_appbuilder(app: Flask) -> None:
    appbuilder = new_appbuilder()
    appbuilder.menu = AddonMenu()
    appbuilder.security_manager_class = SecurityManager
    appbuilder.indexview = HomeView
    appbuilder.init_app(app, db.session)
    install_catalogue(app)
    for view in PLATFORM_VIEWS:
        appbuilder.add_view_no_menu(view)
    running = {type(view): view for view in appbuilder.baseviews}
    app.extensions["import_pages"] = {NewUsersView.resource: running[NewUsersView]}
    app.extensions["list_files"] = {one.name: one for one in LIST_FILES}


def _configuration(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what Flask and its extensions are configured with."""
    folder = Path(settings["DATA_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_framework_settings(settings)
    _refuse_mistyped_variables(settings)
    check_mail_settings(settings)
    check_login_settings(settings)
    found = {**settings, **_secrets(settings, folder)}
    first, known = settings["DEFAULT_LANGUAGE"], settings["LANGUAGES"]
    return {
        "SQLALCHEMY_DATABASE_URI": database_url(settings),
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},  # Names and notes stay out of log files.
        "FAB_CREATE_DB": False,  # Tables come from migrations,
        "FAB_UPDATE_PERMS": False,  # permissions from `flask release`.
        "FAB_ADD_SECURITY_API": False,
        "FAB_ADD_SECURITY_PERMISSION_VIEW": False,  # Permissions come from code; the roles' screen shows them in words.
        "FAB_ADD_SECURITY_VIEW_MENU_VIEW": False,
        "FAB_ADD_SECURITY_PERMISSION_VIEWS_VIEW": False,
        "FAB_API_SWAGGER_UI": True,  # The description of REST, for whoever is logged in.
        "APP_NAME": "Zhanggui",
        "FAB_BASE_TEMPLATE": "shell.html",
        "BABEL_DEFAULT_LOCALE": settings["DEFAULT_LANGUAGE"],
        "BABEL_DEFAULT_FOLDER": "translations",
        "LANGUAGES": {first: known[first], **known},
        "MAX_CONTENT_LENGTH": settings["UPLOAD_LIMIT_MEGABYTES"] * 2**20 + 2**16,  # The file, and the form around it.
        "MAX_FORM_PARTS": 20_000,  # A record may have 500 lines of some ten fields.
        "MAX_FORM_MEMORY_SIZE": 8 * 2**20,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings["HTTPS"],
        "JSON_AS_ASCII": False,
        **{name: value for name, value in found.items() if name != "LANGUAGES"},
    }


def database_url(settings: dict[str, Any]) -> str:
    """Return the address that the application logs in at."""
    file = Path(settings["DATA_FOLDER"]) / "zhanggui.sqlite"
    return settings["DATABASE_URL"] or f"sqlite:///{file}"


def _refuse_framework_settings(settings: dict[str, Any]) -> None:
    """Take no class path: FAB imports its own class, or none, in silence where one is mistyped."""
    for name in settings:
        if name.startswith(("ADDON_", "AUTH_", "FAB_")) and name != "ADDONS_PATH":
            raise ConfigurationError(f"{name}: is no setting here; app/factory.py decides what Flask-AppBuilder runs")


def _refuse_mistyped_variables(settings: dict[str, Any]) -> None:
    """Refuse a variable that almost names a setting: without it the default would hold, such as SQLite, in silence."""
    for variable in os.environ:
        name = variable.removeprefix("ZHANGGUI_")
        if name != variable and name not in settings and (meant := get_close_matches(name, settings, n=1, cutoff=0.8)):
            raise ConfigurationError(f"{variable}: is no setting; ZHANGGUI_{meant[0]} is")


def _translation_folders(manifests: Manifests) -> str:
    """Return where catalogues are looked for: of add-ons wherever they lie, and of the platform, whose words win."""
    own = [manifests[name].path / "translations" for name in sorted(manifests)]
    folders = [*(folder for folder in own if folder.is_dir()), Path(__file__).parent / "translations"]
    return ";".join(str(folder) for folder in folders)


def _secrets(settings: dict[str, Any], folder: Path) -> dict[str, str]:
    """Return the keys of the environment, or those generated on the first start and kept beside the data."""
    names = [name for name in ("SECRET_KEY", "PERSONAL_DATA_KEY") if not settings[name]]
    if not names:
        return {}
    file = folder / "secrets.json"
    kept: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    missing = [name for name in names if name not in kept]
    if missing:
        kept.update({name: secrets.token_urlsafe(48) for name in missing})
        file.touch(mode=0o600)
        file.write_text(json.dumps(kept, indent=2), "utf-8")
    return {name: kept[name] for name in names}
