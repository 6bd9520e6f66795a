"""A confirmed amount changes only by a request that somebody else approved (S:CORE-10)."""

import io
import re
from decimal import Decimal
from typing import Any

import pytest

from tests.addons.payments.till import Till, yuan
from tests.app.crud.sheets import Sheet, followed

REST = "/api/v1/payments/receivable"
CHANGES = "/api/v1/changes/changerequest"
PAGE = "/payments/receivable"
RULE = pytest.mark.rule("S:CORE-10")


@pytest.fixture
def owed(world, run_in):
    """Return the id of an open receivable of 50,000."""
    return run_in(world.one, lambda: Till(world).owed(50_000).id)


@pytest.fixture
def abe(login, world, owed):
    """The accountant, who asks."""
    return login("abe", world.one)


@pytest.fixture
def fay(login, world, owed):
    """The finance manager, to whom he reports."""
    return login("fay", world.one)


def amount_of(client: Any, pk: int) -> tuple[str, str, str]:
    found = client.get(f"{REST}/{pk}").json["result"]
    return found["amount"], found["open_amount"], found["state"]


def ask(client: Any, pk: int, amount: Any = "55000", reason: str | None = "Wrong price list") -> Any:
    return client.post(f"{REST}/{pk}/ask_change", json={"values": {"amount": amount}, "reason": reason})


def told(world: Any, run_in: Any) -> list[tuple[int, str, str | None]]:
    from sqlalchemy import select

    from app.database.session import session
    from app.notices import Notice

    def read() -> list[tuple[int, str, str | None]]:
        found = session.scalars(select(Notice).order_by(Notice.id))
        return [(one.user_id, one.kind, one.values.get("reason")) for one in found]

    return run_in(world.one, read)


@RULE
def test_fifty_thousand_stays_until_fifty_five_thousand_is_approved(abe, fay, owed, world, run_in):
    refused = abe.put(f"{REST}/{owed}", json={"amount": "55000"})
    assert (refused.status_code, refused.json["error"], refused.json["field"]) == (409, "change.confirmed", "amount")
    assert "“Amount” is confirmed" in refused.json["message"]
    assert abe.put(f"{REST}/{owed}", json={"amount": "50000", "note": "Called"}).status_code == 200

    asked = ask(abe, owed)
    assert asked.status_code == 201, asked.text
    assert (asked.json["state"], asked.json["asked"]) == ("submitted", "Amount: 50,000.00 → 55,000.00")
    assert re.fullmatch(r"CR\d{4}0001", asked.json["number"])
    request = asked.json["id"]
    assert amount_of(abe, owed) == ("50000.00", "50000.00", "open")
    assert told(world, run_in) == [(world.users["fay"], "changes.asked", None)]
    banner = abe.get(f"{PAGE}/show/{owed}").text
    assert "A change is asked for:" in banner
    assert "Amount: 50,000.00 → 55,000.00" in banner
    assert ask(abe, owed, "56000").json["error"] == "change.pending"
    assert abe.post(f"{CHANGES}/{request}/approve").status_code == 403
    assert amount_of(abe, owed)[0] == "50000.00"

    assert "Change requests to decide" in fay.get("/todo/").text
    page = fay.get(f"/changes/changerequest/show/{request}").text
    assert "50,000.00 → 55,000.00" in page
    assert fay.post(f"{CHANGES}/{request}/approve").status_code == 200
    assert fay.get(f"{CHANGES}/{request}").json["result"]["state"] == "applied"
    assert amount_of(abe, owed) == ("55000.00", "55000.00", "open")
    held = run_in(world.one, lambda: Till(world).balances())
    assert held == {"receivable": "55000.00", "claim": "-55000.00"}
    shown = abe.get(f"{PAGE}/show/{owed}").text
    assert "A change is asked for:" not in shown
    assert f"{asked.json['number']}: Wrong price list" in abe.get(f"{PAGE}/activity/{owed}").text
    assert told(world, run_in)[1:] == [(world.users["abe"], "changes.decided", None)]
    assert _linked(world, run_in) == [("changes.ChangeRequest", "amends", "payments.Receivable")]


