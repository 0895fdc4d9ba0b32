"""Drafts and rewrites over the wire: JSON, streams, idempotency keys, clients that go away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message

from service.domain import Brief
from service.drafting import Desk, Event, Failed, Triaged
from service.errors import ModelBusy, ModelUnreachable
from service.store import Store
from service.web.stream import EventStream
from tests.examples import BRIEF, GOOD
from tests.fakes import FakeModel, desk_with, growing
from tests.serving import BEARER, ORDER, client_of, make_app, memory_store, served

STREAM = {"Accept": "text/event-stream"}


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    async with memory_store() as opened:
        yield opened


def events_of(text: str) -> list[tuple[str, Any]]:
    """The events of a stream, comments left out."""
    found = []
    for block in text.strip().split("\n\n"):
        lines = block.split("\n")
        if lines[0].startswith("event: "):
            found.append((lines[0][7:], json.loads("\n".join(line[6:] for line in lines[1:]))))
    return found


class Paused(Desk):
    """A desk that triages and then waits until it is told to go on."""

    def __init__(self) -> None:
        self.inner = desk_with()
        self.brands = self.inner.brands
        self.go = asyncio.Event()
        self.begun = asyncio.Event()
        self.closed = asyncio.Event()

    async def events(self, brief: Brief, *, sentences: bool = True) -> AsyncGenerator[Event, None]:
        """Wait after the first event."""
        try:
            async for event in self.inner.events(brief):
                yield event
                self.begun.set()
                await self.go.wait()
        finally:
            self.closed.set()


class Broken(Desk):
    """A desk with a fault that nobody foresaw."""

    def __init__(self, after: int) -> None:
        self.inner = desk_with()
        self.brands = self.inner.brands
        self.after = after

    async def events(self, brief: Brief, *, sentences: bool = True) -> AsyncGenerator[Event, None]:
        """Fail after some events, with the customer's words in the message."""
        count = 0
        async for event in self.inner.events(brief):
            if count == self.after:
                raise RuntimeError(brief.complaint.text)
            count += 1
            yield event


class Failing(Desk):
    """A desk that gives up after the triage."""

    def __init__(self) -> None:
        self.inner = desk_with()
        self.brands = self.inner.brands

    async def events(self, brief: Brief, *, sentences: bool = True) -> AsyncGenerator[Event, None]:
        """Triage, then fail."""
        async for event in self.inner.events(brief):
            yield event
            if isinstance(event, Triaged):
                yield Failed(ModelBusy("The model is busy.", retry_after=7))
                return


async def test_a_complaint_gets_three_ranked_drafts(store: Store) -> None:
    async with client_of(make_app(store)) as client:
        answer = await client.post("/v1/drafts", json=ORDER)

    body = answer.json()
    assert answer.status_code == 200
    assert len(body["drafts"]) == 3
    assert set(body) == {"id", "degraded", "reason", "triage", "drafts", "usage", "audit"}
    assert set(body["drafts"][0]) == {
        "id",
        "text",
        "angle",
        "ready",
        "model",
        "repaired",
        "checks",
        "findings",
        "scores",
        "commitments",
        "facts",
        "needs_fill",
    }
    assert answer.headers["cache-control"] == "no-store"


async def test_each_fact_of_a_draft_says_where_it_comes_from(store: Store) -> None:
    desk = desk_with(
        FakeModel(["I'm sorry: we lost it 72 hours ago in Lisbon. We'll answer within 24 hours. It was £9."])
    )
    async with client_of(make_app(store, desk)) as client:
        body = (await client.post("/v1/drafts", json=ORDER | {"drafts": 1})).json()

    facts = body["drafts"][0]["facts"]
    assert [(fact["text"], fact["source"]) for fact in facts] == [
        ("72 hours", "complaint.text"),
        ("Lisbon", "complaint.text"),
        ("24 hours", "promise"),
        ("£9", None),
    ]
    assert facts[0] == {
        "kind": "duration",
        "text": "72 hours",
        "start": 22,
        "end": 30,
        "source": "complaint.text",
        "sources": [],
    }


async def test_findings_point_at_their_words(store: Store) -> None:
    desk = desk_with(FakeModel(["😀 We apologise for any inconvenience. Please DM us."]))
    async with client_of(make_app(store, desk)) as client:
        body = (await client.post("/v1/drafts", json=ORDER | {"drafts": 1})).json()

    pointed = [
        (draft["text"][finding["start"] : finding["end"]], finding["quote"])
        for draft in body["drafts"]
        for finding in draft["findings"]
        if finding["start"] < finding["end"]
    ]
    assert pointed
    assert all(words == quote for words, quote in pointed)


async def test_an_inline_brand_needs_no_stored_one(store: Store) -> None:
    brand = {"name": "Acme", "policy": {"offers": [{"id": "gift", "text": "send you a new blender"}]}}
    async with client_of(make_app(store)) as client:
        answer = await client.post("/v1/drafts", json=ORDER | {"brand": brand})

    assert answer.status_code == 200


