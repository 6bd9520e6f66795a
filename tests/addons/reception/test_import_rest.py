"""The file of 500 customers by a program: checked, corrected, imported, followed and exported with one token."""

import io

import openpyxl
import pytest
import sqlalchemy as sa

from addons.reception.models import Customer
from tests.addons.reception.customer_file import SOURCES, customer_file
from tests.world import PASSWORD

pytestmark = pytest.mark.by_turns

REST = "/api/v1/reception/customer"


@pytest.fixture
def program(world, run_in):
    """A client that knows nothing but a name and a password, and the headers of its token."""
    from flask_babel import force_locale

    from app.masterdata.options import open_list

    def open_sources():
        with force_locale("zh"):
            open_list("reception.source")

    run_in(world.one, open_sources)
    client = world.app.test_client()
    answer = client.post("/api/v1/security/login", json={"username": "max", "password": PASSWORD, "provider": "db"})
    headers = {"Authorization": f"Bearer {answer.json['access_token']}", "X-Company-Id": str(world.one)}
    return client, headers


@pytest.mark.rule("P:CRM-21", "S:CORE-13")
def test_the_file_of_the_story_by_rest(world, program, run_in, monkeypatch):
    from app.database.session import session

    monkeypatch.setitem(world.app.config, "WTF_CSRF_ENABLED", True)  # A token needs no page.
    client, headers = program

    def send(**data):
        address = f"{REST}/import?_l_=zh"  # The file speaks Chinese.
        answer = client.post(address, data=data, headers=headers, content_type="multipart/form-data")
        assert answer.status_code == 202, answer.text
        job = client.get(answer.json["url"], headers=headers).json
        assert (job["state"], job["done"], job["total"]) == ("done", 500, 500)
        return job["details"]

    def count():
        return run_in(world.one, lambda: session.scalar(sa.select(sa.func.count(Customer.id))))

    checked = send(file=(customer_file(sources=SOURCES), "客户.xlsx"))
    assert (checked["wrong"], count()) == (3, 0)
    assert sorted(one["row"] for one in checked["problems"] if not one["match"]) == [60, 160, 360]

    corrected = send(file=(customer_file(corrected=True), "客户.xlsx"), skip_duplicates="1")
    assert (corrected["wrong"], corrected["skipped"], count()) == (0, 8, 0)
    saved = send(upload=corrected["upload"], skip_duplicates="1", run="1")
    assert (saved["saved"], saved["skipped"], count()) == (492, 8, 492)

    listed = client.get(f"{REST}/", headers=headers).json
    exported = client.get(f"{REST}/export", headers=headers)
    assert exported.status_code == 200
    rows = list(openpyxl.load_workbook(io.BytesIO(exported.data), read_only=True).active.values)
    assert (listed["count"], len(rows)) == (492, 493)


@pytest.mark.rule("S:CORE-13")
@pytest.mark.parametrize("user", ["sue", "amy", "mia", "dee"])
def test_only_the_sales_manager_moves_customers_in_and_out(world, login, user):
    client = login(user, world.one)
    pages = [f"/reception/customer/{page}" for page in ("export/", "import", "import/template")]
    refused = [client.get(page).status_code for page in (*pages, f"{REST}/export")]
    refused += [client.post(page).status_code for page in (*pages[:2], f"{REST}/export", f"{REST}/import")]
    assert refused == [403] * 8

    manager = login("max", world.one)
    assert [manager.get(page).status_code for page in pages[1:]] == [200, 200]
    with manager.get(pages[0]) as file:
        assert file.status_code == 200
