"""Personal data at rest: encrypted columns, and keyed hashes to find and compare what is encrypted (S:CORE-17)."""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, Text
from sqlalchemy.sql.operators import OperatorType, is_, is_not
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.errors import ConfigurationError

MINIMUM_SECRET_LENGTH = 32
HASH_LENGTH = 32  # Hexadecimal digits: 128 bits of the HMAC.
SHOWN_FROM_LENGTH = 7  # Characters; the last four of anything shorter would give most of it away.
_NONCE_BYTES = 12


@dataclass(frozen=True)
class _PersonalDataKey:
    """The sub-keys made from one secret; `key_id` is stored before each value, so that secrets can change."""

    key_id: str
    cipher: AESGCM
    hash_key: bytes

    @classmethod
    def of(cls, secret: str) -> "_PersonalDataKey":
        key_id = _derive(secret, b"zhanggui personal data key id")[:4].hex()
        return cls(
            key_id,
            AESGCM(_derive(secret, b"zhanggui personal data encryption")),
            _derive(secret, b"zhanggui personal data hash"),
        )


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


# The newest key first: it encrypts and hashes; the earlier ones only decrypt.
_keys: dict[str, _PersonalDataKey] = {}


def set_personal_data_key(secret: str | None, *, earlier: Iterable[str] = ()) -> None:
    """Set the secret of this process; values encrypted under `earlier` secrets stay readable.

    The factory calls it once with the setting PERSONAL_DATA_KEY. A missing or short secret is a ConfigurationError.
    """
    secrets = [secret, *earlier]
    for given in secrets:
        if not given or len(given.strip()) < MINIMUM_SECRET_LENGTH:
            raise ConfigurationError(
                f"PERSONAL_DATA_KEY: set a random secret of at least {MINIMUM_SECRET_LENGTH} characters"
            )
    made = [_PersonalDataKey.of(given) for given in secrets if given]
    _keys.clear()
    _keys.update({key.key_id: key for key in made})


def _current_key() -> _PersonalDataKey:
    for key in _keys.values():
        return key
    raise ConfigurationError("PERSONAL_DATA_KEY is not set: personal data can be neither stored nor read")


def present_key_id() -> str:
    """Return what the present key is called in each value that it encrypted; it tells nothing of the key itself."""
    return _current_key().key_id


def encrypt(text: str) -> str:
    """Return the text encrypted and authenticated (AES-256-GCM): 'key id:base64'. Equal texts look different."""
    key = _current_key()
    nonce = os.urandom(_NONCE_BYTES)
    sealed = key.cipher.encrypt(nonce, text.encode(), key.key_id.encode())
    return f"{key.key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str) -> str:
    """Return the text; ConfigurationError if its key is not set or the stored value was tampered with."""
    _current_key()
    key_id, _separator, encoded = stored.partition(":")
    if (key := _keys.get(key_id)) is None:
        raise ConfigurationError(f"PERSONAL_DATA_KEY: no secret for the key {key_id!r} that a stored value names")
    try:
        sealed = base64.b64decode(encoded, validate=True)
        return key.cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], key_id.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise ConfigurationError("a stored personal value is damaged or was not encrypted by this system") from error


def keyed_hash(text: str) -> str:
    """Return the HMAC of a normalised text in hexadecimal: the same text gives the same hash, only with our key."""
    return hmac.new(_current_key().hash_key, text.encode(), hashlib.sha256).hexdigest()[:HASH_LENGTH]


def last_four(text: str) -> str:
    """Return what may be shown of a number: its last four characters; nothing of a short one."""
    return text[-4:] if len(text) >= SHOWN_FROM_LENGTH else ""


class EncryptedText(TypeDecorator[str]):
    """A text that is encrypted in the database. It cannot be compared or sorted there: store a keyed hash beside it."""

    impl = Text
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[str]):
        """Refuses every comparison but IS NULL: any other would silently never match."""

        def operate(self, op: OperatorType, *other: Any, **options: Any) -> Any:
            """Compare with NULL only."""
            if op in (is_, is_not):
                return super().operate(op, *other, **options)
            raise TypeError("an encrypted column cannot be compared or sorted; use the keyed hash beside it")

    comparator_factory = Comparator

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt what is written."""
        return None if value is None else encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt what is read."""
        return None if value is None else decrypt(value)


def is_encrypted(column_type: TypeEngine[Any]) -> bool:
    """Tell whether a column's values are encrypted, so that no log and no export takes them for plain text."""
    return isinstance(column_type, EncryptedText)
