"""Every business rule has one owner, and tests cite only rules that exist."""

from collections import Counter

from tests.architecture.rules_report import citations, cited_in, report, rules_by_addon


def test_every_rule_has_one_owner_and_a_title():
    owners = Counter(rule for rules in rules_by_addon().values() for rule in rules)
    assert [rule for rule, times in owners.items() if times > 1] == []
    assert [rule for rules in rules_by_addon().values() for rule, title in rules.items() if not title] == []


def test_tests_cite_only_rules_that_exist():
    known = {rule for rules in rules_by_addon().values() for rule in rules}
    unknown = {rule: places for rule, places in citations().items() if rule not in known}
    assert not unknown, f"docs/rules.toml does not know these ids; they look like P:REC-01 or S:CORE-03: {unknown}"


def test_a_citation_is_found_wherever_it_stands():
    source = (
        "pytestmark = pytest.mark.rule('P:REC-01')\n"
        "@pytest.mark.rule('P:REC-02')\n@pytest.mark.rule('S:REC-01')\ndef test(): ...\n"
    )
    assert sorted(cited_in(source)) == [("P:REC-01", 1), ("P:REC-02", 2), ("S:REC-01", 3)]


def test_the_report_counts_every_addon():
    page = report()
    assert all(addon in page for addon in rules_by_addon())
