from dataclasses import replace

import pytest

from service.domain import Brief, Channel, Complaint, Draft, Gate, Rewrite
from service.drafting import Checked, Drafted, Event, Failed, Repaired, Replied, Sentence, Triaged
from service.errors import BrandNotFound, ComplaintEmpty, ModelBusy
from tests.examples import BRAND, BRIEF, COLD, COMPLAINT, GOOD, OTHER
from tests.fakes import FakeModel, desk_with

ONE, TWO = replace(BRIEF, drafts=1), replace(BRIEF, drafts=2)


async def events_of(model: FakeModel, brief: Brief) -> list[Event]:
    return [event async for event in desk_with(model).events(brief)]


async def test_a_complaint_becomes_a_ranked_reply_event_by_event() -> None:
    model = FakeModel([GOOD, OTHER])

    events = await events_of(model, TWO)

    steps = [type(e) for e in events if not isinstance(e, Sentence)]
    assert steps == [Triaged, Drafted, Checked, Drafted, Checked, Replied]
    reply = events[-1].reply  # type: ignore[union-attr]
    assert [d.ready for d in reply.drafts] == [True, True]
    assert reply.id == "reply-1"
    assert not reply.degraded
    assert reply.usage.cost == 0.001
    assert reply.audit.brand == "sha256:brand"
    assert reply.audit.prompt.startswith("sha256:")


async def test_a_ready_draft_ranks_before_one_that_blocks() -> None:
    reply = await desk_with(FakeModel([COLD, GOOD])).reply_to(TWO)

    assert reply.best.draft.text == GOOD
    assert not reply.drafts[-1].ready


async def test_when_nothing_is_ready_the_best_draft_is_written_anew_once() -> None:
    model = FakeModel([COLD], [GOOD])

    events = await events_of(model, ONE)

    reply = events[-1].reply  # type: ignore[union-attr]
    assert any(isinstance(e, Repaired) for e in events)
    assert reply.best.draft.text == GOOD
    assert reply.usage.output_tokens == 40
    assert len(model.asked) == 2
    assert model.asked[1].name == "rewrite"


async def test_a_model_that_nobody_configured_is_refused_before_anything_else() -> None:
    events = await events_of(FakeModel([GOOD]), replace(ONE, model="nobody/none"))

    assert [type(e) for e in events] == [Failed]


async def test_when_the_rewrite_is_no_better_the_reply_still_comes_and_says_why() -> None:
    reply = await desk_with(FakeModel([COLD], [COLD])).reply_to(ONE)

    assert not reply.best.ready
    assert "No draft is ready" in (reply.reason or "")
    assert reply.best.findings


async def test_when_every_model_fails_the_composer_drafts_and_the_reply_says_so() -> None:
    reply = await desk_with(FakeModel(ModelBusy("busy"))).reply_to(BRIEF)

    assert reply.degraded
    assert reply.reason
    assert reply.best.draft.model == "builtin/composer"
    assert reply.best.ready


async def test_without_a_composer_a_failed_model_is_a_failed_event() -> None:
    desk = desk_with(FakeModel(ModelBusy("busy", retry_after=3)), composer=False)

    events = [event async for event in desk.events(BRIEF)]

    assert isinstance(events[-1], Failed)
    with pytest.raises(ModelBusy):
        await desk.reply_to(BRIEF)


async def test_a_gated_complaint_gets_a_holding_reply_and_no_model_sees_it() -> None:
    model = FakeModel([GOOD])
    complaint = replace(COMPLAINT, text="Your blender caught fire and burned my daughter's hand. She is in hospital.")

    reply = await desk_with(model).reply_to(replace(BRIEF, complaint=complaint))

    assert reply.triage.gate in (Gate.SAFETY, Gate.HEALTH)
    assert not model.asked
    assert "must answer" in (reply.reason or "")
    assert not reply.degraded


async def test_personal_data_never_reaches_the_model_and_comes_back_in_the_draft() -> None:
    complaint = Complaint(
        text="Write to dana@mail.example about my broken blender, not to my old address!",
        channel=Channel.EMAIL,
        public=False,
    )
    model = FakeModel(["I'm sorry that your blender arrived broken. We'll write to ⟦email:1⟧ today.\n— Kim, Acme"])

    reply = await desk_with(model).reply_to(replace(ONE, complaint=complaint))

    sent = model.asked[0].system + model.asked[0].user
    assert "dana@mail.example" not in sent
    assert "dana@mail.example" in reply.best.draft.text
    assert reply.audit.masked == {"email": 1}


async def test_a_rewrite_goes_the_same_way() -> None:
    model = FakeModel([GOOD])
    brief = replace(ONE, rewrite=Rewrite(text=COLD, instruction="shorter"))

    reply = await desk_with(model).reply_to(brief)

    assert model.asked[0].name == "rewrite"
    assert reply.best.draft.text == GOOD


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u200d", "?!… —", "\x00\x01"])
async def test_a_complaint_without_words_is_refused(text: str) -> None:
    with pytest.raises(ComplaintEmpty):
        await desk_with(FakeModel([GOOD])).reply_to(replace(BRIEF, complaint=replace(COMPLAINT, text=text)))


async def test_an_unknown_brand_is_named_with_the_known_ones() -> None:
    with pytest.raises(BrandNotFound, match=r"'nobody'.*acme"):
        await desk_with(FakeModel([GOOD])).reply_to(replace(BRIEF, brand="nobody"))


async def test_a_brand_may_come_with_the_complaint() -> None:
    reply = await desk_with(FakeModel([GOOD])).reply_to(replace(ONE, brand=replace(BRAND, id="other")))

    assert reply.best.ready


async def test_safe_fixes_are_made_while_the_drafts_arrive() -> None:
    model = FakeModel([GOOD.replace("We're looking", "Please be advised that we're looking"), OTHER])

    events = await events_of(model, TWO)

    kinds = [type(e) for e in events if not isinstance(e, Sentence)]
    assert kinds[:4] == [Triaged, Drafted, Checked, Repaired]
    assert "advised" not in events[-1].reply.best.draft.text  # type: ignore[union-attr]


async def test_closing_the_events_stops_the_model() -> None:
    model = FakeModel([GOOD, OTHER])
    events = desk_with(model).events(BRIEF)

    await anext(events)
    await anext(events)
    await events.aclose()

    assert model.closed == 1


async def test_the_record_sees_every_reply_once() -> None:
    seen = []
    desk = desk_with(FakeModel([GOOD]))

    async def record(_context: object, reply: object) -> None:
        seen.append(reply)

    desk._record = record
    reply = await desk.reply_to(BRIEF)

    assert seen == [reply]


async def test_any_text_can_be_checked_and_safely_fixed() -> None:
    desk = desk_with(FakeModel([GOOD]))
    text = GOOD.replace("We're looking", "Please be advised that we're looking")

    checked = desk.check(text, BRIEF)
    fixed = await desk.fix(checked, BRIEF)

    assert any(f.check == "corporate_speak" for f in checked.findings)
    assert fixed.ready
    assert "advised" not in fixed.draft.text


async def test_slots_keep_a_draft_from_being_ready() -> None:
    from service.domain import Slot

    draft = Draft(text=GOOD.replace("within 24 hours", "on {{day}}"), needs_fill=(Slot("day", "When?"),))

    reply = await desk_with(FakeModel([draft], [draft])).reply_to(ONE)

    assert not reply.best.ready
