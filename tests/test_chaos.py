"""Each check broken in turn: whatever goes wrong in it, no draft is ready and no sentence of it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.checks import CHECKS, Check, View, attempt, run_checks
from service.checks.beginning import AT_THE_END, ON_A_BEGINNING
from service.context import gather
from service.domain import BrandRule, CheckedDraft, Draft, Finding, Outcome, Score, Scores
from service.release import Release
from tests.examples import BRAND, BRIEF, GOOD
from tests.fakes import desk_with

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
UNSCORED = Scores(empathy=Score(None), specificity=Score(None), plainness=Score(None))
ERRORS = (RuntimeError("a bug"), TimeoutError("too slow"), RecursionError("too deep"), MemoryError(), KeyError("x"))
"""A crash, a check that ran out of time, and what hostile text may do to one."""


def view() -> View:
    return View(Draft(text=GOOD), gather(BRIEF, BRAND, NOW))


def broken(error: Exception, *, halfway: bool = False) -> Check:
    def check(seen: View) -> Iterator[Finding]:
        if halfway:
            yield from ()
        raise error

    return check


def test_the_draft_is_ready_and_shown_while_nothing_is_broken() -> None:
    whole = CheckedDraft(draft=Draft(text=GOOD), results=run_checks(view()), scores=UNSCORED)

    assert whole.ready
    assert [s.text for s in Release("d1", "m").next_of(GOOD, run_checks(view(), checks=ON_A_BEGINNING))][-1:] == [GOOD]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("check", sorted(CHECKS))
@pytest.mark.parametrize("halfway", [False, True])
def test_a_broken_check_keeps_the_draft_from_being_ready(check: str, error: Exception, halfway: bool) -> None:
    results = run_checks(view(), checks={**CHECKS, check: broken(error, halfway=halfway)})

    result = next(r for r in results if r.check == check)
    assert result.outcome is Outcome.NOT_RUN
    assert result.blocks
    assert not CheckedDraft(draft=Draft(text=GOOD), results=results, scores=UNSCORED).ready
    assert GOOD not in (result.reason or "")
    assert [r for r in results if r.check != check] == [r for r in run_checks(view()) if r.check != check]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("check", sorted(ON_A_BEGINNING))
def test_a_check_that_breaks_in_a_stream_lets_no_sentence_out(check: str, error: Exception) -> None:
    results = run_checks(view(), checks={**ON_A_BEGINNING, check: broken(error)})

    assert list(Release("d1", "m").next_of(GOOD, results)) == []


@pytest.mark.parametrize("check", sorted(AT_THE_END))
def test_a_check_that_waits_for_the_end_holds_no_sentence_back_and_blocks_the_whole(check: str) -> None:
    results = run_checks(view(), checks={**CHECKS, check: broken(RuntimeError("a bug"))})

    assert list(Release("d1", "m").next_of(GOOD, results))
    assert not CheckedDraft(draft=Draft(text=GOOD), results=results, scores=UNSCORED).ready


@pytest.mark.parametrize("wait", ["9999 years", "9999 months", "9999 weeks"])
def test_a_deadline_beyond_every_calendar_is_too_late_and_breaks_nothing(wait: str) -> None:
    checked = desk_with().check(f"I'm sorry. We'll answer you here within {wait}.", BRIEF)

    assert any(f.check == "promises" and f.rule == "deadline" for f in checked.findings)


async def test_a_reader_that_breaks_costs_its_draft_and_not_the_reply() -> None:
    rules = (BrandRule("voice/unreadable", content="{"),)  # what no guide can hold
    broken = replace(BRIEF, brand=replace(BRAND, voice=replace(BRAND.voice, rules=rules)))

    checked = desk_with().check(GOOD, broken)
    reply = await desk_with().reply_to(broken)

    assert not checked.ready
    assert reply.drafts
    assert not any(draft.ready for draft in reply.drafts)


def test_what_cannot_be_read_is_told_as_nothing() -> None:
    def crash() -> int:
        raise OverflowError("too far")

    assert attempt(crash, 7) == 7
    assert attempt(lambda: 3, 7) == 3
