from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.domain import Fix, Span
from service.errors import RuleInvalid
from service.folding import fold
from service.phrases import parse
from service.rules import RuleSet, applied, disagreements, read_rules, rule_of
from service.sentences import sentences

if TYPE_CHECKING:
    from pathlib import Path

RULE = {"message": "Say it plainly.", "why": "A guide.", "flagged": ["a"], "passed": ["b"]}


def made(**fields: object) -> RuleSet:
    return RuleSet([rule_of({**RULE, **fields}, name="made", check="made", language="en")])


def found(rules: RuleSet, text: str) -> list[str]:
    return [hit.span.of(text) for hit in rules.scan(fold(text))]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("We're SORRY", "we're sorry"),
        ("We’re “so”\u00a0sorry", 'we\'re "so" sorry'),
        ("so\u200brry", "sorry"),
        ("\uff33\uff4f\uff52\uff52\uff59", "sorry"),
        ("we are \u0455\u043erry", "we are sorry"),
        ("cafe\u0301", "café"),
        ("\ufb01ne", "fine"),
        ("Straße", "strasse"),
    ],
)
def test_what_looks_the_same_folds_to_the_same(text: str, folded: str) -> None:
    assert fold(text).text == folded


def test_a_text_in_another_alphabet_keeps_its_letters() -> None:
    assert fold("очень жаль").text == "очень жаль"


@pytest.mark.parametrize("text", ["a\u200bsorry b", "\ufb01 sorry", "e\u0301\u0302 sorry x", "sorry"])
def test_a_folded_place_leads_back_to_the_original(text: str) -> None:
    folded = fold(text)
    start = folded.text.index("sorry")

    assert folded.span(start, start + 5).of(text) == "sorry"
    assert folded.at(text.index("sorry")) == start
    assert folded.span(start, start) == Span(text.index("sorry"), text.index("sorry"))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("We lost it. Sorry!", ["We lost it.", "Sorry!"]),
        ("Ask Mr. Smith. He knows.", ["Ask Mr. Smith.", "He knows."]),
        ("At 3 p.m. we left. Then no.", ["At 3 p.m. we left.", "Then no."]),
        ("See https://x.example/a.b now", ["See https://x.example/a.b now"]),
        ("It cost 3.50.\nNo more", ["It cost 3.50.", "No more"]),
        ("Write to us.Thanks", ["Write to us.", "Thanks"]),
        ("すみません。調べます。", ["すみません。", "調べます。"]),
        ("  ", []),
    ],
)
def test_a_text_falls_into_its_sentences(text: str, parts: list[str]) -> None:
    assert [span.of(text) for span in sentences(text)] == parts


@pytest.mark.parametrize(
    ("phrase", "flagged", "passed"),
    [
        ("take very? seriously", "We take very seriously", "We take it"),
        ("sorry for (any|the)? trouble", "Sorry for the trouble", "Sorry for some trouble"),
        ("apologi(s|z)e", "I apologize", "apologised"),
        ("inconvenience~", "inconveniences", "convenience"),
        ("sorry *2 if", "sorry to you if", "sorry to all of you if"),
        ("(mis)?take", "a mistake", "intake"),
    ],
)
def test_a_phrase_says_which_words(phrase: str, flagged: str, passed: str) -> None:
    rules = made(any_of=[phrase])

    assert found(rules, flagged)
    assert not found(rules, passed)


@pytest.mark.parametrize("phrase", ["(a", "a)", "*2 a", "(a)?", "<nothing> a", "a? b?", "~ ()"])
def test_a_broken_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse(phrase, {})


def test_a_phrase_ends_at_the_edge_of_a_word_of_any_alphabet() -> None:
    rules = made(any_of=["désolé"])

    assert found(rules, "Désolé, désolée, redésolé, désolé") == ["Désolé", "désolé"]


def test_an_exception_covers_the_words() -> None:
    rules = made(any_of=["kindly"], unless=["very kindly"])

    assert found(rules, "Kindly wait; they very kindly did.") == ["Kindly"]


def test_a_text_without_words_holds_no_hit() -> None:
    assert made(any_of=["a b"]).scan(fold("")) == ()
    assert RuleSet(()).scan(fold("a b")) == ()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"any_of": ["a"], "colour": "red"}, "colour"),
        ({"any_of": ["a"], "message": ""}, "message"),
        ({"any_of": ["a"], "severity": "fatal"}, "severity"),
        ({"any_of": []}, "no phrase"),
        ({"any_of": "a"}, "list of phrases"),
        ({"any_of": [3]}, "phrase or re"),
        ({"any_of": [{"re": "(?=a)"}]}, "RE2"),
        ({"any_of": [{"re": "a*"}]}, "empty"),
        ({"any_of": ["a"], "fix": "burn"}, "fix"),
        ({"any_of": ["a"], "flagged": "a"}, "list of texts"),
    ],
)
def test_a_bad_rule_names_itself_and_the_reason(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(RuleInvalid, match=reason) as caught:
        made(**fields)

    assert caught.value.detail.startswith("made")


@pytest.mark.parametrize("content", ["- a", "a: [", "message: x"])
def test_a_bad_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "broken.yml").write_text(content, encoding="utf-8")

    with pytest.raises(RuleInvalid, match="broken"):
        read_rules(tmp_path)


def test_deleting_words_moves_the_capital() -> None:
    rule = made(any_of=["please be advised (that)?"], fix="delete").rules[0]

    assert applied(rule, "Please be advised that we close.") == "We close."
    assert applied(rule, "We say please be advised we close.") == "We say we close."
    assert applied(rule, "Please be advised.") == "Please be advised."


def test_a_stock_sentence_goes_only_when_it_says_nothing_else() -> None:
    rule = made(any_of=["thanks for reaching out"], fix="delete sentence").rules[0]

    assert applied(rule, "Thanks for reaching out! We lost it.") == "We lost it."
    assert applied(rule, "We lost it. Thanks for reaching out!") == "We lost it."
    assert applied(rule, "Thanks for reaching out!") == "Thanks for reaching out!"
    assert applied(rule, "Thanks for reaching out about the bag. Ok.") == "Thanks for reaching out about the bag. Ok."
    assert rule.edit("Thanks. We", Span(0, 9)) is None


def test_a_word_is_swapped_in_its_own_case() -> None:
    rule = made(any_of=["utilize", "leverage"], fix={"utilize": "use"}).rules[0]

    assert rule.edit("Utilize it", Span(0, 7)) == Fix(Span(0, 7), "Use")
    assert rule.edit("leverage it", Span(0, 8)) is None
    assert made(any_of=["a"]).rules[0].edit("a", Span(0, 1)) is None


def test_an_example_that_the_rule_gets_wrong_is_told() -> None:
    rules = made(any_of=["b"], fix={"b": "c"}, fixed={"b": "d"})

    assert len(list(disagreements(rules))) == 3
    assert list(disagreements(made(any_of=["a"], flagged=[])))
