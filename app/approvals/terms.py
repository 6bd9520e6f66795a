"""The terms that people sign: when one of them changes, what was said of the old ones holds no longer."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def terms_hash(values: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the terms as JSON; equal terms have equal hashes."""
    written = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
