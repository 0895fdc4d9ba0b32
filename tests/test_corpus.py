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


KEPT_BACK = 0.0
FLOORS: dict[str, tuple[float, float]] = {}
"""Precision and recall on the corpus below which a change has made a check worse: what was measured, rounded down."""
