"""Install, fill, upgrade, switch off, uninstall, restore: for every add-on, and nobody else's rows change."""

import datetime as dt
import json
from collections import Counter

import pytest
import sqlalchemy as sa

from app.addon_loader.archive import AddonContents, ArchiveReader
from app.addon_loader.impact import own_tables
from app.addon_loader.installation import installed, revisions
from app.addon_loader.manifest import closure
from app.addon_loader.rows import column_types, read_rows
from app.addon_loader.traces import KEPT
from app.errors import Conflict
from app.factory import create_app
from app.release import owner_engine, preview, release, restore, uninstall
from tests.conftest import ADDONS_PATH
from tests.databases import PostgresDatabase, SqliteDatabase
from tests.empty_database import closing_connections
from tests.every_addon.conftest import EVERY
from tests.every_view.furnish import furnish
from tests.every_view.world import COLLEAGUE, make_world
from tests.world import PASSWORD

# What tells of the operations themselves, and so differs afterwards.
OWN_ACCOUNT = {"companies_cache_version", "audit_security_event", "jobs_scheduled_run"}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def furnished(request, tmp_path_factory):
    """A database with every add-on and records of every view, to be copied."""
    kind = PostgresDatabase if request.param == "postgresql" else SqliteDatabase
    made = kind(tmp_path_factory.mktemp(f"life_{request.param}"), f"life_{request.param}", ADDONS_PATH)
    made.build(lambda app: fill(app, make_world(app)), addons=EVERY)
    yield made
    made.drop()


@pytest.fixture
def life(furnished):
    """A copy, and a connection that sees every row."""
    furnished.restore()
    engine = owner_engine(furnished.settings())
    with closing_connections():
        yield engine
    engine.dispose()
    furnished.disconnect()  # The app's own connections were closed too.
    furnished.forget()


def fill(app, facts):
    """Make records of every view, and what hangs on them in the platform's tables."""
    from app.database.session import as_company, commit, session
    from app.documents.models import Comment, DocumentRef
    from app.jobs.models import Job
    from app.parameters.models import ParameterValue

    furnish(*(enter(app, name, facts["one"]) for name in ("root", COLLEAGUE)))
    with app.app_context(), as_company(facts["one"]):
        for ref in session.scalars(sa.select(DocumentRef)).all():
            session.add(
                Comment(ref_id=ref.id, body="Seen", author_id=facts["users"]["ann"], at=dt.datetime.now(dt.UTC))
            )
            attach(ref, user_id=facts["users"]["ann"])
        for setup in app.extensions["setups"]:
            session.add(Job(name=f"{setup.name}.sample"))
            for parameter in setup.parameters[:1]:
                session.add(ParameterValue(key=parameter.key, value=None, valid_from=dt.date(2026, 1, 1)))
        commit()
    return facts


def enter(app, username, company_id):
    """Return a client that is logged in, in a company."""
    client = app.test_client()
    client.post("/login/", data={"username": username, "password": PASSWORD})
    client.post(f"/company/{company_id}")
    return client


def attach(ref, *, user_id):
    """Write a file as an upload would, and the row that names it."""
    from app.database.session import session
    from app.documents.models import Attachment
    from app.documents.stored_files import stored_path

    name = f"{ref.id:040}"
    path = stored_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ref.title, "utf-8")
    now = dt.datetime.now(dt.UTC)
    session.add(
        Attachment(
            ref_id=ref.id, name="a.txt", extension="txt", size=1, sha256="0" * 64, stored_as=name, added_by_id=user_id,
            added_at=now,
        )
    )  # fmt: skip


