"""The business rules of docs/rules.toml against the tests that prove them. `make rules` prints what is left."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Citations = dict[str, list[str]]


def rules_by_addon() -> dict[str, dict[str, str]]:
    """Return for the platform and each add-on its rules: id and title."""
    return tomllib.loads((ROOT / "docs" / "rules.toml").read_text(encoding="utf-8"))


@cache
def citations() -> Citations:
    """Return for each cited rule id the places that cite it, as 'file:line'."""
    cited: Citations = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for rule, line in cited_in(path.read_text(encoding="utf-8")):
            cited.setdefault(rule, []).append(f"{path.relative_to(ROOT)}:{line}")
    return cited


def cited_in(source: str) -> Iterator[tuple[str, int]]:
    """Yield the id and line of every `pytest.mark.rule("...")` in this source, read and never executed."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") != "rule":
            continue  # Writing out what is called takes long, and few calls are of this name.
        if ast.unparse(node.func) == "pytest.mark.rule":
            for argument in node.args:
                yield ast.literal_eval(argument), node.lineno


def report() -> str:
    """Return the page that `make rules` prints: what waits for a test, then one line per add-on."""
    cited = citations()
    waiting: list[str] = []
    counts: list[str] = []
    for addon, rules in rules_by_addon().items():
        left = [rule for rule in rules if rule not in cited]
        counts.append(f"  {addon:16} {len(rules) - len(left):4} of {len(rules):3} rules proved")
        if addon == "platform" or (ROOT / "addons" / addon).is_dir():
            waiting += [f"  {addon:16} {rule:10} {rules[rule]}" for rule in left]
    return "\n".join(["Rules without a test, of the platform and the add-ons that exist:", *waiting, "", *counts])


if __name__ == "__main__":
    print(report())  # noqa: T201 This is the command's answer.
