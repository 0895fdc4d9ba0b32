"""Puts checked drafts in order: the ready ones first, the better ones before the worse, near-copies once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rapidfuzz import fuzz

from service.domain import CheckedDraft, Outcome, Scores, Severity

WEIGHTS: Final = {"empathy": 0.4, "specificity": 0.35, "plainness": 0.25}
"""How much each score counts. A score that could not be told leaves its weight to the others."""

COSTS: Final = {Severity.NOTE: 0.01, Severity.WARN: 0.08, Severity.BLOCK: 0.4}
"""What one finding takes away, by severity; a blocking check that did not run costs as much as a blocking finding."""

COMMITTED: Final = 0.08
"""What each of the first two firm commitments adds: an offer, a done action, or an answer by a time."""

ALIKE: Final = 92.0
"""Two texts at or above this similarity (0–100, white space and case aside) are one draft to a reader."""


def rank(drafts: Iterable[CheckedDraft]) -> tuple[CheckedDraft, ...]:
    """Order drafts, best first.

    Ready drafts come first; then counts the mean of the scores weighted by ``WEIGHTS``, plus ``COMMITTED`` for what is
    firmly promised, less the ``COSTS`` of the findings; equal drafts keep their order. Of near-copies the better stays.
    Empty only when nothing was given.
    """
    kept: list[tuple[CheckedDraft, str]] = []
    for draft in sorted(drafts, key=lambda draft: (not draft.ready, -merit(draft))):
        text = " ".join(draft.draft.text.casefold().split())
        if not any(fuzz.ratio(text, other, score_cutoff=ALIKE) for _, other in kept):
            kept.append((draft, text))
    return tuple(draft for draft, _ in kept)


def merit(checked: CheckedDraft) -> float:
    """The number that ``rank`` orders by; comparable among the drafts of one reply only."""
    findings = sum(COSTS[finding.severity] for result in checked.results for finding in result.findings)
    unseen = sum(COSTS[Severity.BLOCK] for r in checked.results if r.outcome is Outcome.NOT_RUN and r.blocks)
    firm = sum(c.due_at is not None or c.allowed_by not in (None, "promise_limits") for c in checked.commitments)
    return _mean(checked.scores) + COMMITTED * min(firm, 2) - findings - unseen


def _mean(scores: Scores) -> float:
    """The weighted mean of the scores that are known; a half when none is."""
    known = [(weight, getattr(scores, name).value) for name, weight in WEIGHTS.items()]
    told = [(weight, float(value)) for weight, value in known if value is not None]
    total = sum(weight for weight, _ in told)
    return sum(weight * value for weight, value in told) / total if told else 0.5
