"""The judged check: what it hears, what it must not miss, and that nothing it did not hear is ready."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType

import pytest

from service.definitions import DEFINITIONS
from service.domain import Brief, CheckedDraft, CheckResult, Complaint, Outcome, Severity, Span, Tone
from service.drafting import Checked, Drafted, Event, Judged, Repaired, Replied, Sentence, Triaged
from service.errors import AnswerUnusable, ModelBusy, ModelRefused, ModelTimeout, ModelUnknown
from service.judge import BLOCKED, DEAF, DEAF_QUOTE, MISQUOTED, UNSURE, UNUSABLE, WAITS, Judge, _probe, found, probes
from service.model import Judging, LiteLLM
from service.model.answer import LONGEST_ANSWER
from service.model.verdicts import Verdicts
from service.prompt import Prompts
from service.reading.words import load
from tests.examples import BRAND, BRIEF, COLD, COMPLAINT, GOOD, OTHER
from tests.fakes import PROBES, FakeJudge, FakeModel, desk_with, judge_of, texts_of
from tests.test_prompt import EMPTY

ONE, TWO = replace(BRIEF, drafts=1), replace(BRIEF, drafts=2)
WARM = GOOD.replace("We're looking into what happened with it now", "We're finding out what happened with it now")


async def events_of(judge: Judge, model: FakeModel, brief: Brief) -> list[Event]:
    return [event async for event in desk_with(model, judge=judge).events(brief)]


def tone_of(checked: CheckedDraft) -> CheckResult:
    return next(result for result in checked.results if result.check == "tone")


# What the judge says


async def test_a_draft_that_sounds_fine_passes_and_is_ready() -> None:
    reply = await desk_with(FakeModel([GOOD]), judge=judge_of(FakeJudge())).reply_to(ONE)

    assert tone_of(reply.best).outcome is Outcome.PASSED
    assert reply.best.ready
    assert reply.reason is None


@pytest.mark.parametrize("tone", sorted(set(Tone) - {Tone.FINE, Tone.UNSURE}))
async def test_a_draft_that_slights_is_stopped_at_the_words_that_show_it(tone: Tone) -> None:
    judge = judge_of(FakeJudge({"looking into what happened": tone}))

    reply = await desk_with(FakeModel([GOOD], [COLD]), judge=judge).reply_to(ONE)

    result = tone_of(reply.best)
    (finding,) = result.findings
    assert (result.outcome, finding.severity, finding.rule) == (Outcome.FAILED, Severity.BLOCK, tone.value)
    assert finding.quote == finding.span.of(reply.best.draft.text) == "looking into what happened"
    assert finding.message.endswith(".")
    assert not reply.best.ready


async def test_a_draft_that_sounds_fine_ranks_before_one_that_does_not() -> None:
    judge = judge_of(FakeJudge({"looking into what happened": "dismissive"}))

    reply = await desk_with(FakeModel([GOOD, OTHER]), judge=judge).reply_to(TWO)

    assert [(draft.draft.text, draft.ready) for draft in reply.drafts] == [(OTHER, True), (GOOD, False)]


async def test_what_the_judge_heard_is_written_anew_and_heard_again() -> None:
    fake = FakeJudge({"looking into": "dismissive"})
    model = FakeModel([GOOD], [WARM])

    events = await events_of(judge_of(fake), model, ONE)

    reply = events[-1].reply  # type: ignore[union-attr]
    assert [type(e) for e in events] == [Triaged, Drafted, Checked, Judged, Repaired, Replied]
    assert (reply.best.draft.text, reply.best.ready) == (WARM, True)
    assert load("tone.yml")["verdicts"]["dismissive"]["message"] in model.asked[1].user
    assert len(fake.asked) == 2


async def test_a_rewrite_that_the_judge_stops_is_not_ready() -> None:
    judge = judge_of(FakeJudge({"looking into": "dismissive", "finding out": "sarcastic"}))

    reply = await desk_with(FakeModel([GOOD], [WARM]), judge=judge).reply_to(ONE)

    assert not reply.best.ready


async def test_a_rewrite_that_mends_nothing_is_not_kept_for_want_of_a_verdict() -> None:
    fake = FakeJudge()
    first = "We apologise for any inconvenience. Please DM us your details."
    model = FakeModel([first], [first.replace("details", "order")])

    reply = await desk_with(model, judge=judge_of(fake)).reply_to(ONE)

    assert len(model.asked) == 2
    assert reply.best.draft.text == first
    assert fake.asked == []


# What never looks like a pass


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ModelTimeout("x"), "fake/judge took too long"),
        (ModelBusy("x"), "fake/judge was busy (rate limit)"),
        (ModelRefused("x"), "fake/judge refused the text (content filter)"),
        (AnswerUnusable("x"), "fake/judge gave no usable answer"),
    ],
)
async def test_a_judge_that_fails_keeps_the_draft_back_and_says_why(error: Exception, words: str) -> None:
    judge = judge_of(FakeJudge(error=error))  # type: ignore[arg-type]  # all of them are ModelErrors
    model = FakeModel([GOOD])

    reply = await desk_with(model, judge=judge).reply_to(ONE)

    assert tone_of(reply.best).outcome is Outcome.NOT_RUN
    assert words in (tone_of(reply.best).reason or "")
    assert words in (reply.reason or "")
    assert not reply.best.ready
    assert len(model.asked) == 1  # other words would not help a judge that is not there


async def test_a_judge_that_stays_silent_is_stopped_at_its_own_deadline() -> None:
    reply = await desk_with(FakeModel([GOOD]), judge=judge_of(FakeJudge(silent=True), deadline=0.01)).reply_to(ONE)

    assert "took too long" in (tone_of(reply.best).reason or "")
    assert not reply.best.ready


async def test_a_judge_that_keeps_failing_rests_and_still_keeps_drafts_back() -> None:
    fake = FakeJudge(error=ModelTimeout("x"))
    desk = desk_with(FakeModel([GOOD]), judge=judge_of(fake))

    for _ in range(3):
        await desk.reply_to(ONE)
    reply = await desk.reply_to(ONE)

    assert len(fake.asked) == 3
    assert "is resting after repeated failures" in (tone_of(reply.best).reason or "")
    assert not reply.best.ready


async def test_another_judge_steps_in_for_the_first() -> None:
    judge = judge_of(FakeJudge(error=ModelBusy("x"), name="fake/first"), FakeJudge())

    reply = await desk_with(FakeModel([GOOD]), judge=judge).reply_to(ONE)

    assert reply.best.ready


@pytest.mark.parametrize(
    ("fake", "reason"),
    [
        (FakeJudge({"looking": "unsure"}), UNSURE),
        (FakeJudge({"": "cold"}), MISQUOTED),
        (FakeJudge(deaf=True), DEAF),
        (FakeJudge(probe="get lost"), DEAF_QUOTE),
        (FakeJudge(probe=""), DEAF_QUOTE),
    ],
)
async def test_a_verdict_that_does_not_hold_is_none(fake: FakeJudge, reason: str) -> None:
    reply = await desk_with(FakeModel([GOOD]), judge=judge_of(fake)).reply_to(ONE)

    assert (tone_of(reply.best).outcome, tone_of(reply.best).reason) == (Outcome.NOT_RUN, reason)
    assert not reply.best.ready


async def test_a_draft_that_the_judge_passes_over_is_kept_back_alone() -> None:
    class Forgetful(FakeJudge):
        async def verdicts(self, prompt):  # type: ignore[no-untyped-def]  # as its parent
            async for item in super().verdicts(prompt):
                if not hasattr(item, "draft") or texts_of(prompt.user)[item.draft] != GOOD:
                    yield item

    reply = await desk_with(FakeModel([GOOD, OTHER]), judge=judge_of(Forgetful())).reply_to(TWO)

    assert [draft.ready for draft in reply.drafts] == [True, False]
    assert tone_of(reply.drafts[1]).reason == UNUSABLE


async def test_a_draft_that_a_rule_stops_never_reaches_the_judge() -> None:
    fake = FakeJudge()

    reply = await desk_with(FakeModel([COLD, GOOD]), judge=judge_of(fake)).reply_to(TWO)

    (prompt,) = fake.asked
    assert set(texts_of(prompt.user).values()) - PROBES == {GOOD}
    assert tone_of(reply.drafts[1]).reason == BLOCKED
    assert tone_of(reply.drafts[1]).outcome is Outcome.NOT_RUN


async def test_no_draft_looks_ready_before_it_was_heard() -> None:
    events = await events_of(judge_of(FakeJudge()), FakeModel([GOOD, OTHER]), TWO)

    steps = [type(e) for e in events if not isinstance(e, Sentence)]
    assert steps == [Triaged, Drafted, Checked, Drafted, Checked, Judged, Judged, Replied]
    assert [(e.draft.ready, tone_of(e.draft).reason) for e in events if isinstance(e, Checked)] == [(False, WAITS)] * 2
    assert [e.draft.ready for e in events if isinstance(e, Judged)] == [True, True]


async def test_without_a_judge_nothing_speaks_of_tone() -> None:
    reply = await desk_with(FakeModel([GOOD])).reply_to(ONE)

    assert not any(result.check == "tone" for result in reply.best.results)


async def test_a_brand_may_let_a_silent_judge_only_warn() -> None:
    voice = replace(BRAND.voice, severities=MappingProxyType({"tone": Severity.WARN}))
    desk = desk_with(FakeModel([GOOD]), judge=judge_of(FakeJudge(error=ModelBusy("x"))))

    reply = await desk.reply_to(replace(ONE, brand=replace(BRAND, voice=voice)))

    assert tone_of(reply.best).outcome is Outcome.NOT_RUN
    assert reply.best.ready


async def test_a_holding_reply_is_heard_like_any_other() -> None:
    complaint = replace(COMPLAINT, text="Your blender caught fire and burned my daughter's hand. She is in hospital.")
    fake = FakeJudge(error=ModelBusy("x"))

    reply = await desk_with(FakeModel([GOOD]), judge=judge_of(fake)).reply_to(replace(BRIEF, complaint=complaint))

    assert fake.asked
    assert not any(draft.ready for draft in reply.drafts)


# What it costs, and what it sees


async def test_all_drafts_are_judged_in_one_call_whose_cost_is_the_replys() -> None:
    fake = FakeJudge()

    reply = await desk_with(FakeModel([GOOD, OTHER]), judge=judge_of(fake)).reply_to(TWO)

    assert len(fake.asked) == 1
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (110, 30)
    assert reply.usage.cost == pytest.approx(0.011)
    assert reply.usage.model == "fake/model"


async def test_the_judge_sees_no_personal_data_and_its_quotes_are_put_back() -> None:
    complaint = Complaint(text="Write to dana@mail.example about my broken blender!", channel=COMPLAINT.channel.EMAIL)
    text = "I'm sorry that your blender arrived broken. We'll write to ⟦email:1⟧ today.\n— Kim, Acme"
    fake = FakeJudge({"write to ⟦email:1⟧ today": "cold"})
    brief = replace(ONE, complaint=replace(complaint, public=False))

    reply = await desk_with(FakeModel([text], [COLD]), judge=judge_of(fake)).reply_to(brief)

    assert "dana@mail.example" not in fake.asked[0].system + fake.asked[0].user
    assert tone_of(reply.best).findings[0].quote == "write to dana@mail.example today"


async def test_marks_and_labels_change_from_call_to_call_and_the_static_part_does_not() -> None:
    fake = FakeJudge()
    desk = desk_with(FakeModel([GOOD]), judge=judge_of(fake))

    await desk.reply_to(ONE)
    await desk.reply_to(ONE)

    one, other = fake.asked
    assert one.system == other.system
    assert one.canary != other.canary
    assert not set(texts_of(one.user)) & set(texts_of(other.user))


async def test_a_text_that_somebody_typed_is_heard_when_asked_for() -> None:
    desk = desk_with(judge=judge_of(FakeJudge({"looking into": "cold"})))

    (heard,), usage = await desk.hear([desk.check(GOOD, BRIEF)], BRIEF)

    assert tone_of(heard).outcome is Outcome.FAILED
    assert usage.input_tokens == 100


async def test_a_text_that_is_given_twice_is_heard_once() -> None:
    fake = FakeJudge()
    desk = desk_with(judge=judge_of(fake))
    checked = desk.check(GOOD, BRIEF)

    heard, _ = await desk.hear([checked, checked], BRIEF)

    assert [draft.ready for draft in heard] == [True, True]
    assert len(texts_of(fake.asked[0].user)) == 2  # it and the probe


async def test_asking_for_a_judge_that_nobody_configured_is_refused() -> None:
    desk = desk_with()

    with pytest.raises(ModelUnknown, match="AMENDS_JUDGE_MODEL"):
        await desk.hear([desk.check(GOOD, BRIEF)], BRIEF)


async def test_a_desk_warms_and_closes_its_judge_too() -> None:
    class Cold(FakeJudge):
        loaded = False

        def warm(self) -> None:
            self.loaded = True

    fake = Cold()
    desk = desk_with(judge=judge_of(fake))

    before = desk.loaded
    desk.warm()
    await desk.aclose()

    assert (before, desk.loaded) == (False, True)


def test_there_are_dozens_of_probes_and_which_one_is_planted_changes_with_the_mark() -> None:
    assert len(set(probes())) == len(probes()) >= 48
    assert len({_probe(f"mark{number}") for number in range(100)}) > 24


def test_every_verdict_has_its_meaning_and_every_bad_one_its_message() -> None:
    words = load("tone.yml")["verdicts"]

    assert list(words) == [tone.value for tone in Tone]
    assert all(words[tone.value]["means"] for tone in Tone)
    assert {tone for tone in words if "message" in words[tone]} == set(words) - {"fine", "unsure"}


@pytest.mark.parametrize("text", DEFINITIONS["tone"].fires)
def test_what_explains_the_check_is_what_no_rule_sees(text: str) -> None:
    checked = desk_with().check(f"{text}\n— Kim, Acme", BRIEF)

    assert checked.ready


def test_a_model_of_litellm_can_judge() -> None:
    judging: Judging = LiteLLM("openai/a")

    assert judging.name == "openai/a"


# Quotes


@pytest.mark.parametrize(
    ("quote", "text", "span"),
    [
        ("calm down", "Please calm down.", Span(7, 16)),
        ("“Calm  down!”", "Please calm\ndown.", Span(7, 16)),
        ("that’s life", "Well, THAT'S life", Span(6, 17)),
        ("😂", "Oops😂", Span(4, 5)),
        ("lm dow", "Please calm down.", None),
        ("calm up", "Please calm down.", None),
        ("…", "Please … calm down.", None),
        ("", "Please calm down.", None),
    ],
)
def test_a_quote_is_found_by_its_words(quote: str, text: str, span: Span | None) -> None:
    assert found(quote, text) == span


# Answers


def _read(text: str, *, whole: bool = True) -> dict[str, tuple[str, str]]:
    prompt = Prompts().judge("judge/tone", EMPTY, texts={"a": "Sorry."}, tones={}, mark="m1")
    reader = Verdicts(prompt, "m")
    assert [verdict for at in range(0, len(text), 7) for verdict in reader.feed(text[at : at + 7])] == []
    read = {v.draft: (v.tone.value, v.quote) for v in reader.finish(whole=whole)}
    assert reader.missing == 0
    return read


def _entry(verdict: object, draft: object = "a", quote: object = "") -> str:
    return json.dumps({"draft": draft, "quote": quote, "verdict": verdict})


@pytest.mark.parametrize(
    "text",
    [
        f'{{"mark": "m1", "verdicts": [{_entry("fine")}]}}',
        f'```json\n{{"mark": " m1", "verdicts": [{_entry(" Fine ", " a ")}]}}\n```',
        f'I heard it: {{"mark": "m1", "verdicts": [{_entry("fine", quote=None)}], "more": {{}}}}',
    ],
)
def test_a_verdict_is_read_in_the_shapes_that_models_choose(text: str) -> None:
    assert _read(text) == {"a": ("fine", "")}


def test_the_last_verdict_counts() -> None:
    entries = f"{_entry('fine')}, {_entry('cold', quote='Hm.')}"
    first = f'{{"mark": "m1", "verdicts": [{_entry("sarcastic", quote="x")}]}}'

    assert _read(f'{first} No: {{"mark": "m1", "verdicts": [{entries}]}}') == {"a": ("cold", "Hm.")}


@pytest.mark.parametrize(
    "last", [_entry("great"), _entry(None), _entry(["fine"]), _entry("fine", quote=3), '{"draft": "a"}']
)
def test_a_last_verdict_off_the_list_does_not_fall_back_on_an_earlier_one(last: str) -> None:
    assert _read(f'{{"mark": "m1", "verdicts": [{_entry("fine")}, {_entry("fine", 7)}, "fine", {last}]}}') == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fine",
        '{"mark": "m1", "verdicts": [{"draft": "a", "verdict": "fine"',
        '{"mark": "m1", "verdicts": "fine"}',
        f'{{"mark": "m2", "verdicts": [{_entry("fine")}]}}',
        f'{{"verdicts": [{_entry("fine")}]}}',
        f"[{_entry('fine')}]",
    ],
)
def test_an_answer_without_the_mark_or_broken_off_is_unusable(text: str) -> None:
    with pytest.raises(AnswerUnusable):
        _read(text)


def test_an_answer_that_was_cut_off_after_a_verdict_is_unusable_and_a_closed_one_is_not() -> None:
    closed = f'{{"mark": "m1", "verdicts": [{_entry("fine")}]}}'

    assert _read(closed + "\n```", whole=False)
    with pytest.raises(AnswerUnusable):
        _read(closed + ' On second thought: {"mark": "m1", "verd', whole=False)


@pytest.mark.parametrize("text", ["x" * (LONGEST_ANSWER + 1), "[" * 200])
def test_a_judge_that_does_not_end_is_stopped(text: str) -> None:
    with pytest.raises(AnswerUnusable):
        _read(text)
