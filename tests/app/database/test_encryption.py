"""Personal data is unreadable and incomparable without the key (S:CORE-17)."""

import pytest
import sqlalchemy as sa

from app.database import encryption
from app.database.encryption import EncryptedText, decrypt, encrypt, keyed_hash, last_four, set_personal_data_key
from app.errors import ConfigurationError

OLD, NEW = "old secret " * 4, "new secret " * 4


@pytest.fixture(autouse=True)
def _keys():
    before = dict(encryption._keys)
    yield
    encryption._keys.clear()
    encryption._keys.update(before)


@pytest.fixture
def notes():
    return sa.Table("notes", sa.MetaData(), sa.Column("phone", EncryptedText))


@pytest.mark.rule("S:CORE-17")
def test_the_database_holds_nothing_readable(notes):
    set_personal_data_key(NEW)
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        notes.create(connection)
        connection.execute(notes.insert(), [{"phone": "13812345678"}, {"phone": "13812345678"}, {"phone": None}])
        raw = connection.exec_driver_sql("SELECT phone FROM notes").scalars().all()
        read = connection.execute(sa.select(notes.c.phone)).scalars().all()

    assert read == ["13812345678", "13812345678", None]
    assert raw[0] != raw[1]
    assert not any("138" in text and "5678" in text for text in raw if text)
    assert raw[2] is None


def test_a_comparison_that_could_never_match_is_an_error(notes):
    for compare in (
        lambda: notes.c.phone == "13812345678",
        lambda: notes.c.phone.like("138%"),
        lambda: notes.c.phone.in_(["1"]),
        notes.c.phone.desc,
    ):
        with pytest.raises(TypeError, match="keyed hash"):
            compare()
    assert str(notes.c.phone.is_(None)) == "notes.phone IS NULL"


@pytest.mark.parametrize("secret", [None, "", "short", " " * 40])
def test_a_missing_or_weak_secret_stops_the_start(secret):
    with pytest.raises(ConfigurationError, match="PERSONAL_DATA_KEY"):
        set_personal_data_key(secret)


def test_nothing_works_without_a_key():
    set_personal_data_key(NEW)
    stored = encrypt("13812345678")
    encryption._keys.clear()

    for use, value in ((encrypt, "1"), (decrypt, stored), (keyed_hash, "1")):
        with pytest.raises(ConfigurationError, match="PERSONAL_DATA_KEY is not set"):
            use(value)


def test_a_new_secret_reads_what_the_old_one_wrote():
    set_personal_data_key(OLD)
    stored, old_hash = encrypt("13812345678"), keyed_hash("13812345678")

    set_personal_data_key(NEW)
    with pytest.raises(ConfigurationError, match="no secret for the key"):
        decrypt(stored)

    set_personal_data_key(NEW, earlier=[OLD])
    assert decrypt(stored) == "13812345678"
    assert keyed_hash("13812345678") != old_hash
    assert encrypt("1").partition(":")[0] != stored.partition(":")[0]


@pytest.mark.parametrize(
    "damage",
    [
        lambda stored: stored[:-8] + stored[-8:].swapcase(),
        lambda stored: stored.split(":")[0] + ":",
        lambda stored: stored + "!",
        lambda stored: stored[:20],
    ],
    ids=["altered", "emptied", "lengthened", "shortened"],
)
def test_a_damaged_value_is_no_value(damage):
    set_personal_data_key(NEW)

    with pytest.raises(ConfigurationError, match="damaged"):
        decrypt(damage(encrypt("13812345678")))


def test_hashes_are_the_same_for_the_same_text_only():
    set_personal_data_key(NEW)

    assert keyed_hash("13812345678") == keyed_hash("13812345678")
    assert len({keyed_hash(str(number)) for number in range(1000)}) == 1000
    assert last_four("13812345678") == "5678"
    assert last_four("123456") == ""
