"""Flask-AppBuilder as it ships, with one plain view of the table of parcels. It runs in a process of its own.

Its own tables lie beside the product's, in a schema or a file of their own; the rows it lists are the same.
"""

import datetime as dt
import logging
import sys
from typing import Any

import psycopg
import sqlalchemy as sa
from _database import PASSWORD, SERVER
from _pages import serve
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder import AppBuilder, Model, ModelView
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Mapped, mapped_column, relationship

db = SQLAlchemy(model_class=Model)


class Depot(Model):  # type: ignore[misc]
    """Where parcels start."""

    __tablename__ = "parcels_depot"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

    def __repr__(self) -> str:
        return self.name


class Parcel(Model):  # type: ignore[misc]
    """A parcel on its way to a person."""

    __tablename__ = "parcels_parcel"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    recipient: Mapped[str]
    depot_id: Mapped[int] = mapped_column(sa.ForeignKey("parcels_depot.id"))
    city: Mapped[str]
    pieces: Mapped[int]
    freight: Mapped[int] = mapped_column(sa.BigInteger)
    sent_on: Mapped[dt.date]
    state: Mapped[str]

    depot: Mapped[Depot] = relationship()


class ParcelView(ModelView):  # type: ignore[misc]
    """The list that is measured."""

    datamodel = SQLAInterface(Parcel)
    list_columns = ["number", "recipient", "depot", "city", "pieces", "freight", "sent_on", "state"]  # noqa: RUF012
    search_columns = ["number", "recipient", "city", "sent_on", "state"]  # noqa: RUF012
    page_size = 25


def main(kind: str, place: str) -> None:
    """Build the app on a database ('postgresql', its name) or a file ('sqlite', its path), and answer."""
    logging.disable(logging.CRITICAL)
    app = Flask(__name__)
    app.config.update(SECRET_KEY="bench" * 8, WTF_CSRF_ENABLED=False, **_database(kind, place))
    db.init_app(app)
    with app.app_context():
        if kind == "sqlite":
            sa.event.listen(db.engine, "connect", lambda one, _record: one.execute(f"ATTACH '{place}' AS product"))
        builder = AppBuilder(app, db.session)
        builder.add_view(ParcelView, "Parcels", category="Freight")
        if kind == "sqlite":  # FAB has made empty tables in its own file, in front of the product's.
            for table in (Parcel.__table__, Depot.__table__):
                db.session.execute(sa.text(f"DROP TABLE IF EXISTS main.{table.name}"))
        manager: Any = builder.sm
        if not manager.find_user("admin"):
            manager.add_user("admin", "A", "B", "a@example.test", manager.find_role("Admin"), PASSWORD)
    serve(_log_in(app))


def _database(kind: str, place: str) -> dict[str, Any]:
    if kind == "sqlite":
        return {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{place}.stock"}
    with psycopg.connect(SERVER, dbname=place, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS stock")
    address = sa.make_url(SERVER).set(drivername="postgresql+psycopg", database=place)
    found = address.update_query_dict({"options": "-csearch_path=stock,public"})
    return {"SQLALCHEMY_DATABASE_URI": found.render_as_string(hide_password=False)}


def _log_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.post("/login/", data={"username": "admin", "password": PASSWORD})
    return client


if __name__ == "__main__":
    main(*sys.argv[1:])
