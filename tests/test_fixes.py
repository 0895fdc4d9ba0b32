"""Safe fixes over every pair of rules: what was fixed alone is fixed together, and no sentence is garbled."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.checks import LANGUAGES, Evidence, View, rules_of, run_checks
from service.domain import Brand, Channel, CheckedDraft, Complaint, Context, Draft, Outcome, Score, Scores
from service.repair import WEIGHTS, repair
from service.rules import Rule

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
UNSCORED = Scores(empathy=Score(None), specificity=Score(None), plainness=Score(None))
OPENINGS = {
    "en": "We're sorry that your lamp arrived broken.",
    "es": "Sentimos que la lámpara llegara rota.",
    "fr": "Nous sommes désolés que votre lampe soit arrivée cassée.",
    "de": "Es tut uns leid, dass Ihre Lampe kaputt ankam.",
    "pt": "Lamentamos que o candeeiro tenha chegado partido.",
    "it": "Ci dispiace che la lampada sia arrivata rotta.",
}
RULES: dict[str, tuple[Rule, ...]] = {
    language: tuple(rule for rule in rules_of(language).rules if rule.fix is not None) for language in sorted(LANGUAGES)
}
PAIRS = [(language, one, other) for language, rules in RULES.items() for one, other in itertools.product(rules, rules)]
SENTENCES = [text for rule in rules_of("en").rules for text in (*rule.flagged, *rule.passed, *rule.fixed)]


def checked(text: str, language: str) -> CheckedDraft:
    complaint = Complaint(text="My lamp arrived broken.", channel=Channel.TRUSTPILOT)
    context = Context(complaint=complaint, brand=Brand(id="b", name="B"), now=NOW, language=language)

    def check(draft: Draft) -> CheckedDraft:
        return CheckedDraft(draft=draft, results=run_checks(View(draft, context, Evidence(context))), scores=UNSCORED)

    return check(Draft(text=text))


async def mended(text: str, language: str = "en") -> CheckedDraft:
    async def no_rewrite(_: CheckedDraft) -> None:
        return None

    return await repair(checked(text, language), check=lambda draft: checked(draft.text, language), rewrite=no_rewrite)


def weight(seen: CheckedDraft) -> int:
    return sum(WEIGHTS[finding.severity] for finding in seen.findings)


def garbled(text: str) -> list[str]:
    """What shows that words were cut out of a text."""
    signs = {
        "two blanks": r"\S  +\S",
        "a blank before a stop": r"\w +[.,;:!?](?:\s|$)",
        "stops in a row": r"[,;:][.,;:!?]|[.!?],",
        "a small letter after a stop": r"[.!?] +[a-zà-ÿ](?!\w*[.@/A-Z])",
        "a sentence that begins with a stop": r"(?:^|\n)[ ]*[,;:.!?]",
        "an edge of blanks": r"^\s|\s$",
    }
    return [what for what, sign in signs.items() if re.search(sign, text)]


@pytest.mark.parametrize(("language", "one", "other"), PAIRS, ids=lambda value: getattr(value, "id", value))
async def test_two_fixes_in_one_draft_leave_whole_sentences(language: str, one: Rule, other: Rule) -> None:
    for first, second in itertools.product(tuple(one.fixed)[:4], tuple(other.fixed)[:4]):
        text = f"{OPENINGS[language]} {first} {second}"

        fixed = await mended(text, language)

        assert garbled(fixed.draft.text) == garbled(text), fixed.draft.text
        assert weight(fixed) <= weight(checked(text, language))


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5), st.sampled_from([" ", "\n", "\n\n"]))
@settings(max_examples=300, deadline=None)
async def test_fixing_never_garbles_and_never_adds_a_finding(parts: list[str], joint: str) -> None:
    text = joint.join(part.strip() for part in parts)
    before = checked(text, "en")

    fixed = await mended(text)

    assert set(garbled(fixed.draft.text)) <= set(garbled(text)), (text, fixed.draft.text)
    assert weight(fixed) <= weight(before)
    assert {(f.check, f.rule) for f in fixed.findings} <= {(f.check, f.rule) for f in before.findings}
    assert {r.check for r in fixed.results if r.outcome is Outcome.NOT_RUN} <= {
        r.check for r in before.results if r.outcome is Outcome.NOT_RUN
    }
