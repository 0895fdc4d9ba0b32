"""A brand's own wording rules: added, lowered and raised in its voice guide, and refused where they are wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.brands import parse
from service.checks import View, run_checks
from service.domain import CheckResult, Complaint, Context, Draft, Outcome, Severity
from service.errors import BrandInvalid

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GUIDE = """\
name: Acme
voice:
  rules:
    - id: voice/no-slang
      message: Say it in plain words.
      why: Our style guide.
      any_of: [no worries, "my bad"]
      unless: ["no worries if *3"]
      fix: {no worries: that is fine}
      flagged: ["No worries, we'll send it."]
      passed: ["No worries if you can't find it."]
      fixed: {"No worries, we'll send it.": "That is fine, we'll send it."}
    - id: corporate_speak/kindly
      severity: block
    - id: only_one/first_time
      severity: note
"""


DEEP = f"{{id: voice/a, message: M., why: W., any_of: ['{'(' * 20}a{')' * 20}'], flagged: [a], passed: [b]}}"
LARGE = "{id: voice/a, message: M., why: W., any_of: [{re: '(?:\\pL{1,40} ){1,20}q'}], flagged: [a q], passed: [b]}"


def result(check: str, text: str, guide: str = GUIDE) -> CheckResult:
    context = Context(complaint=Complaint(text="It broke."), brand=parse(guide, "acme.yml"), now=NOW, language="en")
    return next(r for r in run_checks(View(Draft(text=text), context)) if r.check == check)


def test_a_rule_that_a_brand_adds_finds_its_words() -> None:
    (finding,) = result("voice", "We're sorry. No worries, we'll send it.").findings

    assert (finding.rule, finding.quote, finding.severity) == ("no-slang", "No worries", Severity.WARN)
    assert finding.fix is not None
    assert finding.fix.text == "That is fine"
    assert result("voice", "No worries if you can't find it.").outcome is Outcome.PASSED


def test_a_rule_of_a_brand_judges_drafts_in_every_language() -> None:
    assert result("voice", "Lo sentimos. No worries.").findings


@pytest.mark.parametrize(
    ("check", "text", "severity"),
    [
        ("corporate_speak", "Kindly wait.", Severity.BLOCK),
        ("corporate_speak", "Rest assured that we wait.", Severity.WARN),
        ("only_one", "This is the first time we've heard of this.", Severity.NOTE),
    ],
)
def test_a_brand_weighs_one_of_our_rules_anew(check: str, text: str, severity: Severity) -> None:
    assert result(check, text).findings[0].severity is severity


@pytest.mark.parametrize(
    ("rule", "line", "reason"),
    [
        ("{id: voice/a, any_of: [a]}", 4, "message must be a sentence"),
        ("{id: voice/a, message: M., why: W., any_of: ['(a'], flagged: [a], passed: [b]}", 4, "bracket is not closed"),
        ("{id: voice/a, message: M., why: W., any_of: [{re: '(?=a)'}], flagged: [a], passed: [b]}", 4, "RE2"),
        ("{id: voice/a, message: M., why: W., any_of: [{re: '(a{900}){900}'}], flagged: [a], passed: [b]}", 4, "RE2"),
        (
            "{id: voice/a, message: M., why: W., any_of: ['"
            + "(" * 20
            + "a"
            + ")" * 20
            + "'], flagged: [a], passed: [b]}",
            4,
            "deep",
        ),
        (LARGE, 4, "too large"),
        ("{id: voice/a, message: M., why: W., any_of: ['a *99 b'], flagged: [a b], passed: [b]}", 4, "gap"),
        ("{id: voice/a, message: M., why: W., any_of: [a], flagged: [b], passed: [c]}", 4, "does not flag 'b'"),
        ("{id: voice/a, message: M., why: W., any_of: [a], flagged: [a], passed: [a]}", 4, "flags 'a'"),
        ("{id: voice/a, message: M., why: W., any_of: [a]}", 4, "at least one flagged and one passed"),
        ("{id: apology/a, message: M., why: W., any_of: [a], flagged: [a], passed: [b]}", 4, "belongs to one of"),
        ("{id: corporate_speak/kindly, any_of: [a]}", 4, "we have a rule of this name"),
        ("{id: corporate_speak/nothing, severity: note}", 4, "no such rule"),
        ("{id: apology/sorry, severity: note}", 4, "weighs nothing"),
        ("{id: leak/machine, severity: note}", 4, "no brand may weaken it"),
        ("{id: kindly, severity: note}", 4, "id"),
        ("{id: voice/a, colour: red}", 4, "colour"),
    ],
)
def test_a_bad_rule_is_refused_with_its_line_and_the_reason(rule: str, line: int, reason: str) -> None:
    with pytest.raises(BrandInvalid, match=reason) as caught:
        parse(f"name: Acme\nvoice:\n  rules:\n    - {rule}\n", "acme.yml")

    assert caught.value.detail.startswith(f"acme.yml:{line}: ")


@pytest.mark.parametrize(
    ("severities", "reason"),
    [("{privacy: note}", "no brand may weaken it"), ("{kindness: note}", "no check is named 'kindness'")],
)
def test_a_severity_that_means_nothing_or_endangers_is_refused(severities: str, reason: str) -> None:
    with pytest.raises(BrandInvalid, match=reason):
        parse(f"name: Acme\nvoice:\n  severities: {severities}\n", "acme.yml")


def test_too_many_phrases_are_refused() -> None:
    phrases = ", ".join(f"word{number}" for number in range(100))
    rule = f"message: M., why: W., any_of: [{phrases}], flagged: [word1], passed: [b]"
    rules = "\n".join(f"    - {{id: voice/r{number}, {rule}}}" for number in range(6))

    with pytest.raises(BrandInvalid, match="600 phrases are more than the 500"):
        parse(f"name: Acme\nvoice:\n  rules:\n{rules}\n", "acme.yml")


def test_a_pattern_that_never_ends_at_a_word_gives_up_on_a_long_text() -> None:
    rule = "{id: voice/a, message: M., why: W., any_of: [{re: '(?s)a.*b|zz'}], flagged: [a b], passed: [c]}"

    assert not result("voice", "a" * 9000 + "b1", f"name: Acme\nvoice:\n  rules:\n    - {rule}\n").findings


def test_two_rules_of_one_name_are_refused() -> None:
    twice = "- {id: only_one/first_time, severity: note}\n    " * 2

    with pytest.raises(BrandInvalid, match="same id"):
        parse(f"name: Acme\nvoice:\n  rules:\n    {twice}\n", "acme.yml")
