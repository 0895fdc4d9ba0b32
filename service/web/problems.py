"""Errors as RFC 9457 problems: one handler a kind, one stable code an error, no internals in any of them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from service import errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fastapi import FastAPI, Request

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[errors.AmendsError], int] = {
    errors.AmendsError: 500,
    errors.BadInput: 422,
    errors.BodyUnreadable: 400,
    errors.BodyTooLarge: 413,
    errors.MediaTypeUnsupported: 415,
    errors.RuleInvalid: 500,
    errors.SettingsInvalid: 500,
    errors.Unauthorized: 401,
    errors.OriginForeign: 403,
    errors.NotFound: 404,
    errors.MethodNotAllowed: 405,
    errors.Conflict: 409,
    errors.ModelError: 502,
    errors.ModelBusy: 503,
    errors.ModelTimeout: 504,
    errors.Unavailable: 503,
}
"""Error class → HTTP status; a class that is not listed has its parent's."""

SENTENCES = {
    "missing": "This field is needed.",
    "extra_forbidden": "This field is not known here.",
    "string_type": "This must be a text.",
    "string_too_short": "This text is too short: at least {min_length} characters.",
    "string_too_long": "This text is too long: at most {max_length} characters.",
    "string_pattern_mismatch": "This text must match {pattern}.",
    "bool_type": "This must be true or false.",
    "bool_parsing": "This must be true or false.",
    "int_type": "This must be a whole number.",
    "int_parsing": "This must be a whole number.",
    "int_from_float": "This must be a whole number.",
    "float_type": "This must be a number.",
    "float_parsing": "This must be a number.",
    "greater_than": "This must be more than {gt}.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than": "This must be less than {lt}.",
    "less_than_equal": "This must be at most {le}.",
    "list_type": "This must be a list.",
    "too_long": "This list is too long: at most {max_length} items.",
    "dict_type": "This must be an object.",
    "model_type": "This must be an object.",
    "model_attributes_type": "This must be an object.",
    "enum": "This must be one of {expected}.",
    "literal_error": "This must be one of {expected}.",
    "timezone_aware": "This time needs its offset, as in 2026-11-22T10:00:00Z.",
    "datetime_type": "This must be a time in RFC 3339, as in 2026-11-22T10:00:00Z.",
    "datetime_parsing": "This must be a time in RFC 3339, as in 2026-11-22T10:00:00Z.",
    "datetime_from_date_parsing": "This must be a time in RFC 3339, as in 2026-11-22T10:00:00Z.",
}
"""pydantic's error type → our sentence; what was sent is never repeated."""

UNION_TAGS = frozenset({"brand_id", "brand_object"})


class FieldProblem(BaseModel):
    """One field that is wrong."""

    model_config = ConfigDict(defer_build=True)

    pointer: str = Field(description="JSON Pointer to the field.", examples=["/complaint/text"])
    detail: str = Field(description="What is wrong with it.", examples=["This field is needed."])


class Problem(BaseModel):
    """An error, as RFC 9457 describes it."""

    model_config = ConfigDict(
        defer_build=True,
        json_schema_extra={
            "example": {
                "type": "/problems/complaint_empty",
                "title": "The complaint is empty",
                "status": 422,
                "code": "complaint_empty",
                "detail": "The complaint holds no words to answer.",
                "instance": "urn:uuid:6f1c1f0e-6a0e-4f3e-9a55-0a2a4c1d7c11",
            }
        },
    )

    type: str = Field(description="Relative URI; it ends in the code.", examples=["/problems/complaint_empty"])
    title: str = Field(description="The kind of error.", examples=["The complaint is empty"])
    status: int = Field(description="The HTTP status.", examples=[422])
    code: str = Field(description="Stable; programs should look at this.", examples=["complaint_empty"])
    detail: str = Field(description="What happened this time.", examples=["The complaint holds no words to answer."])
    instance: str = Field(
        description="This very occurrence; the same id is in the service's log.",
        examples=["urn:uuid:6f1c1f0e-6a0e-4f3e-9a55-0a2a4c1d7c11"],
    )
    errors: list[FieldProblem] | None = Field(
        None,
        description="The fields that are wrong, where fields are.",
        examples=[[{"pointer": "/complaint/text", "detail": "This field is needed."}]],
    )


def census() -> list[type[errors.AmendsError]]:
    """Every error class there is, parents first."""
    found: list[type[errors.AmendsError]] = [errors.AmendsError]
    for cls in found:
        found.extend(cls.__subclasses__())
    return found


