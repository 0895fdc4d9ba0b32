"""What every request passes first: an id, a size limit, safe headers, one log line without a word of any customer."""

from __future__ import annotations

import time
import traceback
import uuid
from typing import TYPE_CHECKING, Any

from service.errors import AmendsError, BodyTooLarge
from service.web.problems import answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from service.web.metrics import Metrics

LARGEST_BODY = 256 * 1024

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),  # not no-referrer: forms would then lose their Origin too
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


def report(scope: Scope, error: BaseException) -> None:
    """Log a fault of ours: its kind and its place, never its message, which may quote a customer."""
    import structlog

    frames = traceback.extract_tb(error.__traceback__)
    structlog.get_logger("amends").error(
        "fault",
        request_id=scope.get("amends.request_id"),
        kind=type(error).__name__,
        where=[f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames[-6:]],
    )


class Edge:
    """The outermost layer of the app."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, largest_body: int = LARGEST_BODY) -> None:
        self.app = app
        self.metrics = metrics
        self.largest_body = largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, and account for it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["amends.request_id"] = str(uuid.uuid4())
        started, status = time.perf_counter(), 0
        too_large = BodyTooLarge(f"The request may hold {self.largest_body // 1024} KB at most.")
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.largest_body:
                raise too_large
            return message

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                message["headers"] = _dressed(scope, message["headers"])
            await send(message)

        try:
            if _declared(scope) > self.largest_body:
                await answer(too_large, scope)(scope, receive, dressed)
            else:
                await self.app(scope, counted, dressed)
        except Exception as error:  # the boundary: what nobody foresaw is logged here, and stays in
            report(scope, error)
            if status:
                raise  # the answer has begun; the server can only cut it off
            await answer(AmendsError("internal"), scope)(scope, receive, dressed)
        finally:
            self._account(scope, status, time.perf_counter() - started)

    def _account(self, scope: Scope, status: int, seconds: float) -> None:
        import structlog

        route = scope.get("route")
        path = getattr(route, "path", "-")
        self.metrics.request(path, scope["method"], status, seconds)
        structlog.get_logger("amends").info(
            "request",
            request_id=scope["amends.request_id"],
            caller=scope.get("amends.caller"),
            method=scope["method"],
            route=path,
            status=status,
            ms=round(seconds * 1000, 1),
        )


def _declared(scope: Scope) -> int:
    """The body's length as the client declares it; 0 when it declares none that makes sense."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])
    return 0


def _dressed(scope: Scope, headers: Any) -> list[tuple[bytes, bytes]]:
    """The answer's headers with ours; answers are not kept by caches unless they say so themselves."""
    merged = [*headers, *HEADERS, (b"x-request-id", scope["amends.request_id"].encode())]
    if not any(name.lower() == b"cache-control" for name, _ in headers):
        fixed = scope["path"].startswith("/static/")
        merged.append((b"cache-control", b"no-cache" if fixed else b"no-store"))
    return merged
