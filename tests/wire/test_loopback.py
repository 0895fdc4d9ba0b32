"""The wire itself: LiteLLM's aiohttp transport against a server on this machine, and calls that LiteLLM makes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from service.domain import Beginning, Draft, Usage
from service.errors import ModelError, ModelMisconfigured, ModelUnreachable
from service.model import Fallbacks, LiteLLM, library
from service.model.wire import Wire
from tests.examples import BRIEF, COLD, GOOD
from tests.fakes import desk_with
from tests.wire.servers import ANSWER, openai, pieces, prompt

pytestmark = pytest.mark.filterwarnings(
    # LiteLLM's own type declarations, which nobody reads here.
    "ignore:Item '.*' on TypedDict class '.*' is using the `ReadOnly` qualifier:UserWarning"
)


@asynccontextmanager
async def _server(*parts: bytes | None, later: Sequence[bytes | None] = ()) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that answers each request with the parts in turn; ``None`` waits until the client goes away.

    Requests after the first get the ``later`` parts, where there are any.
    """
    asked: list[bytes] = []
    tasks: set[asyncio.Task[None] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        for part in later if later and len(tasks) > 1 else parts:
            if part is None:
                while await reader.read(65536):
                    pass
                asked.append(b"gone")
            else:
                writer.write(part)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/v1", asked
        await asyncio.gather(*(task for task in tasks if task), return_exceptions=True)


async def test_drafts_come_over_the_real_transport_and_no_proxy_sees_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with _server(openai()) as (base, asked):
        llm = LiteLLM("openai/standin", api_base=base, api_key="sk-1")

        items = [item async for item in llm.drafts(prompt())]
        await llm.aclose()
        await llm.aclose()

    assert [type(item) for item in items] == [Draft, Draft, Usage]
    assert asked[0].startswith(b"POST /v1/chat/completions HTTP/1.1")
    assert b"cookie" not in asked[0].lower()


async def test_a_proxy_is_used_for_servers_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    async with _server(openai()) as (base, asked):
        monkeypatch.setenv("HTTP_PROXY", base.removesuffix("/v1"))
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        wire = Wire()
        llm = LiteLLM("openai/standin", api_base="http://models.example/v1", api_key="sk-1", wire=wire)

        items = [item async for item in llm.drafts(prompt())]
        await wire.aclose()

    assert len(items) == 3
    assert asked[0].startswith(b"POST http://models.example/v1/chat/completions")


async def test_a_client_that_goes_away_hangs_up_on_the_model() -> None:
    body = openai()
    async with _server(body[: len(body) * 7 // 10], None) as (base, asked):
        llm = LiteLLM("openai/standin", api_base=base, api_key="sk-1")
        stream = Fallbacks([llm], 10.0).drafts(prompt())

        first = await anext(stream)
        await stream.aclose()
        await llm.aclose()

    assert isinstance(first, Draft)
    assert asked[1] == b"gone"


async def test_a_draft_without_an_apology_hangs_up_on_the_model_and_asks_again() -> None:
    bad, good = (json.dumps({"drafts": [{"text": text, "angle": "own"}]}) for text in (COLD, GOOD))
    body = openai(bad)
    async with _server(body[: len(body) // 2], None, later=[openai(good)]) as (base, asked):
        llm = LiteLLM("openai/standin", api_base=base, api_key="sk-1")

        reply = await desk_with(llm, composer=False).reply_to(replace(BRIEF, drafts=1))
        await llm.aclose()

    assert sorted(told[:4] for told in asked) == [b"POST", b"POST", b"gone"]
    assert reply.best.draft.text == GOOD


async def test_a_port_without_a_server_cannot_be_reached() -> None:
    async def nap(_seconds: float) -> None:
        return None

    async with _server() as (base, _):
        pass
    llm = LiteLLM("openai/standin", api_base=base, api_key="sk-1", sleep=nap)

    with pytest.raises(ModelUnreachable):
        await anext(llm.drafts(prompt()))
    await llm.aclose()


def test_a_warm_model_has_litellm_in_memory_with_everything_quiet() -> None:
    llm = LiteLLM("openai/standin")

    llm.warm()
    litellm = library.load()

    assert llm.loaded
    assert litellm.telemetry is False
    assert litellm.num_retries == 0
    assert litellm.callbacks == litellm.success_callback == litellm.failure_callback == []


def _own_provider(monkeypatch: pytest.MonkeyPatch, *script: Any) -> None:
    """Teach LiteLLM a provider that we know no dialect of."""
    litellm = library.load()

    class Own(litellm.CustomLLM):  # type: ignore[misc, name-defined]
        async def astreaming(self, *_args: object, **_more: object) -> AsyncIterator[dict[str, Any]]:
            for item in script:
                if isinstance(item, Exception):
                    raise item
                yield item

    monkeypatch.setattr(litellm, "custom_provider_map", [{"provider": "own", "custom_handler": Own()}])
    monkeypatch.setattr(litellm, "provider_list", [*litellm.provider_list, "own"])
    monkeypatch.setattr(litellm, "_custom_providers", [*litellm._custom_providers, "own"])


def _chunk(text: str, finish: str = "") -> dict[str, Any]:
    usage = {"prompt_tokens": 9, "completion_tokens": 8, "total_tokens": 17} if finish else None
    return {
        "text": text,
        "is_finished": bool(finish),
        "finish_reason": finish,
        "index": 0,
        "tool_use": None,
        "usage": usage,
    }


async def test_a_provider_of_another_dialect_goes_through_litellm_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    _own_provider(monkeypatch, *map(_chunk, pieces(ANSWER)), _chunk("", "stop"))

    items = [item async for item in LiteLLM("own/model", api_key="k").drafts(prompt())]

    assert [type(item) for item in items if not isinstance(item, Beginning)] == [Draft, Draft, Usage]
    assert any(isinstance(item, Beginning) for item in items)


async def test_its_errors_are_ours_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    litellm = library.load()
    error = litellm.AuthenticationError("sk-1 is wrong", llm_provider="own", model="model")
    _own_provider(monkeypatch, error)

    with pytest.raises(ModelError) as caught:
        await anext(LiteLLM("own/model", api_key="k").drafts(prompt()))

    assert type(caught.value) is ModelMisconfigured
    assert "sk-1" not in str(caught.value)


async def test_azure_without_a_key_is_left_to_litellm_which_mints_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_API_KEY", raising=False)
    litellm = library.load()

    async def acompletion(**asked: Any) -> Any:
        raise litellm.BadRequestError(f"no token for {asked['model']}", model="dep", llm_provider="azure")

    monkeypatch.setattr(litellm, "acompletion", acompletion)

    with pytest.raises(ModelMisconfigured):
        await anext(LiteLLM("azure/dep", api_base="https://x.example").drafts(prompt()))
