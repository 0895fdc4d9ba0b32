"""Scores say how good a draft is, and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.checks import View, run_checks
from service.domain import (
    Brand,
    Channel,
    CheckResult,
    Complaint,
    Context,
    Draft,
    Finding,
    Outcome,
    Scores,
    Severity,
    Span,
)
from service.scores import _syllables, score

DATA = Path(__file__).parents[2] / "shared" / "data" / "complaints"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
COMPLAINT = "My suitcase is still in Lisbon after 3 days and nobody answers the phone!"


def context_of(text: str = COMPLAINT, language: str | None = "en", name: str = "Harbour Air") -> Context:
    return Context(
        complaint=Complaint(text=text, channel=Channel.X), brand=Brand(id="b", name=name), now=NOW, language=language
    )


def failed(check: str, text: str, words: str) -> CheckResult:
    at = text.index(words)
    finding = Finding(check=check, severity=Severity.WARN, message="m", span=Span(at, at + len(words)))
    return CheckResult(check=check, outcome=Outcome.FAILED, severity=Severity.WARN, findings=(finding,))


def score_of(text: str, *results: CheckResult, context: Context | None = None) -> Scores:
    return score(text, context or context_of(), results)


def test_a_reply_that_owns_the_problem_scores_high_and_shows_why() -> None:
    text = (
        "I'm sorry that your suitcase was left in Lisbon and that we kept you waiting 3 days. That's on us. "
        "I'm asking the desk in Lisbon now and will tell you here tonight."
    )

    scores = score_of(text)

    assert scores.empathy.value == 1.0
    shown = {why.reason: why.span.of(text) for why in scores.empathy.why}
    assert shown["an apology of ours"] == "sorry"
    assert shown["names what the customer feels or went through"] == "kept you waiting"
    assert shown["says what happened to this customer"] == "suitcase"
    assert shown["takes responsibility"] == "we kept"
    assert shown["a step toward putting it right"] == "I'm asking"
    assert scores.specificity.value is not None
    assert scores.specificity.value > 0.5
    assert "a fact of the complaint" in {why.reason for why in scores.specificity.why}
    assert scores.plainness.value is not None
    assert scores.plainness.value > 0.9


def test_a_hollow_apology_counts_half_and_stock_phrases_cost() -> None:
    text = "We apologise for any inconvenience. Your feedback is important to us."
    hollow = failed("hollow_apology", text, "We apologise for any inconvenience")
    stock = failed("corporate_speak", text, "Your feedback is important to us")

    plain, owned = score_of(text, hollow, stock), score_of(text)

    assert plain.empathy.value is not None
    assert owned.empathy.value is not None
    assert plain.empathy.value < owned.empathy.value
    assert plain.plainness.value is not None
    assert plain.plainness.value < 0.2
    assert plain.plainness.why[0].span.of(text) == "Your feedback is important to us"


def test_being_heard_counts_less_than_being_understood() -> None:
    heard, understood = score_of("Oh no!").empathy.value, score_of("How frustrating.").empathy.value

    assert heard is not None
    assert understood is not None
    assert 0 < heard < understood


def test_a_dismissive_finding_takes_empathy_away() -> None:
    text = "I'm sorry, this is the first time."

    assert score_of(text, failed("only_one", text, "first time")).empathy.value == 0.05
    assert score_of(text, failed("only_one", text, "first time")).empathy.why[-1].reason == "belittles the complaint"


def test_a_step_counts_only_where_the_check_saw_one() -> None:
    text = "Tell us more."

    assert score_of(text).empathy.value == 0.1
    assert score_of(text, failed("next_step", text, "Tell us")).empathy.value == 0.0


def test_padding_does_not_make_a_draft_specific() -> None:
    short = score_of("Sorry that the suitcase is in Lisbon.").specificity.value
    padded = score_of(
        "Sorry that the suitcase is in Lisbon. " + "So it is as it was and will be. " * 20
    ).specificity.value

    assert short is not None
    assert padded is not None
    assert padded < short


def test_the_brands_name_is_nothing_specific() -> None:
    assert score_of("Harbour", context=context_of("Harbour Air!")).specificity.why == ()


def test_without_a_complaint_specificity_cannot_be_told() -> None:
    assert score_of("We're sorry.", context=context_of(" ")).specificity.value is None


def test_abstract_nouns_passives_and_long_sentences_cost_plainness() -> None:
    text = (
        "The investigation of the circumstances of the cancellation is being undertaken by the administration, and the "
        "communication of the determination was delayed owing to operational considerations of considerable complexity."
    )

    scores = score_of(text).plainness

    assert scores.value is not None
    assert scores.value < 0.5
    assert {why.reason.split(" at ")[0] for why in scores.why} == {"an abstract noun", "nobody acts here", "reads"}


@pytest.mark.parametrize("text", ["", "   ", "🙃", "12 34"])
def test_without_words_plainness_cannot_be_told(text: str) -> None:
    assert score_of(text).plainness.value is None


def test_without_text_empathy_cannot_be_told() -> None:
    assert score_of("").empathy.value is None


def test_in_another_language_only_what_does_not_rest_on_english_is_told() -> None:
    text = "Es tut uns leid, dass der Koffer in Lisbon ist."
    unread = CheckResult(check="corporate_speak", outcome=Outcome.NOT_RUN, severity=Severity.WARN, reason="no rules")

    scores = score_of(text, context=context_of(language="de"))

    assert scores.empathy.value is None
    assert scores.specificity.value is not None
    assert scores.plainness.value == 1.0
    assert score_of(text, unread, context=context_of(language="de")).plainness.value is None


def test_spans_stay_true_beside_letters_that_grow_when_lowered() -> None:
    text = "İİİ I’m sorry."

    assert score_of(text).empathy.why[0].span.of(text) == "sorry"


def kappa(one: list[int], other: list[int]) -> float:
    """Quadratic-weighted agreement of two raters on 0, 1, 2."""
    pairs = list(zip(one, other, strict=True))
    seen = sum((a - b) ** 2 for a, b in pairs)
    chance = sum((a - b) ** 2 for a in one for b in other) / len(pairs)
    return 1 - seen / chance


def test_the_scores_agree_with_people() -> None:
    if not (DATA / "x_pairs_labels.jsonl").exists():
        pytest.skip("the labelled replies are not on this machine")
    labels = [json.loads(line) for line in (DATA / "x_pairs_labels.jsonl").read_text(encoding="utf-8").splitlines()]
    pairs = {p["id"]: p for p in map(json.loads, (DATA / "x_pairs.jsonl").read_text(encoding="utf-8").splitlines())}
    empathy, specificity = [], []
    for label in labels:
        pair = pairs[label["id"]]
        context = context_of(pair["customer"], name=pair["company"])
        scores = score(pair["reply"], context, run_checks(View(Draft(text=pair["reply"]), context)))
        value = scores.empathy.value or 0.0
        empathy.append((value >= 0.15) + (value >= 0.9))
        value = scores.specificity.value or 0.0
        specificity.append((value >= 0.14) + (value >= 0.3))

    assert kappa([label["empathy"] for label in labels], empathy) >= 0.6
    assert kappa([label["specificity"] for label in labels], specificity) >= 0.55


def test_a_run_of_thousands_of_letters_is_one_syllable() -> None:
    assert _syllables("a" * 20_000) == 1
