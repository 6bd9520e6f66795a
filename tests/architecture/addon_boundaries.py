"""Import contract: an add-on imports another one only through its api, and only as its manifest allows."""

import ast
from pathlib import Path
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output

ROOT = Path(__file__).resolve().parents[2]


class AddonBoundariesContract(Contract):
    """`addons.a` may import `addons.b.api` if a's manifest names b; an optional b only from a's bridge to it."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every import between two add-ons."""
        violations = [
            f"{importer} -> {imported}: {problem}"
            for importer in sorted(graph.modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if (problem := problem_with(importer, imported, read_manifest))
        ]
        return ContractCheck(kept=not violations, metadata={"violations": violations})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each offence with its remedy."""
        for violation in check.metadata["violations"]:
            output.print_error(violation)


def problem_with(importer: str, imported: str, manifest_of: Any) -> str | None:
    """Return why this import breaks an add-on boundary and what to do, or None."""
    source, target = importer.split("."), imported.split(".")
    if source[0] != "addons" or target[0] != "addons":
        return None
    if len(source) < 2 or len(target) < 2 or source[1] == target[1]:
        return None
    if target[2:] != ["api"]:
        return f"only addons.{target[1]}.api is public; re-export there what others may use"
    manifest = manifest_of(source[1])
    if target[1] in manifest.get("depends", ()):
        return None
    if target[1] in manifest.get("optional_depends", ()):
        is_bridge = source[2:4] == ["bridges", target[1]]
        return None if is_bridge else f"{target[1]!r} is optional: import it in bridges/{target[1]}.py only"
    return f"{target[1]!r} is missing from 'depends' in addons/{source[1]}/__manifest__.py"


def read_manifest(addon: str) -> dict[str, Any]:
    """Return the manifest of a shipped add-on, read and never executed."""
    path = ROOT / "addons" / addon / "__manifest__.py"
    manifest: dict[str, Any] = ast.literal_eval(path.read_text(encoding="utf-8"))
    return manifest
