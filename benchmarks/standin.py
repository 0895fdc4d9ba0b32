"""A stand-in for a model's server: OpenAI's chat completions, whole or streamed, as slow as it is told to be.

``PUT /behave?latency=0.3&pace=0.004`` sets the seconds until the first token and between tokens. Made to cost next to
nothing, so that what is measured is the other side.
"""

from __future__ import annotations

import asyncio
import json
import sys
from urllib.parse import parse_qs, urlsplit

import uvloop

DRAFTS = [
    {
        "text": "I'm sorry that your suitcase never came off the Lisbon flight, and that nobody answered you for three "
        "days. We're tracing the suitcase now and will answer you here within 24 hours.",
        "angle": "put_right",
        "offers": [],
        "facts": ["suitcase never came off the Lisbon flight", "nobody answered for three days"],
        "needs_fill": [],
    },
    {
        "text": "We're sorry: we left your suitcase behind on the Lisbon flight and then left you without an answer. "
        "What colour is it, and does it have a name tag? Tell us and we'll start the search with that.",
        "angle": "ask",
        "offers": [],
        "facts": ["suitcase", "Lisbon flight"],
        "needs_fill": [],
    },
    {
        "text": "I apologise for three days of silence while your suitcase was missing from the Lisbon flight. You "
        "should have heard from us at once. I'm checking where it is now, and I'll write to you here with what I find.",
        "angle": "own",
        "offers": [],
        "facts": ["three days", "suitcase", "Lisbon flight"],
        "needs_fill": [],
    },
]


def _token(piece: str) -> bytes:
    event = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "standin"}
    choice = {"index": 0, "delta": {"content": piece}, "finish_reason": None}
    return b"data: " + json.dumps({**event, "choices": [choice]}).encode() + b"\n\n"


def answers(sign_off: str) -> tuple[bytes, list[bytes]]:
    """Give the whole answer as one body, and the same as events of about a token each."""
    drafts = [{**draft, "text": f"{draft['text']}\n{sign_off}".strip()} for draft in DRAFTS]
    text = json.dumps({"drafts": drafts}, ensure_ascii=False)
    usage = {"prompt_tokens": 1500, "completion_tokens": len(text) // 4, "total_tokens": 1500 + len(text) // 4}
    head = {"id": "c", "created": 1, "model": "standin"}
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    whole = json.dumps({**head, "object": "chat.completion", "choices": [choice], "usage": usage}).encode()
    events = [_token(text[at : at + 4]) for at in range(0, len(text), 4)]
    end = {**head, "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    events.append(b"data: " + json.dumps(end).encode() + b"\n\n")
    last = {**head, "object": "chat.completion.chunk", "choices": [], "usage": usage}
    events.append(b"data: " + json.dumps(last).encode() + b"\n\ndata: [DONE]\n\n")
    return whole, events


class Server(asyncio.Protocol):
    """One connection; requests come one after the other."""

    latency = 0.0
    pace = 0.0
    whole: bytes = b""
    events: list[bytes] = []  # noqa: RUF012 - set once before the first connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        """Answer as soon as a request is complete."""
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        at = head.lower().find(b"content-length:")
        size = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(body) < size:
            return
        self.buffer = b""
        if head.startswith(b"PUT "):
            wish = parse_qs(urlsplit(head.split(b" ")[1].decode()).query)
            Server.latency, Server.pace = float(wish["latency"][0]), float(wish["pace"][0])
            self._write(b"HTTP/1.1 204 No Content\r\n\r\n")
        elif Server.latency:
            asyncio.get_running_loop().call_later(
                Server.latency, self._answer, b'"stream":true' in body.replace(b" ", b"")
            )
        else:
            self._answer(b'"stream":true' in body.replace(b" ", b""))

    def _answer(self, streamed: bool) -> None:
        if not streamed:
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            self._write(head % len(self.whole) + self.whole)
            return
        self._write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        if not Server.pace:
            body = b"".join(self.events)
            self._write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
        else:
            self._next(0, Server.pace)

    def _next(self, at: int, pace: float) -> None:
        if at == len(self.events):
            self._write(b"0\r\n\r\n")
            return
        self._write(b"%x\r\n%b\r\n" % (len(self.events[at]), self.events[at]))
        asyncio.get_running_loop().call_later(pace, self._next, at + 1, pace)

    def _write(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(data)  # type: ignore[attr-defined]  # a TCP transport


async def serve(port: int, sign_off: str) -> None:
    """Serve until the process ends."""
    Server.whole, Server.events = answers(sign_off)
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", port, backlog=512)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""))
