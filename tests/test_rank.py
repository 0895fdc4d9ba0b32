"""Drafts come best first, near-copies once."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import (
    CheckedDraft,
    CheckResult,
    Commitment,
    Draft,
    Finding,
    Outcome,
    Score,
    Scores,
    Severity,
    Slot,
    Span,
)
from service.rank import merit, rank


def scored(
    text: str,
    empathy: float | None = 0.5,
    *severities: Severity,
    slots: int = 0,
    not_run: Severity | None = None,
) -> CheckedDraft:
    findings = tuple(Finding(check="voice", severity=s, message="m", span=Span(0, 1)) for s in severities)
    results = [CheckResult(check="voice", outcome=Outcome.FAILED, severity=Severity.WARN, findings=findings)]
    if not_run:
        results.append(CheckResult(check="links", outcome=Outcome.NOT_RUN, severity=not_run, reason="broken"))
    return CheckedDraft(
        draft=Draft(text=text, needs_fill=tuple(Slot(slot=f"s{n}", question="?") for n in range(slots))),
        results=tuple(results),
        scores=Scores(empathy=Score(empathy), specificity=Score(None), plainness=Score(None)),
    )


def test_a_ready_draft_comes_before_a_better_one_that_is_blocked() -> None:
    blocked, ready = scored("Sorry about the blender.", 1.0, Severity.BLOCK), scored("We let you down on Friday.", 0.1)

    assert rank([blocked, ready]) == (ready, blocked)


def test_a_draft_with_an_open_slot_comes_after_the_ready_ones() -> None:
    open_, ready = scored("Sorry about the blender.", 1.0, slots=1), scored("We let you down on Friday.", 0.1)

    assert rank([open_, ready]) == (ready, open_)


def test_the_better_score_comes_first_and_warnings_cost() -> None:
    plain, warned, best = (
        scored("Sorry about the blender.", 0.5),
        scored("We let you down on Friday.", 0.5, Severity.WARN, Severity.NOTE),
        scored("That parcel was ours to bring.", 0.9),
    )

    assert rank([warned, plain, best]) == (best, plain, warned)


def test_equal_drafts_keep_their_order() -> None:
    drafts = [scored("Sorry about the blender."), scored("We let you down on Friday."), scored("Ours to mend, 12345.")]

    assert rank(drafts) == tuple(drafts)


def test_of_near_copies_the_better_stays() -> None:
    worse = scored("I'm sorry that your blender arrived broken on Friday.", 0.2)
    better = scored("I'm sorry that  your blender arrived broken on friday!", 0.9)

    assert rank([worse, better]) == (better,)


def test_a_check_that_did_not_run_costs_what_a_blocking_finding_costs() -> None:
    assert merit(scored("a", 0.5, not_run=Severity.BLOCK)) == merit(scored("a", 0.5, Severity.BLOCK))
    assert merit(scored("a", 0.5, not_run=Severity.WARN)) == merit(scored("a", 0.5))


def test_a_draft_without_any_score_counts_as_middling() -> None:
    assert merit(scored("a", None)) == 0.5


def test_no_drafts_give_no_drafts() -> None:
    assert rank([]) == ()


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.builds(
            scored,
            st.text(max_size=20),
            st.none() | st.floats(0, 1),
            st.sampled_from(list(Severity)),
            slots=st.integers(0, 1),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_ranking_never_empties_never_invents_and_is_settled(drafts: list[CheckedDraft]) -> None:
    ranked = rank(drafts)

    assert ranked
    assert all(draft in drafts for draft in ranked)
    assert rank(ranked) == ranked
    assert [draft.ready for draft in ranked] == sorted((draft.ready for draft in ranked), reverse=True)


def test_what_is_firmly_promised_comes_before_what_is_only_said_well() -> None:
    said, done = scored("We are sorry, and we will look.", 0.6), scored("We are sorry. We refund your bag fee.", 0.55)
    refund = Commitment(kind="refund", text="We refund your bag fee", span=Span(14, 36), allowed_by="refund-bag-fee")

    ordered = rank([said, replace(done, commitments=(refund,))])

    assert [d.draft.text for d in ordered] == [done.draft.text, said.draft.text]
