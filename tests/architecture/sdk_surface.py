"""The public interface of the platform: every name in every `__all__` of app/sdk. `make sdk` pins it anew."""

import ast
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SDK = ROOT / "app" / "sdk"
PINNED = Path(__file__).with_name("sdk_surface.json")


def surface() -> dict[str, list[str]]:
    """Return the public names of each module of the sdk, read and never executed."""
    return {path.stem: public_names(path) for path in sorted(SDK.glob("*.py")) if path.stem != "__init__"}


def public_names(path: Path) -> list[str]:
    """Return the names in `__all__`, sorted."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return sorted(ast.literal_eval(node.value))
    raise LookupError(f"app/sdk/{path.name}: list the public names in __all__")


def pinned() -> dict[str, list[str]]:
    """Return the surface as it was agreed upon last."""
    agreed: dict[str, list[str]] = json.loads(PINNED.read_text(encoding="utf-8"))
    return agreed


if __name__ == "__main__":
    PINNED.write_text(json.dumps(surface(), indent=2) + "\n", encoding="utf-8")
