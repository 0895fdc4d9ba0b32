"""``POST /v1/drafts``: a complaint in, ranked and checked drafts out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.web.auth import CallerDep
from service.web.replies import ANSWERS, PROBLEMS, IdempotencyKey, JsonRoute, respond
from service.web.schemas import DraftsIn, ReplyOut

router = APIRouter(prefix="/v1/drafts", tags=["drafts"], route_class=JsonRoute)


@router.post("", response_model=ReplyOut, responses=ANSWERS | PROBLEMS)
async def create_drafts(request: Request, caller: CallerDep, body: DraftsIn, key: IdempotencyKey = None) -> Response:
    """Draft replies to one complaint, the best first."""
    return await respond(request, caller, body, key)
