"""Flask-AppBuilder takes classes from settings, and its own where a name is mistyped; here no such setting is heard."""

import pytest

from app.errors import ConfigurationError
from app.factory import create_app
from app.security.manager import AddonMenu, SecurityManager
from app.web.home import HomeView

SETTINGS = (
    "ADDON_MANAGERS",
    "AUTH_ROLE_PUBLIC",
    "AUTH_TYPE",
    "FAB_ADD_SECURITY_VIEWS",
    "FAB_INDEX_VIEW",
    "FAB_MENU",
    "FAB_ROLES",
    "FAB_SECURITY_MANAGER_CLASS",
    "FAB_UPDATE_PERMS",
)
CLASS = "app.security.manager.SecurityManger"  # A typo: FAB would log it and run its own.


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_of_the_framework_is_refused(settings, name):
    with pytest.raises(ConfigurationError, match=f"^{name}: is no setting here"):
        create_app([], **settings, **{name: CLASS})


def test_the_environment_cannot_change_what_runs(settings, monkeypatch):
    for name in SETTINGS:
        for prefix in ("", "FLASK_", "ZHANGGUI_"):
            monkeypatch.setenv(prefix + name, CLASS)
    app = create_app([], **settings)
    appbuilder = app.extensions["appbuilder"]
    assert type(appbuilder.sm) is SecurityManager
    assert type(appbuilder.menu) is AddonMenu
    assert type(appbuilder.indexview) is HomeView or appbuilder.indexview is HomeView
    assert (appbuilder.addon_managers, appbuilder.update_perms) == ({}, False)
    assert app.config.get("FAB_ROLES", {}) == {}
    assert (app.config["AUTH_ROLE_PUBLIC"], app.config["AUTH_TYPE"]) == ("Public", 1)


@pytest.mark.parametrize("name", ["DATABSE_URL", "DATABASE_OWNER_ULR", "ADDON_PATH", "REDIS_URI", "HTTP"])
def test_a_mistyped_variable_does_not_leave_the_default_in_place(settings, monkeypatch, name):
    monkeypatch.setenv(f"ZHANGGUI_{name}", "anything")
    with pytest.raises(ConfigurationError, match=f"^ZHANGGUI_{name}: is no setting; ZHANGGUI_[A-Z_]+ is$"):
        create_app([], **settings)


def test_a_stock_security_manager_stops_the_start(settings, monkeypatch):
    monkeypatch.setattr("app.factory.SecurityManager", None)  # What FAB is left with when it cannot import a class.
    with pytest.raises(ConfigurationError, match="FAB did not take our security manager"):
        create_app([], **settings)