def files(folder):
    """Return the files of records."""
    found = (path for path in (folder / "data/attachments").rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def contents(engine):
    """Return every row of every table, as the database writes it."""
    with engine.connect() as connection:
        names = set(sa.inspect(connection).get_table_names()) - OWN_ACCOUNT
        return {name: Counter(json.dumps(row) for row in read_rows(connection, name)) for name in sorted(names)}


def archived(path, name):
    with ArchiveReader(path, AddonContents) as archive:
        return {
            table.name: Counter(json.dumps(row) for row in archive.rows(table.name))
            for table in archive.contents.tables
        }


def forgetting(found, path, engine):
    """Return the rows with the columns of other add-ons blank that pointed at what went into an archive."""
    found = dict(found)
    with ArchiveReader(path, AddonContents) as archive, engine.connect() as connection:
        for pointer in archive.contents.pointers:
            table, _dot, column = pointer.name.partition(".")
            places = [list(column_types(connection, table)).index(name) for name in ("id", column)]
            pointed = dict(archive.rows(pointer.name))
            rows = [json.loads(row) for row in found[table].elements()]
            for row in rows:
                row[places[1]] = None if row[places[0]] in pointed else row[places[1]]
            found[table] = Counter(map(json.dumps, rows))
    return found


def switch_off(database, name):
    from app.companies.enablement import switch
    from app.companies.models import Company
    from app.database.session import commit, session

    app = create_app(**database.settings())
    depends = {one: closure(app.extensions["manifests"], one) for one in app.extensions["manifests"]}
    with app.app_context():
        for company_id in session.scalars(sa.select(Company.id)).all():
            switch(name, company_id, on=False, depends=depends)
        commit()


def above(name, manifests, there):
    """Return the installed add-ons that need this one, those that nothing stands on first."""
    return [one for one in reversed(list(manifests)) if one in there and name in closure(manifests, one)]


@pytest.mark.rule("S:CORE-25")
@pytest.mark.parametrize("name", EVERY)
def test_an_addon_goes_into_its_archive_and_comes_back_as_it_was(furnished, life, name):
    settings = furnished.settings()
    manifests = furnished.app.extensions["manifests"]
    release(**settings)  # An upgrade to what is there already changes nothing.
    refused = contents(life)
    with pytest.raises(Conflict):
        uninstall(name, **settings)
    assert contents(life) == refused

    attached = files(furnished.folder)
    gone = [*above(name, manifests, installed(life, manifests)), name]
    paths = {}
    for one in gone:
        switch_off(furnished, one)
        before = contents(life)
        impact = preview(one, **settings)
        paths[one] = uninstall(one, **settings)
        after = contents(life)
        taken = archived(paths[one], one)
        with life.connect() as connection:
            assert own_tables(connection, one) == []
        assert {table: rows.total() for table, rows in taken.items()} == {**impact.tables, **impact.traces}
        for table, rows in forgetting(before, paths[one], life).items():
            left = after.get(table, Counter())
            expected = Counter() if table.startswith("alembic_version") and table not in after else rows
            assert left == expected - taken.get(table, Counter()), (
                f"{table} changed in another way than it was archived"
            )
        assert one not in revisions(life)
        assert not {f"data/{path}" for path in impact.files} & set(files(furnished.folder))
        assert traces_of(one, life) == []

    create_app(**settings)
    for one in reversed(gone):
        assert restore(one, paths[one], **settings) == {}
    assert contents(life) == {**refused, **switched_off(life)}
    assert files(furnished.folder) == attached
    create_app(**settings)


def switched_off(engine):
    """Return what switching off has changed for good: the add-ons are off, and it is known since when."""
    return {
        table: rows
        for table, rows in contents(engine).items()
        if table in ("companies_enabled_addon", "companies_disabled_addon")
    }


def traces_of(name, engine):
    """Return the columns of the platform in which a value still names the add-on."""
    found = []
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        for table in inspector.get_table_names():
            for column in inspector.get_columns(table):
                if not isinstance(column["type"], sa.String) or f"{table}.{column['name']}" in KEPT:
                    continue
                value = sa.column(column["name"], sa.String)
                named = sa.or_(value == name, value.startswith(f"{name}.", autoescape=True))
                if connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table)).where(named)):
                    found.append(f"{table}.{column['name']}")
    return found
