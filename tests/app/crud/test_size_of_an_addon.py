"""How little an add-on needs: one model with list, form, REST, role, workflow and report."""

from pathlib import Path

VISITS = Path(__file__).parents[2] / "dummy_addons" / "visits"
NOT_COUNTED = {"api.py", "events.py"}  # For other add-ons only.


def test_the_smallest_whole_addon_has_at_most_120_lines() -> None:
    files = [path for path in VISITS.glob("*.py") if path.name not in NOT_COUNTED]
    lines = [line for path in files for line in path.read_text("utf-8").splitlines() if line.strip()]
    assert {"models.py", "views.py", "security.py", "workflow.py", "reports.py"} <= {path.name for path in files}
    assert len(lines) <= 120
