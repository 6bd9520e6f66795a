"""What `flask addon new` writes passes every check, installs on both databases and works."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MOST_LINES = 120


@pytest.fixture
def run(environment):
    """Return a function that runs Python in a process of its own, as an author would at the command line."""
    known = {**os.environ, **environment, "FLASK_APP": "app.cli:create_app", "PYTHONPATH": str(ROOT)}

    def call(*words):
        return subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=known, capture_output=True, text=True, timeout=200, check=False
        )

    return call


def test_the_skeleton_works(run, addons):
    words = ("site_visits", "--title", "Site visits", "--title-zh", "现场拜访", "--folder", str(addons.path))
    written = run("-m", "flask", "addon", "new", *words)
    assert written.returncode == 0, written.stderr

    checked = run("-m", "flask", "addon", "check", "site_visits")
    assert (checked.returncode, checked.stdout.splitlines()[-1:]) == (0, ["site_visits: nothing to complain about"]), (
        checked.stdout + checked.stderr
    )
    installed = run("-m", "flask", "addon", "install", "site_visits")
    assert installed.returncode == 0, installed.stderr
    used = run(str(ROOT / "tests/app/addon_loader/use_new_addon.py"), "site_visits", "SiteVisit")
    assert used.returncode == 0, used.stderr
    assert json.loads(used.stdout.splitlines()[-1]) == [[302, 302, 200, 200, 200], True, "done"]

    code = [
        line for file in (addons.path / "site_visits").glob("*.py") for line in file.read_text("utf-8").splitlines()
    ]
    assert len([line for line in code if line.strip()]) <= MOST_LINES


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("Bad",), "a name has 2 to 20 small letters"),
        (("crud",), "the platform uses this name"),
        (("visits",), "there is an add-on or folder of this name already"),
        (("good", "--title", 'a"b'), "at most 40 characters, without quotes"),
        (("good", "--noun", "not a class"), "the name of a class"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_written(flask, addons, words, refusal):
    answer = flask("addon", "new", *words, "--folder", str(addons.path), fails=True)

    assert (answer.exit_code, refusal in answer.output) == (1, True), answer.output
    assert list(addons.path.iterdir()) == []


def test_a_folder_that_nobody_looks_into_is_refused(flask, tmp_path):
    answer = flask("addon", "new", "good", "--folder", str(tmp_path / "elsewhere"), fails=True)

    assert (answer.exit_code, "ADDONS_PATH" in answer.output) == (1, True)
    assert not (tmp_path / "elsewhere").exists()
