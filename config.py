"""Every setting, with its default and meaning. Secrets come from the environment.

`app.factory` reads the upper-case names below; an environment variable of the same name, prefixed with
ZHANGGUI_, overrides a value (lists are separated by commas).
"""

import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent

# Where things are kept.
DATA_FOLDER = str(ROOT / "var")  # the SQLite file, generated keys, results of jobs, attachments
DATABASE_URL = ""  # what the web process and the workers log in with; empty: SQLite in DATA_FOLDER
DATABASE_OWNER_URL = ""  # PostgreSQL only: the owner of the tables, for migrations; empty: DATABASE_URL
REDIS_URL = ""  # empty: jobs run in the process, limits are counted in memory
JOBS_QUEUE = "zhanggui"  # with Redis: the queue that this installation's workers listen to
JOBS_THREADS = 2  # without Redis: how many jobs run beside the web server
ADDONS_PATH: list[str] = []  # more folders with add-ons, beside addons/ and installed packages

# Secrets: generated once into DATA_FOLDER/secrets.json when the environment gives none.
SECRET_KEY = ""  # signs cookies and tokens
PERSONAL_DATA_KEY = ""  # encrypts phone and ID numbers; losing it loses them

# Log-in.
SESSION_LIFETIME_HOURS = 12  # a log-in ends by itself after this long
PASSWORD_MINIMUM_LENGTH = 10
PASSWORD_MAX_AGE_DAYS = 90  # S:CORE-03
PASSWORD_HISTORY = 3  # S:CORE-03: this many former passwords are refused
LOGIN_FAILURES_TO_LOCK = 5  # S:CORE-03
LOGIN_LOCK_MINUTES = 15  # S:CORE-03
LOGIN_RATE_LIMIT = "20 per minute"  # per address, on the page and on REST together
HTTPS = False  # True behind TLS: Secure cookies and HSTS
TRUSTED_HOSTS: list[str] = []  # empty: any host name is answered
PROXIES_IN_FRONT = 0  # how many reverse proxies set X-Forwarded-* headers

# Log-in by the company's identity provider (OpenID Connect); without OIDC_ISSUER there is none.
OIDC_ISSUER = ""  # as the provider's tokens name it: https://id.example.com/realms/main
OIDC_DISCOVERY_URL = ""  # empty: /.well-known/openid-configuration below the issuer
OIDC_CLIENT_ID = ""
OIDC_CLIENT_SECRET = ""
OIDC_SCOPES = ["openid", "profile", "email"]
OIDC_USERNAME_CLAIM = "preferred_username"  # what a user who is created is called
OIDC_EMPLOYEE_NUMBER_CLAIM = "employee_number"
OIDC_LINK_BY = "email"  # the first log-in finds the user by "email" (verified there), "employee_number", or "none"
OIDC_CREATE_USERS = False  # create whoever is not known here, without roles
OIDC_SECOND_FACTOR_AMR: list[str] = []  # with one of these in the token's `amr` ours is not asked for: mfa, otp, hwk
OIDC_SECOND_FACTOR_ACR: list[str] = []  # the same for `acr`
OIDC_BUTTON_LABEL = ""  # on the log-in page; empty: "Log in with the company account", translated
OIDC_CA_FILE = ""  # certificates (PEM) that the provider is trusted by; empty: the usual ones

# Log-in by the company's directory (LDAP); without LDAP_SERVERS there is none.
LDAP_SERVERS: list[str] = []  # tried in this order: ldaps://dc1.example.com, ldap://dc2.example.com (with StartTLS)
LDAP_PLAINTEXT = False  # True: ldap:// without StartTLS, within one machine only
LDAP_CA_FILE = ""  # certificates (PEM) that the servers are trusted by; empty: those of the system
LDAP_BASE_DN = ""  # below which the users are: ou=people,dc=example,dc=com
LDAP_BIND_DN = ""  # who searches for the user, with
LDAP_BIND_PASSWORD = ""
LDAP_USER_DN = ""  # or, without searching: uid={username},ou=people,dc=example,dc=com
LDAP_USER_FILTER = "(uid={username})"  # Active Directory: (sAMAccountName={username})
LDAP_GROUP_FILTER = ""  # what the user's entry must match too: (memberOf=cn=office,ou=groups,dc=example,dc=com)
LDAP_GROUP_BASE_DN = ""  # where (&(cn=office)(member={dn})), a filter with {dn} in it, finds the group
LDAP_ATTRIBUTES = [  # what they are called there; Active Directory: id=objectGUID, username=sAMAccountName
    "id=entryUUID",  # never changes, and is never given to anybody else
    "username=uid",
    "email=mail",
    "first_name=givenName",
    "last_name=sn",
    "employee_number=employeeNumber",
]
LDAP_LINK_BY = "username"  # the first log-in finds the user by "username", "email", "employee_number", or "none"
LDAP_CREATE_USERS = False  # create whoever is not known here, without roles
LOGIN_SERVICE_TIMEOUT_SECONDS = 5  # how long the provider or a directory server may take to connect, and to answer

# E-mail: notices are sent through this server; without SMTP_HOST there is no e-mail.
SMTP_HOST = ""
SMTP_PORT = 587
SMTP_SECURITY = "starttls"  # or "tls" (usually port 465), or "none" within one machine
SMTP_USERNAME = ""
SMTP_PASSWORD = ""
SMTP_SENDER = ""  # the address that e-mail comes from; needed with SMTP_HOST
PUBLIC_URL = ""  # where users open this installation, for links in e-mail and chat: https://office.example.com

# Functions that need the internet, such as text messages, ask public servers over https only.
ONLINE_HOSTS: list[str] = []  # servers of the own network that they may ask as well

# Limits.
UPLOAD_LIMIT_MEGABYTES = 20
IMPORT_HARD_LIMIT_ROWS = 200_000  # the parameter core.import_max_rows may not exceed it
EXPORT_AT_ONCE_ROWS = 5_000  # a longer list or report becomes Excel in the background
PRINT_AT_ONCE_ROWS = 1_000  # a longer report becomes PDF in the background
JOB_RESULTS_KEPT_DAYS = 7  # files made in the background are deleted after as many days

# Languages.
LANGUAGES = {"zh": {"flag": "cn", "name": "中文"}, "en": {"flag": "gb", "name": "English"}}
DEFAULT_LANGUAGE = "zh"

# For tests and benches only.
JOBS_INLINE = False  # run a job at once, in the process that asked for it


def settings(**overrides: Any) -> dict[str, Any]:
    """Return all settings: the defaults above, then the environment, then the overrides."""
    found = {name: value for name, value in globals().items() if name.isupper() and name != "ROOT"}
    for name, default in found.items():
        raw = os.environ.get(f"ZHANGGUI_{name}")
        if raw is not None:
            found[name] = _parse(raw, default)
    found.update(overrides)
    return found


def _parse(raw: str, default: Any) -> Any:
    if isinstance(default, bool):
        return raw.strip().lower() in ("1", "true", "yes", "on")
    if isinstance(default, int):
        return int(raw)
    if isinstance(default, list):
        return [part.strip() for part in raw.split(",") if part.strip()]
    return raw
