"""What is in the directory of the tests; apart from the server, whose library the tests do not load."""

BASE, PASSWORD, SERVICE_PASSWORD = "dc=example,dc=test", "right in the directory", "of the service"
PEOPLE = {
    # uid: (entryUUID, mail, employee number)
    "ann": ("uuid-ann", "ann@example.test", "E-ann"),
    "root": ("uuid-root", "root@example.test", "E-root"),
    "rob.lee": ("uuid-rob", "rob@elsewhere.test", "E-rob"),
    "newcomer": ("uuid-new", "new@example.test", "E-new"),
    "twin": ("uuid-twin", "twin@example.test", "E-twin"),
}
IN_OFFICE = ("ann", "root")
