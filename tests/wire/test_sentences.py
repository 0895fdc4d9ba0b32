"""Sentences over the wire: released before the rest has come, and a call that is stopped is really closed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import httpx
import pytest
import respx

from service.drafting import Checked, Drafted, Replied, Sentence
from tests.examples import BRIEF, COLD, GOOD
from tests.fakes import desk_with
from tests.wire.servers import STREAMS, URLS, model

ONE = replace(BRIEF, drafts=1)
GPT = "openai/gpt-4.1"


def answer(text: str) -> str:
    """One draft as a model writes it."""
    return json.dumps(
        {"drafts": [{"text": text, "angle": "own", "offers": [], "facts": ["blender"], "needs_fill": []}]}
    )


class Slow(httpx.AsyncByteStream):
    """A body that comes event by event, and stops before a word until it is told to go on."""

    def __init__(self, body: bytes, before: str = "") -> None:
        self.events = body.splitlines(keepends=True)
        self.before = before.encode()
        self.go = asyncio.Event()
        self.sent = 0
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for event in self.events:
            if self.before and self.before in event:
                await self.go.wait()
            self.sent += 1
            yield event

    async def aclose(self) -> None:
        self.closed = True


def provider(name: str, *bodies: Slow) -> tuple[respx.Router, respx.Route]:
    """A provider that answers with these bodies, one a call."""
    router = respx.Router()
    route = router.post(URLS[name]).mock(side_effect=[httpx.Response(200, stream=body) for body in bodies])
    return router, route


def user_of(route: respx.Route, call: int) -> str:
    """What the model was told in one call."""
    sent: dict[str, Any] = json.loads(route.calls[call].request.content)
    return json.dumps(sent["messages"], ensure_ascii=False)


@pytest.mark.parametrize("name", URLS)
async def test_the_opening_is_released_before_the_rest_has_come(name: str) -> None:
    body = Slow(STREAMS[name](answer(GOOD), finish="stop"), before="hours")
    router, _ = provider(name, body)
    desk = desk_with(model(name, router), composer=False)

    async with aclosing(desk.events(ONE)) as events:
        begun = [await anext(events) for _ in range(3)]
        sent = body.sent
        body.go.set()
        rest = [event async for event in events]

    assert isinstance(begun[1], Drafted)
    assert isinstance(begun[2], Sentence)
    assert begun[2].text == GOOD[: GOOD.index(" We're looking")]
    assert sent < len(body.events) * 0.8
    assert [type(event) for event in rest] == [Sentence, Sentence, Checked, Replied]


@pytest.mark.parametrize("name", URLS)
async def test_a_draft_without_an_apology_closes_the_stream_and_is_asked_for_once_more(name: str) -> None:
    bad, good = Slow(STREAMS[name](answer(COLD * 5))), Slow(STREAMS[name](answer(GOOD)))
    router, route = provider(name, bad, good)

    reply = await desk_with(model(name, router), composer=False).reply_to(ONE)

    assert route.call_count == 2
    assert bad.closed
    assert bad.sent < len(bad.events) / 2
    assert "Open with a plain apology" in user_of(route, 1)
    assert "Open with a plain apology" not in user_of(route, 0)
    assert reply.best.draft.text == GOOD
    assert reply.usage.input_tokens > 100  # the finished call's, and an estimate or the provider's own of the other
    assert 50 < reply.usage.output_tokens < 100
    assert not reply.degraded


async def test_the_stopped_call_has_a_price() -> None:
    router, _ = provider(GPT, Slow(STREAMS[GPT](answer(COLD))), Slow(STREAMS[GPT](answer(GOOD))))
    plain, _ = provider(GPT, Slow(STREAMS[GPT](answer(GOOD))))

    stopped = await desk_with(model(GPT, router)).reply_to(ONE)
    once = await desk_with(model(GPT, plain)).reply_to(ONE)

    assert stopped.usage.cost is not None
    assert once.usage.cost is not None
    assert stopped.usage.cost > once.usage.cost


async def test_the_second_draft_without_an_apology_is_read_to_its_end() -> None:
    bodies = [Slow(STREAMS[GPT](answer(COLD))) for _ in range(3)]
    router, route = provider(GPT, *bodies)

    reply = await desk_with(model(GPT, router)).reply_to(ONE)

    assert route.call_count == 3  # the last one is the rewrite of what no check lets through
    assert bodies[0].sent < len(bodies[0].events)
    assert [body.sent == len(body.events) for body in bodies[1:]] == [True, True]
    assert not reply.best.ready


async def test_a_client_that_goes_away_in_the_middle_of_a_sentence_closes_the_stream() -> None:
    body = Slow(STREAMS[GPT](answer(GOOD)), before="hours")
    router, _ = provider(GPT, body)
    events = desk_with(model(GPT, router)).events(ONE)

    for _ in range(3):
        await anext(events)
    await events.aclose()

    assert body.closed
