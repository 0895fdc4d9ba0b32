"""The API against its own OpenAPI file: complete, described, with examples, and true under fuzzing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.web.app import Application
from tests.serving import BEARER, make_app, served

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document; it needs no store."""
    app = make_app(None)  # type: ignore[arg-type]  # nothing is asked of it
    assert isinstance(app, Application)
    return app.openapi()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A running service."""
    with served(make_app) as found:
        yield found


def operations() -> list[tuple[str, str]]:
    """Every call: method and path."""
    return [(method, path) for path, methods in document()["paths"].items() for method in methods]


def test_every_object_and_field_has_a_description() -> None:
    bare = []
    for name, schema in document()["components"]["schemas"].items():
        if not schema.get("description"):
            bare.append(name)
        for field, known in schema.get("properties", {}).items():
            if "$ref" not in known and not known.get("description"):
                bare.append(f"{name}.{field}")
    assert bare == []


def test_every_answer_field_has_an_example() -> None:
    bare = [
        f"{name}.{field}"
        for name, schema in document()["components"]["schemas"].items()
        if name.endswith("Out")
        for field, known in schema["properties"].items()
        if not nested(known) and "examples" not in known
    ]
    assert bare == []


def nested(schema: dict[str, Any]) -> bool:
    """Whether a field holds one of our objects, which has examples itself."""
    return "#/components/schemas/" in repr(schema) and not any(
        enum in repr(schema) for enum in ("Gate", "Angle", "Outcome")
    )


def test_every_call_is_summed_up_and_declares_its_problems() -> None:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            assert operation["description"], (method, path)
            problems = [
                a for a in operation["responses"].values() if "application/problem+json" in a.get("content", {})
            ]
            assert problems or path in {"/healthz", "/readyz"}, (method, path)


def test_every_call_but_health_needs_a_key() -> None:
    open_calls = {
        path for path, methods in document()["paths"].items() for known in methods.values() if not known.get("security")
    }
    assert open_calls == {"/healthz", "/readyz"}


@pytest.mark.parametrize(("method", "path"), operations())
def test_the_service_does_what_its_document_says(address: str, method: str, path: str) -> None:
    schema = schemathesis.openapi.from_dict(document())
    heavy = path in {"/v1/drafts", "/v1/rewrites", "/v1/checks"} and method == "post"

    @settings(
        max_examples=120 if heavy else 10,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        case.call_and_validate(base_url=address, headers=BEARER, checks=CHECKS)

    given(case=schema[path][method.upper()].as_strategy())(run)()
