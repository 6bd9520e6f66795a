"""Every place in the platform's tables that can name an add-on is declared, and so is what points at it."""

import pytest

from app.addon_loader.traces import FILES, FOLLOWERS, KEPT, TRACES
from app.database.base import Model

# What columns are called that hold the name of an add-on, of its resource, or of something that carries its name.
TELLING = {"addon", "event", "handler", "key", "model", "report", "resource", "table_name", "view"}
# Columns called so that hold something else, and what.
OTHERWISE = {
    "crud_submission.key": "What the browser drew so that a form is not sent twice.",
    "events_delivery.event": "The event's module; its handler tells who hears it, and goes with it.",
}


@pytest.fixture
def platform(product):
    """The platform's tables."""
    from app.addon_loader.installation import PLATFORM, owner_of

    manifests = product.extensions["manifests"]
    return {name: table for name, table in Model.metadata.tables.items() if owner_of(name, manifests) == PLATFORM}


def test_every_column_that_names_addons_is_declared(platform):
    telling = {
        f"{name}.{column.name}"
        for name, table in platform.items()
        for column in table.columns
        if column.name in TELLING
    }
    declared = {f"{trace.table}.{trace.column}" for trace in TRACES}
    undeclared = telling - declared - set(KEPT) - set(OTHERWISE)
    assert not undeclared, f"Declare {undeclared} in app/addon_loader/traces.py, or say here what it holds"


def test_every_declared_column_is_there(platform):
    declared = [
        *(f"{trace.table}.{trace.column}" for trace in TRACES),
        *(f"{follower.table}.{follower.column}" for follower in FOLLOWERS),
        *KEPT,
        *FILES,
        *OTHERWISE,
    ]
    present = {f"{name}.{column.name}" for name, table in platform.items() for column in table.columns}
    assert set(declared) - present == set()


def test_whatever_points_at_a_row_that_goes_goes_with_it(platform):
    going = {trace.table for trace in TRACES} | {follower.table for follower in FOLLOWERS}
    followers = {(follower.table, follower.column, follower.of) for follower in FOLLOWERS}
    pointing = {
        (name, key.parent.name, key.column.table.name)
        for name, table in platform.items()
        for key in table.foreign_keys
        if key.column.name == "id" and key.column.table.name in going
    }
    assert pointing - followers == set(), "Declare these in FOLLOWERS: the database would refuse to let their target go"
    of = [follower.of for follower in FOLLOWERS]
    first = {follower.table: place for place, follower in reversed(list(enumerate(FOLLOWERS)))}
    assert all(first.get(parent, -1) < place for place, parent in enumerate(of)), "A parent comes before its followers"
