"""The bell and the page: one's own notices, in one's language, with no more than one may see."""

import pytest

from app.errors import ConfigurationError
from app.notices import NoticeKind, notify
from app.notices.cleaning import delete_old_notices
from app.notices.models import Channel, Notice
from tests.app.notices.conftest import NOW, TEXT

pytestmark = pytest.mark.by_turns

PAGE = "/notices/"


def bell(client):
    text = client.get("/").text
    found = text.partition('aria-label="Notices, unread: ')[2].partition('"')[0]
    return int(found)


def test_a_notice_rings_and_leads_to_its_record(tell, login, world, visit):
    (notice_id,) = tell("ann")
    ann = login("ann", world.one)

    assert bell(ann) == 1
    assert "王芳 planned Zhao &amp; Sons." in ann.get(PAGE).text
    answer = ann.post(f"/notices/{notice_id}/open")
    assert answer.headers["Location"] == f"/visits/visit/show/{visit}"
    assert bell(ann) == 0


@pytest.mark.rule("S:CORE-24")
@pytest.mark.parametrize("name", ["rob", "eve"])
def test_whoever_may_not_see_the_record_is_not_told_its_title(tell, login, world, name):
    (notice_id,) = tell(name)
    client = login(name, world.one)

    text = client.get(PAGE).text
    assert "王芳 planned Visit." in text
    assert "Zhao" not in text
    assert client.post(f"/notices/{notice_id}/open").headers["Location"] == PAGE


@pytest.mark.rule("S:CORE-24")
def test_a_title_that_was_shared_is_told_and_opens_nothing(tell, login, world):
    (notice_id,) = tell("eve", share_title=True)
    eve = login("eve", world.one)

    assert "王芳 planned Zhao &amp; Sons." in eve.get(PAGE).text
    assert eve.post(f"/notices/{notice_id}/open").headers["Location"] == PAGE


def test_it_is_worded_in_the_language_of_its_reader(app, world, kind, run_in, login):
    from app.i18n import _

    give = lambda: notify([world.users["ann"]], kind=kind, text=_("Write something first."), now=NOW) and None  # noqa: E731
    run_in(world.one, give)
    ann = login("ann", world.one)

    assert "Write something first." in ann.get(PAGE).text
    ann.get("/lang/zh")
    assert "Write something first." not in ann.get(PAGE).text


def test_nobody_reads_or_marks_the_notices_of_others(tell, login, world, run_in):
    from app.database.session import session

    (notice_id,) = tell("ann")
    rob = login("rob", world.one)

    assert bell(rob) == 0
    assert "王芳" not in rob.get(PAGE).text
    assert rob.post(f"/notices/{notice_id}/open").status_code == 404
    assert rob.post("/notices/read").status_code == 302
    assert run_in(world.one, lambda: session.get(Notice, notice_id).read_at) is None


def test_a_notice_stays_in_its_company(tell, login, world):
    (notice_id,) = tell("ann")
    ann = login("ann", world.two)

    assert bell(ann) == 0
    assert ann.post(f"/notices/{notice_id}/open").status_code == 404


def test_all_are_marked_at_once(tell, login, world):
    tell("ann")
    tell("ann")
    ann = login("ann", world.one)

    ann.post("/notices/read")

    assert bell(ann) == 0
    assert ann.get(PAGE).text.count("王芳 planned") == 2


def test_older_ones_are_on_the_next_page(tell, login, world):
    from app.notices.reading import PAGE as SIZE

    first = tell("ann")[0]
    for _number in range(SIZE):
        tell("ann")
    ann = login("ann", world.one)

    assert ann.get(PAGE).text.count("/open") == SIZE
    assert f"/notices/{first}/open" in ann.get(f"{PAGE}?before={first + 1}").text


def test_whoever_left_is_told_nothing(tell, world, run_in):
    from app.companies.models import Membership
    from app.database.session import session

    run_in(None, lambda: session.query(Membership).filter_by(user_id=world.users["rob"]).delete() and None)

    assert len(tell("ann", "rob")) == 1


@pytest.mark.parametrize(
    ("channel", "rows", "rings"), [(Channel.NONE, 0, 0), (Channel.EMAIL, 0, 0), (Channel.IN_APP, 1, 1)]
)
def test_the_user_chooses_where_he_is_told(tell, choose, login, world, channel, rows, rings):
    choose("ann", channel)

    assert len(tell("ann")) == rows
    assert bell(login("ann", world.one)) == rings


def test_a_choice_that_is_not_offered_changes_nothing(kind, choose, login, world, tell):
    ann = login("ann", world.one)
    for data in ({kind.name: "pigeon"}, {"visits.unknown": "both"}):
        answer = ann.post("/notices/preferences", data=data, follow_redirects=True)
        assert "This choice is not offered." in answer.text
    assert len(tell("ann")) == 1


def test_without_a_mail_server_the_page_says_so(kind, login, world):
    assert "This installation sends no e-mail yet." in login("ann", world.one).get("/notices/preferences").text


def test_an_unknown_kind_is_a_fault_of_the_code(world, run_in):
    from app.i18n import _

    strange = NoticeKind("visits.strange", "Strange")
    with pytest.raises(ConfigurationError, match=r"visits\.strange"):
        run_in(world.one, lambda: notify([world.users["ann"]], kind=strange, text=_(TEXT), now=NOW))


def test_old_notices_go(tell, login, world, run_in):
    import datetime as dt

    import sqlalchemy as sa

    from app.database.session import session

    read, kept = tell("ann")[0], tell("ann")[0]
    login("ann", world.one).post(f"/notices/{read}/open")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=91)

    run_in(world.one, lambda: delete_old_notices(later))

    assert run_in(world.one, lambda: list(session.scalars(sa.select(Notice.id)))) == [kept]