def _linked(world: Any, run_in: Any) -> list[tuple[str, str, str]]:
    from sqlalchemy import select

    from app.database.session import session
    from app.documents.models import DocumentLink

    rows = select(DocumentLink)
    return run_in(
        world.one, lambda: [(one.source.resource, one.kind.value, one.target.resource) for one in session.scalars(rows)]
    )


@RULE
def test_the_edit_form_offers_a_request_and_keeps_what_was_typed(abe, fay, owed, world):
    form = abe.get(f"{PAGE}/edit/{owed}").text
    assert f'formaction="{PAGE}/ask-change/{owed}"' in form
    version = re.search(r'name="version"[^>]*value="(\d+)"', form)[1]
    typed = {
        "version": version, "partner_id": str(world.partners["Li"]), "kind": "balance", "amount": "55,000",
        "doc_date": "2026-03-02", "due_on": "2026-03-02", "note": "Kept",
    }  # fmt: skip
    kept = abe.post(f"{PAGE}/edit/{owed}", data=typed)
    assert kept.status_code == 422
    assert "Choose “Request a change”" in kept.text
    assert 'value="55,000"' in kept.text

    offered = abe.post(f"{PAGE}/ask-change/{owed}", data=typed)
    assert (offered.status_code, 'value="55,000"' in offered.text) == (200, True)
    blank = abe.post(f"{PAGE}/ask-change/{owed}", data={**typed, "change_reason": " "})
    assert blank.status_code == 422
    assert amount_of(abe, owed)[0] == "50000.00"
    key = re.search(r'name="submission_key"[^>]*value="([^"]+)"', offered.text)[1]
    sent = {**typed, "change_reason": "Wrong price list", "submission_key": key}
    once, twice = (abe.post(f"{PAGE}/ask-change/{owed}", data=sent) for _turn in range(2))
    assert (once.status_code, once.location) == (302, "/changes/changerequest/show/1")
    assert twice.location == once.location
    assert abe.get(f"{PAGE}/ask-change/{owed}").status_code == 200
    listed = fay.get("/changes/changerequest/list/").text
    assert "Amount: 50,000.00 → 55,000.00" in listed


@RULE
@pytest.mark.parametrize(
    ("values", "reason", "code"),
    [
        ({"amount": "55000"}, " ", "change.reason"),
        ({"amount": "55000"}, "x" * 401, "change.reason_long"),
        ({"amount": "50000.00"}, "Same", "change.nothing"),
        ({"note": "Other"}, "Free", "change.not_confirmed"),
        ({"amount": "0"}, "Nothing", "receivable.amount"),
        ({"amount": "fifty"}, "Words", "form.invalid"),
        ({"kind": "deposit"}, "No base", "receivable.base"),
    ],
)
def test_what_cannot_become_true_is_refused_when_it_is_asked(abe, owed, values, reason, code):
    refused = abe.post(f"{REST}/{owed}/ask_change", json={"values": values, "reason": reason})
    assert (refused.status_code in (409, 422), refused.json["error"]) == (True, code)
    assert abe.get(f"{CHANGES}/").json["count"] == 0
    assert amount_of(abe, owed) == ("50000.00", "50000.00", "open")


@RULE
def test_a_refusal_says_why_and_a_withdrawal_leaves_the_way_free(abe, fay, owed, world, run_in):
    first = ask(abe, owed).json["id"]
    assert fay.post(f"{CHANGES}/{first}/refuse", json={"reason": " "}).status_code == 422
    assert fay.post(f"{CHANGES}/{first}/refuse", json={"reason": "The list is right"}).status_code == 200
    assert "The list is right" in abe.get(f"/changes/changerequest/show/{first}").text
    assert (world.users["abe"], "changes.decided", "The list is right") in told(world, run_in)
    second = ask(abe, owed).json["id"]
    assert fay.post(f"{CHANGES}/{second}/withdraw").status_code == 403
    assert abe.post(f"{CHANGES}/{second}/withdraw").status_code == 200
    assert fay.post(f"{CHANGES}/{second}/approve").status_code == 409
    assert amount_of(abe, owed) == ("50000.00", "50000.00", "open")
    assert ask(abe, owed).status_code == 201


