from __future__ import annotations

from pathlib import Path

import pytest

from service.checks import DEFINITIONS, LANGUAGES, rules_digest, rules_of, verify
from service.errors import RuleInvalid
from service.rules import disagreements

CORE = {
    "abuse", "admission", "apology", "corporate_speak", "debate", "first_person", "hollow_apology", "leak",
    "offline_push", "only_one", "quid_pro_quo", "review_ask", "sarcasm", "secondhand", "step",
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_rule_file_agrees_with_its_own_examples(language: str) -> None:
    assert list(disagreements(rules_of(language))) == []


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_has_rules_for_every_family_that_needs_words(language: str) -> None:
    assert {rule.check for rule in rules_of(language).rules} >= CORE


def test_the_rules_of_english_are_proved_at_start_up() -> None:
    verify()


def test_a_rule_that_its_own_example_refutes_stops_the_start(tmp_path: Path) -> None:
    rule = "message: M.\nwhy: W.\nany_of: [secret]\nflagged: [Good morning.]\npassed: [Good night.]\n"
    (tmp_path / "en" / "leak").mkdir(parents=True)
    (tmp_path / "en" / "leak" / "words.yml").write_text(rule, encoding="utf-8")

    with pytest.raises(RuleInvalid, match=r"^en/words: does not flag 'Good morning\.'"):
        verify(tmp_path)


def test_every_message_is_a_sentence() -> None:
    for language in LANGUAGES:
        for rule in rules_of(language).rules:
            assert rule.message.endswith((".", "?")), rule.id
    for definition in DEFINITIONS.values():
        assert definition.definition.endswith(".")


def test_the_digest_stands_for_all_rules() -> None:
    assert rules_digest().startswith("sha256:")
    assert rules_of("xx").rules == ()
