"""What a client sees of a draft while it is written, and what it never sees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from service.composer import Composer
from service.domain import Beginning, Brief, Draft, Prompt, Severity, Span, Usage
from service.drafting import Checked, Drafted, Event, Failed, Judged, Replied, Sentence
from service.errors import ModelBusy, ModelUnreachable
from service.model import Fallbacks
from tests.examples import BRAND, BRIEF, COLD, COMPLAINT, GOOD, OTHER
from tests.fakes import FakeJudge, FakeModel, desk_with, growing, judge_of

ONE, TWO = replace(BRIEF, drafts=1), replace(BRIEF, drafts=2)
OPENING, MIDDLE, SIGN_OFF = (
    "I'm sorry that your blender arrived broken, and that nobody answered your two messages.",
    "We're looking into what happened with it now and will answer you here within 24 hours.",
    "— Kim, Acme",
)
RARE = f"{OPENING} This has never happened before. {MIDDLE}\n{SIGN_OFF}"
HOLLOW = (
    "We're sorry if you feel let down. We'll look into your blender and tell you here within 24 hours.\n— Kim, Acme"
)


async def events_of(model: FakeModel, brief: Brief = ONE) -> list[Event]:
    return [event async for event in desk_with(model).events(brief)]


def shown(events: list[Event]) -> list[tuple[str, str]]:
    """Draft id and new words of each release."""
    return [(e.draft_id, e.span.of(e.text)) for e in events if isinstance(e, Sentence)]


def reply_of(events: list[Event]) -> Any:
    assert isinstance(events[-1], Replied), events[-1]
    return events[-1].reply


def test_the_parts_are_those_of_the_shared_example() -> None:
    assert f"{OPENING} {MIDDLE}\n{SIGN_OFF}" == GOOD


async def test_sentences_are_released_while_the_draft_is_written_the_opening_first() -> None:
    events = desk_with(FakeModel([*growing(GOOD)[:2], ModelUnreachable("gone")])).events(ONE)

    seen = [await anext(events) for _ in range(3)]
    await events.aclose()

    assert seen[1:] == [Drafted("d1", "fake/model"), Sentence("d1", OPENING, Span(0, len(OPENING)))]


@pytest.mark.parametrize("answer", [[GOOD], growing(GOOD)], ids=["whole", "in pieces"])
async def test_a_draft_is_released_once_sentence_by_sentence_and_then_comes_checked(answer: list[Any]) -> None:
    events = await events_of(FakeModel(answer))

    assert shown(events) == [("d1", OPENING), ("d1", MIDDLE), ("d1", SIGN_OFF)]
    assert [type(e) for e in events[1:-1]] == [Drafted, Sentence, Sentence, Sentence, Checked]
    assert [e.text for e in events if isinstance(e, Sentence)][-1] == GOOD


@pytest.mark.parametrize("text", [GOOD, RARE, COLD.replace("Thank you", "We're sorry")])
async def test_a_draft_is_judged_the_same_whether_it_came_whole_or_in_pieces(text: str) -> None:
    whole, pieces = [
        [e.draft for e in await events_of(FakeModel([*answer, OTHER]), TWO) if isinstance(e, Checked)]
        for answer in ([text], growing(text))
    ]

    assert pieces == whole


@pytest.mark.parametrize("answer", [[RARE], growing(RARE)], ids=["whole", "in pieces"])
async def test_a_blocking_sentence_in_the_middle_is_not_released_nor_anything_after_it(answer: list[Any]) -> None:
    events = await events_of(FakeModel(answer))

    assert shown(events) == [("d1", OPENING)]
    before = events[: next(at for at, e in enumerate(events) if isinstance(e, Checked))]
    assert "never happened" not in repr(before)


async def test_a_sentence_that_the_next_one_excuses_waits_for_it() -> None:
    push, back = "Please DM us your order number.", "Then we'll post the outcome here."
    text = f"{OPENING} {push} {back}\n{SIGN_OFF}"

    model = FakeModel([*growing(text)[:3], ModelUnreachable("gone")], [text])
    early = shown(await events_of(model))
    late = shown(await events_of(FakeModel(growing(text))))

    assert [words for _, words in early if words == push] == []
    assert late == [("d1", OPENING), ("d1", push), ("d1", back), ("d1", SIGN_OFF)]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "in pieces"])
@pytest.mark.parametrize(("more", "seen"), [("", 5), (" Your feedback is important to us.", 1)], ids=["two", "three"])
async def test_stock_phrases_are_released_only_once_no_later_one_can_make_them_block(
    stream: bool, more: str, seen: int
) -> None:
    text = f"{OPENING} Rest assured.{more} Kindly wait a little. {MIDDLE}\n{SIGN_OFF}"

    events = await events_of(FakeModel(growing(text) if stream else [text]))

    before = events[: next(at for at, e in enumerate(events) if isinstance(e, Checked))]
    assert shown(before)[0] == ("d1", OPENING)
    assert len(shown(before)) == seen


@pytest.mark.parametrize("answer", [[GOOD], growing(GOOD)], ids=["whole", "in pieces"])
async def test_a_check_that_crashes_in_a_stream_releases_nothing(answer: list[Any]) -> None:
    broken = replace(BRAND, voice=replace(BRAND.voice, max_exclamation_marks="1"))  # type: ignore[arg-type]

    events = await events_of(FakeModel(answer), replace(ONE, brand=broken))

    assert shown(events) == []
    assert not reply_of(events).best.ready


async def test_a_draft_that_is_never_finished_makes_room_for_another_with_its_id() -> None:
    events = await events_of(FakeModel([*growing(GOOD)[:2], ModelUnreachable("gone")]))

    assert [e for e in events if isinstance(e, Drafted)] == [
        Drafted("d1", "fake/model"),
        Drafted("d1", "builtin/composer"),
    ]
    assert reply_of(events).best.draft.model == "builtin/composer"


async def test_personal_data_is_back_in_every_sentence() -> None:
    complaint = replace(COMPLAINT, text="Write to dana@mail.example about my broken blender!", public=False)
    text = "I'm sorry that your blender arrived broken. We'll write to ⟦email:1⟧. You'll hear today.\n— Kim, Acme"

    events = await events_of(FakeModel(growing(text)), replace(ONE, complaint=complaint))

    assert ("d1", "We'll write to dana@mail.example.") in shown(events)
    assert "⟦" not in repr(events)


# A judge of tone


@pytest.mark.parametrize("answer", [[GOOD], growing(GOOD)], ids=["whole", "in pieces"])
async def test_nothing_is_released_before_a_judge_whose_word_can_block(answer: list[Any]) -> None:
    events = [e async for e in desk_with(FakeModel(answer), judge=judge_of(FakeJudge())).events(ONE)]

    kinds = [type(e) for e in events]
    assert kinds[1:] == [Drafted, Checked, Sentence, Sentence, Sentence, Judged, Replied]
    assert shown(events) == [("d1", OPENING), ("d1", MIDDLE), ("d1", SIGN_OFF)]


@pytest.mark.parametrize("answer", [[GOOD], growing(GOOD)], ids=["whole", "in pieces"])
@pytest.mark.parametrize(
    "judge", [FakeJudge({"looking into": "cold"}), FakeJudge(error=ModelBusy("x"))], ids=["stops", "fails"]
)
async def test_a_draft_that_a_judge_did_not_pass_releases_nothing(judge: FakeJudge, answer: list[Any]) -> None:
    desk = desk_with(FakeModel(answer, [COLD]), judge=judge_of(judge))

    events = [e async for e in desk.events(ONE)]

    assert any(isinstance(e, Judged) for e in events)
    assert shown(events) == []


@pytest.mark.parametrize("answer", [[GOOD], growing(GOOD)], ids=["whole", "in pieces"])
@pytest.mark.parametrize(
    "judge", [FakeJudge({"looking into": "cold"}), FakeJudge(error=ModelBusy("x"))], ids=["warns", "fails"]
)
async def test_a_judge_that_can_only_warn_holds_nothing_back(judge: FakeJudge, answer: list[Any]) -> None:
    mild = replace(BRAND, voice=replace(BRAND.voice, severities=MappingProxyType({"tone": Severity.WARN})))
    desk = desk_with(FakeModel(answer), judge=judge_of(judge))

    events = [e async for e in desk.events(replace(ONE, brand=mild))]

    kinds = [type(e) for e in events if not isinstance(e, Judged)]
    assert kinds[1:] == [Drafted, Sentence, Sentence, Sentence, Checked, Replied]


async def test_what_is_released_after_the_judge_is_the_mended_text_that_it_heard() -> None:
    text = GOOD.replace("We're looking", "Please be advised that we're looking")
    desk = desk_with(FakeModel(growing(text)), judge=judge_of(FakeJudge()))

    events = [e async for e in desk.events(ONE)]

    assert shown(events) == [("d1", OPENING), ("d1", MIDDLE), ("d1", SIGN_OFF)]


# Stopped early


@pytest.mark.parametrize("bad", [COLD, HOLLOW], ids=["no apology", "a hollow one"])
async def test_a_draft_that_opens_wrong_is_stopped_and_asked_for_anew_with_the_reason(bad: str) -> None:
    model = FakeModel(growing(bad), growing(GOOD))

    events = await events_of(model)

    reply = reply_of(events)
    assert len(model.asked) == model.closed == 2
    assert "<wrong_with_it>" in model.asked[1].user
    assert "<wrong_with_it>" not in model.asked[0].user
    assert shown(events) == [("d1", OPENING), ("d1", MIDDLE), ("d1", SIGN_OFF)]
    assert bad.split(".")[0] not in repr(events)
    assert (reply.best.draft.text, reply.degraded) == (GOOD, False)
    assert (reply.usage.output_tokens, reply.usage.cost, reply.usage.model) == (27, 0.501, "fake/model")


async def test_a_client_that_waits_for_the_reply_gets_the_same() -> None:
    model = FakeModel(growing(COLD), growing(GOOD))

    reply = await desk_with(model).reply_to(ONE)

    assert len(model.asked) == 2
    assert reply.best.draft.text == GOOD


async def test_drafts_that_were_good_are_kept_and_only_the_missing_ones_asked_for() -> None:
    model = FakeModel([*growing(GOOD), *growing(COLD)], growing(OTHER))

    reply = reply_of(await events_of(model, TWO))

    assert model.asked[1].drafts == 1
    assert MIDDLE in model.asked[1].user
    assert {d.draft.text for d in reply.drafts} == {GOOD, OTHER}
    assert {d.draft.id for d in reply.drafts} == {"d1", "d2"}


async def test_the_second_time_a_draft_without_an_apology_is_taken_whole_and_goes_through_the_checks() -> None:
    model = FakeModel(growing(COLD), growing(COLD), [COLD])

    events = await events_of(model)

    reply = reply_of(events)
    assert [prompt.name for prompt in model.asked] == ["draft", "draft", "rewrite"]
    assert shown(events) == []
    assert "apology_first" in {f.check for e in events if isinstance(e, Checked) for f in e.draft.findings}
    assert not reply.best.ready


async def test_a_rewrite_that_opens_wrong_is_asked_for_anew_with_all_that_was_wrong() -> None:
    from service.domain import Rewrite

    model = FakeModel(growing(COLD), growing(GOOD))
    order = Rewrite(text=COLD, findings=("Too cold.",))

    await events_of(model, replace(ONE, rewrite=order))

    assert [prompt.name for prompt in model.asked] == ["rewrite", "rewrite"]
    assert model.asked[1].user.count("<wrong_with_it>") == 2


async def test_a_greeting_alone_is_neither_stopped_nor_released() -> None:
    text = f"Hi Dana! {GOOD}"
    model = FakeModel(growing(text))

    events = await events_of(model)

    assert len(model.asked) == 1
    assert shown(events)[:2] == [("d1", "Hi Dana!"), ("d1", OPENING)]
    assert [type(e) for e in events[1:4]] == [Drafted, Sentence, Sentence]


async def test_when_the_model_fails_the_second_time_the_composer_writes_the_rest_and_the_reply_says_so() -> None:
    model = FakeModel([*growing(GOOD), *growing(COLD)], ModelBusy("busy"))

    reply = reply_of(await events_of(model, TWO))

    assert {d.draft.model for d in reply.drafts} == {"fake/model", "builtin/composer"}
    assert reply.usage.model == "fake/model, builtin/composer"
    assert "was busy" in (reply.reason or "")
    assert reply.usage.output_tokens == 7


async def test_when_nobody_writes_the_rest_the_good_drafts_are_the_reply_and_it_says_so() -> None:
    model = FakeModel([*growing(GOOD), *growing(COLD)], ModelBusy("busy"))

    reply = await desk_with(model, composer=False).reply_to(TWO)

    assert [d.draft.text for d in reply.drafts] == [GOOD]
    assert "asked for anew did not come" in (reply.reason or "")


async def test_when_nobody_writes_anything_the_desk_fails_as_ever() -> None:
    desk = desk_with(FakeModel(growing(COLD), ModelBusy("busy")), composer=False)

    events = [event async for event in desk.events(ONE)]

    assert isinstance(events[-1], Failed)
    assert isinstance(events[-1].error, ModelBusy)


class Late(FakeModel):
    """A model that takes six seconds for each thing that it says."""

    time = 0.0

    async def drafts(self, prompt: Prompt) -> AsyncIterator[Draft | Beginning | Usage]:
        """Say the same, later."""
        async for item in super().drafts(prompt):
            self.time += 6
            yield item


async def test_a_draft_is_not_stopped_when_no_time_is_left_to_ask_again() -> None:
    late = Late([Beginning(text=COLD), COLD], [GOOD])
    desk = desk_with(late)
    desk.models = Fallbacks([late, Composer()], deadline=10.0, clock=lambda: late.time)

    events = [event async for event in desk.events(ONE)]

    checked = [e for e in events if isinstance(e, Checked)]
    assert checked[0].draft.draft.text == COLD
