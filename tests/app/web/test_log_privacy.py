"""What statements carry stays out of tracebacks, and so out of log files."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.database.session import db
from app.release import owner_engine

NAME = "王小明"


@pytest.mark.rule("P:CRM-20")
def test_a_failed_statement_does_not_tell_its_values(app, tmp_path):
    settings = {"DATABASE_OWNER_URL": f"sqlite:///{tmp_path}/owner.sqlite"}
    with app.app_context():
        for engine in (db.engine, owner_engine(settings)):
            with engine.connect() as connection, pytest.raises(DBAPIError) as failed:
                connection.execute(sa.text("SELECT * FROM nowhere WHERE name = :name"), {"name": NAME})
            assert NAME not in str(failed.value)
            assert "hidden" in str(failed.value)
            engine.dispose()