def class_of(code: str) -> type[errors.AmendsError]:
    """The error class with this code; the root when there is none."""
    return next((cls for cls in census() if cls.code == code), errors.AmendsError)


def status_of(error: type[errors.AmendsError]) -> int:
    """The status of the nearest class in the error's ancestry."""
    return next(STATUS[cls] for cls in error.__mro__ if cls in STATUS)


def responses(*kinds: type[errors.AmendsError]) -> dict[int | str, dict[str, Any]]:
    """What a route declares so that the OpenAPI file lists its problems."""
    by_status: dict[int | str, list[str]] = {}
    for kind in kinds:
        by_status.setdefault(status_of(kind), []).append(f"{kind.title} (`{kind.code}`)")
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": "; ".join(titles), "content": {MEDIA_TYPE: {"schema": schema}}}
        for status, titles in by_status.items()
    }


def problem(
    kind: type[errors.AmendsError],
    detail: str,
    *,
    instance: str,
    status: int | None = None,
    title: str | None = None,
    fields: Sequence[FieldProblem] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """One error as an answer."""
    content: dict[str, Any] = {
        "type": f"/problems/{kind.code}",
        "title": title or kind.title,
        "status": status or status_of(kind),
        "code": kind.code,
        "detail": detail,
        "instance": instance,
    }
    if fields:
        content["errors"] = [{"pointer": field.pointer, "detail": field.detail} for field in fields]
    return JSONResponse(content, content["status"], headers, MEDIA_TYPE)


def instance_of(scope: Any) -> str:
    """The URN of this request, which its log line carries too."""
    return f"urn:uuid:{scope.get('amends.request_id', '00000000-0000-0000-0000-000000000000')}"


def headers_of(error: errors.AmendsError) -> dict[str, str]:
    """What an error says in headers: when to come back, how to sign in."""
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(error.retry_after)))
    if isinstance(error, errors.Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def answer(error: errors.AmendsError, scope: Any) -> JSONResponse:
    """One of our errors as an answer; a fault of ours keeps its reasons to itself."""
    kind = type(error)
    internal = status_of(kind) == HTTPStatus.INTERNAL_SERVER_ERROR
    detail = "The service failed; the log has the reason under this instance." if internal else error.detail
    return problem(kind, detail, instance=instance_of(scope), headers=headers_of(error))


def pointer_of(location: Iterable[int | str]) -> str:
    """A validation error's place as a JSON Pointer into the body, or into the query or the path."""
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in location if part not in UNION_TAGS]
    if parts and parts[0] == "body":
        parts = parts[1:]
    return "".join(f"/{part}" for part in parts)


def sentence_of(error: Any) -> str:
    """A validation error in our words, without what was sent."""
    template = SENTENCES.get(error["type"])
    if template is not None:
        return template.format(**error.get("ctx", {}))
    message: str = error["msg"].removeprefix("Value error, ")
    return message if message.endswith(".") else f"{message}."


def fields_of(error: RequestValidationError) -> list[FieldProblem]:
    """Every field that is wrong."""
    return [FieldProblem(pointer=pointer_of(e["loc"]), detail=sentence_of(e)) for e in error.errors()]


async def on_error(request: Request, error: Exception) -> JSONResponse:
    """Answer one of our own errors."""
    assert isinstance(error, errors.AmendsError)  # noqa: S101 - registered for nothing else
    return answer(error, request.scope)


async def on_invalid(request: Request, error: Exception) -> JSONResponse:
    """Answer a body, query or path that does not fit its schema."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    fields = fields_of(error)
    detail = f"{len(fields)} fields are wrong." if len(fields) > 1 else f"{fields[0].pointer}: {fields[0].detail}"
    return problem(errors.BadInput, detail.lstrip(": "), instance=instance_of(request.scope), fields=fields)


async def on_http(request: Request, error: Exception) -> JSONResponse:
    """Answer what the framework itself turns down: an unknown path, a wrong method, an unreadable form."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    instance = instance_of(request.scope)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return problem(errors.NotFound, "There is nothing at this address.", instance=instance)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = dict(error.headers or {})
        return problem(
            errors.MethodNotAllowed, f"{request.method} does not work here.", instance=instance, headers=allowed
        )
    return problem(
        errors.BadInput, "The request cannot be read.", instance=instance, status=error.status_code, headers=None
    )


def install(app: FastAPI) -> None:
    """Answer every error of the app as a problem."""
    app.add_exception_handler(errors.AmendsError, on_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
