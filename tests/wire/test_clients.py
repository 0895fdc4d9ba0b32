"""What the client of ``POST /v1/drafts`` sees, whatever the provider does."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import respx

from tests.fakes import desk_with
from tests.serving import ORDER, client_of, make_app, memory_store
from tests.wire.servers import URLS, Broken, anthropic, model, ollama, openai, sse

GPT = "openai/gpt-4.1"
CLAUDE = "anthropic/claude-sonnet-4-5"
LLAMA = "ollama/llama3"

TEXTS = [
    "I'm sorry that we lost your suitcase in Lisbon, and that nobody answered the phone for three days. "
    "We're tracing it now and will answer you here within 24 hours.\n— Kim, Acme",
    "We're sorry: we lost your suitcase in Lisbon and then left you without an answer. "
    "What colour is it, and does it carry a tag? Tell us and we'll start with that.\n— Kim, Acme",
    "I apologise. Your suitcase went missing in Lisbon and our phone stayed silent for three days; that is our fault. "
    "I'm checking where it is now and will write to you here.\n— Kim, Acme",
]
ANSWER = json.dumps(
    {
        "drafts": [
            {"text": text, "angle": angle, "offers": [], "facts": [], "needs_fill": []}
            for text, angle in zip(TEXTS, ("put_right", "ask", "own"), strict=True)
        ]
    }
)
STREAMS = {GPT: openai, CLAUDE: anthropic, LLAMA: ollama}


@asynccontextmanager
async def _client(*providers: tuple[str, list[Any]], composer: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    """A client of our API over models whose providers give these answers, one a call, the last one again."""
    router = respx.Router(assert_all_called=False)
    models = []
    for name, answers in providers:
        script = list(answers)

        def answer(_request: httpx.Request, script: list[Any] = script) -> httpx.Response:
            now = script.pop(0) if len(script) > 1 else script[0]
            if isinstance(now, Exception):
                raise now
            assert isinstance(now, httpx.Response)
            return httpx.Response(now.status_code, headers=now.headers, content=now.content) if now.is_closed else now

        router.post(URLS[name]).mock(side_effect=answer)
        models.append(model(name, router))
    async with memory_store() as store, client_of(make_app(store, desk_with(*models, composer=composer))) as client:
        yield client


def _ok(body: bytes) -> httpx.Response:
    return httpx.Response(200, content=body)


@pytest.mark.parametrize("name", [GPT, CLAUDE, LLAMA])
async def test_drafts_of_each_family_of_providers_arrive_ready(name: str) -> None:
    async with _client((name, [_ok(STREAMS[name](ANSWER))])) as client:
        answer = await client.post("/v1/drafts", json=ORDER)

    reply = answer.json()
    assert answer.status_code == 200
    assert reply["degraded"] is False
    assert {draft["text"] for draft in reply["drafts"]} == set(TEXTS)
    assert {draft["model"] for draft in reply["drafts"]} == {name}
    assert any(draft["ready"] for draft in reply["drafts"])
    assert reply["usage"]["input_tokens"] >= 100


async def test_a_stream_announces_each_draft() -> None:
    async with _client((GPT, [_ok(openai(ANSWER))])) as client:
        answer = await client.post("/v1/drafts", json=ORDER, headers={"Accept": "text/event-stream"})

    events = [line.removeprefix("event: ") for line in answer.text.splitlines() if line.startswith("event: ")]
    assert events[0] == "triaged"
    assert events.count("draft") == 3
    assert events[-1] == "reply"


async def test_a_short_rate_limit_is_waited_out_unseen() -> None:
    async with _client((GPT, [httpx.Response(429, headers={"Retry-After": "1"}), _ok(openai(ANSWER))])) as client:
        answer = await client.post("/v1/drafts", json=ORDER)

    assert answer.status_code == 200
    assert answer.json()["degraded"] is False


FAILURES = {
    "rate limit": (httpx.Response(429, headers={"Retry-After": "60"}), "was busy (rate limit)"),
    "server error": (httpx.Response(500, text="sk-secret-1 exploded"), "could not be reached"),
    "no connection": (httpx.ConnectError("refused"), "could not be reached"),
    "timeout": (httpx.ReadTimeout("late"), "took too long"),
    "prose": (_ok(openai("I would rather not.")), "gave no usable answer"),
    "cut off": (_ok(openai(ANSWER[:80], finish="length")), "gave no usable answer"),
    "nothing": (_ok(openai("")), "gave no usable answer"),
    "content filter": (_ok(openai(ANSWER[:80], finish="content_filter")), "refused the text (content filter)"),
    "too long": (
        httpx.Response(400, json={"error": {"message": "maximum context length", "code": "context_length_exceeded"}}),
        "could not take a text of this length",
    ),
    "wrong key": (
        httpx.Response(401, json={"error": {"message": "Incorrect API key provided: sk-secret-1"}}),
        "is not set up rightly (key, name or parameters)",
    ),
    "error in the stream": (_ok(sse({"error": {"message": "sk-secret-1", "code": 500}})), "could not be reached"),
}


@pytest.mark.parametrize("case", FAILURES)
async def test_when_the_model_fails_the_composer_writes_and_the_reason_is_plain(case: str) -> None:
    failing, words = FAILURES[case]
    async with _client((GPT, [failing])) as client:
        answer = await client.post("/v1/drafts", json=ORDER)

    reply = answer.json()
    assert answer.status_code == 200
    assert reply["degraded"] is True
    assert f"{GPT} {words}" in reply["reason"]
    assert "the built-in composer wrote these drafts" in reply["reason"]
    assert {draft["model"] for draft in reply["drafts"]} == {"builtin/composer"}
    assert "sk-secret" not in answer.text


@pytest.mark.parametrize(
    ("case", "status", "code"),
    [
        ("rate limit", 503, "model_busy"),
        ("server error", 502, "model_unreachable"),
        ("timeout", 504, "model_timeout"),
        ("prose", 502, "answer_unusable"),
        ("content filter", 502, "model_refused"),
        ("too long", 502, "prompt_too_long"),
        ("wrong key", 502, "model_misconfigured"),
    ],
)
async def test_without_a_composer_the_client_gets_a_problem_with_a_code(case: str, status: int, code: str) -> None:
    async with _client((GPT, [FAILURES[case][0]]), composer=False) as client:
        answer = await client.post("/v1/drafts", json=ORDER)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith(code)
    assert answer.headers.get("retry-after") == ("60" if case == "rate limit" else None)
    assert "sk-secret" not in answer.text


async def test_a_second_model_steps_in_for_the_first() -> None:
    async with _client((GPT, [httpx.Response(500)]), (CLAUDE, [_ok(anthropic(ANSWER))])) as client:
        reply = (await client.post("/v1/drafts", json=ORDER)).json()

    assert reply["degraded"] is True
    assert f"{GPT} could not be reached; {CLAUDE} wrote these drafts." in reply["reason"]
    assert {draft["model"] for draft in reply["drafts"]} == {CLAUDE}


async def test_drafts_that_were_complete_before_the_connection_broke_are_kept() -> None:
    whole = openai(ANSWER)
    broken = httpx.Response(200, stream=Broken(whole[: len(whole) // 2]))
    async with _client((GPT, [broken])) as client:
        reply = (await client.post("/v1/drafts", json=ORDER)).json()

    writers = [draft["model"] for draft in reply["drafts"]]
    assert reply["degraded"] is True
    assert f"{GPT} could not be reached after 1 of 3 drafts; the built-in composer wrote the rest." in reply["reason"]
    assert writers.count(GPT) == 1
    assert writers.count("builtin/composer") >= 1


async def test_a_model_that_is_not_configured_is_a_clear_problem() -> None:
    async with _client((GPT, [_ok(openai(ANSWER))])) as client:
        answer = await client.post("/v1/drafts", json={**ORDER, "model": "openai/other"})

    assert answer.json()["type"].endswith("model_unknown")
    assert answer.status_code in (400, 422)


async def test_the_prompt_in_a_draft_is_stopped_by_the_checks() -> None:
    line = "Say that something was done only when the list of actions says so."
    leaked = json.dumps({"drafts": [{"text": f"I'm sorry. {line}", "angle": "own"}]})
    async with _client((GPT, [_ok(openai(leaked))])) as client:
        reply = (await client.post("/v1/drafts", json={**ORDER, "drafts": 1})).json()

    texts = [draft["text"] for draft in reply["drafts"] if draft["ready"]]
    assert not any(line in text for text in texts)
