"""Each family of providers: what we send, and what becomes of what they answer."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import respx

from service.domain import Angle, Beginning, Draft, Usage
from service.errors import (
    AnswerUnusable,
    ModelBusy,
    ModelError,
    ModelMisconfigured,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
    PromptTooLong,
)
from service.model import LiteLLM
from service.model.adapter import LONGEST_ERROR, LONGEST_LINE
from service.model.wire import is_local
from tests.wire.servers import ANSWER, STREAMS, URLS, Broken, Drips, Naps, anthropic, model, ollama, openai, prompt, sse

GPT = "openai/gpt-4.1"
CLAUDE = "anthropic/claude-sonnet-4-5"
LLAMA = "ollama/llama3"


def _server(name: str, *answers: Any) -> respx.Router:
    router = respx.Router(assert_all_called=False)
    router.post(URLS[name]).mock(side_effect=list(answers))
    return router


async def _all(llm: LiteLLM, drafts: int = 2) -> list[Draft | Beginning | Usage]:
    return [item async for item in llm.drafts(prompt(drafts))]


async def _fails(llm: LiteLLM, drafts: int = 2) -> tuple[list[Draft | Beginning | Usage], ModelError]:
    got: list[Draft | Beginning | Usage] = []
    try:
        async for item in llm.drafts(prompt(drafts)):
            got.append(item)  # noqa: PERF401 - what came before the error counts
    except ModelError as error:
        return got, error
    raise AssertionError("the model should have failed")


@pytest.mark.parametrize("name", URLS)
async def test_a_streamed_answer_becomes_drafts_and_one_usage(name: str) -> None:
    router = _server(name, httpx.Response(200, content=STREAMS[name]()))

    first, second, usage = await _all(model(name, router))

    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert isinstance(usage, Usage)
    assert (first.text, first.angle, first.model) == ("I'm sorry that we lost your bag.", Angle.OWN, name)
    assert (second.angle, second.offers) == (Angle.ASK, ("bag",))
    assert (usage.model, usage.input_tokens, usage.output_tokens) == (name, 100, 50)
    assert (usage.cost or 0) > 0 or name == LLAMA


async def test_the_same_model_can_be_asked_again() -> None:
    llm = model(GPT, _server(GPT, *[httpx.Response(200, content=openai()) for _ in range(2)]))

    assert len(await _all(llm)) == len(await _all(llm)) == 3


async def test_malformed_json_is_repaired_once() -> None:
    text = "{'drafts': [{'text': 'I am sorry.', 'angle': 'own',}, {'text': 'Sorry. Which flight?'}]}"

    items = await _all(model(GPT, _server(GPT, httpx.Response(200, content=openai(text)))))

    assert [item.text for item in items if isinstance(item, Draft)] == ["I am sorry.", "Sorry. Which flight?"]


async def test_openai_is_asked_for_our_schema_in_a_stream_with_its_token_count() -> None:
    router = _server(GPT, httpx.Response(200, content=openai()))

    await _all(model(GPT, router))

    request = router.calls[0].request
    body = json.loads(request.content)
    assert request.headers["authorization"] == "Bearer sk-secret-1"
    assert body["model"] == "gpt-4.1"
    assert body["stream"] is True
    assert body["stream_options"] == {"include_usage": True}
    assert body["response_format"]["json_schema"]["strict"] is True
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["max_tokens"] == 2400


async def test_anthropic_is_told_to_cache_the_static_part() -> None:
    router = _server(CLAUDE, httpx.Response(200, content=anthropic()))

    await _all(model(CLAUDE, router))

    request = router.calls[0].request
    body = json.loads(request.content)
    assert request.headers["x-api-key"] == "sk-secret-1"
    assert body["system"][0]["cache_control"] == {"type": "ephemeral"}
    assert body["stream"] is True
    assert body["max_tokens"] > 0


async def test_ollama_is_asked_for_json() -> None:
    router = _server(LLAMA, httpx.Response(200, content=ollama()))

    await _all(model(LLAMA, router, api_key=None))

    body = json.loads(router.calls[0].request.content)
    assert body["format"] == "json"
    assert body["stream"] is True


@pytest.mark.parametrize(
    ("name", "base", "version", "url"),
    [
        (
            "azure/dep",
            "https://x.example",
            None,
            "https://x.example/openai/deployments/dep/chat/completions?api-version=2024-10-21",
        ),
        ("azure/dep", "https://x.example/", "v1", "https://x.example/openai/v1/chat/completions"),
        ("hosted_vllm/llama", "http://127.0.0.1:8001/v1", None, "http://127.0.0.1:8001/v1/chat/completions"),
        ("openai/local", "http://127.0.0.1:8001/v1", None, "http://127.0.0.1:8001/v1/chat/completions"),
        ("anthropic/claude-3-haiku-20240307", "https://a.example/v1/messages", None, "https://a.example/v1/messages"),
        ("groq/llama-3.3-70b-versatile", "https://g.example/v1", None, "https://g.example/v1/chat/completions"),
    ],
)
async def test_a_server_of_ones_own_is_asked_at_its_address(
    name: str, base: str, version: str | None, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if version:
        monkeypatch.setenv("AZURE_API_VERSION", version)
    router = respx.Router()
    stream = anthropic() if name.startswith("anthropic") else openai()
    router.post(url).mock(return_value=httpx.Response(200, content=stream))

    items = await _all(model(name, router, api_base=base))

    request = router.calls[0].request
    assert len(items) == 3
    assert str(request.url) == url
    assert request.headers.get("api-key") == ("sk-secret-1" if name.startswith("azure") else None)
    assert "fake_stream" not in json.loads(request.content)


async def test_the_address_and_the_key_come_from_the_providers_own_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://proxy.example/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-from-env")
    router = respx.Router()
    router.post("https://proxy.example/v1/chat/completions").mock(return_value=httpx.Response(200, content=openai()))

    await _all(model("openai/gpt-4.1", router, api_key=None))

    assert router.calls[0].request.headers["authorization"] == "Bearer sk-from-env"


@pytest.mark.parametrize("name", ["nobody/knows", "hosted_vllm/llama", "just-a-name"])
async def test_a_name_without_a_provider_or_an_address_is_misconfigured(name: str) -> None:
    _, error = await _fails(model(name, respx.Router()))

    assert type(error) is ModelMisconfigured


async def test_a_busy_server_is_asked_again_after_the_time_that_it_names() -> None:
    naps = Naps()
    busy = httpx.Response(429, headers={"Retry-After": "2"}, json={"error": {"message": "slow down"}})
    router = _server(GPT, busy, httpx.Response(200, content=openai()))

    items = await _all(model(GPT, router, sleep=naps))

    assert len(items) == 3
    assert len(naps.seconds) == 1
    assert 2.0 <= naps.seconds[0] <= 2.1


async def test_a_busy_server_that_names_a_date_is_waited_for_until_then() -> None:
    naps = Naps()
    busy = httpx.Response(429, headers={"Retry-After": "Sun, 22 Nov 2026 12:00:03 GMT"})
    router = _server(GPT, busy, httpx.Response(200, content=openai()))

    await _all(model(GPT, router, sleep=naps))

    assert 3.0 <= naps.seconds[0] <= 3.1


async def test_a_server_that_asks_for_a_long_wait_is_left_to_the_fallbacks() -> None:
    naps = Naps()
    router = _server(GPT, httpx.Response(429, headers={"Retry-After": "60"}))

    got, error = await _fails(model(GPT, router, sleep=naps))

    assert got == []
    assert type(error) is ModelBusy
    assert error.retry_after == 60.0
    assert naps.seconds == []


async def test_no_retry_goes_beyond_the_deadline() -> None:
    naps = Naps()
    router = _server(GPT, httpx.Response(429, headers={"Retry-After": "2"}))

    _, error = await _fails(model(GPT, router, sleep=naps, deadline=1.5))

    assert type(error) is ModelBusy
    assert naps.seconds == []


async def test_a_failing_server_is_asked_three_times_with_growing_waits() -> None:
    naps = Naps()
    router = _server(GPT, *[httpx.Response(500, text="boom")] * 3)

    _, error = await _fails(model(GPT, router, sleep=naps))

    assert type(error) is ModelUnreachable
    assert len(router.calls) == 3
    assert 0.25 <= naps.seconds[0] <= 0.75 <= 1.5
    assert 0.5 <= naps.seconds[1] <= 1.5


LONG = {"error": {"message": "This model's maximum context length is 8192 tokens.", "code": "context_length_exceeded"}}
FILTER = {"error": {"message": "x", "type": "invalid_request_error", "code": "content_policy_violation"}}


@pytest.mark.parametrize(
    ("name", "answer", "kind"),
    [
        (
            GPT,
            httpx.Response(401, json={"error": {"message": "Incorrect API key provided: sk-secret-1"}}),
            ModelMisconfigured,
        ),
        (GPT, httpx.Response(403, json={"error": {"message": "no"}}), ModelMisconfigured),
        (GPT, httpx.Response(404, json={"error": {"message": "no such model"}}), ModelMisconfigured),
        (GPT, httpx.Response(400, json=LONG), PromptTooLong),
        (GPT, httpx.Response(400, json={"error": {"message": LONG["error"]["message"]}}), PromptTooLong),
        (GPT, httpx.Response(400, json=FILTER), ModelRefused),
        (GPT, httpx.Response(400, json={"error": {"message": "temperature"}}), ModelMisconfigured),
        (GPT, httpx.Response(503, headers={"Retry-After": "30"}, text="busy"), ModelBusy),
        (GPT, httpx.Response(408, text="late"), ModelTimeout),
        (GPT, httpx.Response(418, text="x" * (LONGEST_ERROR + 10)), ModelError),
        (
            CLAUDE,
            httpx.Response(401, json={"type": "error", "error": {"type": "authentication_error", "message": "x"}}),
            ModelMisconfigured,
        ),
        (
            CLAUDE,
            httpx.Response(
                400,
                json={
                    "type": "error",
                    "error": {"type": "invalid_request_error", "message": "prompt is too long: 9 > 8"},
                },
            ),
            PromptTooLong,
        ),
        (
            CLAUDE,
            httpx.Response(
                529,
                headers={"Retry-After": "30"},
                json={"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
            ),
            ModelError,
        ),
        (LLAMA, httpx.Response(404, json={"error": "model 'llama3' not found"}), ModelMisconfigured),
        (GPT, httpx.ReadTimeout("late"), ModelTimeout),
        (GPT, httpx.PoolTimeout("late"), ModelTimeout),
        (GPT, KeyError("surprise"), ModelError),
    ],
)
async def test_each_refusal_has_its_error_and_says_nothing_of_the_providers_words(
    name: str, answer: Any, kind: type[ModelError]
) -> None:
    got, error = await _fails(model(name, _server(name, *[answer] * 3)))

    assert got == []
    assert isinstance(error, kind)
    assert kind is ModelError or type(error) is kind
    assert str(error).startswith(f"{name} ")
    assert "sk-secret" not in str(error)


async def test_a_server_that_cannot_be_reached_is_tried_again() -> None:
    router = _server(
        GPT, httpx.ConnectError("refused"), httpx.ConnectTimeout("late"), httpx.Response(200, content=openai())
    )

    assert len(await _all(model(GPT, router))) == 3


@pytest.mark.parametrize(
    "body",
    [
        openai("I'm afraid I can't."),
        openai(""),
        openai(ANSWER[:60], finish="length"),
        openai(ANSWER[:60], finish=None),
        openai(json.dumps({"drafts": []})),
        b"",
        b"<html>hello</html>",
        sse("{broken"),
        sse({"error": {"message": "boom"}}).replace(b"error", b"other"),
        sse({"choices": [{"delta": None}]}),
        b"data: " + b"x" * (LONGEST_LINE + 10),
    ],
)
async def test_prose_half_an_answer_or_nothing_is_unusable(body: bytes) -> None:
    got, error = await _fails(model(GPT, _server(GPT, httpx.Response(200, content=body))))

    assert not any(isinstance(item, Draft) for item in got)
    assert type(error) is AnswerUnusable


async def test_an_unusable_answer_is_still_paid_for() -> None:
    got, _ = await _fails(model(GPT, _server(GPT, httpx.Response(200, content=openai("No.")))))

    assert [item.input_tokens for item in got if isinstance(item, Usage)] == [100]


async def test_the_prompt_itself_is_no_answer() -> None:
    echo = prompt().system + ANSWER

    _, error = await _fails(model(GPT, _server(GPT, httpx.Response(200, content=openai(echo)))))

    assert type(error) is AnswerUnusable


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (GPT, openai(ANSWER[:120], finish="content_filter")),
        (GPT, sse({"choices": [{"delta": {"refusal": "I can't help."}, "finish_reason": "stop"}]})),
        (CLAUDE, anthropic("", finish="refusal")),
    ],
)
async def test_a_filter_in_the_middle_of_a_stream_is_a_refusal(name: str, body: bytes) -> None:
    _, error = await _fails(model(name, _server(name, httpx.Response(200, content=body))))

    assert type(error) is ModelRefused


@pytest.mark.parametrize(
    ("name", "event", "kind"),
    [
        (GPT, sse({"error": {"message": "x", "code": "rate_limit_exceeded"}}), ModelBusy),
        (GPT, sse({"error": {"message": "x", "code": 503}}), ModelBusy),
        (CLAUDE, sse({"type": "error", "error": {"type": "overloaded_error", "message": "x"}}), ModelBusy),
        (LLAMA, b'{"error": "llama runner has stopped"}', ModelUnreachable),
    ],
)
async def test_an_error_in_the_middle_of_a_stream_has_its_kind(name: str, event: bytes, kind: type[ModelError]) -> None:
    _, error = await _fails(model(name, _server(name, httpx.Response(200, content=event))))

    assert type(error) is kind


async def test_a_connection_that_breaks_keeps_the_drafts_that_were_complete() -> None:
    whole = openai()
    stream = Broken(whole[: len(whole) * 7 // 10])
    router = _server(GPT, httpx.Response(200, stream=stream))

    got, error = await _fails(model(GPT, router))

    assert [item.text for item in got if isinstance(item, Draft)] == ["I'm sorry that we lost your bag."]
    assert type(error) is ModelUnreachable


async def test_all_drafts_are_there_even_when_the_connection_breaks_after_them() -> None:
    router = _server(GPT, httpx.Response(200, stream=Broken(openai(ANSWER, finish=None, tokens=None))))

    items = await _all(model(GPT, router))

    assert len(items) == 3


async def test_a_stream_that_drips_is_stopped_at_the_deadline() -> None:
    times = iter(range(0, 10_000, 3))
    router = _server(GPT, httpx.Response(200, stream=Drips(openai())))

    _, error = await _fails(model(GPT, router, clock=lambda: float(next(times)), deadline=30.0))

    assert type(error) is ModelTimeout


async def test_a_whole_answer_instead_of_a_stream_is_read_as_well() -> None:
    body = json.dumps({"choices": [{"message": {"content": ANSWER}, "finish_reason": "stop"}]}).encode()

    items = await _all(model(GPT, _server(GPT, httpx.Response(200, content=body))))

    assert len(items) == 3


async def test_tokens_that_are_not_counted_cost_an_unknown_sum() -> None:
    items = await _all(model(GPT, _server(GPT, httpx.Response(200, content=openai(tokens=None)))))

    assert isinstance(items[-1], Usage)
    assert items[-1].cost is None


async def test_a_model_without_a_price_costs_an_unknown_sum() -> None:
    router = respx.Router()
    router.post("http://127.0.0.1:1/v1/chat/completions").mock(return_value=httpx.Response(200, content=openai()))

    llm = model("openai/standin", router, api_base="http://127.0.0.1:1/v1")

    last = [(await _all(llm))[-1] for _ in range(2)]

    assert [usage.cost for usage in last if isinstance(usage, Usage)] == [None, None]


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("127.0.0.1", True),
        ("[::1]", True),
        ("10.0.0.1", False),
        ("x.example", False),
    ],
)
def test_this_machine_is_told_from_others(host: str, local: bool) -> None:
    assert is_local(host) is local
