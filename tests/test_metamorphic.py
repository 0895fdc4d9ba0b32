"""What changes only how a draft looks changes no verdict, and every span follows its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from benchmarks.corpus import Row, rows
from service.checks import CHECKS, View, run_checks
from service.domain import CheckResult, Draft, Span
from service.folding import fold
from service.sentences import sentences

ROWS = {row.id: row for row in rows("en")}


@dataclass(frozen=True)
class Look:
    """A way to write the same draft."""

    change: Callable[[str], str]
    moves: frozenset[str] = frozenset()
    """Checks that may judge it otherwise, since they are about looks."""


def _between_sentences(text: str, joint: str) -> str:
    spans = sentences(text)
    return joint.join(span.of(text) for span in spans)


def _after_sentences(text: str, mark: str) -> str:
    for span in reversed(sentences(text)):
        text = text[: span.end] + mark + text[span.end :]
    return text


LOOKS = {
    "capitals": Look(
        str.upper, frozenset({"grounding", "privacy", "leak", "links", "voice", "specific", "language", "promises"})
    ),
    "curly quotes": Look(lambda text: text.replace("'", "’")),
    "straight quotes": Look(lambda text: text.replace("’", "'").replace("“", '"').replace("”", '"')),
    "no-break spaces": Look(lambda text: text.replace(" ", "\u00a0"), frozenset({"voice", "language"})),
    "double spaces": Look(lambda text: text.replace(" ", "  "), frozenset({"length", "sameness"})),
    "invisible marks": Look(lambda text: text.replace("o", "o\u200b"), frozenset({"length"})),
    "marks that fit no letter": Look(lambda text: text.replace("p", "p\u0332"), frozenset({"length"})),
    "accents written apart": Look(lambda text: unicodedata.normalize("NFD", text), frozenset({"length"})),
    "variation selectors": Look(lambda text: text.replace("e", "e\ufe0f"), frozenset({"length"})),
    "look-alike letters": Look(lambda text: text.replace("o", "\u043e")),
    "full-width letters": Look(lambda text: text.replace("s", "\uff53"), frozenset({"length"})),
    "paragraphs": Look(lambda text: _between_sentences(text, "\n\n"), frozenset({"length"})),
    "an emoji": Look(lambda text: _after_sentences(text, " \U0001f64f"), frozenset({"voice", "length", "sameness"})),
    "a handle in front": Look(lambda text: f"@dana_r {text}", frozenset({"length"})),
}


def judged(row: Row, text: str) -> dict[str, CheckResult]:
    return {result.check: result for result in run_checks(View(Draft(text=text), row.context))}


def words(text: str, span: Span) -> str:
    """The words at a span, without the handle that a first sentence may begin with."""
    return re.sub(r"[\W_]+", " ", fold(span.of(text)).text.replace("dana_r", "")).strip()


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_how_a_draft_looks_changes_no_verdict(look: str) -> None:
    wrong = []
    for row in ROWS.values():
        text = LOOKS[look].change(row.text)
        before, after = judged(row, row.text), judged(row, text)
        wrong += [
            f"{row.id} {check}: {before[check].outcome} became {after[check].outcome}"
            for check in CHECKS
            if check not in LOOKS[look].moves and before[check].outcome is not after[check].outcome
        ]

    assert wrong == []


@pytest.mark.parametrize(
    "look",
    [
        "curly quotes",
        "accents written apart",
        "no-break spaces",
        "double spaces",
        "invisible marks",
        "a handle in front",
    ],
)
def test_a_span_follows_its_words(look: str) -> None:
    wrong = []
    for row in ROWS.values():
        text = LOOKS[look].change(row.text)
        before, after = judged(row, row.text), judged(row, text)
        for check in CHECKS:
            said = sorted(words(row.text, finding.span) for finding in before[check].findings)
            says = sorted(words(text, finding.span) for finding in after[check].findings)
            if check not in LOOKS[look].moves and len(said) == len(says) and said != says:
                wrong.append(f"{row.id} {check}: {said} became {says}")

    assert wrong == []
