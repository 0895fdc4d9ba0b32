"""Models: answers become drafts, failures become our errors, and one model stands in for another."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.domain import Angle, Beginning, Brand, Complaint, Context, Draft, Offer, Policy, Prompt, Slot, Usage
from service.errors import (
    AnswerUnusable,
    ModelBusy,
    ModelError,
    ModelMisconfigured,
    ModelRefused,
    ModelTimeout,
    ModelUnknown,
    ModelUnreachable,
    PromptTooLong,
)
from service.model import Fallbacks, Model, library
from service.model.answer import LONGEST_ANSWER, Answer
from service.model.breaker import Breaker
from service.model.failures import KINDS, WHY, failure, retry_after_of, translate, why
from service.model.growing import LONGEST_TEXT
from service.prompt import Prompts

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BRAND = Brand(id="b", name="B", policy=Policy(offers=(Offer(id="bag", text="pay for it"),)))
CONTEXT = Context(complaint=Complaint(text="You lost my bag."), brand=BRAND, now=NOW, language="en")
PROMPTS = Prompts()


def _prompt(drafts: int = 2) -> Prompt:
    return PROMPTS.render("draft", CONTEXT, drafts=drafts)


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


class Scripted:
    """A model that does what its script says: drafts, usages, errors, and ``...`` for silence."""

    def __init__(self, name: str, *script: object) -> None:
        self.name = name
        self.script = script
        self.calls = 0
        self.open = 0

    async def drafts(self, prompt: Prompt) -> AsyncIterator[Draft | Beginning | Usage]:
        self.calls += 1
        self.open += 1
        try:
            for item in self.script:
                if isinstance(item, Exception):
                    raise item
                if item is ...:
                    await asyncio.Event().wait()
                if isinstance(item, Draft):
                    yield replace(item, model=self.name)
                if isinstance(item, Usage | Beginning):
                    yield item
        finally:
            self.open -= 1


def _draft(text: str, angle: Angle = Angle.OWN) -> Draft:
    return Draft(text=text, angle=angle)


async def _all(models: Fallbacks, drafts: int = 2, first: str | None = None) -> tuple[list[Draft], Usage]:
    items = [item async for item in models.drafts(_prompt(drafts), first)]
    assert isinstance(items[-1], Usage)
    return [item for item in items if isinstance(item, Draft)], items[-1]


# Answers


def _read(text: str, *, drafts: int = 2, whole: bool = True, step: int = 3) -> list[Draft]:
    answer = Answer(_prompt(drafts), "m")
    found = [item for at in range(0, len(text), step) for item in answer.feed(text[at : at + step])]
    return [*(item for item in found if isinstance(item, Draft)), *answer.finish(whole=whole)]


ONE = {"text": "I'm sorry.", "angle": "own", "offers": [], "facts": [], "needs_fill": []}
TWO = {"text": "Sorry! Which flight?", "angle": "ask", "offers": ["bag", "x"], "facts": ["bag"], "needs_fill": []}
BOTH = json.dumps({"drafts": [ONE, TWO]})


def test_a_draft_is_announced_as_soon_as_its_own_json_is_complete() -> None:
    answer = Answer(_prompt(2), "m")
    first = json.dumps(ONE)

    early = list(answer.feed('{"drafts": [' + first[:-1]))
    on_time = list(answer.feed("}"))

    assert early == [Beginning(text="I'm sorry.", model="m")]
    assert [(type(item), item.text) for item in on_time] == [(Draft, "I'm sorry.")]
    assert answer.missing == 1


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_an_answer_reads_the_same_however_it_is_cut_into_pieces(step: int) -> None:
    drafts = _read(BOTH, step=step)

    assert [draft.text for draft in drafts] == ["I'm sorry.", "Sorry! Which flight?"]
    assert drafts[1].angle is Angle.ASK
    assert drafts[1].offers == ("bag",)
    assert drafts[1].facts == ("bag",)
    assert drafts[1].model == "m"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([ONE, TWO]),
        "```json\n" + BOTH + "\n```",
        "Here are your drafts:\n" + BOTH,
        "{'drafts': [{'text': 'I am sorry.'}, {'text': 'Sorry. Which flight?'},]}",
        BOTH.replace("I'm sorry.", "I'm\nsorry."),
        BOTH[:-1],
        json.dumps({"note": "ok", "drafts": [ONE, TWO]}),
    ],
    ids=["a list", "a fence", "words before it", "single quotes", "a raw line break", "no end", "another field first"],
)
def test_json_that_is_nearly_right_is_read_all_the_same(text: str) -> None:
    assert len(_read(text)) == 2


def test_a_single_object_is_one_draft() -> None:
    assert [draft.text for draft in _read(json.dumps(ONE), drafts=1)] == ["I'm sorry."]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot help with that.",
        "null",
        "{}",
        '{"drafts": []}',
        '{"drafts": ["Sorry."]}',
        '{"drafts": [{"text": ""}]}',
        '{"drafts": [{"text": "…"}]}',
        '{"drafts": [{"text": 7}]}',
        '{"error": "no"}',
        "[" * 50_000,
        "[" * 140,
        json.dumps({"drafts": [{"text": "a" * (LONGEST_TEXT + 1)}]}),
        PROMPTS.render("draft", CONTEXT, drafts=1).system,
    ],
)
def test_an_answer_without_a_draft_is_unusable(text: str) -> None:
    with pytest.raises(AnswerUnusable, match="m gave no usable answer"):
        _read(text, drafts=1, step=1000)


def test_a_text_that_was_cut_off_is_never_a_draft() -> None:
    answer = Answer(_prompt(2), "m")
    found = list(answer.feed(BOTH[: BOTH.index("Which")]))

    with pytest.raises(AnswerUnusable):
        found.extend(answer.finish(whole=False))

    assert [(type(item), item.text) for item in found] == [(Draft, "I'm sorry."), (Beginning, "")]


def test_a_list_that_ends_by_the_token_limit_keeps_its_whole_drafts() -> None:
    text = json.dumps({"n": 1, "drafts": [ONE, TWO, ONE]})[:-20]

    assert len(_read(text, whole=False)) == 2


def test_an_answer_that_does_not_end_is_stopped() -> None:
    answer = Answer(_prompt(1), "m")

    with pytest.raises(AnswerUnusable):
        list(answer.feed("x" * (LONGEST_ANSWER + 1)))


def test_more_drafts_than_asked_for_are_left_out() -> None:
    assert len(_read(BOTH, drafts=1)) == 1


def test_wrong_details_are_dropped_and_the_draft_kept() -> None:
    item = {
        "text": "Sorry.\x00 {{flight}}\ud800",
        "angle": "Put-Right ",
        "offers": "bag",
        "facts": [1, "x"],
        "needs_fill": [{"slot": "flight", "question": "Which?"}, {"slot": "seat", "question": "Which?"}, "no"],
    }

    (draft,) = _read(json.dumps({"drafts": [item]}), drafts=1)

    assert draft.text == "Sorry. {{flight}}"
    assert draft.angle is Angle.PUT_RIGHT
    assert draft.offers == ()
    assert draft.facts == ("x",)
    assert draft.needs_fill == (Slot("flight", "Which?"),)


def test_an_angle_that_is_missing_is_the_first_free_one() -> None:
    drafts = _read(
        json.dumps({"drafts": [ONE, {"text": "Sorry."}, {"text": "Oh."}, {"text": "Ah.", "angle": 3}]}), drafts=4
    )

    assert [draft.angle for draft in drafts] == [Angle.OWN, Angle.PUT_RIGHT, Angle.ASK, Angle.OWN]


# Failures


def test_every_exception_of_litellm_has_its_place() -> None:
    exceptions = library.load().exceptions

    theirs = {
        name
        for name, cls in vars(exceptions).items()
        if isinstance(cls, type) and issubclass(cls, Exception) and cls.__module__ == exceptions.__name__
    }

    assert theirs <= set(KINDS)


def test_every_kind_of_failure_has_words() -> None:
    kinds: set[type[ModelError]] = {ModelError, *ModelError.__subclasses__()}

    assert kinds == set(WHY)
    assert all(why(failure(kind, "m")) == WHY[kind] for kind in kinds)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionRefusedError("key sk-1"), ModelUnreachable),
        (TimeoutError(), ModelTimeout),
        (KeyError("x"), ModelError),
    ],
)
def test_foreign_errors_become_ours_without_their_words(error: Exception, kind: type[ModelError]) -> None:
    ours = translate(error, "m")

    assert type(ours) is kind
    assert "sk-1" not in str(ours)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "-7"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:20 GMT"}, 20.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:20 -0000"}, 20.0),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0.0),
    ],
)
def test_retry_after_is_read_in_each_of_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_of(headers, NOW) == seconds


# The breaker


def test_a_breaker_rests_after_failures_and_then_lets_one_call_try() -> None:
    clock = Clock()
    breaker = Breaker(clock, failures=2, rest=30)

    breaker.failed()
    after_one = breaker.admit()
    breaker.failed(rest=60)
    resting = (breaker.admit(), breaker.rests_for)
    clock.time += 60
    trial = (breaker.admit(), breaker.admit(), breaker.rests_for)
    breaker.left()
    again = breaker.admit()
    breaker.succeeded()

    assert after_one
    assert resting == (False, 60.0)
    assert trial == (True, False, 1.0)
    assert again
    assert breaker.admit()
    assert breaker.rests_for == 0.0


# Fallbacks


async def test_the_first_model_writes_alone_when_it_can() -> None:
    first = Scripted("a/x", _draft("1"), _draft("2"), Usage(model="a/x", input_tokens=5, output_tokens=7, cost=0.5))
    second = Scripted("b/y", _draft("3"))

    drafts, usage = await _all(Fallbacks([first, second], 10.0, clock=Clock()))

    assert [draft.text for draft in drafts] == ["1", "2"]
    assert usage == Usage(model="a/x", input_tokens=5, output_tokens=7, cost=0.5, seconds=0.0)
    assert second.calls == 0


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ModelBusy("sk-1"), "a/x was busy (rate limit)"),
        (ModelRefused("sk-1"), "a/x refused the text (content filter)"),
        (PromptTooLong("sk-1"), "a/x could not take a text of this length"),
        (ModelError("sk-1"), "a/x failed"),
    ],
)
async def test_the_composer_writes_when_the_model_fails_and_the_reason_is_plain(error: ModelError, words: str) -> None:
    models = Fallbacks(
        [
            Scripted("a/x", error),
            Scripted("builtin/composer", _draft("1"), _draft("2"), Usage(model="builtin/composer")),
        ],
        10.0,
    )

    drafts, usage = await _all(models)

    assert len(drafts) == 2
    assert usage.model == "builtin/composer"
    assert usage.degraded == f"{words}; the built-in composer wrote these drafts."
    assert usage.cost is None


async def test_a_model_that_fails_halfway_keeps_its_drafts_and_the_next_writes_the_rest() -> None:
    broken = Scripted("a/x", _draft("1"), Usage(model="a/x", input_tokens=5, cost=0.1), ModelUnreachable("gone"))
    other = Scripted(
        "b/y",
        _draft("2"),
        _draft("3", Angle.ASK),
        _draft("4", Angle.PUT_RIGHT),
        Usage(model="b/y", input_tokens=6, cost=0.2),
    )

    drafts, usage = await _all(Fallbacks([broken, other], 10.0), drafts=2)

    assert [draft.text for draft in drafts] == ["1", "3"]
    assert usage.degraded == "a/x could not be reached after 1 of 2 drafts; b/y wrote the rest."
    assert usage.input_tokens == 11
    assert usage.cost == pytest.approx(0.3)
    assert usage.model == "a/x, b/y"


async def test_drafts_of_an_angle_that_is_there_already_fill_up_what_is_missing() -> None:
    broken = Scripted("a/x", _draft("1"), ModelTimeout("late"))
    other = Scripted("b/y", _draft("2"), Usage(model="b/y"))

    drafts, usage = await _all(Fallbacks([broken, other], 10.0))

    assert [draft.text for draft in drafts] == ["1", "2"]
    assert usage.cost is None


async def test_beginnings_are_passed_on_only_while_any_angle_is_welcome() -> None:
    broken = Scripted("a/x", Beginning(text="1"), _draft("1. 2"), ModelTimeout("late"))
    other = Scripted("b/y", Beginning(text="3"), _draft("3. 4"), Usage(model="b/y"))

    items = [item async for item in Fallbacks([broken, other], 10.0).drafts(_prompt(2))]

    assert [item.text for item in items if not isinstance(item, Usage)] == ["1", "1. 2", "3. 4"]


async def test_a_beginning_knows_what_all_calls_have_cost_so_far() -> None:
    spent = Usage(model="b/y", input_tokens=3, output_tokens=2, cost=0.25)
    broken = Scripted("a/x", Usage(model="a/x", input_tokens=5, cost=0.5), ModelUnreachable("gone"))
    other = Scripted("b/y", Beginning(text="1", spent=lambda: spent), _draft("1"), _draft("2"))

    first = await anext(Fallbacks([broken, other], 10.0, clock=Clock()).drafts(_prompt(2)))

    assert isinstance(first, Beginning)
    assert first.spent() == Usage(model="a/x, b/y", input_tokens=8, output_tokens=2, cost=0.75)


async def test_fewer_drafts_than_asked_for_are_better_than_none() -> None:
    drafts, usage = await _all(Fallbacks([Scripted("a/x", _draft("1"))], 10.0))

    assert len(drafts) == 1
    assert usage.degraded == "a/x gave no usable answer after 1 of 2 drafts; fewer drafts were written than asked for."


async def test_the_last_error_is_raised_when_nobody_wrote() -> None:
    models = Fallbacks([Scripted("a/x", ModelBusy("1")), Scripted("b/y", ModelMisconfigured("2"))], 10.0)

    with pytest.raises(ModelMisconfigured):
        await _all(models)


async def test_a_silent_model_leaves_time_for_the_next_and_is_stopped() -> None:
    silent = Scripted("a/x", ...)
    next_one = Scripted("b/y", _draft("1"), _draft("2"))

    drafts, usage = await _all(Fallbacks([silent, next_one, Scripted("builtin/c", ...)], 0.02, clock=Clock()))

    assert len(drafts) == 2
    assert usage.degraded == "a/x took too long; b/y wrote these drafts."
    assert silent.open == 0


async def test_a_model_without_time_left_is_not_asked_and_not_blamed() -> None:
    clock = Clock()
    late, next_one = Scripted("a/x", _draft("1")), Scripted("b/y", _draft("2"), _draft("3", Angle.ASK))
    models = Fallbacks([late, next_one, Scripted("builtin/c", _draft("4", Angle.ASK))], 10.0, clock=clock)

    for _ in range(4):
        stream = models.drafts(_prompt(2))
        await anext(stream)
        clock.time += 9.5
        rest = [item async for item in stream]
        clock.time += 60
    usage = rest[-1]

    assert isinstance(usage, Usage)
    assert "b/y was not asked, since no time was left" in (usage.degraded or "")
    assert next_one.calls == 0
    assert len((await _all(Fallbacks([next_one], 10.0, clock=clock)))[0]) == 2


async def test_what_an_earlier_call_spent_is_gone_from_the_deadline() -> None:
    model = Scripted("a/x", _draft("1"))

    with pytest.raises(ModelTimeout):
        async for _ in Fallbacks([model], 10.0, clock=Clock()).drafts(_prompt(1), spent=9.5):
            pass

    assert model.calls == 0


async def test_the_built_in_composer_is_bound_by_no_deadline() -> None:
    drafts, _ = await _all(Fallbacks([Scripted("a/x", ...), Scripted("builtin/c", _draft("1"), _draft("2"))], 0.0))

    assert len(drafts) == 2


async def test_a_model_that_hangs_after_its_last_draft_does_not_degrade_the_reply() -> None:
    drafts, usage = await _all(Fallbacks([Scripted("a/x", _draft("1"), _draft("2"), ...)], 0.01, clock=Clock()))

    assert len(drafts) == 2
    assert usage.degraded is None


async def test_a_model_that_keeps_failing_rests_and_comes_back() -> None:
    clock = Clock()
    down = Scripted("a/x", ModelUnreachable("down"))
    composer = Scripted("builtin/c", _draft("1"), _draft("2"))
    models = Fallbacks([down, composer], 10.0, clock=clock)

    for _ in range(4):
        _, usage = await _all(models)
    resting = (down.calls, usage.degraded)
    clock.time += 30
    await _all(models)

    assert resting == (3, "a/x is resting after repeated failures; the built-in composer wrote these drafts.")
    assert down.calls == 4


async def test_when_all_models_rest_the_caller_learns_when_to_come_back() -> None:
    models = Fallbacks([Scripted("a/x", ModelUnreachable("down"))], 10.0, clock=Clock())
    for _ in range(3):
        with pytest.raises(ModelUnreachable):
            await _all(models)

    with pytest.raises(ModelBusy) as caught:
        await _all(models)

    assert caught.value.retry_after == 30.0


async def test_a_refused_text_does_not_make_a_model_rest() -> None:
    model = Scripted("a/x", ModelRefused("no"))
    models = Fallbacks([model, Scripted("builtin/c", _draft("1"), _draft("2"))], 10.0)

    for _ in range(5):
        await _all(models)

    assert model.calls == 5


async def test_the_asked_model_goes_first() -> None:
    models = Fallbacks([Scripted("a/x", _draft("1")), Scripted("b/y", _draft("2"))], 10.0)

    drafts, usage = await _all(models, drafts=1, first="b/y")

    assert [draft.text for draft in drafts] == ["2"]
    assert usage.degraded is None
    assert models.names == ("a/x", "b/y")


async def test_a_model_that_is_not_configured_is_unknown() -> None:
    with pytest.raises(ModelUnknown, match="'c/z'"):
        await _all(Fallbacks([Scripted("a/x")], 10.0), first="c/z")


def test_fallbacks_without_a_model_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Fallbacks([], 10.0)


async def test_a_caller_that_goes_away_stops_the_running_model() -> None:
    model = Scripted("a/x", _draft("1"), ...)
    stream = Fallbacks([model], 10.0).drafts(_prompt())

    await anext(stream)
    await stream.aclose()

    assert model.open == 0


async def test_models_are_warmed_and_closed_where_they_can_be() -> None:
    class Warm(Scripted):
        loaded = False
        closed = False

        def warm(self) -> None:
            self.loaded = True

        async def aclose(self) -> None:
            self.closed = True

    warm = Warm("a/x")
    models = Fallbacks([warm, Scripted("builtin/c")], 10.0)

    before = models.loaded
    models.warm()
    await models.aclose()

    assert not before
    assert models.loaded
    assert warm.closed


def test_the_composer_is_a_model() -> None:
    from service.composer import Composer

    model: Model = Composer()

    assert model.name.startswith("builtin/")


def test_importing_the_models_loads_no_client_and_no_litellm() -> None:
    heavy = "{'litellm', 'httpx', 'aiohttp', 'openai'}"
    code = f"import sys, service.model; sys.exit(len({heavy} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], check=False)

    assert done.returncode == 0
