"""``/healthz``, ``/readyz`` and ``/metrics``: for whoever runs the service."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

import service
from service import errors
from service.web import problems
from service.web.answers import HealthOut, ReadyOut
from service.web.auth import CallerDep

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def alive() -> HealthOut:
    """Whether the process lives."""
    return HealthOut(status="ok", version=service.__version__)


@router.get("/readyz", response_model=ReadyOut, responses={503: {"model": ReadyOut, "description": "Not ready yet"}})
async def ready(request: Request) -> Response:
    """Whether the service can answer, and what it waits for."""
    missing = list(request.app.state.missing())
    if not await request.app.state.store.answers():
        missing.append("database")
    found = ReadyOut(ready=not missing, missing=missing)
    return JSONResponse(found.model_dump(), HTTPStatus.SERVICE_UNAVAILABLE if missing else HTTPStatus.OK)


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}, "example": "amends_drafts_total{...} 3.0"}}},
        **problems.responses(errors.Unauthorized),
    },
)
async def metrics(request: Request, _caller: CallerDep) -> Response:
    """Numbers for Prometheus; no customer's word is in them."""
    page, media = request.app.state.metrics.page()
    return Response(page, media_type=media)
