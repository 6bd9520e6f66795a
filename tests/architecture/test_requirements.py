"""What the product stands on: every import is a pinned requirement with its reason, and no index address is named."""

import ast
import re
import sys
from importlib.metadata import packages_distributions

from tests.architecture.source import ROOT, parsed, project_files, relative

LINE = re.compile(r"(?P<name>[\w.-]+)(\[[\w,]+\])?==(?P<version>[\w.]+)(\s+# (?P<reason>.+))?")
OWN = {"app", "addons", "tests", "config"}


def requirements(file):
    """Return for each pinned name whether a reason stands beside it."""
    pinned = {}
    for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "-r ")):
            match = LINE.fullmatch(line)
            assert match, f"{file}: pin it exactly, as name==version: {line!r}"
            assert plain(match["name"]) not in pinned, f"{file}: {match['name']} stands there twice"
            pinned[plain(match["name"])] = match["reason"]
    return pinned


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def imported_distributions(*folders):
    """Return for each third-party distribution one file that imports it."""
    distributions = packages_distributions()
    found = {}
    for path in project_files(".py"):
        if path.relative_to(ROOT).parts[0] not in folders:
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules = [node.module]
            else:
                continue
            for module in modules:
                top = module.split(".")[0]
                beside = path.with_name(f"{top}.py").exists()  # A script's neighbour, as in bench/.
                if not beside and top not in sys.stdlib_module_names | OWN:
                    found[plain(distributions.get(top, [top])[0])] = relative(path)
    return found


def test_what_the_product_imports_is_pinned_with_a_reason():
    pinned, used = requirements("requirements.txt"), imported_distributions("app", "addons", "config.py", "setup")
    absent = {name: place for name, place in used.items() if name not in pinned}
    assert not absent, f"Pin these in requirements.txt: {absent}"
    silent = {name: place for name, place in used.items() if not pinned[name]}
    assert not silent, f"Imported directly; move these pins up in requirements.txt, with a reason: {silent}"


def test_what_the_tests_import_is_pinned():
    pinned = requirements("requirements.txt") | requirements("requirements-dev.txt")
    absent = {
        name: place for name, place in imported_distributions("tests", "bench", "docs").items() if name not in pinned
    }
    assert not absent, f"Pin these in requirements-dev.txt: {absent}"
