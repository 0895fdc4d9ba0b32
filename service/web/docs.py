"""``/docs``: the OpenAPI document as one page of our own, made here, without a script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from service.web.pages import render

if TYPE_CHECKING:
    from collections.abc import Iterator

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def show_docs(request: Request) -> HTMLResponse:
    """The API, for people."""
    document = request.app.openapi()
    return render(
        "docs.html",
        info=document["info"],
        operations=list(operations(document)),
        schemas=[schema_of(name, schema) for name, schema in sorted(document["components"]["schemas"].items())],
    )


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every call, with an example of what it takes and what it answers."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            yield {
                "id": operation["operationId"],
                "method": method.upper(),
                "path": path,
                "summary": operation.get("description") or operation["summary"],
                "open": not operation.get("security"),
                "parameters": operation.get("parameters", []),
                "body": type_of(body) if body else None,
                "example": example_of(document, body) if body else None,
                "answers": [
                    {"status": status, "description": answer["description"], "type": answer_type(answer)}
                    for status, answer in sorted(operation["responses"].items())
                ],
            }


def answer_type(answer: dict[str, Any]) -> str:
    """What one answer holds."""
    content = answer.get("content", {})
    return ", ".join(f"{type_of(media['schema'])} ({name})" for name, media in content.items() if "schema" in media)


def example_of(document: dict[str, Any], schema: dict[str, Any]) -> str | None:
    """The schema's own example, as JSON; ``None`` when it has none."""
    named = document["components"]["schemas"].get(type_of(schema), {})
    return json.dumps(named["example"], indent=2, ensure_ascii=False) if "example" in named else None


def schema_of(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """One object and its fields."""
    needed = set(schema.get("required", []))
    fields = [
        {
            "name": field,
            "type": type_of(known),
            "needed": field in needed,
            "description": known.get("description", ""),
            "example": json.dumps(known["examples"][0], ensure_ascii=False) if "examples" in known else "",
        }
        for field, known in schema.get("properties", {}).items()
    ]
    return {"name": name, "description": schema.get("description", ""), "fields": fields, "type": type_of(schema)}


def type_of(schema: dict[str, Any]) -> str:
    """A schema's type as a person says it."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(type_of(part) for part in schema[key]))
    if "enum" in schema:
        return " or ".join(f'"{value}"' for value in schema["enum"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if schema.get("type") == "array":
        return f"list of {type_of(schema['items'])}"
    return str(schema.get("format") or schema.get("type") or "anything")
