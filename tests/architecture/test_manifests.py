"""The manifests and folders of the shipped add-ons."""

import pytest

from app.addon_loader.manifest import read_manifests
from tests.architecture.source import ROOT

ADDONS = sorted(path.parent.name for path in (ROOT / "addons").glob("*/__init__.py"))


def test_the_manifests_are_right_and_in_an_order():
    manifests = read_manifests([ROOT / "addons"])
    assert sorted(manifests) == ADDONS, "Every folder in addons/ needs a __manifest__.py"


@pytest.mark.parametrize("addon", ADDONS)
def test_an_addon_brings_what_a_reader_and_the_loader_need(addon):
    folder = ROOT / "addons" / addon
    missing = [
        name for name in ("README.md", "__manifest__.py", "addon.py", "security.py") if not (folder / name).is_file()
    ]
    if not (folder / "models.py").is_file() and not (folder / "models" / "__init__.py").is_file():
        missing.append("models.py or models/__init__.py")
    assert not missing, f"addons/{addon} lacks {missing}; docs/writing-an-addon.md says what belongs in each"


@pytest.mark.parametrize("addon", ADDONS)
def test_a_manifest_says_what_a_buyer_wants_to_know(addon):
    manifest = read_manifests([ROOT / "addons"])[addon]
    assert manifest.summary, f"addons/{addon}/__manifest__.py: write one sentence as 'summary'; the Apps page shows it"
    missing = [name for name in manifest.demo if not (manifest.path / f"{name}.py").is_file()]
    assert not missing, f"addons/{addon}/__manifest__.py: 'demo' names modules that are not there: {missing}"
