"""The directory does not answer, or no longer with the same people."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.app.login.conftest import is_logged_in
from tests.app.login.directory_facts import PASSWORD as THERE
from tests.app.login.passwords import WRONG, by_page, by_rest, opens
from tests.world import PASSWORD as HERE

pytestmark = pytest.mark.by_turns


@pytest.fixture(params=["closed", "silent", "no directory"])
def broken(request: pytest.FixtureRequest, set_up: Any) -> Iterator[str]:
    """A server that refuses the connection, one that never answers, and one that speaks something else."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    set_up(LDAP_SERVERS=[f"ldap://127.0.0.1:{port}"], LOGIN_SERVICE_TIMEOUT_SECONDS=1)
    if request.param == "closed":
        listening.close()
    if request.param == "no directory":
        import threading

        def chatter() -> None:
            connection, _address = listening.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=chatter, daemon=True).start()
    yield request.param
    listening.close()


def test_while_the_directory_is_down_it_is_said_and_passwords_of_ours_work(broken: str, world: Any) -> None:
    client = world.app.test_client()
    client.get("/lang/en")
    answer = client.post("/login/", data={"username": "newcomer", "password": THERE})
    assert answer.status_code == 503
    assert "The company directory does not answer" in answer.text
    assert 'value="newcomer"' in answer.text
    assert by_page(world, "root", HERE)[1].status_code == 302


def test_while_the_directory_is_down_rest_says_so(broken: str, world: Any) -> None:
    answer = by_rest(world, "newcomer", THERE)
    assert (answer.status_code, answer.json["error"]) == (503, "directory.down")


def test_the_next_server_is_asked_when_one_is_down(directory: Any, world: Any, set_up: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    set_up(LDAP_SERVERS=[f"ldaps://127.0.0.1:{port}", f"ldaps://127.0.0.1:{directory['ldaps']}"])
    assert opens(world, "ann", THERE)


def test_an_outage_locks_out_nobody_of_the_directory_but_guesses_at_ours_count(
    directory: Any, world: Any, set_up: Any, events: Any
) -> None:
    assert opens(world, "ann", THERE)
    set_up(LDAP_SERVERS=["ldaps://127.0.0.1:1"])
    for _attempt in range(6):
        assert by_page(world, "ann", THERE)[1].status_code == 503
        by_page(world, "rob", WRONG)
    assert events("login.locked") == [("login.locked", world.users["rob"], None)]
    set_up(LDAP_SERVERS=[f"ldaps://127.0.0.1:{directory['ldaps']}"])
    assert opens(world, "ann", THERE)


def test_a_service_account_that_is_refused_is_an_outage(directory: Any, world: Any, set_up: Any) -> None:
    set_up(LDAP_BIND_PASSWORD="changed last night")
    assert by_page(world, "ann", THERE)[1].status_code == 503


def test_whoever_leaves_the_directory_is_logged_out_within_the_hour(
    directory: Any, world: Any, run_in: Any, set_up: Any, events: Any, login: Any
) -> None:
    from app.database.columns import utc_now
    from app.security.directory_watch import end_directory_logins

    ours, (client, _answer) = login("rob"), by_page(world, "ann", THERE)
    run_in(None, lambda: end_directory_logins(utc_now()))
    assert is_logged_in(client)
    set_up(LDAP_GROUP_FILTER="(employeeNumber=E-nobody)", LDAP_SERVERS=["ldaps://127.0.0.1:1"])
    run_in(None, lambda: end_directory_logins(utc_now()))  # While it is down, nobody is logged out.
    assert is_logged_in(client)
    set_up(LDAP_SERVERS=[f"ldaps://127.0.0.1:{directory['ldaps']}"])

    run_in(None, lambda: end_directory_logins(utc_now()))

    assert (is_logged_in(client), is_logged_in(ours)) == (False, True)
    assert events("login.gone") == [("login.gone", world.users["ann"], None)]
