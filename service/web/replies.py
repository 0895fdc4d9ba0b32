"""One order to the desk, answered as JSON or as a stream, once per idempotency key."""

from __future__ import annotations

import hashlib
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import anyio
from fastapi import Header, Request, Response
from fastapi.routing import APIRoute
from pydantic_core import from_json

from service import errors
from service.web import problems
from service.web.answers import CheckedDraftOut, DraftOut, ReplyOut, SentenceOut, TriageOut
from service.web.edge import report
from service.web.stream import HEARTBEAT, EventStream, frame, paced

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine

    from service.domain import Reply
    from service.drafting import Desk, Event
    from service.store import Claim, Store
    from service.web.auth import Caller
    from service.web.schemas import DraftsIn

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="The same key with the same body gets the same answer for a day, and the desk works once.",
        examples=["b6a3f1c2-0001"],
    ),
]

STREAM_EXAMPLE = (
    "event: triaged\ndata: {...}\n\n"
    'event: draft\ndata: {"id":"d1","model":"openai/gpt-5-mini"}\n\n'
    'event: sentence\ndata: {"id":"d1","text":"I\'m sorry.","start":0,"end":10}\n\n'
    'event: sentence\ndata: {"id":"d1","text":"I\'m sorry. We lost it.","start":11,"end":22}\n\n'
    "event: checked\ndata: {...}\n\nevent: reply\ndata: {...}\n\n"
)

STEPS = (
    "The reply: JSON, or with `Accept: text/event-stream` its events. `triaged` comes first. `draft` tells that a "
    "draft is begun; with an id that was there before, it takes that one's place. `sentence` releases its next "
    "sentence once everything up to its end is checked, the opening first: `text` is the draft so far, `start` and "
    "`end` are where the sentence stands in it. `checked` brings the whole draft with its findings, `repaired` the "
    "same one mended, `judged` the same one heard by a judge of tone (where there is one, no draft is ready before). "
    "`reply` comes last or, when the desk gives up, `failed` with a problem."
)
"""What a client of the two calls may expect."""

ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": STEPS,
        "content": {"text/event-stream": {"schema": {"type": "string"}, "example": STREAM_EXAMPLE}},
        "headers": {
            "Idempotency-Replayed": {
                "description": "`true` when this is the answer that the key had before.",
                "schema": {"type": "string"},
                "example": "true",
            }
        },
    }
}

PROBLEMS = problems.responses(
    errors.BadInput,
    errors.ComplaintEmpty,
    errors.ModelUnknown,
    errors.BodyUnreadable,
    errors.BodyTooLarge,
    errors.MediaTypeUnsupported,
    errors.Unauthorized,
    errors.BrandNotFound,
    errors.IdempotencyMismatch,
    errors.IdempotencyInProgress,
    errors.ModelError,
    errors.Unavailable,
    errors.AmendsError,
)


class JsonRoute(APIRoute):
    """A route whose body is JSON in UTF-8, and says so."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler, with the body read before it by a stricter parser."""
        handle = super().get_route_handler()

        async def strict(request: Request) -> Response:
            if request.method == "POST":
                await read_json(request)
            return await handle(request)

        return strict


async def read_json(request: Request) -> None:
    """Read and parse the body, and leave it where the framework looks for it.

    Raises:
        MediaTypeUnsupported: the content type is not JSON.
        BodyUnreadable: the bytes are not JSON in UTF-8; a lone surrogate is no character.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json" and not (media.startswith("application/") and media.endswith("+json")):
        raise errors.MediaTypeUnsupported("Send the request as 'Content-Type: application/json'.")
    body = await request.body()
    try:
        request._json = from_json(body or b"{}", allow_inf_nan=False)
    except ValueError as exc:
        reason = str(exc) if body.isascii() else "it is not JSON in valid UTF-8"
        raise errors.BodyUnreadable(f"The body cannot be read: {reason}.") from exc


def digest_of(request: Request, body: DraftsIn) -> str:
    """What tells two requests with one idempotency key apart: address and meaning, not white space."""
    return hashlib.sha256(f"{request.url.path}\n{body.model_dump_json()}".encode()).hexdigest()


async def respond(request: Request, caller: Caller, body: DraftsIn, key: str | None) -> Response:
    """The desk's answer to one order, as the client wants it."""
    desk: Desk = request.app.state.desk
    store: Store = request.app.state.store
    brief = body.to_domain()
    streams = "text/event-stream" in request.headers.get("accept", "").lower()
    claim: Claim | None = None
    if key is not None:
        found = await store.claim(caller.id, key, digest_of(request, body))
        if isinstance(found, bytes):
            return _replayed(found, streams=streams)
        claim = found
    if streams:
        return await _streamed(request, desk.events(brief), claim)
    async with _released(store, claim):
        reply = await desk.reply_to(brief)
        answer = await _kept(request, reply, claim)
    return Response(answer, media_type="application/json")


