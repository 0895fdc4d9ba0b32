"""The web application: its parts put together, and nothing else."""

from __future__ import annotations

import re
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

import service
from service.errors import SettingsInvalid
from service.web import auth, problems
from service.web.edge import LARGEST_BODY, Edge

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping

    from fastapi import APIRouter

    from service.domain import Brand
    from service.drafting import Desk
    from service.settings import Settings
    from service.store import Store

EXTENSION = re.compile(r"(chrome-extension://[a-p]{32}|moz-extension://[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})")

DESCRIPTION = "Drafts replies to complaints that own the problem."


def create_app(
    *,
    desk: Desk,
    store: Store,
    keys: Iterable[str],
    brands: Mapping[str, Brand],
    extension_origins: Iterable[str] = (),
    missing: Callable[[], Iterable[str]] = tuple,
    opened: Callable[[], AbstractAsyncContextManager[None]] | None = None,
    heartbeat: float = 15.0,
    largest_body: int = LARGEST_BODY,
) -> FastAPI:
    """The application over a desk and an opened store.

    ``missing`` names what the service still waits for; ``opened`` is held open while the application runs;
    ``heartbeat`` is the seconds between comment frames of a silent stream; ``largest_body`` is in bytes.

    Raises:
        SettingsInvalid: a key is too short, or an origin is not an extension's.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if opened is None:
            yield
            return
        async with opened():
            yield

    app = Application(
        title="Amends",
        version=service.__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    state = app.state
    state.desk, state.store, state.brands, state.missing, state.heartbeat = desk, store, brands, missing, heartbeat
    state.keys = auth.Keys(keys)
    state.sessions = auth.Sessions(state.keys)
    state.metrics = _metrics()
    problems.install(app)
    for routes in _routes():
        app.include_router(routes)
    _mount_static(app)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=_origins(extension_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
        expose_headers=["Idempotency-Replayed", "Retry-After", "X-Request-Id"],
        max_age=3600,
    )
    app.add_middleware(Edge, metrics=state.metrics, largest_body=largest_body)
    return app


class Application(FastAPI):
    """FastAPI, whose OpenAPI document also holds the problems."""

    def openapi(self) -> dict[str, Any]:
        """The document; built once."""
        if self.openapi_schema is None:
            document = super().openapi()
            schema = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas = document["components"]["schemas"]
            schemas.update(schema.pop("$defs"))
            schemas["Problem"] = schema
        assert self.openapi_schema is not None  # noqa: S101 - the line above has built it
        return self.openapi_schema


def application(settings: Settings) -> FastAPI:
    """The application of one web process, from its settings; it opens and closes all that it needs.

    Raises:
        SettingsInvalid: there is no API key, or a setting cannot work.
        BrandInvalid: a brand's guide is wrong.
    """
    from service.bootstrap import build
    from service.store import Store

    if settings.api_key is None:
        raise SettingsInvalid("AMENDS_API_KEY is not set, and nobody could sign in")
    store = Store(settings.database_url)
    desk = build(settings, record=store.record)

    @asynccontextmanager
    async def opened() -> AsyncIterator[None]:
        import asyncio

        await store.open()
        late = [] if desk.loaded else [asyncio.create_task(asyncio.to_thread(desk.warm))]
        try:
            yield
        finally:
            await asyncio.gather(*late, return_exceptions=True)  # a library that does not load must not keep files open
            await desk.aclose()
            await store.close()

    return create_app(
        desk=desk,
        store=store,
        keys=[settings.api_key.get_secret_value()],
        brands=desk.brands,
        extension_origins=settings.extension_origins,
        missing=lambda: () if desk.loaded else ("model loading",),
        opened=opened,
    )


def _routes() -> tuple[APIRouter, ...]:
    """Every noun's routes; their schemas are built here, so that importing this module stays cheap."""
    from service.web import brands, checks, console, docs, drafts, health, rewrites

    return (
        drafts.router,
        rewrites.router,
        checks.router,
        brands.router,
        health.router,
        docs.router,
        console.router,
    )


def _metrics() -> Any:
    from service.web.metrics import Metrics

    return Metrics()


def _mount_static(app: FastAPI) -> None:
    from starlette.staticfiles import StaticFiles

    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")


def _origins(origins: Iterable[str]) -> list[str]:
    listed = list(origins)
    for origin in listed:
        if not EXTENSION.fullmatch(origin):
            raise SettingsInvalid(f"{origin!r} is not the origin of a browser extension")
    return listed