async def test_a_rewrite_comes_back_checked(store: Store) -> None:
    order = ORDER | {"text": "We apologise for any inconvenience.", "instruction": "Name the suitcase.", "drafts": 1}
    async with client_of(make_app(store)) as client:
        answer = await client.post("/v1/rewrites", json=order)

    assert answer.status_code == 200
    assert answer.json()["drafts"]


async def test_a_stream_tells_each_step_and_ends_with_the_reply(store: Store) -> None:
    async with client_of(make_app(store)) as client:
        answer = await client.post("/v1/drafts", json=ORDER, headers=STREAM)

    names = [name for name, _ in events_of(answer.text)]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert names[0] == "triaged"
    assert names.count("draft") == names.count("checked") == 3
    assert names[-1] == "reply"
    assert len(events_of(answer.text)[-1][1]["drafts"]) == 3


async def test_a_stream_shows_no_word_of_a_draft_before_it_is_checked(store: Store) -> None:
    rare = GOOD.replace("We're looking", "This has never happened before. We're looking")
    order = ORDER | {"complaint": {"text": BRIEF.complaint.text, "channel": "x"}, "drafts": 1}
    async with client_of(make_app(store, desk_with(FakeModel(growing(rare))))) as client:
        answer = await client.post("/v1/drafts", json=order, headers=STREAM)

    events = events_of(answer.text)
    opening = GOOD[: GOOD.index(" We're looking")]
    assert [name for name, _ in events][:4] == ["triaged", "draft", "sentence", "checked"]
    assert events[1][1] == {"id": "d1", "model": "fake/model"}
    assert events[2][1] == {"id": "d1", "text": opening, "start": 0, "end": len(opening)}
    assert "never happened" not in answer.text.partition("event: checked")[0]


async def test_a_draft_that_the_desk_mends_is_announced(store: Store) -> None:
    mendable = GOOD.replace("I'm sorry", "I'm sorry, kindly,")
    desk = desk_with(FakeModel([mendable + " Kindly note that this is a priority for us!! "]))
    async with client_of(make_app(store, desk)) as client:
        answer = await client.post("/v1/drafts", json=ORDER | {"drafts": 1}, headers=STREAM)

    assert {name for name, _ in events_of(answer.text)} >= {"triaged", "draft", "checked", "reply"}


async def test_an_order_that_is_refused_at_once_is_an_ordinary_problem_even_for_a_stream(store: Store) -> None:
    async with client_of(make_app(store)) as client:
        answer = await client.post("/v1/drafts", json=ORDER | {"brand": "nobody"}, headers=STREAM)

    assert answer.status_code == 404
    assert answer.json()["code"] == "brand_not_found"


async def test_a_desk_that_gives_up_mid_stream_says_so_last(store: Store) -> None:
    async with client_of(make_app(store, Failing())) as client:
        answer = await client.post("/v1/drafts", json=ORDER, headers=STREAM | {"Idempotency-Key": "k"})
        again = await client.post("/v1/drafts", json=ORDER, headers={"Idempotency-Key": "k"})

    name, problem = events_of(answer.text)[-1]
    assert (name, problem["code"], problem["status"]) == ("failed", "model_busy", 503)
    assert again.status_code == 503  # errors are not stored: the key was free again
    assert again.headers["retry-after"] == "7"


async def test_a_desk_that_gives_up_needs_no_key_to_say_so(store: Store) -> None:
    async with client_of(make_app(store, Failing())) as client:
        answer = await client.post("/v1/drafts", json=ORDER, headers=STREAM)

    assert events_of(answer.text)[-1][0] == "failed"


async def test_the_due_time_counts_from_when_it_was_posted(store: Store) -> None:
    order = ORDER | {"complaint": {"text": "My bag is lost.", "posted_at": "2026-11-22T08:30:00+01:00"}}
    async with client_of(make_app(store)) as client:
        answer = await client.post("/v1/drafts", json=order)

    assert answer.json()["triage"]["due_at"] == "2026-11-22T10:30:00Z"


@pytest.mark.parametrize("after", [0, 2])
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
async def test_a_fault_shows_nothing_of_the_inside(store: Store, after: int, accept: str) -> None:
    async with client_of(make_app(store, Broken(after))) as client:
        answer = await client.post("/v1/drafts", json=ORDER, headers={"Accept": accept, "Idempotency-Key": "k"})

    assert "suitcase" not in answer.text.replace("missing_item", "").partition("event: failed")[2]
    if accept == "application/json" or after == 0:
        assert answer.status_code == 500
        assert answer.json()["code"] == "amends_error"
    else:
        assert events_of(answer.text)[-1][0] == "failed"


async def test_silence_is_filled_with_comment_frames(store: Store) -> None:
    desk = Paused()
    async with client_of(make_app(store, desk, heartbeat=0.02)) as client:
        asyncio.get_running_loop().call_later(0.15, desk.go.set)
        answer = await client.post("/v1/drafts", json=ORDER, headers=STREAM)

    assert answer.text.count(": still working\n\n") >= 2
    assert events_of(answer.text)[-1][0] == "reply"


