"""The app as tests reach it: in process for answers, on loopback for streams and browsers."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from service.domain import Brand
from service.drafting import Desk
from service.store import Store
from service.web.app import create_app
from tests.fakes import desk_with

KEY = "a-key-of-the-tests-0123456789"
BEARER = {"Authorization": f"Bearer {KEY}"}
ORDER = {
    "complaint": {
        "text": "You lost my suitcase in Lisbon three days ago and nobody answers the phone.",
        "channel": "x",
        "author": {"handle": "@dana", "name": "Dana"},
    },
    "brand": "acme",
}


def make_app(store: Store, desk: Desk | None = None, **options: Any) -> FastAPI:
    """The app over a store and a desk, the composer's when none is given."""
    seated = desk or desk_with()
    brands: Mapping[str, Brand] = options.pop("brands", seated.brands)
    return create_app(desk=seated, store=store, keys=[KEY], brands=brands, **options)


@asynccontextmanager
async def client_of(app: FastAPI, headers: Mapping[str, str] = BEARER) -> AsyncIterator[httpx.AsyncClient]:
    """A client inside the process; a fault of the app is an answer, as behind a server."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://amends.test", headers=headers) as client:
        yield client


@asynccontextmanager
async def memory_store() -> AsyncIterator[Store]:
    """A store that ends with the test."""
    store = Store("sqlite+aiosqlite:///:memory:")
    await store.open()
    try:
        yield store
    finally:
        await store.close()


@contextmanager
def served(build: Callable[[Store], FastAPI]) -> Iterator[str]:
    """The address of a real server in a thread; store and app live on its loop."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    servers: list[uvicorn.Server] = []
    started = threading.Event()

    async def main() -> None:
        async with memory_store() as store:
            config = uvicorn.Config(build(store), log_config=None, access_log=False, timeout_graceful_shutdown=2)
            server = uvicorn.Server(config)
            servers.append(server)
            task = asyncio.create_task(server.serve(sockets=[listening]))
            while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn offers no event to wait for
                await asyncio.sleep(0.01)
            started.set()
            await task

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    started.wait(20)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        servers[0].should_exit = True
        thread.join(10)
        listening.close()
