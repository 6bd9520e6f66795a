"""An identity provider and a directory, to which the app is pointed for one test."""

import datetime as dt
import ipaddress
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask.testing import FlaskClient

from tests.app.login.directory_facts import BASE, SERVICE_PASSWORD
from tests.app.login.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider

Events = Callable[..., list[tuple[str, int | None]]]


@pytest.fixture(scope="session")
def provider_server() -> Iterator[IdentityProvider]:
    """The provider, started once."""
    made = IdentityProvider()
    yield made
    made.stop()


@pytest.fixture
def idp(provider_server: IdentityProvider, app: Any, monkeypatch: pytest.MonkeyPatch) -> IdentityProvider:
    """The provider as it is before it is told to lie, and the app pointed to it."""
    fresh = {"claims": {}, "published": {}, "userinfo": None, "is_out_of_order": False, "codes": {}, "asked": []}
    person = {"sub": "ann-1", "preferred_username": "ann.lee", "email": "ann@example.test", "email_verified": True}
    for name, value in {**fresh, "person": person, "sign": provider_server.signed}.items():
        setattr(provider_server, name, value)
    settings = {"OIDC_ISSUER": provider_server.issuer, "OIDC_CLIENT_ID": CLIENT_ID, "OIDC_CLIENT_SECRET": CLIENT_SECRET}
    for name, value in {**settings, "PUBLIC_URL": "http://localhost"}.items():
        monkeypatch.setitem(app.config, name, value)
    app.extensions.pop("identity_provider", None)
    return provider_server


@pytest.fixture(scope="session")
def directory_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The directory's ports, and the certificate that it is trusted by."""
    folder = tmp_path_factory.mktemp("directory")
    make_certificate(folder)
    command = [sys.executable, "-m", "tests.app.login.serve_directory", str(folder)]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, (folder / "log").read_text(encoding="utf-8")
        yield {**json.loads(line), "ca": str(folder / "ca.pem")}
        process.kill()


def make_certificate(folder: Path) -> None:
    """Write a certificate of this machine that vouches for itself, alone and together with its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "dir")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    ).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(certificate)
    (folder / "server.pem").write_bytes(private + certificate)


@pytest.fixture
def directory(directory_server: dict[str, Any], app: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The app pointed to the directory: it searches, then binds, by LDAPS."""
    settings = {
        "LDAP_SERVERS": [f"ldaps://127.0.0.1:{directory_server['ldaps']}"],
        "LDAP_CA_FILE": directory_server["ca"],
        "LDAP_BASE_DN": BASE,
        "LDAP_BIND_DN": f"cn=service,{BASE}",
        "LDAP_BIND_PASSWORD": SERVICE_PASSWORD,
    }
    for name, value in settings.items():
        monkeypatch.setitem(app.config, name, value)
    return directory_server


@pytest.fixture
def set_up(world: Any, directory: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that changes settings."""

    def change(**values: Any) -> None:
        for name, value in values.items():
            monkeypatch.setitem(world.app.config, name, value)

    return change


@pytest.fixture
def events(run_in: Any) -> Events:
    """Return a function that reads the security events of some kinds, and why."""

    def read(*kinds: str) -> list[tuple[Any, ...]]:
        from app.audit import SecurityEvent
        from app.database.session import session

        found = sa.select(SecurityEvent).where(SecurityEvent.kind.in_(kinds)).order_by(SecurityEvent.id)
        return run_in(
            None, lambda: [(row.kind, row.user_id, row.details.get("reason")) for row in session.scalars(found)]
        )

    return read


def is_logged_in(client: FlaskClient) -> bool:
    """Tell whether the browser reaches the own account."""
    return client.get("/account/").status_code == 200
