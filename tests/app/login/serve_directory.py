"""A directory (LDAP) on two local sockets, one with TLS from the start, one with StartTLS; run as a process of its own.

Started with a folder that holds server.pem; it writes the ports to its output as JSON and serves until it is ended.
"""

import json
import sys
from pathlib import Path
from typing import Any

from ldaptor import inmemory, interfaces
from ldaptor.protocols import pureldap
from ldaptor.protocols.ldap.ldapserver import LDAPServer
from twisted.internet import reactor, ssl
from twisted.internet.protocol import ServerFactory
from twisted.python.components import registerAdapter

from tests.app.login.directory_facts import BASE, IN_OFFICE, PASSWORD, PEOPLE, SERVICE_PASSWORD


def build_tree() -> Any:
    """Return the tree with the people, the service that searches, and a group."""
    root = inmemory.ReadOnlyInMemoryLDAPEntry(BASE, {"objectClass": ["dcObject"], "dc": ["example"]})
    people = root.addChild("ou=people", {"objectClass": ["organizationalUnit"], "ou": ["people"]})
    others = root.addChild("ou=others", {"objectClass": ["organizationalUnit"], "ou": ["others"]})
    root.addChild("cn=service", {"objectClass": ["person"], "cn": ["service"], "userPassword": [SERVICE_PASSWORD]})
    for uid, (uuid, mail, number) in PEOPLE.items():
        attributes = {
            "objectClass": ["inetOrgPerson"], "uid": [uid], "entryUUID": [uuid], "mail": [mail],
            "employeeNumber": [number], "givenName": [uid.title()], "sn": ["Directory"], "userPassword": [PASSWORD],
        }  # fmt: skip
        people.addChild(f"uid={uid}", attributes)
        if uid == "twin":
            others.addChild(f"uid={uid}", attributes)
    members = [f"uid={uid},ou=people,{BASE}" for uid in IN_OFFICE]
    root.addChild("cn=office", {"objectClass": ["groupOfNames"], "cn": ["office"], "member": members})
    return root


class Directory(LDAPServer):
    """Knows StartTLS, and says yes to an empty password as directories do (RFC 4513, 5.1.2)."""

    def handle_LDAPBindRequest(self, request: Any, controls: Any, reply: Any) -> Any:  # noqa: N802  # Its name.
        """Bind."""
        if not request.auth:
            return pureldap.LDAPBindResponse(resultCode=0)
        return super().handle_LDAPBindRequest(request, controls, reply)

    def extendedRequest_StartTLS(self, _value: Any, reply: Any) -> Any:  # noqa: N802  # ldaptor looks for this prefix.
        """Go on by TLS once the answer is written."""
        reactor.callLater(0, self.transport.startTLS, self.factory.certificate.options())
        return pureldap.LDAPExtendedResponse(resultCode=0, responseName=pureldap.LDAPStartTLSRequest.oid)

    extendedRequest_StartTLS.oid = pureldap.LDAPStartTLSRequest.oid  # type: ignore[attr-defined]


class Factory(ServerFactory):
    """Gives each connection the same tree."""

    protocol = Directory

    def __init__(self, tree: Any, certificate: Any) -> None:
        self.tree, self.certificate = tree, certificate


def main(folder: Path) -> None:
    """Serve."""
    registerAdapter(lambda factory: factory.tree, Factory, interfaces.IConnectedLDAPEntry)
    certificate = ssl.PrivateCertificate.loadPEM((folder / "server.pem").read_bytes())
    factory = Factory(build_tree(), certificate)
    by_tls = reactor.listenSSL(0, factory, certificate.options(), interface="127.0.0.1")
    plain = reactor.listenTCP(0, factory, interface="127.0.0.1")
    print(json.dumps({"ldaps": by_tls.getHost().port, "ldap": plain.getHost().port}), flush=True)  # noqa: T201
    reactor.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
