"""``/v1/checks``: what the checks say of any text, and what each of them means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Request

from service import errors
from service.web import problems
from service.web.answers import CheckedOut, DefinitionOut, DefinitionsOut, JudgedOut
from service.web.auth import CallerDep
from service.web.replies import JsonRoute
from service.web.schemas import ChecksIn

if TYPE_CHECKING:
    from service.drafting import Desk

router = APIRouter(prefix="/v1/checks", tags=["checks"], route_class=JsonRoute)


@router.post(
    "",
    responses=problems.responses(
        errors.BadInput,
        errors.ModelUnknown,
        errors.BodyUnreadable,
        errors.BodyTooLarge,
        errors.MediaTypeUnsupported,
        errors.Unauthorized,
        errors.BrandNotFound,
        errors.AmendsError,
    ),
)
async def create_check(request: Request, _caller: CallerDep, body: ChecksIn) -> CheckedOut | JudgedOut:
    """Check a text, human or model, before it is sent; with `judge` its tone too, as it is and with its safe edits."""
    desk: Desk = request.app.state.desk
    brief = body.to_domain()
    checked = desk.check(body.text, brief)
    fixed = await desk.fix(checked, brief)
    if not body.judge:
        return CheckedOut.of(checked, fixed)
    (checked, fixed), usage = await desk.hear([checked, fixed], brief)
    return JudgedOut.with_cost(CheckedOut.of(checked, fixed), usage)


@router.get("", responses=problems.responses(errors.Unauthorized, errors.AmendsError))
async def list_checks(_caller: CallerDep) -> DefinitionsOut:
    """Every check, and what it means."""
    from service.checks import DEFINITIONS, rules_for

    found = [DefinitionOut.of(check, known, rules_for(check)) for check, known in DEFINITIONS.items()]
    return DefinitionsOut(checks=found)


@router.get(
    "/{check}",
    responses=problems.responses(errors.BadInput, errors.Unauthorized, errors.CheckNotFound, errors.AmendsError),
)
async def show_check(
    _caller: CallerDep, check: Annotated[str, Path(max_length=100, description="Its id.", examples=["only_one"])]
) -> DefinitionOut:
    """One check, and what it means."""
    from service.checks import definition_of, rules_for

    return DefinitionOut.of(check, definition_of(check), rules_for(check))