@RULE
def test_a_record_that_changed_since_is_not_written_over(abe, fay, owed):
    request = ask(abe, owed).json["id"]
    assert fay.put(f"{REST}/{owed}", json={"note": "In between"}).status_code == 200
    assert fay.post(f"{CHANGES}/{request}/approve").status_code == 200
    found = fay.get(f"{CHANGES}/{request}").json["result"]
    assert found["state"] == "approved"
    assert re.match(r"Fay Test changed the record at \d{4}", found["failure"])
    assert amount_of(abe, owed)[0] == "50000.00"
    assert abe.post(f"{CHANGES}/{request}/try_again").json["error"] == "change.stale"
    assert abe.post(f"{CHANGES}/{request}/withdraw").status_code == 200


@RULE
def test_the_sheet_that_comes_back_changes_no_confirmed_amount(abe, owed):
    with abe.get(f"{PAGE}/sheet/download") as answer:
        sheet = Sheet(answer.data)
    sheet.cell(0, "amount").value = 55_000
    data = {"file": (io.BytesIO(sheet.content()), "edited.xlsx")}
    shown = followed(abe, abe.post(f"{PAGE}/sheet", data=data, content_type="multipart/form-data"))
    assert "“Amount” is confirmed" in shown
    assert amount_of(abe, owed)[0] == "50000.00"


@RULE
def test_the_door_of_sheets_and_boards_is_shut_and_what_was_paid_is_the_least(till, refused):
    from addons.payments import services
    from app.crud.view import view_of

    open_one = till.owed(20_000)
    error = refused(
        view_of("payments.Receivable").change, open_one, actor=till.user("abe"), version=None, amount=yuan(21_000)
    )
    assert error.code == "change.confirmed"
    till.posted(("cash", 8_000), receivable_id=open_one.id)
    low = refused(services.amend_receivable, open_one, actor=till.user("abe"), amount=yuan(7_999))
    assert (low.code, low.field, low.data["limit"]) == ("receivable.below_paid", "amount", "8,000.00")
    other = refused(services.amend_receivable, open_one, actor=till.user("abe"), partner_id=till.world.partners["Wu"])
    assert other.code == "receivable.paid_by"
    services.amend_receivable(open_one, actor=till.user("abe"), amount=yuan(8_000))
    assert (open_one.state.value, open_one.open_amount) == ("settled", Decimal(0))
    services.amend_receivable(open_one, actor=till.user("abe"), amount=yuan(9_000))
    assert (open_one.state.value, open_one.open_amount) == ("open", Decimal(1_000))


@RULE
def test_where_the_company_locks_nothing_the_document_decides_as_before(abe, owed, world, run_in):
    from app.parameters.platform_values import LOCK_ON_CONFIRM

    run_in(world.one, lambda: Till(world).set(LOCK_ON_CONFIRM, False))
    assert abe.put(f"{REST}/{owed}", json={"amount": "55000"}).json["error"] == "receivable.binding"
    assert abe.get(f"{PAGE}/ask-change/{owed}").status_code == 404
    assert ask(abe, owed).json["error"] == "change.not_confirmed"
    assert "Request a change" not in abe.get(f"{PAGE}/show/{owed}").text


@RULE
def test_others_than_those_concerned_learn_nothing(abe, owed, login, world):
    request = ask(abe, owed).json["id"]
    nil = login("nil", world.one)  # A clerk of the front desk, with requests of her own only.
    assert nil.get(f"{CHANGES}/{request}").status_code == 404
    assert nil.post(f"{CHANGES}/{request}/approve").status_code in (403, 404)
    assert nil.get(f"{PAGE}/ask-change/{owed}").status_code in (302, 403, 404)
    cai = login("cai", world.one)  # She sees receivables and may not write them.
    assert cai.post(f"{REST}/{owed}/ask_change", json={"values": {}, "reason": "No"}).status_code == 403
    assert "Request a change" not in cai.get(f"{PAGE}/show/{owed}").text