async def test_the_same_key_and_body_get_the_same_bytes_and_the_desk_works_once(store: Store) -> None:
    model = FakeModel([GOOD])
    async with client_of(make_app(store, desk_with(model)), BEARER | {"Idempotency-Key": "k"}) as client:
        first = await client.post("/v1/drafts", json=ORDER | {"drafts": 1})
        asked = len(model.asked)
        second = await client.post("/v1/drafts", json={"drafts": 1, **ORDER})

    assert second.content == first.content
    assert second.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert len(model.asked) == asked


async def test_a_streamed_reply_is_replayed_as_a_stream_or_as_json(store: Store) -> None:
    async with client_of(make_app(store), BEARER | {"Idempotency-Key": "k"}) as client:
        first = await client.post("/v1/drafts", json=ORDER, headers=STREAM)
        streamed = await client.post("/v1/drafts", json=ORDER, headers=STREAM)
        plain = await client.post("/v1/drafts", json=ORDER)

    reply = events_of(first.text)[-1][1]
    assert events_of(streamed.text) == [("reply", reply)]
    assert plain.json() == reply
    assert streamed.headers["idempotency-replayed"] == plain.headers["idempotency-replayed"] == "true"


async def test_the_same_key_with_another_body_or_path_is_a_conflict(store: Store) -> None:
    async with client_of(make_app(store), BEARER | {"Idempotency-Key": "k"}) as client:
        await client.post("/v1/drafts", json=ORDER)
        other = await client.post("/v1/drafts", json=ORDER | {"drafts": 2})
        path = await client.post("/v1/rewrites", json=ORDER | {"text": "Sorry."})

    assert (other.status_code, other.json()["code"]) == (409, "idempotency_mismatch")
    assert (path.status_code, path.json()["code"]) == (409, "idempotency_mismatch")


async def test_a_key_that_still_runs_says_when_to_come_back(store: Store) -> None:
    desk = Paused()
    async with client_of(make_app(store, desk), BEARER | {"Idempotency-Key": "k"}) as client:
        first = asyncio.create_task(client.post("/v1/drafts", json=ORDER))
        await desk.begun.wait()
        second = await client.post("/v1/drafts", json=ORDER)
        desk.go.set()
        done = await first

    assert (second.status_code, second.json()["code"]) == (409, "idempotency_in_progress")
    assert int(second.headers["retry-after"]) >= 1
    assert done.status_code == 200


async def test_a_reply_that_could_not_be_recorded_is_not_given_out(store: Store) -> None:
    async def fail(*_: object) -> None:
        raise ModelUnreachable("no")

    desk = desk_with()
    desk._record = fail
    async with client_of(make_app(store, desk)) as client:
        answer = await client.post("/v1/drafts", json=ORDER)

    assert answer.status_code == 502


async def test_a_client_that_goes_away_stops_the_work_and_frees_its_key() -> None:
    desks: list[Paused] = []

    def build(store: Store) -> FastAPI:
        desks.append(Paused())
        return make_app(store, desks[0])

    with served(build) as address:
        async with httpx.AsyncClient(base_url=address, headers=BEARER) as client:
            async with client.stream(
                "POST", "/v1/drafts", json=ORDER, headers=STREAM | {"Idempotency-Key": "k"}
            ) as answer:
                async for line in answer.aiter_lines():
                    if line.startswith("event: triaged"):
                        break
            for _ in range(100):
                if desks[0].closed.is_set():
                    break
                await asyncio.sleep(0.02)
            assert desks[0].closed.is_set()

            desks[0].go.set()
            again = await client.post("/v1/drafts", json=ORDER, headers={"Idempotency-Key": "k"})
            assert again.status_code == 200


async def test_a_client_that_leaves_between_two_frames_closes_their_generator() -> None:
    closed = asyncio.Event()
    messages = asyncio.Queue[Message]()

    async def frames() -> AsyncGenerator[bytes, None]:
        try:
            yield b": one\n\n"
            await asyncio.Event().wait()
        finally:
            closed.set()

    async def send(message: Message) -> None:
        if message.get("body"):
            messages.put_nowait({"type": "http.request"})
            messages.put_nowait({"type": "http.disconnect"})

    await EventStream(frames())({"type": "http"}, messages.get, send)

    assert closed.is_set()


async def test_a_stream_reaches_the_client_while_the_desk_still_works() -> None:
    with served(lambda store: make_app(store, desk_with(FakeModel([GOOD])))) as address:
        async with (
            httpx.AsyncClient(base_url=address, headers=BEARER) as client,
            client.stream("POST", "/v1/drafts", json=ORDER, headers=STREAM) as answer,
        ):
            lines = [line async for line in answer.aiter_lines()]

    assert lines[0] == "event: triaged"
    assert "event: reply" in lines


def test_the_brief_of_the_examples_is_what_the_fakes_serve() -> None:
    assert BRIEF.brand in desk_with().brands
