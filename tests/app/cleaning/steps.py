"""What tests of data cleaning do: look at the preview, confirm it, put back, and look at the rows."""

import re
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.world import PASSWORD

DESK, RUNS, REST = "/cleaning/datacleaning/", "/cleaning/cleanrun", "/api/v1/cleaning/cleanrun"


def preview(client: FlaskClient, **asked: str) -> str:
    """Return the page that shows what would go."""
    answer = client.get(DESK, query_string={"resource": "market.Order", "preview": "1", **asked})
    assert answer.status_code == 200, answer.text
    return answer.text


def counts(page: str) -> list[int]:
    """Return hits, what goes, what is confirmed, what is in use."""
    box = page.partition('class="counts">')[2].partition("</div></div>")[0]
    return [int(number.replace(",", "")) for number in re.findall(r"<b[^>]*>([\d,]+)</b>", box)]


def confirm(client: FlaskClient, page: str, count: int | str, password: str = PASSWORD, **changes: str) -> Any:
    """Send the form below the preview."""
    sent = dict(
        re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.partition('method="post" action="/cleaning')[2]
        )
    )
    return client.post(f"{DESK}start", data={**sent, "count": str(count), "password": password, **changes})


def put_back(client: FlaskClient, run: int = 1) -> str:
    """Have the records of a cleaning put back; return the page of the job that did it, or could not."""
    begun = client.post(f"{RUNS}/transition/put_back/{run}")
    assert begun.status_code == 302, begun.text
    jobs = client.get("/jobs/").text
    return client.get(re.findall(r'href="(/jobs/\d+)"', jobs)[0]).text


def numbers(world: Any, run_in: Any) -> list[str]:
    """Return the numbers of the orders that are there."""
    from addons.market.models import Order
    from app.database.session import session

    return run_in(world.one, lambda: list(session.scalars(sa.select(Order.number).order_by(Order.number))))


def rows(world: Any, run_in: Any, table: str) -> list[Any]:
    """Return the rows of a table as the database has them."""
    from app.database.session import session

    text = sa.text(f"SELECT * FROM {table}")
    return run_in(world.one, lambda: sorted(map(str, session.connection().execute(text))))
