"""How right the checks are is counted rightly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.precision import Example, Examples, Tally, clean_line, columns, errors, markdown, plain, sets, wilson
from service.domain import CheckResult, Finding, Outcome, Severity, Span


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        # R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17
        # (1998), 857–872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (10, 10, 0.7225, 1.0000),
    ],
)
def test_the_interval_is_wilsons(hits: int, total: int, low: float, high: float) -> None:
    bounds = wilson(hits, total)

    assert bounds == pytest.approx((low, high), abs=5e-5)


def test_a_share_of_nothing_has_no_interval() -> None:
    assert wilson(0, 0) is None


def _example(name: str, *, due: bool, quote: str | None, clean: bool = False) -> Example:
    found = () if quote is None else (_finding(quote),)
    result = CheckResult(
        check="debate",
        outcome=Outcome.FAILED if found else Outcome.PASSED,
        severity=Severity.BLOCK,
        findings=found,
    )
    return Example(
        id=name, text="T", complaint="C", fires=frozenset({"debate"} if due else ()), results=(result,), clean=clean
    )


def _finding(quote: str) -> Finding:
    return Finding(check="debate", severity=Severity.BLOCK, message="No.", span=Span(0, len(quote)), quote=quote)


MIXED = Examples(
    "mixed",
    (
        _example("right", due=True, quote="actually"),
        _example("missing", due=True, quote=""),
        _example("false-alarm", due=False, quote="you should have", clean=True),
        _example("missed", due=True, quote=None),
        _example("calm", due=False, quote=None, clean=True),
    ),
)


def test_a_check_fires_with_its_first_finding_even_where_it_points_at_nothing() -> None:
    assert Tally.of("debate", MIXED.rows) == Tally("debate", tp=2, fp=1, fn=1)


def test_a_table_shows_only_the_checks_that_fired_or_should_have() -> None:
    assert [row[0] for row in columns(MIXED)] == ["check", "debate"]


def test_clean_drafts_that_are_kept_back_are_counted() -> None:
    assert (clean_line(MIXED.rows) or "").startswith("1 of 2 clean drafts are kept back: 0.500")


def test_where_no_draft_is_marked_clean_nothing_is_said_of_them() -> None:
    assert clean_line(MIXED.rows[:1]) is None


def test_the_errors_name_what_was_missed_and_what_was_found_wrongly() -> None:
    said = errors(MIXED, "debate")

    assert "missed: did not fire" in said
    assert "false-alarm: wrongly fired at ['you should have']" in said
    assert "calm" not in said


def test_the_clean_drafts_kept_back_are_named_with_what_keeps_them() -> None:
    said = errors(MIXED, "clean")

    assert "false-alarm: kept back by debate ['you should have']" in said
    assert "calm" not in said


@pytest.mark.parametrize(
    ("tally", "goal"),
    [
        (Tally("distance", tp=92, fp=8, fn=8), "0.92 / 0.92"),
        (Tally("distance", tp=91, fp=9, fn=0), "0.92 / 0.92, precision missed"),
        (Tally("distance", tp=0, fp=1, fn=1), "0.92 / 0.92, precision and recall missed"),
        (Tally("sarcasm", tp=0, fp=1, fn=1), ""),
    ],
)
def test_a_goal_says_what_is_missed(tally: Tally, goal: str) -> None:
    assert tally.goal == goal


def test_both_forms_hold_the_same_figures() -> None:
    cells = columns(MIXED)[1]

    assert all(cell in plain(MIXED) and cell in markdown(MIXED) for cell in cells)


def test_a_row_of_the_corpus_is_judged_as_the_desk_judges_a_call(tmp_path: Path) -> None:
    row = {
        "id": "en-1",
        "body": {
            "text": "Sorry, you have the wrong colour.",
            "complaint": {"text": "Wrong colour!"},
            "brand": "tavola",
        },
        "recent_replies": ["Sorry, you have the wrong colour."],
        "siblings": [],
        "guarded": [],
        "fires": ["sameness"],
        "clean": False,
        "note": "",
    }
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/en.jsonl").write_text(json.dumps(row), encoding="utf-8")

    *_, corpus = sets(tmp_path)

    assert corpus.name == "corpus-en"
    assert corpus.rows[0].quotes("sameness")
