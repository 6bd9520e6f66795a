"""The Apps page asks, the owner of the tables carries out, one task at a time."""

import pytest
import sqlalchemy as sa

from app.addon_loader.installation import revisions
from app.factory import create_app
from app.release import owner_engine
from app.release.maintenance import carry_out
from tests.world import PASSWORD


@pytest.fixture
def engine(installation):
    made = owner_engine(installation.settings())
    yield made
    made.dispose()


def enter(installation, username):
    """Log in, as after the web process has started anew."""
    client = create_app(**installation.settings()).test_client()
    assert client.post("/login/", data={"username": username, "password": PASSWORD}).status_code == 302
    assert client.post(f"/company/{installation.facts['one']}").status_code == 302
    return client


def make_root_global(engine):
    """Give root the platform's administration, not only that of each company."""
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO ab_user_role (user_id, role_id) SELECT u.id, r.id FROM ab_user u, ab_role r "
                "WHERE u.username = 'root' AND r.name = 'Admin' "
                "AND NOT EXISTS (SELECT 1 FROM ab_user_role x WHERE x.user_id = u.id AND x.role_id = r.id)"
            )
        )


def tasks(engine):
    with engine.connect() as connection:
        statement = sa.text("SELECT kind, addon, state, message, error FROM jobs_maintenance_task ORDER BY id")
        return [tuple(row) for row in connection.execute(statement)]


@pytest.mark.rule("S:CORE-25")
def test_the_apps_page_asks_and_the_owner_carries_out(installation, engine):
    make_root_global(engine)
    settings = installation.settings()
    client = enter(installation, "root")
    shown = client.get("/apps/").text
    assert "/maintenance/install/market" in shown
    assert "Its tables are made." in client.get("/maintenance/install/market").text
    assert client.post("/maintenance/install/market").status_code == 302
    assert "market" not in revisions(engine)
    again = client.post("/maintenance/install/market")
    assert again.status_code == 409
    assert "Another task of market is not done yet." in again.text
    assert carry_out(**settings) == 1
    assert tasks(engine) == [("install", "market", "done", "Version 1.0.0 is installed.", None)]
    assert "market" in revisions(engine)

    client = enter(installation, "root")
    assert "Version 1.0.0 is installed." in client.get("/apps/").text
    preview = client.get("/maintenance/uninstall/market").text
    assert "Rows of its own, in 2 tables" in preview
    assert "Type market to confirm" in preview
    unconfirmed = client.post("/maintenance/uninstall/market", data={"confirmed": "order"})
    assert unconfirmed.status_code == 422
    assert len(tasks(engine)) == 1
    assert client.post("/maintenance/uninstall/market", data={"confirmed": "market"}).status_code == 302
    assert carry_out(**settings) == 1
    assert "market" not in revisions(engine)
    (archive,) = (installation.folder / "data/archives").iterdir()
    assert tasks(engine)[1] == ("uninstall", "market", "done", f"Its data is in the archive {archive.name}.", None)

    client = enter(installation, "root")
    assert f"archive={archive.name}" in client.get("/apps/").text
    assert archive.name in client.get("/maintenance/restore/market").text
    assert client.post("/maintenance/restore/market", data={"archive": archive.name}).status_code == 302
    assert carry_out(**settings) == 1
    assert tasks(engine)[2] == ("restore", "market", "done", "Every row is back.", None)
    assert "market" in revisions(engine)
    with engine.connect() as connection:
        kinds = list(connection.scalars(sa.text("SELECT kind FROM audit_security_event ORDER BY id")))
    assert [kind for kind in kinds if kind.startswith(("addon.", "maintenance."))] == [
        "maintenance.requested", "addon.install",
        "maintenance.requested", "addon.uninstall",
        "maintenance.requested", "addon.restore",
    ]  # fmt: skip


def test_what_is_refused_is_said_on_the_page_and_changes_nothing(installation, engine):
    make_root_global(engine)
    client = enter(installation, "root")
    preview = client.get("/maintenance/uninstall/visits").text
    assert "Still on in:" in preview
    assert "One Homes, Two Farms" in preview
    assert "Needed by:" in preview
    before = revisions(engine)
    client.post("/maintenance/uninstall/visits", data={"confirmed": "visits"})
    assert carry_out(**installation.settings()) == 1
    ((_kind, _addon, state, _message, error),) = tasks(engine)
    assert (state, error) == ("failed", "One Homes, Two Farms still has visits on. Switch it off there first.")
    assert revisions(engine) == before
    assert error in client.get("/maintenance/tasks").text


def test_only_who_administers_the_platform_may_ask(installation, engine):
    for username in ("ann", "rob"):
        client = enter(installation, username)
        for path in ("/maintenance/install/market", "/maintenance/uninstall/bonus", "/maintenance/tasks"):
            assert client.get(path).status_code in (302, 403), path
        assert client.post("/maintenance/uninstall/bonus", data={"confirmed": "bonus"}).status_code in (302, 403)
    with engine.begin() as connection:  # Admin in each company, but not of the platform.
        connection.execute(sa.text("DELETE FROM ab_user_role"))
    client = enter(installation, "root")
    assert "/maintenance/" not in client.get("/apps/").text
    assert client.post("/maintenance/install/market").status_code in (302, 403)
    assert tasks(engine) == []


def test_there_is_no_such_task(installation, engine):
    make_root_global(engine)
    client = enter(installation, "root")
    paths = ("install/nosuch", "install/visits", "restore/visits", "uninstall/market", "upgrade/market", "paint/visits")
    for path in paths:
        assert client.get(f"/maintenance/{path}").status_code == 404, path
    for path in ("install/nosuch", "paint/visits"):
        assert client.post(f"/maintenance/{path}").status_code == 404, path
    assert tasks(engine) == []


def test_a_task_whose_process_died_has_failed_and_the_next_goes_on(installation, engine):
    columns = "kind, addon, state, done, total, message, locale, requested_at"
    with engine.begin() as connection:
        for addon, state in (("market", "running"), ("market", "queued")):
            connection.execute(
                sa.text(
                    f"INSERT INTO jobs_maintenance_task ({columns}) "
                    f"VALUES ('install', '{addon}', '{state}', 0, 0, '', 'en', CURRENT_TIMESTAMP)"
                )
            )
    assert carry_out(**installation.settings()) == 1
    assert [state for _kind, _addon, state, *_rest in tasks(engine)] == ["failed", "done"]
    assert tasks(engine)[0][4] == "Its process was stopped. What it had begun was undone."


@pytest.mark.rule("S:CORE-25")
def test_files_older_than_the_installed_version_are_refused(installation, engine):
    from app.errors import ConfigurationError
    from app.release import release

    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE companies_installed_addon SET version = '1.0.10' WHERE addon = 'visits'"))
    before = revisions(engine)
    with pytest.raises(ConfigurationError, match=r"visits 1\.0\.10 is installed, and its files are 1\.0\.0"):
        release(["market"], **installation.settings())
    assert revisions(engine) == before