async def _kept(request: Request, reply: Reply, claim: Claim | None) -> bytes:
    """The reply on the wire, counted, and stored under its idempotency key."""
    answer = ReplyOut.of(reply).model_dump_json().encode()
    request.app.state.metrics.reply(reply)
    if claim is not None:
        await request.app.state.store.finish(claim, answer)
    return answer


def _replayed(answer: bytes, *, streams: bool) -> Response:
    headers = {"Idempotency-Replayed": "true"}
    if streams:
        return EventStream(_once(frame("reply", answer.decode())), headers)
    return Response(answer, media_type="application/json", headers=headers)


async def _once(chunk: bytes) -> AsyncGenerator[bytes, None]:
    yield chunk


@asynccontextmanager
async def _released(store: Store, claim: Claim | None) -> AsyncIterator[None]:
    """Frees the key when the work inside fails or is given up, even while it is being cancelled."""
    try:
        yield
    except BaseException:
        if claim is not None:
            with anyio.CancelScope(shield=True):
                await store.release(claim)
        raise


async def _streamed(request: Request, events: AsyncGenerator[Event, None], claim: Claim | None) -> Response:
    """A stream, once the desk has begun; what it refuses at once is an ordinary problem."""
    frames = _frames(request, events, claim)
    first = await anext(frames)
    return EventStream(_chained(first, frames))


async def _chained(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(rest):
        yield first
        async for chunk in rest:
            yield chunk


async def _frames(
    request: Request, events: AsyncGenerator[Event, None], claim: Claim | None
) -> AsyncGenerator[bytes, None]:
    """Every event as a frame. An error before the first one is raised, a later one is the last frame."""
    from service.drafting import Failed, Replied

    begun = False
    async with _released(request.app.state.store, claim), aclosing(paced(events, request.app.state.heartbeat)) as beats:
        try:
            async for event in beats:
                if isinstance(event, Failed):
                    raise event.error
                if isinstance(event, Replied):
                    yield frame("reply", (await _kept(request, event.reply, claim)).decode())
                else:
                    yield HEARTBEAT if event is None else _frame(event)
                begun = True
        except Exception as error:
            if not begun:
                raise
            if claim is not None:
                await request.app.state.store.release(claim)
            yield frame("failed", failure(request, error))


def failure(request: Request, error: Exception) -> str:
    """The problem that ends a stream; an unforeseen one is logged, and its reasons stay in."""
    if not isinstance(error, errors.AmendsError):
        report(request.scope, error)
        error = errors.AmendsError("internal")
    return bytes(problems.answer(error, request.scope).body).decode()


def _frame(event: Event) -> bytes:
    from service.drafting import Drafted, Sentence, Triaged

    if isinstance(event, Triaged):
        return frame("triaged", TriageOut.of(event.triage).model_dump_json())
    if isinstance(event, Drafted):
        return frame("draft", DraftOut.of(event).model_dump_json())
    if isinstance(event, Sentence):
        return frame("sentence", SentenceOut.of(event).model_dump_json())
    kind = type(event).__name__.lower()  # checked, judged or repaired
    return frame(kind, CheckedDraftOut.of(event.draft).model_dump_json())  # type: ignore[union-attr]
