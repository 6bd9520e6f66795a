"""One value of the company's policy is one parameter, whatever the two rule books call it."""

import re
from collections import Counter

RULE = re.compile(r"([PS]):[A-Z]{2,4}-\d{2}")


def declared(product):
    """Return the parameters of the platform and of every add-on."""
    with product.app_context():
        from app.parameters.registry import list_parameters

        return list_parameters()


def names(parameter):
    """Return what the rule books call it: its aliases, and its own name in each book that it serves."""
    books = {match[1] for match in RULE.finditer(parameter.requirement)}
    aliased = {alias.partition(":")[0] for alias in parameter.spec_aliases}
    own = {"P": parameter.key.partition(".")[2], "S": parameter.key}
    return {*parameter.spec_aliases, *(f"{book}:{own[book]}" for book in books - aliased)}


def test_no_name_of_a_rule_book_is_two_parameters(product):
    counts = Counter(name for parameter in declared(product) for name in names(parameter))

    assert [name for name, count in counts.items() if count > 1] == []


def test_an_alias_is_of_a_book_that_the_parameter_serves(product):
    for parameter in declared(product):
        books = {match[1] for match in RULE.finditer(parameter.requirement)}
        assert {alias[0] for alias in parameter.spec_aliases} <= books, parameter.key


def test_an_alias_differs_from_what_it_stands_for(product):
    for parameter in declared(product):
        own = {f"P:{parameter.key.partition('.')[2]}", f"S:{parameter.key}"}
        assert not own & set(parameter.spec_aliases), parameter.key
