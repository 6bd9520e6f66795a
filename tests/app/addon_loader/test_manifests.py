"""A wrong manifest stops the start, with an error that names the file and the key."""

import re

import pytest

from app.addon_loader.discovery import find_addons
from app.addon_loader.manifest import RESERVED, closure, read_manifest, read_manifests
from app.errors import ConfigurationError
from app.factory import create_app

RIGHT = {"name": "sample", "title": "Sample", "version": "1.0.0", "depends": []}
# what is wrong -> (the file, what the error says after the file's name)
BROKEN = {
    "a list": ("[1, 2]", "not a dict literal"),
    "nothing": ("", "not a dict literal"),
    "two dicts": ("{}\n{}", "not a dict literal"),
    "no Python": ("{'name': ", "not a dict literal"),
    "a null byte": ("{}\0", "not a dict literal"),
    "an unhashable key": ("{[]: 1}", "not a dict literal"),
    "a call": ("dict(name='sample')", "not a dict literal"),
    "a comprehension": ("{key: 1 for key in 'ab'}", "not a dict literal"),
    "an unpacking": ("{**{'name': 'sample'}}", "not a dict literal"),
    "depth": ("(" * 5000 + ")" * 5000, "not a dict literal"),
    "a key written twice": ("{'name': 'sample', 'name': 'other'}", "name: written twice"),
    "an unknown key": (RIGHT | {"dependz": []}, "dependz: unknown key; known are name, title,"),
    "a key that is no text": (RIGHT | {1: []}, "1: unknown key"),
    "our own key": (RIGHT | {"path": "/tmp"}, "path: unknown key"),  # noqa: S108
    "a missing key": ({name: value for name, value in RIGHT.items() if name != "version"}, "version: missing"),
    "a text for a list": (RIGHT | {"depends": "visits"}, "depends: must be list"),
    "a tuple for a list": (RIGHT | {"depends": ("visits",)}, "depends: must be list"),
    "a number for a text": (RIGHT | {"title": 1}, "title: must be str"),
    "None for a text": (RIGHT | {"title": None}, "title: must be str"),
    "a number for yes or no": (RIGHT | {"auto_enable": 1}, "auto_enable: must be bool"),
    "a list of numbers": (RIGHT | {"depends": [1]}, "depends: must be a list of str"),
    "a list with a list": (RIGHT | {"demo": [["demo"]]}, "demo: must be a list of str"),
    "a demo that is not there": (RIGHT | {"demo": ["examples"]}, "demo: there is no examples.py"),
    "an empty title": (RIGHT | {"title": " "}, "title: must not be empty"),
    "another name than its folder's": (RIGHT | {"name": "simple"}, "name: must equal the folder, 'sample'"),
    "a version of two numbers": (RIGHT | {"version": "1.0"}, "version: three numbers such as 1.0.0, not '1.0'"),
    "a version with words": (RIGHT | {"version": "1.0.0beta"}, "version: three numbers"),
    "an older platform": (RIGHT | {"requires_app": ">=2.0"}, "requires_app: needs >=2.0, this is 1.0.0"),
    "a newer platform": (RIGHT | {"requires_app": ">=0.1,<1"}, "requires_app: needs >=0.1,<1, this is 1.0.0"),
    "a requirement in words": (RIGHT | {"requires_app": "1.x"}, "requires_app: cannot read '1.x'"),
    "an unknown add-on": (RIGHT | {"depends": ["nobody"]}, "depends: unknown add-on 'nobody'"),
    "itself": (RIGHT | {"depends": ["sample"]}, "depends: cycle sample -> sample"),
    "itself, optionally": (RIGHT | {"optional_depends": ["sample"]}, "depends: cycle sample -> sample"),
}


@pytest.mark.parametrize("wrong", BROKEN)
def test_a_broken_manifest_is_refused_by_file_and_key(addons, wrong):
    text, problem = BROKEN[wrong]
    file = addons.write("sample", "__manifest__.py", text if isinstance(text, str) else repr(text))
    with pytest.raises(ConfigurationError, match=re.escape(f"{file}: {problem}")):
        read_manifests([addons.path])


def test_nothing_in_a_manifest_or_its_addon_is_executed(addons, tmp_path):
    trace = tmp_path / "trace"
    touch = f"__import__('pathlib').Path({str(trace)!r}).touch()"
    addons.write("sample", "__init__.py", touch)
    for text in (f"{{'name': {touch}}}", touch, f"{{'name': 'sample'}} if {touch} else {{}}"):
        file = addons.write("sample", "__manifest__.py", text)
        with pytest.raises(ConfigurationError, match="not a dict literal"):
            read_manifest(file)
    addons.write("sample", "__manifest__.py", repr(RIGHT))
    read_manifests([addons.path])
    assert not trace.exists()


@pytest.mark.parametrize("name", ["Sample", "1sample", "s", "sample-two", "样品", "a" * 40])
def test_a_name_that_cannot_begin_a_table_is_refused(addons, name):
    file = addons.addon(name)
    with pytest.raises(ConfigurationError, match=re.escape(f"{file}: name: lower-case letters")):
        read_manifest(file)


@pytest.mark.parametrize("name", ["companies", "audit", "apps", "platform", "core"])
def test_a_name_of_the_platform_is_refused(addons, name):
    file = addons.addon(name)
    with pytest.raises(ConfigurationError, match=re.escape(f"{file}: name: {name!r} is the platform's own")):
        read_manifest(file)


def test_every_address_of_the_platform_is_a_reserved_name(settings):
    app = create_app([], **settings)
    first_words = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    words = {word for word in first_words if word and not word.startswith("<")}
    assert words <= RESERVED


def test_a_cycle_is_refused_even_through_an_optional_dependency(addons):
    addons.addon("first", depends=("second",))
    addons.addon("second", depends=("third",))
    addons.addon("third", more=', "optional_depends": ["first"]')
    with pytest.raises(ConfigurationError, match=r"__manifest__\.py: depends: cycle .*(first|second|third) -> "):
        read_manifests([addons.path])


def test_an_addon_cannot_be_needed_and_optional(addons):
    addons.addon("first")
    file = addons.addon("second", depends=("first",), more=', "optional_depends": ["first"]')
    with pytest.raises(ConfigurationError, match=re.escape(f"{file}: optional_depends: 'first' is in depends too")):
        read_manifests([addons.path])


def test_two_addons_of_one_name_are_refused(addons, tmp_path):
    file = addons.addon("sample")
    other = type(addons)(tmp_path / "others")
    double = other.addon("sample")
    with pytest.raises(ConfigurationError, match=re.escape(f"{double}: name: 'sample' is also in {file.parent}")):
        read_manifests([addons.path, other.path])


def test_a_folder_of_addons_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match=re.escape(f"ADDONS_PATH: no folder {tmp_path / 'nowhere'}")):
        find_addons([str(tmp_path / "nowhere")])


def test_dependencies_come_first_optional_ones_too(addons):
    addons.addon("alone")
    addons.addon(
        "upper", depends=("lower",), more=', "optional_depends": ["alone", "absent"], "requires_app": ">=1.0,<2"'
    )
    addons.addon("lower")
    found = read_manifests([addons.path])
    assert list(found).index("lower") < list(found).index("upper") > list(found).index("alone")
    assert closure(found, "upper") == ["lower"]
