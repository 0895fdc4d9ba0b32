"""The corpus: its census, and how right the checks must stay on it."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.corpus import Row, rows
from benchmarks.precision import Tally
from service.checks import CHECKS, LANGUAGES, run_checks
from service.domain import CheckResult

JUDGED: list[tuple[Row, tuple[CheckResult, ...]]] = [(row, run_checks(row.view)) for row in rows()]


def test_the_corpus_covers_every_check_every_language_and_enough_clean_drafts() -> None:
    fires = Counter(check for row, _ in JUDGED for check in row.fires)

    assert len(JUDGED) >= 400
    assert sum(row.clean for row, _ in JUDGED) >= 120
    assert {row.context.language for row, _ in JUDGED} >= LANGUAGES
    assert set(CHECKS) <= {check for check, count in fires.items() if count >= 10}
    assert len({row.id for row, _ in JUDGED}) == len(JUDGED)
    assert all(not row.fires for row, _ in JUDGED if row.clean)


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_a_check_stays_as_right_as_it_was(check: str) -> None:
    precision, recall = FLOORS[check]
    pairs = [(check in row.fires, bool(found(results, check))) for row, results in JUDGED]
    tally = Tally(check, pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False)))

    assert tally.tp >= precision * (tally.tp + tally.fp), tally.precision
    assert tally.tp >= recall * (tally.tp + tally.fn), tally.recall


def test_few_clean_drafts_are_kept_back() -> None:
    kept = [row.id for row, results in JUDGED if row.clean and any(result.blocks for result in results)]

    assert len(kept) <= KEPT_BACK * sum(row.clean for row, _ in JUDGED), kept


def found(results: tuple[CheckResult, ...], check: str) -> list[str]:
    return [finding.quote for result in results if result.check == check for finding in result.findings]


KEPT_BACK = 0.044
FLOORS: dict[str, tuple[float, float]] = {
    "abuse": (0.85, 0.89),
    "admission": (1.00, 0.85),
    "apology_first": (0.68, 0.97),
    "corporate_speak": (0.77, 1.00),
    "debate": (0.92, 0.60),
    "distance": (1.00, 0.90),
    "grounding": (0.85, 0.96),
    "hollow_apology": (0.95, 0.85),
    "language": (0.90, 1.00),
    "leak": (0.90, 0.90),
    "leftovers": (0.95, 0.91),
    "length": (1.00, 1.00),
    "links": (1.00, 1.00),
    "next_step": (0.60, 0.89),
    "offline_push": (1.00, 0.94),
    "only_one": (1.00, 0.71),
    "privacy": (1.00, 0.95),
    "promises": (0.90, 0.93),
    "quid_pro_quo": (0.93, 0.68),
    "review_ask": (0.86, 0.74),
    "sameness": (1.00, 1.00),
    "sarcasm": (1.00, 0.59),
    "secondhand": (0.96, 0.77),
    "specific": (0.74, 1.00),
    "unbacked_action": (0.77, 0.90),
    "voice": (1.00, 1.00),
}
"""Precision and recall on the corpus below which a change has made a check worse: what was measured, rounded down."""
