"""What a file may look like: it says what it is, stays short, and names no machine and no registry."""

import ast
import re

from tests.architecture.source import ROOT, parsed, project_files, relative

LINES = 400
FUNCTION_LINES = 60

# Longer than the limit on purpose: path -> why splitting would read worse.
LONG_FILES = {"tests/app/database/test_isolation.py": "One table of every access path, to be read beside each other."}
LONG_FUNCTIONS: dict[str, str] = {}

VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "core", "base_utils"}

# Written in halves, so that this file does not contain what it forbids.
REGISTRY_HOSTS = [
    "pypi" + ".org",
    "pypi.python" + ".org",
    "pythonhosted" + ".org",
    "registry.npmjs" + ".org",
    "unpkg" + ".com",
    "jsdelivr" + ".net",
    "cdnjs." + "cloudflare.com",
    "mirrors.aliyun" + ".com",
    "tsinghua" + ".edu.cn",
    "index" + "-url",
]
MACHINE_PATH = re.compile(r"(?<![\w.$}])/(?:work|root|Users|mnt)/\w")
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".json",
    ".yaml",
    ".yml",
    ".html",
    ".css",
    ".js",
    ".po",
    ".mako",
    ".cfg",
    ".sh",
    "",
}


def code_files():
    return [path for path in project_files(".py") if path.name != "__manifest__.py" and "versions" not in path.parts]


def test_every_python_file_starts_by_saying_what_it_is_for():
    silent = [relative(path) for path in code_files() if ast.get_docstring(parsed(path)) is None]
    assert not silent, f"Write one sentence as the first line of these files, saying what each is for: {silent}"


def test_no_file_has_a_name_that_says_nothing():
    vague = [
        relative(path) for path in project_files(".py") if VAGUE_NAMES & {path.stem, *path.relative_to(ROOT).parts[:-1]}
    ]
    assert not vague, f"A file that cannot say what it is has no address. Name these by their subject: {vague}"


def test_no_python_file_grows_beyond_the_limit():
    lengths = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in code_files()}
    long = {name: length for name, length in lengths.items() if length > LINES and name not in LONG_FILES}
    assert not long, f"Split by subject (not by size), or give a reason in LONG_FILES of {relative_self()}: {long}"
    settled = [name for name in LONG_FILES if lengths.get(name, 0) <= LINES]
    assert not settled, f"These are short again or gone; take them out of LONG_FILES: {settled}"


def test_no_function_grows_beyond_the_limit():
    lengths = {
        f"{relative(path)}::{node.name}": node.end_lineno - node.lineno + 1
        for path in code_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    long = {name: length for name, length in lengths.items() if length > FUNCTION_LINES and name not in LONG_FUNCTIONS}
    assert not long, (
        f"Name the steps as functions of their own (aim: 40 lines), or give a reason in LONG_FUNCTIONS: {long}"
    )


def test_no_tracked_file_names_a_registry_or_a_path_of_one_machine():
    found = []
    for path in project_files():
        if path.suffix not in TEXT:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if any(host in line for host in REGISTRY_HOSTS) or MACHINE_PATH.search(line) or str(ROOT) + "/" in line:
                found.append(f"{relative(path)}:{number}: {line.strip()[:120]}")
    assert not found, (
        "Where packages come from is the machine's setting, and paths are worked out from the file or the settings. "
        "Take these out:\n" + "\n".join(found)
    )


def relative_self() -> str:
    return "tests/architecture/test_files.py"
