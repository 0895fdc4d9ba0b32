"""One LiteLLM model: any provider, one streamed call for all drafts."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from service.domain import Beginning, Usage
from service.errors import ModelBusy, ModelError, ModelRefused, ModelTimeout, ModelUnreachable
from service.model import library
from service.model.answer import Answer
from service.model.dialects import ENDED, StreamError, Told
from service.model.failures import failure, retry_after_of, translate
from service.model.verdicts import Verdicts
from service.model.wire import Wire

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable

    import httpx
    from tenacity import RetryCallState

    from service.domain import Draft, Prompt, Verdict
    from service.model.provider import Provider

ATTEMPTS = 3
"""Calls for one prompt, the first one included."""

PATIENCE = 5.0
"""The longest wait before a retry, in seconds; a model that asks for more is left to the fallbacks."""

PER_TOKEN = 4
"""Code points of a token, where an answer was stopped before its tokens were counted."""

LONGEST_ERROR = 65_536
"""Bytes of an error's body that are read."""

LONGEST_LINE = 1_000_000
"""Bytes of one line of a stream."""


T = TypeVar("T", covariant=True)


class Reader(Protocol[T]):
    """Takes an answer apart while it is streamed."""

    @property
    def missing(self) -> int:
        """How much of what was asked for is still owed."""
        ...

    def feed(self, piece: str) -> Iterable[T]:
        """Give what a further piece completes."""
        ...

    def finish(self, *, whole: bool) -> Iterable[T]:
        """Give what the end completes; ``whole`` tells that the model came to its own end."""
        ...


