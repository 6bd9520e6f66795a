"""Taking an add-on out and putting it back: what is refused, what is kept, what the archive holds."""

import json
import zipfile

import pytest
import sqlalchemy as sa

from app.addon_loader.archive import AddonContents, ArchiveReader, list_archives
from app.addon_loader.installation import revisions
from app.errors import ConfigurationError
from app.factory import create_app
from app.release import owner_engine, release, restore, uninstall
from tests.app.addon_loader.test_release import contents

FIRST = '''"""Orders."""

import sqlalchemy as sa
from alembic import op

revision = "shop_0001"
down_revision = None
requires = {}


def upgrade() -> None:
    op.create_table(
        "shop_order",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("company_id", sa.BigInteger, sa.ForeignKey("companies_company.id"), nullable=False),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey("shop_order.id")),
        sa.Column("amount", sa.Numeric(12, 2), nullable=False),
        sa.Column("picture", sa.LargeBinary),
        sa.Column("note", sa.String(80)),
    )


def downgrade() -> None:
    op.drop_table("shop_order")
'''
SECOND = '''"""Amounts are kept in fen."""

import sqlalchemy as sa
from alembic import op

revision = "shop_0002"
down_revision = "shop_0001"
requires = {"platform": "platform_0001"}


def upgrade() -> None:
    with op.batch_alter_table("shop_order") as table:
        table.add_column(sa.Column("fen", sa.Integer))
    op.execute("UPDATE shop_order SET fen = CAST(round(amount * 100) AS INTEGER)")
    with op.batch_alter_table("shop_order") as table:
        table.drop_column("amount")


def downgrade() -> None:
    with op.batch_alter_table("shop_order") as table:
        table.add_column(sa.Column("amount", sa.Numeric(12, 2)))
    op.execute("UPDATE shop_order SET amount = fen / 100.0")
    with op.batch_alter_table("shop_order") as table:
        table.drop_column("fen")
'''
ORDERS = 1000


@pytest.fixture
def engine(empty):
    """Look at the empty database as its owner."""
    made = owner_engine(empty.settings())
    yield made
    made.dispose()


@pytest.fixture
def shop(addons, empty, engine):
    """An add-on of version 1.2 with a thousand orders of two companies; `upgrade` brings the files of 1.3."""
    from app.companies.opening import open_company
    from app.database.session import commit
    from tests.world import FIRST_DAY

    manifest = addons.addon("shop")
    manifest.write_text(manifest.read_text("utf-8").replace("1.0.0", "1.2.0"), "utf-8")
    addons.write("shop", "migrations/versions/shop_0001.py", FIRST)
    app = release(["shop"], **empty.settings())
    with app.app_context():
        companies = [open_company(name, code=name, on=FIRST_DAY).id for name in ("one", "two")]
        commit()
    with engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO shop_order VALUES (:id, :company, :parent, :amount, :picture, :note)"),
            [
                {
                    "id": number,
                    "company": companies[number % 2],
                    "parent": number + 1 if number < ORDERS else None,
                    "amount": number / 100,
                    "picture": bytes([number % 256, 0, 255]),
                    "note": f'第 {number} 单 "\n',
                }
                for number in range(ORDERS, 0, -1)
            ],
        )

    def upgrade():
        manifest.write_text(manifest.read_text("utf-8").replace("1.2.0", "1.3.0"), "utf-8")
        addons.write("shop", "migrations/versions/shop_0002.py", SECOND)

    return upgrade


def orders(engine, column):
    statement = sa.text(f"SELECT id, {column}, note FROM shop_order ORDER BY id")
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(statement)]


@pytest.mark.rule("S:CORE-25")
def test_an_upgrade_keeps_a_thousand_orders_and_there_is_no_way_back(shop, empty, engine, addons):
    before = orders(engine, "amount")
    shop()
    release(**empty.settings())
    after = orders(engine, "fen")
    assert len(after) == ORDERS
    assert [(number, round(amount * 100), note) for number, amount, note in before] == after
    assert revisions(engine)["shop"] == "shop_0002"

    (addons.path / "shop/migrations/versions/shop_0002.py").unlink()
    kept = contents(engine)
    with pytest.raises(ConfigurationError, match="shop is at 'shop_0002', which this code does not know"):
        release(**empty.settings())
    with pytest.raises(ConfigurationError, match="start the newer code"):
        create_app(**empty.settings())
    assert contents(engine) == kept


@pytest.mark.rule("S:CORE-25")
def test_an_archive_of_an_older_version_comes_back_upgraded(shop, empty, engine):
    before = orders(engine, "amount")
    path = uninstall("shop", **empty.settings())
    assert "shop" not in revisions(engine)
    assert path.stat().st_mode & 0o077 == 0
    shop()
    assert restore("shop", **empty.settings()) == {}
    assert [(number, round(amount * 100), note) for number, amount, note in before] == orders(engine, "fen")
    assert revisions(engine)["shop"] == "shop_0002"
    with engine.connect() as connection:
        pictures = connection.execute(sa.text("SELECT id, picture FROM shop_order")).all()
        assert {bytes(row.picture) == bytes([row.id % 256, 0, 255]) for row in pictures} == {True}
        parents = connection.execute(sa.text("SELECT id, parent_id FROM shop_order WHERE parent_id <> id + 1")).all()
        assert parents == []
        foreign_keys = sa.inspect(connection).get_foreign_keys("shop_order")
    assert sorted(key["referred_table"] for key in foreign_keys) == ["companies_company", "shop_order"]
    with engine.begin() as connection:
        added = sa.text(
            "INSERT INTO shop_order (company_id, fen) SELECT min(id), 1 FROM companies_company RETURNING id"
        )
        assert connection.scalar(added) == ORDERS + 1


