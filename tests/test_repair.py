"""Drafts are mended safely, or left alone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import (
    Angle,
    CheckedDraft,
    CheckResult,
    Commitment,
    Draft,
    Finding,
    Fix,
    Money,
    Outcome,
    Score,
    Scores,
    Severity,
    Slot,
    Span,
)
from service.errors import ModelBusy
from service.repair import edit, repair

UNSCORED = Scores(empathy=Score(None), specificity=Score(None), plainness=Score(None))
FIXES: Mapping[str, tuple[str, Severity, str | None]] = {
    "Please be advised that ": ("corporate_speak", Severity.WARN, ""),
    "kindly ": ("corporate_speak", Severity.WARN, ""),
    "utilize": ("corporate_speak", Severity.WARN, "use"),
    "at this time": ("corporate_speak", Severity.WARN, ""),
    "Rest assured, ": ("corporate_speak", Severity.WARN, ""),
    "sorry if": ("hollow_apology", Severity.BLOCK, None),
    "BREAKS": ("voice", Severity.WARN, "WORSE"),
    "WORSE": ("debate", Severity.BLOCK, None),
    "aa bb": ("voice", Severity.WARN, "x"),
    "bb cc": ("voice", Severity.WARN, "y"),
    "£99": ("grounding", Severity.BLOCK, None),
}


def check(draft: Draft) -> CheckedDraft:
    """Flag the words of ``FIXES``, each as a rule of its own; "promise N" is a commitment, backed when N is 5."""
    results: dict[str, list[Finding]] = {"grounding": []}
    for words, (name, severity, new) in FIXES.items():
        for match in re.finditer(re.escape(words), draft.text):
            span = Span(*match.span())
            fix = None if new is None else Fix(span, new)
            finding = Finding(check=name, severity=severity, message="m", span=span, rule=words, fix=fix)
            results.setdefault(name, []).append(finding)
    if "{{" in draft.text:
        at = draft.text.index("{{")
        slot = Finding(check="leftovers", severity=Severity.BLOCK, message="m", span=Span(at, at + 2), rule="slot")
        results["leftovers"] = [slot]
    outcomes = [
        CheckResult(
            check=name,
            outcome=Outcome.FAILED if findings else Outcome.PASSED,
            severity=Severity.BLOCK,
            findings=tuple(findings),
        )
        for name, findings in results.items()
    ]
    if "CRASH" in draft.text:
        outcomes.append(CheckResult(check="links", outcome=Outcome.NOT_RUN, severity=Severity.BLOCK, reason="broken"))
    promised = tuple(
        Commitment(
            kind="refund",
            text=match[0],
            span=Span(*match.span()),
            amount=Money(int(match[1]), "EUR"),
            allowed_by="offer" if match[1] == "5" else None,
        )
        for match in re.finditer(r"promise (\d)", draft.text)
    )
    return CheckedDraft(draft=draft, results=tuple(outcomes), scores=UNSCORED, commitments=promised)


def checked(text: str, **fields: object) -> CheckedDraft:
    return check(Draft(text=text, **fields))  # type: ignore[arg-type]


def writes(text: str | None) -> Callable[[CheckedDraft], Awaitable[Draft | None]]:
    async def rewrite(_: CheckedDraft) -> Draft | None:
        return None if text is None else Draft(text=text, angle=Angle.ASK, model="m2")

    return rewrite


async def fails(_: CheckedDraft) -> Draft | None:
    raise ModelBusy("busy")


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("I'm sorry. Please be advised that your bag is here.", "I'm sorry. Your bag is here."),
        ("Please be advised that iPhone repairs run late.", "iPhone repairs run late."),
        ("We cannot help at this time.", "We cannot help."),
        ("We cannot, at this time, help.", "We cannot, help."),
        ("We kindly ask you.", "We ask you."),
        ("We utilize glue, so kindly wait.", "We use glue, so wait."),
        ("One.\nat this time. Two", "One.\nTwo"),
        ("at this time we wait.", "We wait."),
        ("We wait, at this time", "We wait"),
        ("Rest assured, we're on it.", "We're on it."),
        ("We wait.  Then kindly  go.", "We wait. Then go."),
    ],
)
def test_safe_edits_leave_no_trace(text: str, edited: str) -> None:
    before = checked(text)

    after = edit(before)

    assert after.text == edited
    assert after.repaired == 1


def test_a_draft_without_fixes_stays_the_very_same() -> None:
    before = checked("I'm sorry that your bag is late.")

    assert edit(before) is before.draft


def with_fixes(text: str, *fixes: Fix) -> CheckedDraft:
    findings = tuple(Finding(check="voice", severity=Severity.WARN, message="m", span=f.span, fix=f) for f in fixes)
    result = CheckResult(check="voice", outcome=Outcome.FAILED, severity=Severity.WARN, findings=findings)
    return CheckedDraft(draft=Draft(text=text), results=(result,), scores=UNSCORED)


def test_of_overlapping_edits_the_leftmost_and_then_the_longest_is_applied() -> None:
    text = "We will utilize it now"

    edited = edit(with_fixes(text, Fix(Span(8, 15), "use"), Fix(Span(8, 18), "use this"), Fix(Span(16, 18), "them")))

    assert edited.text == "We will use this now"


def test_of_touching_edits_only_the_first_is_applied() -> None:
    assert edit(with_fixes("We abcd it", Fix(Span(3, 5), "x"), Fix(Span(5, 7), "y"))).text == "We xcd it"


@pytest.mark.parametrize("span", [Span(3, 6), Span(7, 10), Span(11, 14)])
def test_an_edit_that_would_unbalance_brackets_or_quotes_is_not_applied(span: Span) -> None:
    before = with_fixes('We (ab cd) "ef gh" it', Fix(span, "x"))

    assert edit(before) is before.draft


def test_an_edit_of_a_whole_bracket_is_applied() -> None:
    assert edit(with_fixes("We (ab cd) go", Fix(Span(3, 10), ""))).text == "We go"


@pytest.mark.parametrize("fix", [Fix(Span(0, 8), ""), Fix(Span(3, 99), "x"), Fix(Span(0, 2), "We")])
def test_an_edit_that_empties_misses_or_keeps_the_text_is_not_applied(fix: Fix) -> None:
    before = with_fixes("We wait.", fix)

    assert edit(before) is before.draft


async def test_an_edit_is_kept_when_findings_shrink() -> None:
    mended = await repair(checked("We utilize glue.", id="d1"), check=check, rewrite=fails)

    assert mended.draft.text == "We use glue."
    assert mended.draft.repaired == 1
    assert mended.findings == ()


async def test_a_draft_that_needs_nothing_comes_back_itself() -> None:
    before = checked("I'm sorry that your bag is late.")

    assert await repair(before, check=check, rewrite=fails) is before


async def test_when_one_edit_does_harm_the_others_are_tried_alone() -> None:
    mended = await repair(checked("We utilize glue. It BREAKS. We kindly wait."), check=check, rewrite=writes(None))

    assert mended.draft.text == "We use glue. It BREAKS. We wait."
    assert mended.draft.repaired == 2


async def test_when_every_edit_does_harm_the_draft_stays() -> None:
    before = checked("It BREAKS, sorry.")

    assert await repair(before, check=check, rewrite=fails) is before


async def test_an_edit_that_crosses_a_kept_one_is_left_out_when_tried_alone() -> None:
    mended = await repair(checked("We aa bb cc. It BREAKS."), check=check, rewrite=fails)

    assert mended.draft.text == "We aa y. It BREAKS."


async def test_a_rewrite_is_kept_when_it_unblocks_and_adds_nothing() -> None:
    before = checked("We're sorry if your bag is late.", id="d1", angle=Angle.PUT_RIGHT)

    mended = await repair(before, check=check, rewrite=writes("We're sorry that your bag is late."))

    assert mended.draft == Draft(
        text="We're sorry that your bag is late.", id="d1", angle=Angle.PUT_RIGHT, model="m2", repaired=1
    )


@pytest.mark.parametrize(
    "text",
    [
        None,
        " ",
        "We're sorry if your bag is late, promise 3.",
        "We're sorry if your bag is late.",
        "Still sorry if it is late.",
        "We're sorry that it is late. WORSE",
        "We're sorry, promise 3.",
        "We're sorry, it is CRASH £20.",
    ],
)
async def test_a_rewrite_that_does_not_help_or_adds_a_promise_is_dropped(text: str | None) -> None:
    before = checked("We're sorry if your bag is late.")

    assert await repair(before, check=check, rewrite=writes(text)) is before


async def test_a_rewrite_may_add_what_the_context_backs() -> None:
    text = "We're sorry that your bag is late, promise 5; £20 is yours."

    mended = await repair(checked("We're sorry if your bag is late."), check=check, rewrite=writes(text))

    assert mended.draft.text == text


async def test_a_rewrite_may_repeat_what_the_draft_promised() -> None:
    text = "We're sorry, promise 3 for 2 hours."

    mended = await repair(checked("We're sorry if so, promise 3 for two hours."), check=check, rewrite=writes(text))

    assert mended.draft.text == text


async def test_a_rewrite_may_not_add_a_fact_that_a_check_doubts() -> None:
    before = checked("We're sorry if it is late. It cost £99 and £99.")

    assert await repair(before, check=check, rewrite=writes("We're sorry, it cost £998.")) is before
    kept = await repair(before, check=check, rewrite=writes("We're sorry, it cost £99 on Monday."))
    assert kept.draft.text == "We're sorry, it cost £99 on Monday."


async def test_a_fact_is_not_added_while_a_check_of_facts_does_not_run() -> None:
    before = checked("We're sorry if CRASH your bag is late.")

    assert await repair(before, check=check, rewrite=writes("We're sorry CRASH, here are £20.")) is before
    kept = await repair(before, check=check, rewrite=writes("We're sorry CRASH that it is late."))
    assert kept.draft.text == "We're sorry CRASH that it is late."


async def test_a_failing_model_leaves_the_draft_as_the_edits_made_it() -> None:
    mended = await repair(checked("We're sorry if we utilize glue."), check=check, rewrite=fails)

    assert mended.draft.text == "We're sorry if we use glue."


async def test_an_open_slot_waits_for_a_human_and_costs_no_rewrite() -> None:
    before = checked("We're sorry. Which is {{order}}?", needs_fill=(Slot(slot="order", question="Which?"),))

    assert await repair(before, check=check, rewrite=fails) is before


CHUNKS = st.sampled_from(
    [
        *FIXES,
        "I'm sorry. ",
        "(we know) ",
        "“your bag” ",
        '"so" ',
        "Your bag is late, ",
        ". ",
        ", ",
        "@dana ",
        "\n",
        "iPhone ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(CHUNKS, max_size=8))
def test_an_edited_text_is_never_garbled(chunks: list[str]) -> None:
    before = checked("".join(chunks))

    after = edit(before)

    if after is before.draft:
        return
    assert after.text.strip()
    assert not re.search(r"(?<=\S)  +(?=\S)", after.text)
    for pair in ("()", "“”", '""'):
        assert after.text.count(pair[0]) - before.draft.text.count(pair[0]) == after.text.count(
            pair[1]
        ) - before.draft.text.count(pair[1])
