"""Every alternative, word, optional, gap, exception and fix of every wording rule is proved by the rule's examples."""

from __future__ import annotations

import pytest

from service.checks import LANGUAGES, rules_of
from tests.mutants import Proof, judged_lists, judged_rules
from tests.test_phrases import made

FAMILIES = sorted({(language, rule.check) for language in LANGUAGES for rule in rules_of(language).rules})


@pytest.mark.parametrize(("language", "family"), FAMILIES)
def test_no_part_of_a_rule_can_be_dropped_unnoticed(language: str, family: str) -> None:
    survivors = [f"{each.owner}: {each.missing}" for each in judged_rules(language, family) if each is not None]

    assert survivors == []


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_part_of_a_list_of_words_can_be_dropped_unnoticed(language: str) -> None:
    survivors = [f"{each.owner}: {each.missing}" for each in judged_lists(language) if each is not None]

    assert survivors == []


@pytest.mark.parametrize(
    ("pattern", "killed"),
    [
        (r"\bkindly\b", False),
        (r"\b(?:kindly|please)\b", True),
        (r"\bkindest\b", True),
    ],
)
def test_a_mutant_is_killed_by_an_example_alone(pattern: str, killed: bool) -> None:
    rule = made(
        any_of=["kindly", "be advised"], flagged=["Kindly wait.", "Be advised."], passed=["Please wait."]
    ).rules[0]

    assert Proof(rule).kills(0, pattern) is killed
