"""How the three families of providers stream an answer: what one line of JSON adds.

LiteLLM's own chunk classes cost about 75 µs a token, which is more than everything else that a reply costs; these
read the two fields that we need.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ENDED = frozenset({"stop", "end_turn", "stop_sequence", "tool_use", "tool_calls", "function_call", "eos"})
"""Reasons to finish that mean: the model had nothing more to say."""

REFUSED = frozenset({"content_filter", "refusal", "safety"})
"""Reasons to finish that mean: a filter stepped in."""


@dataclass(slots=True)
class Told:
    """What a stream tells besides text."""

    finish: str | None = None
    refused: bool = False
    input_tokens: int = 0
    output_tokens: int = 0

    def finished(self, reason: object) -> None:
        """Note why the stream ends."""
        if isinstance(reason, str) and reason:
            self.finish = reason
            self.refused = self.refused or reason in REFUSED

    def used(self, entered: object, left: object) -> None:
        """Note the tokens; later counts replace earlier ones, and what is no count is left out."""
        self.input_tokens = entered if isinstance(entered, int) and entered > 0 else self.input_tokens
        self.output_tokens = left if isinstance(left, int) and left > 0 else self.output_tokens


class StreamError(Exception):
    """The provider reports an error in the middle of its stream."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__("the stream ended with an error")
        self.status = status
        self.body = body


def openai(event: dict[str, Any], told: Told) -> str:
    """Read an event of OpenAI's chat completions, which most providers speak."""
    if usage := event.get("usage"):
        told.used(usage.get("prompt_tokens"), usage.get("completion_tokens"))
    choices = event.get("choices")
    if not choices:
        _raise_error(event)
        return ""
    choice = choices[0]
    if finish := choice.get("finish_reason"):
        told.finished(finish)
    delta = choice.get("delta") or choice.get("message") or {}
    if delta.get("refusal"):
        told.refused = True
    return delta.get("content") or ""


def anthropic(event: dict[str, Any], told: Told) -> str:
    """Read an event of Anthropic's messages; a forced tool's input is text as well."""
    kind = event.get("type")
    if kind == "content_block_delta":
        delta = event.get("delta") or {}
        return delta.get("text") or delta.get("partial_json") or ""
    if kind == "message_start":
        _anthropic_usage(event.get("message") or {}, told)
    elif kind == "message_delta":
        told.finished((event.get("delta") or {}).get("stop_reason"))
        _anthropic_usage(event, told)
    else:
        _raise_error(event)
    return ""


def ollama(event: dict[str, Any], told: Told) -> str:
    """Read a line of Ollama's chat or generate call."""
    _raise_error(event)
    if event.get("done"):
        told.finished(event.get("done_reason") or "stop")
        told.used(event.get("prompt_eval_count"), event.get("eval_count"))
    return (event.get("message") or {}).get("content") or event.get("response") or ""


DIALECTS: dict[str, Callable[[dict[str, Any], Told], str]] = {
    "anthropic": anthropic,
    "azure": openai,
    "deepseek": openai,
    "fireworks_ai": openai,
    "groq": openai,
    "hosted_vllm": openai,
    "llamafile": openai,
    "lm_studio": openai,
    "mistral": openai,
    "ollama": ollama,
    "ollama_chat": ollama,
    "openai": openai,
    "openrouter": openai,
    "together_ai": openai,
    "xai": openai,
}
"""LiteLLM's provider → how it streams; the others sign requests or mint tokens, and go through LiteLLM as a whole."""


def _anthropic_usage(holder: dict[str, Any], told: Told) -> None:
    usage = holder.get("usage") or {}
    cached = sum(usage.get(f"cache_{kind}_input_tokens") or 0 for kind in ("read", "creation"))
    entered = usage.get("input_tokens")
    told.used(entered + cached if isinstance(entered, int) else None, usage.get("output_tokens"))


def _raise_error(event: dict[str, Any]) -> None:
    error = event.get("error")
    if not error:
        return
    kind, code = (error.get("type"), error.get("code")) if isinstance(error, dict) else (None, None)
    if kind in ("overloaded_error", "rate_limit_error") or code in ("rate_limit_exceeded", "overloaded"):
        raise StreamError(429, str(error))
    raise StreamError(code if isinstance(code, int) and 400 <= code < 600 else 500, str(error))