def test_what_does_not_fit_is_not_restored(shop, empty, engine, tmp_path):
    path = uninstall("shop", **empty.settings())
    gone = contents(engine)
    copy = tmp_path / "changed.zip"

    def refuse(file, message):
        with pytest.raises(ConfigurationError, match=message):
            restore("shop", file, **empty.settings())
        assert contents(engine) == gone

    rewrite(path, copy, {"tables/shop_order.jsonl": lambda text: text.replace("第 7 单", "第 8 单")})
    refuse(copy, "the checksum of tables/shop_order.jsonl differs")
    rewrite(path, copy, {"archive.json": lambda text: text.replace("shop_0001", "shop_0009")})
    refuse(copy, "revision 'shop_0009', which this code does not know")
    rewrite(path, copy, {"archive.json": lambda text: text.replace('"addon": "shop"', '"addon": "visits"')})
    refuse(copy, "this is an archive of 'visits'")
    copy.write_bytes(path.read_bytes()[:2000])
    refuse(copy, "this is not an archive of an add-on, or it is damaged")
    assert restore("shop", **empty.settings()) == {}
    gone = contents(engine)
    refuse(path, "shop is installed: the ids of its rows and those of the archive would collide")


def rewrite(source, target, changes):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.namelist():
            change = changes.get(member, lambda text: text)
            new.writestr(member, change(old.read(member).decode()))


def test_an_archive_that_fails_leaves_everything(shop, empty, engine, monkeypatch):
    before = contents(engine)

    def break_off(*_arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr("app.addon_loader.archive.os.fsync", break_off)
    with pytest.raises(OSError, match="No space left"):
        uninstall("shop", **empty.settings())
    assert contents(engine) == before
    assert list((empty.folder / "data/archives").iterdir()) == []


def test_an_addon_whose_name_begins_like_anothers_keeps_its_tables(shop, addons, empty, engine):
    addons.addon("shop_window")
    addons.migration("shop_window", 1)
    release(["shop_window"], **empty.settings())
    path = uninstall("shop", **empty.settings())
    assert "shop_window_thing_1" in contents(engine)
    with ArchiveReader(path, AddonContents) as archive:
        assert [table.name for table in archive.contents.tables if table.own] == ["shop_order"]
    assert set(revisions(engine)) == {"platform", "shop_window"}


def test_ids_that_were_given_away_meanwhile_are_given_anew(shop, empty, engine):
    with engine.begin() as connection:
        company = connection.scalar(sa.text("SELECT min(id) FROM companies_company"))
        put_ref(connection, 5, company, "shop.Order", 1)
        put_ref(connection, 6, company, "shop.Order", 2)
        put_comment(connection, 9, company, 6)
    uninstall("shop", **empty.settings())
    with engine.begin() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM documents_comment")) == 0
        put_ref(connection, 6, company, "other.Thing", 1)
        put_comment(connection, 9, company, 6)
    assert restore("shop", **empty.settings()) == {}
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT c.id, r.resource, r.record_id FROM documents_comment c JOIN documents_ref r ON r.id = c.ref_id "
                "ORDER BY r.resource"
            )
        ).all()
    assert rows[0] == (9, "other.Thing", 1)
    assert rows[1][1:] == ("shop.Order", 2)
    assert rows[1][0] != 9


STAMPS = "version, created_at, updated_at, custom"
STAMPED = "0, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, '{}'"


def put_ref(connection, number, company, resource, record):
    columns = f"id, company_id, resource, record_id, title, {STAMPS}"
    connection.execute(
        sa.text(f"INSERT INTO documents_ref ({columns}) VALUES (:id, :company, :resource, :record, 'T', {STAMPED})"),
        {"id": number, "company": company, "resource": resource, "record": record},
    )


def put_comment(connection, number, company, ref):
    user = connection.scalar(sa.text("SELECT min(id) FROM ab_user"))
    if user is None:
        connection.execute(
            sa.text(
                "INSERT INTO ab_user (id, first_name, last_name, username, email) VALUES (1, 'A', 'B', 'ab', 'a@b')"
            )
        )
        user = 1
    columns = f"id, company_id, ref_id, body, author_id, at, {STAMPS}"
    connection.execute(
        sa.text(
            f"INSERT INTO documents_comment ({columns}) "
            f"VALUES (:id, :company, :ref, 'x', :user, CURRENT_TIMESTAMP, {STAMPED})"
        ),
        {"id": number, "company": company, "ref": ref, "user": user},
    )


def test_the_command_line_shows_asks_archives_and_restores(shop, flask, empty, engine):
    asked = flask("addon", "uninstall", "shop", fails=True)
    assert "shop: 1000 rows in 1 tables; 0 roles, 0 policy values, 0 files" in asked.output
    assert "shop" in revisions(engine)
    done = flask("addon", "uninstall", "shop", "--yes")
    ((path, held),) = list_archives(empty.folder / "data")
    assert f"Uninstalled: shop. Its archive: {path}" in done.output
    assert f"{path.name}  shop 1.2.0 (shop_0001), 1001 rows" in flask("addon", "archives").output
    assert flask("addon", "archives", "visits").output == ""
    assert held.rows == ORDERS + 1  # And its own line among the installed add-ons.
    assert json.loads(zipfile.ZipFile(path).read("archive.json"))["tables"][-1]["rows"] == ORDERS
    assert "'shop' is not installed" in flask("addon", "uninstall", "shop", "--yes", fails=True).output
    assert "Restored: shop." in flask("addon", "restore", "shop", str(path)).output
    assert len(orders(engine, "amount")) == ORDERS
    flask("addon", "install", "bonus")
    refused = flask("addon", "uninstall", "visits", "--yes", fails=True)
    assert "bonus needs visits. Uninstall it first." in refused.output
    assert "visits" in revisions(engine)
