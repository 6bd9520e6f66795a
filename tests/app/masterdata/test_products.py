"""Products: one style number each, and many at once from a sheet (S:CAT-01, S:CAT-02)."""

import io
import re

import openpyxl
import pytest
import sqlalchemy as sa

HEADINGS = ("产品编码", "产品名称", "款号", "类型", "计量单位")


@pytest.fixture
def add(world, login, run_in):
    """Return a function that sends the form of a product."""
    from app.masterdata.models import UnitOfMeasure

    unit = run_in(world.one, lambda: _added(UnitOfMeasure(code="box", name="box")))
    client = login("root", world.one)
    client.get("/lang/en")

    def send(code, style):
        fields = {"code": code, "name": code, "style_no": style, "kind": "goods", "base_uom_id": unit.id}
        return client.post("/masterdata/product/add", data=fields)

    send.client = client
    return send


def _added(record):
    from app.database.session import session

    session.add(record)
    return record


@pytest.fixture
def count(world, run_in):
    from app.database.session import session
    from app.masterdata.models import Product

    return lambda: run_in(world.one, lambda: session.scalar(sa.select(sa.func.count(Product.id))))


@pytest.mark.rule("S:CAT-01")
def test_a_second_style_number_is_refused(add, count):
    before = count()
    assert add("P-1", "K9-001").status_code == 302

    again = add("P-2", "K9-001")

    assert (again.status_code, "K9-001" in again.text, count()) == (422, True, before + 1)


@pytest.mark.rule("S:CAT-02")
def test_of_two_hundred_rows_with_one_repeated_none_is_saved(add, count):
    before, book = count(), openpyxl.Workbook()
    book.active.append(HEADINGS)
    for number in range(200):
        book.active.append((f"P-{number}", f"螺栓 {number}", f"K9-{min(number, 198)}", "goods", "box"))
    target = io.BytesIO()
    book.save(target)
    target.seek(0)

    add.client.get("/lang/zh")
    sent = {"file": (target, "产品.xlsx"), "run": "1"}
    page = add.client.post("/masterdata/product/import", data=sent, follow_redirects=True).text

    problem = re.search(r'data-label="行">(\d+)</td><td class="cell-key" data-label="列">([^<]+)</td>', page)
    assert problem is not None
    assert problem.groups() == ("201", "款号")
    assert count() == before
