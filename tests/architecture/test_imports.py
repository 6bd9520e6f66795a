"""Who may import whom: the contracts of pyproject.toml, and that they bite."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.addon_boundaries import problem_with
from tests.architecture.source import ROOT, parsed, project_files, relative

# The rooms that stand on Flask-AppBuilder. Everyone else sees it only as the user's and role's models.
FRAMEWORK_ROOMS = {"crud", "database", "extensions", "factory", "security", "web"}
SECURITY_MODELS = "flask_appbuilder.security.sqla.models"

MANIFESTS = {"orders": {"depends": ["payments"], "optional_depends": ["inventory"]}}


def test_the_import_contracts_hold():
    answer = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, (
        f"{answer.stdout}{answer.stderr}\nThe house has floors: import downwards only, through app.sdk and another "
        "add-on's api. Where a lower floor needs an answer from a higher one, it is given a function at start-up."
    )


@pytest.mark.parametrize(
    ("importer", "imported", "problem"),
    [
        ("addons.orders.services", "addons.payments.api", None),
        ("addons.orders.services", "addons.orders.models", None),
        ("addons.orders.services", "app.sdk.models", None),
        ("addons.orders.bridges.inventory", "addons.inventory.api", None),
        ("addons.orders.services", "addons.payments.models", "only addons.payments.api is public"),
        ("addons.orders.services", "addons.inventory.api", "bridges/inventory.py only"),
        ("addons.orders.bridges.other", "addons.inventory.api", "bridges/inventory.py only"),
        ("addons.orders.services", "addons.commission.api", "missing from 'depends'"),
    ],
)
def test_the_boundary_contract_bites(importer, imported, problem):
    found = problem_with(importer, imported, MANIFESTS.__getitem__)
    assert (found is None) if problem is None else (problem in found)


def test_only_a_few_rooms_stand_on_the_web_framework():
    found = []
    for path in project_files(".py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[0] != "app" or parts[1] in FRAMEWORK_ROOMS | {"migrations"}:
            continue
        found += [f"{relative(path)}:{line}: {name}" for name, line in framework_imports(parsed(path))]
    assert not found, (
        f"Only {sorted(FRAMEWORK_ROOMS)} import Flask-AppBuilder; "
        f"other rooms take {SECURITY_MODELS} and nothing else: {found}"
    )


def framework_imports(tree: ast.Module):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        for name in names:
            if name.split(".")[0] == "flask_appbuilder" and name != SECURITY_MODELS:
                yield name, node.lineno
