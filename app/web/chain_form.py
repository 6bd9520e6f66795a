"""The form of a chain: what was typed as a draft in JSON, and the buttons that add, move and remove its parts."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from werkzeug.datastructures import MultiDict

from app.approvals.definition import Mode, Who
from app.approvals.reading import MOST_CONDITIONS, MOST_RULES, MOST_STEPS

Draft = dict[str, list[dict[str, Any]]]


def empty_draft() -> Draft:
    """Return a chain to begin with: one step, signed by the superior of who asked, for everything."""
    return {"rules": [new_rule(["step1"])], "steps": [new_step("step1")]}


def new_step(key: str) -> dict[str, Any]:
    """Return a step without a name."""
    return {"key": key, "name": "", "who": Who.SUPERIOR.value, "value": "1", "mode": Mode.ONE.value, "count": 1}


def new_rule(steps: list[str]) -> dict[str, Any]:
    """Return a rule without a name and conditions."""
    return {"name": "", "when": [], "steps": steps}


def typed_draft(form: "MultiDict[str, str]") -> Draft:
    """Return the draft as it was typed, right or wrong."""
    return {
        "steps": [_step(form, f"step-{number}-") for number in _numbers(form, "step", MOST_STEPS)],
        "rules": [_rule(form, f"rule-{number}-") for number in _numbers(form, "rule", MOST_RULES)],
    }


def changed_draft(draft: Draft, button: str) -> Draft:
    """Return the draft after one of its buttons: 'add-step', 'add-rule', 'add-when:2', 'drop-step:1', 'up-rule:3'.

    A button of nothing changes nothing.
    """
    name, _colon, place = button.partition(":")
    numbers = [int(part) - 1 for part in place.split(".") if part.isdecimal() and len(part) < 4]
    press, wanted = _BUTTONS.get(name, (None, 0))
    if press is not None and len(numbers) == wanted and min(numbers, default=0) >= 0:
        with suppress(IndexError):  # A part that is not there.
            press(draft, *numbers)
    return draft


def _add_step(draft: Draft) -> None:
    if len(draft["steps"]) >= MOST_STEPS:
        return
    taken = {step["key"] for step in draft["steps"]}
    key = next(f"step{number}" for number in range(1, MOST_STEPS + 2) if f"step{number}" not in taken)
    draft["steps"].append(new_step(key))


def _add_rule(draft: Draft) -> None:
    if len(draft["rules"]) < MOST_RULES:  # Before the last one, which is for everything else.
        draft["rules"].insert(max(len(draft["rules"]) - 1, 0), new_rule([]))


def _add_when(draft: Draft, rule: int) -> None:
    if len(draft["rules"][rule]["when"]) < MOST_CONDITIONS:
        draft["rules"][rule]["when"].append({"fact": "", "operator": "", "values": []})


def _drop_when(draft: Draft, rule: int, condition: int) -> None:
    del draft["rules"][rule]["when"][condition]


def _drop_step(draft: Draft, number: int) -> None:
    key = draft["steps"].pop(number)["key"]
    for rule in draft["rules"]:
        rule["steps"] = [step for step in rule["steps"] if step != key]


def _drop_rule(draft: Draft, number: int) -> None:
    del draft["rules"][number]


def _up(kind: str) -> Callable[..., None]:
    def move(draft: Draft, number: int) -> None:
        if number > 0:
            draft[kind].insert(number - 1, draft[kind].pop(number))

    return move


# What each button does, and how many numbers it names.
_BUTTONS: Mapping[str, tuple[Callable[..., None], int]] = {
    "add-step": (_add_step, 0),
    "add-rule": (_add_rule, 0),
    "add-when": (_add_when, 1),
    "drop-when": (_drop_when, 2),
    "drop-step": (_drop_step, 1),
    "drop-rule": (_drop_rule, 1),
    "up-step": (_up("steps"), 1),
    "up-rule": (_up("rules"), 1),
}


def _step(form: "MultiDict[str, str]", prefix: str) -> dict[str, Any]:
    who = form.get(f"{prefix}who", "")
    made: dict[str, Any] = {
        "key": form.get(f"{prefix}key", ""),
        "name": form.get(f"{prefix}name", "").strip(),
        "who": who,
        "value": form.get(f"{prefix}{who}", "").strip(),
        "mode": form.get(f"{prefix}mode", Mode.ONE.value),
        "count": form.get(f"{prefix}count", "").strip() or 1,
        "is_opinion": form.get(f"{prefix}is_opinion") == "1",
    }
    unit = form.get(f"{prefix}unit", "")
    if unit:
        made["deadline"] = {
            "unit": unit,
            "count": form.get(f"{prefix}time", "").strip(),
            "remind_before": form.get(f"{prefix}remind", "").strip(),
            "then": form.get(f"{prefix}then", ""),
        }
    return made


def _rule(form: "MultiDict[str, str]", prefix: str) -> dict[str, Any]:
    return {
        "name": form.get(f"{prefix}name", "").strip(),
        "when": [_condition(form, f"{prefix}{number}-") for number in _numbers(form, f"{prefix}when", MOST_CONDITIONS)],
        "steps": form.getlist(f"{prefix}steps"),
    }


def _condition(form: "MultiDict[str, str]", prefix: str) -> dict[str, Any]:
    typed = [value.strip() for value in form.getlist(f"{prefix}value") if value.strip()]
    return {"fact": form.get(f"{prefix}fact", ""), "operator": form.get(f"{prefix}operator", ""), "values": typed}


def _numbers(form: "MultiDict[str, str]", kind: str, most: int) -> list[int]:
    """Return the numbers of the parts that the form lists, in its order: one hidden field each."""
    listed = form.getlist(kind)
    return [int(number) for number in listed[:most] if number.isdecimal() and len(number) < 4]
