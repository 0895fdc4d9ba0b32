"""``POST /v1/rewrites``: a text and what is wrong with it in, new drafts under the same checks out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.web.auth import CallerDep
from service.web.replies import ANSWERS, PROBLEMS, IdempotencyKey, JsonRoute, respond
from service.web.schemas import ReplyOut, RewritesIn

router = APIRouter(prefix="/v1/rewrites", tags=["drafts"], route_class=JsonRoute)


@router.post("", response_model=ReplyOut, responses=ANSWERS | PROBLEMS)
async def create_rewrites(
    request: Request, caller: CallerDep, body: RewritesIn, key: IdempotencyKey = None
) -> Response:
    """Write a text anew, by an instruction or by findings."""
    return await respond(request, caller, body, key)
