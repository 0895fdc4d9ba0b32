"""Answers of providers as they stand on the wire, and a client that speaks to a respx router instead of a network."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import respx

from service.domain import Brand, Complaint, Context, Offer, Policy, Prompt
from service.model import LiteLLM
from service.model.wire import Wire
from service.prompt import Prompts

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

DRAFTS = {
    "drafts": [
        {"text": "I'm sorry that we lost your bag.", "angle": "own", "offers": [], "facts": ["bag"], "needs_fill": []},
        {"text": "Sorry! Which flight was it?", "angle": "ask", "offers": ["bag"], "facts": [], "needs_fill": []},
    ]
}
ANSWER = json.dumps(DRAFTS)

URLS = {
    "openai/gpt-4.1": "https://api.openai.com/v1/chat/completions",
    "anthropic/claude-sonnet-4-5": "https://api.anthropic.com/v1/messages",
    "ollama/llama3": "http://localhost:11434/api/chat",
}


def prompt(drafts: int = 2) -> Prompt:
    """A small prompt."""
    brand = Brand(id="b", name="B", policy=Policy(offers=(Offer(id="bag", text="pay for what you had to buy"),)))
    context = Context(complaint=Complaint(text="You lost my bag."), brand=brand, now=NOW, language="en")
    return Prompts().render("draft", context, drafts=drafts)


def pieces(text: str, size: int = 9) -> list[str]:
    """The text as a model streams it."""
    return [text[at : at + size] for at in range(0, len(text), size)]


def sse(*events: dict[str, Any] | str) -> bytes:
    """Server-sent events."""
    lines = (event if isinstance(event, str) else json.dumps(event) for event in events)
    return b"".join(f"data: {line}\n\n".encode() for line in lines)


def openai(text: str = ANSWER, finish: str | None = "stop", tokens: tuple[int, int] | None = (100, 50)) -> bytes:
    """A stream of chat completions."""
    events: list[dict[str, Any] | str] = [
        {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]} for piece in pieces(text)
    ]
    if finish:
        events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    if tokens:
        events.append({"choices": [], "usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]}})
    return sse(*events, "[DONE]")


def anthropic(text: str = ANSWER, finish: str = "end_turn") -> bytes:
    """A stream of messages."""
    usage = {"input_tokens": 60, "cache_read_input_tokens": 40, "output_tokens": 1}
    deltas = (
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
        for piece in pieces(text)
    )
    return sse(
        {"type": "message_start", "message": {"id": "m", "usage": usage}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *deltas,
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": finish}, "usage": {"output_tokens": 50}},
        {"type": "message_stop"},
    )


def ollama(text: str = ANSWER, finish: str = "stop") -> bytes:
    """A stream of lines of JSON."""
    lines: list[dict[str, Any]] = [{"message": {"content": piece}, "done": False} for piece in pieces(text)]
    lines.append(
        {"message": {"content": ""}, "done": True, "done_reason": finish, "prompt_eval_count": 100, "eval_count": 50}
    )
    return b"\n".join(json.dumps(line).encode() for line in lines)


STREAMS = {"openai/gpt-4.1": openai, "anthropic/claude-sonnet-4-5": anthropic, "ollama/llama3": ollama}


class Broken(httpx.AsyncByteStream):
    """A body that breaks off."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.data
        raise httpx.ReadError("peer closed the connection")


class Drips(httpx.AsyncByteStream):
    """A body that comes line by line."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for line in self.data.splitlines(keepends=True):
            yield line


class Naps:
    """Remembers how long it was told to sleep, and does not."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def model(name: str, router: respx.Router, **more: Any) -> LiteLLM:
    """A model whose provider is played by the router."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(router.async_handler), trust_env=False)
    settings = {"api_key": "sk-secret-1", "wire": Wire(client), "now": lambda: NOW, "sleep": Naps(), **more}
    return LiteLLM(name, **settings)