class LiteLLM:
    """Asks one model of any provider that LiteLLM knows."""

    def __init__(
        self,
        name: str,
        *,
        api_base: str | None = None,
        api_key: str | None = None,
        deadline: float = 30.0,
        wire: Wire | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """``name`` is LiteLLM's, such as ``openai/gpt-4.1``; ``deadline`` is in seconds, retries included.

        Models share a pool of connections by sharing a ``wire``.
        """
        self.name = name
        self._api_base = api_base
        self._api_key = api_key
        self._deadline = deadline
        self._wire = wire or Wire()
        self._clock = clock
        self._now = now
        self._sleep = sleep
        self._provider: Provider | None = None

    @property
    def loaded(self) -> bool:
        """Whether LiteLLM is in memory, so that the first call need not wait for it."""
        return library.loaded()

    def warm(self) -> None:
        """Import LiteLLM; takes seconds, so call it in a thread."""
        library.load()

    async def aclose(self) -> None:
        """Close the wire."""
        await self._wire.aclose()

    def drafts(self, prompt: Prompt) -> AsyncGenerator[Draft | Beginning | Usage, None]:
        """Yield each draft as soon as it is complete, and one ``Usage`` at last, before an error too if it cost tokens.

        A draft that comes in pieces has its beginnings before it. Closing this hangs up on the provider.

        Raises:
            ModelError: the provider failed, or its answer holds fewer drafts than asked for.

        """
        return self._answered(prompt, Answer(prompt, self.name))

    def verdicts(self, prompt: Prompt) -> AsyncGenerator[Verdict | Usage, None]:
        """Yield all verdicts once the answer is complete, and one ``Usage`` at last, as for drafts.

        Raises:
            ModelError: the provider failed, or its answer holds no verdicts under the prompt's mark.

        """
        return self._answered(prompt, Verdicts(prompt, self.name))

    async def _answered(self, prompt: Prompt, answer: Reader[T]) -> AsyncGenerator[T | Usage, None]:
        """Ask once, and yield what the reader finds in the answer."""
        started = self._clock()
        provider = await self._known()
        told = Told()
        trouble: ModelError | None = None

        read = 0  # code points of the answer

        def spent() -> Usage:
            seconds = self._clock() - started
            return self._usage(provider, _counted(told, prompt, read), seconds)

        try:
            async with aclosing(self._pieces(provider, prompt, told, started + self._deadline)) as pieces:
                async for piece in pieces:
                    read += len(piece)
                    for item in answer.feed(piece):
                        yield replace(item, spent=spent) if isinstance(item, Beginning) else item
            if told.refused:
                raise failure(ModelRefused, self.name)
            for item in answer.finish(whole=told.finish in ENDED):
                yield item
        except ModelError as error:
            trouble = error
        if answer.missing <= 0 or told.input_tokens or told.output_tokens:
            yield self._usage(provider, told, self._clock() - started)
        if trouble is not None and answer.missing > 0:
            raise trouble

    async def _known(self) -> Provider:
        if self._provider is None:
            from service.model.provider import Provider

            litellm = library.load() if library.loaded() else await asyncio.to_thread(library.load)
            self._provider = Provider(litellm, self.name, api_base=self._api_base, api_key=self._api_key)
        return self._provider

    def _usage(self, provider: Provider, told: Told, seconds: float) -> Usage:
        counted = bool(told.input_tokens or told.output_tokens)
        return Usage(
            model=self.name,
            input_tokens=told.input_tokens,
            output_tokens=told.output_tokens,
            cost=provider.cost(told.input_tokens, told.output_tokens) if counted else None,
            seconds=seconds,
        )

    async def _pieces(self, provider: Provider, prompt: Prompt, told: Told, ends: float) -> AsyncGenerator[str, None]:
        """Yield the answer's text as it comes, whatever goes wrong as our errors."""
        try:
            stream = (
                self._whole(provider, prompt, told)
                if provider.dialect is None
                else self._direct(provider, prompt, told, ends)
            )
            async with aclosing(stream):
                async for piece in stream:
                    yield piece
                    if self._clock() > ends:
                        raise failure(ModelTimeout, self.name)
        except ModelError:
            raise
        except StreamError as error:
            raise provider.error(error.status, error.body, {}, None) from error
        except Exception as error:
            raise translate(error, self.name) from error

    async def _direct(self, provider: Provider, prompt: Prompt, told: Told, ends: float) -> AsyncGenerator[str, None]:
        """Speak to the provider over our own wire."""
        import orjson

        read = provider.dialect
        assert read is not None  # noqa: S101 - the caller asked only providers with a dialect
        response = await self._open(provider, prompt, ends)
        try:
            async for lines in _lines(response):
                events = (line[5:].lstrip() if line[:5] == b"data:" else line for line in lines)
                if piece := "".join([read(orjson.loads(event), told) for event in events if event[:1] == b"{"]):
                    yield piece
        finally:
            await response.aclose()

    async def _whole(self, provider: Provider, prompt: Prompt, told: Told) -> AsyncGenerator[str, None]:
        """Leave the call to LiteLLM: for providers that sign requests or mint tokens, at 10 ms of CPU a call."""
        litellm = library.load()
        stream = await litellm.acompletion(
            model=self.name,
            messages=provider.messages(prompt),
            api_key=self._api_key,
            base_url=self._api_base,
            timeout=self._deadline,
            max_retries=0,
            num_retries=0,
            **provider.wishes(prompt),
        )
        try:
            async for chunk in stream:
                if usage := getattr(chunk, "usage", None):
                    told.used(usage.prompt_tokens, usage.completion_tokens)
                for choice in chunk.choices[:1]:
                    told.finished(choice.finish_reason)
                    if choice.delta.content:
                        yield choice.delta.content
        finally:
            await stream.aclose()

    async def _open(self, provider: Provider, prompt: Prompt, ends: float) -> httpx.Response:
        """Send the request, again where that helps and time is left, and give the answer with its body unread."""
        from tenacity import AsyncRetrying, retry_if_exception_type

        request = provider.request(prompt)

        def enough(state: RetryCallState) -> bool:
            wait = state.upcoming_sleep
            return state.attempt_number >= ATTEMPTS or wait > PATIENCE or self._clock() + wait >= ends

        retrying = AsyncRetrying(
            retry=retry_if_exception_type((ModelBusy, ModelUnreachable)),
            wait=_wait,
            stop=enough,
            sleep=self._sleep,
            reraise=True,
        )
        return cast("httpx.Response", await retrying(self._send, provider, request, ends))

    async def _send(self, provider: Provider, request: Any, ends: float) -> httpx.Response:
        import httpx
        import orjson

        client = self._wire.client
        left = max(ends - self._clock(), 0.001)
        sent = client.build_request(
            "POST",
            request.url,
            headers=request.headers,
            content=orjson.dumps(request.body),
            timeout=httpx.Timeout(left, connect=min(left, 5.0)),
        )
        try:
            response = await client.send(sent, stream=True)
        except Exception as error:
            raise translate(error, self.name) from error
        if response.status_code == httpx.codes.OK:
            return response
        try:
            body = await _read(response)
        finally:
            await response.aclose()
        raise provider.error(
            response.status_code, body, response.headers, retry_after_of(response.headers, self._now())
        )


def _counted(told: Told, prompt: Prompt, read: int) -> Told:
    """What a call that is stopped here has used; what the provider would have counted at the end is estimated."""
    entered = told.input_tokens or (len(prompt.system) + len(prompt.user)) // PER_TOKEN
    return Told(input_tokens=entered, output_tokens=max(told.output_tokens, read // PER_TOKEN))


def _wait(state: RetryCallState) -> float:
    """Wait as long as the server asks, or else longer each time, with jitter so that callers do not return together."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, ModelError) else None
    jitter = random.random()  # noqa: S311 - jitter, no secret
    return (asked or 0.0) + jitter * 0.1 if asked is not None else 0.25 * 2**state.attempt_number * (0.5 + jitter)


async def _lines(response: httpx.Response) -> AsyncIterator[list[bytes]]:
    """Split a stream into lines, all that came at once together, the last one with or without its end."""
    rest = b""
    async for data in response.aiter_bytes():
        *lines, rest = (rest + data).split(b"\n")
        yield lines
        if len(rest) > LONGEST_LINE:
            return
    yield [rest]


async def _read(response: httpx.Response) -> str:
    body = b""
    async for data in response.aiter_bytes():
        body += data
        if len(body) > LONGEST_ERROR:
            break
    return body[:LONGEST_ERROR].decode("utf-8", "replace")
