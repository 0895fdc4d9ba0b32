"""The app around its routes: problems, keys, limits, headers, logs, numbers, readiness."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from service import errors
from service.domain import Commitment, Money, Span
from service.errors import SettingsInvalid
from service.settings import Settings
from service.store import Store
from service.web import problems
from service.web.answers import CommitmentOut, MoneyOut
from service.web.app import application, create_app
from service.web.auth import Keys
from service.web.edge import Edge
from service.web.metrics import Metrics
from tests.examples import COLD, COMPLAINT
from tests.fakes import FakeModel, desk_with
from tests.serving import KEY, ORDER, client_of, make_app, memory_store

ORIGIN = "chrome-extension://" + "abcdefghijklmnop" * 2


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    async with memory_store() as opened:
        yield opened


@pytest.fixture
async def client(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(make_app(store, extension_origins=[ORIGIN])) as opened:
        yield opened


def problem_of(answer: httpx.Response) -> dict[str, Any]:
    """The problem of an answer, its shape verified."""
    body: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["type"] == f"/problems/{body['code']}"
    assert body["status"] == answer.status_code
    assert body["title"]
    assert body["detail"]
    assert body["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    return body


# Problems


def test_every_error_has_a_status_and_a_code_of_its_own() -> None:
    codes = Counter(cls.code for cls in problems.census())

    assert [code for code, count in codes.items() if count > 1] == []
    assert all(400 <= problems.status_of(cls) < 600 for cls in problems.census())
    assert all(cls.__doc__ and cls.title for cls in problems.census())


def test_a_code_leads_back_to_its_class() -> None:
    assert problems.class_of("model_busy") is errors.ModelBusy
    assert problems.class_of("nonsense") is errors.AmendsError


async def test_an_unknown_address_is_a_problem(client: httpx.AsyncClient) -> None:
    assert problem_of(await client.get("/v1/nothing"))["code"] == "not_found"


async def test_a_wrong_method_names_the_right_ones(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/v1/drafts")

    assert problem_of(answer)["code"] == "method_not_allowed"
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        (b'{"complaint": ', "body_unreadable", 400),
        (b"\xff\xfe{}", "body_unreadable", 400),
        (b'{"text": "caf\xe9"}', "body_unreadable", 400),
        (b'{"text": "\\ud800"}', "body_unreadable", 400),
        (b'{"text": NaN}', "body_unreadable", 400),
        (b"[" * 5000, "body_unreadable", 400),
        (b"", "bad_input", 422),
        (b"null", "bad_input", 422),
        (b"[]", "bad_input", 422),
        (b'"text"', "bad_input", 422),
        (b'{"complaint": {"text": 5}, "brand": "acme"}', "bad_input", 422),
        (b'{"complaint": {"text": "x", "chanel": "x"}, "brand": "acme"}', "bad_input", 422),
    ],
)
async def test_a_body_that_is_no_order_gets_a_clear_answer(
    client: httpx.AsyncClient, body: bytes, code: str, status: int
) -> None:
    answer = await client.post("/v1/drafts", content=body, headers={"Content-Type": "application/json"})

    assert (problem_of(answer)["code"], answer.status_code) == (code, status)


async def test_wrong_fields_are_named_with_a_pointer_and_a_sentence(client: httpx.AsyncClient) -> None:
    order = {
        "complaint": {"text": "x", "channel": "telegraph", "posted_at": 5, "thread": [{"from": "x", "text": 1}]},
        "brand": {"name": "Acme", "policy": {"offers": [{"id": "NO", "text": "give you one"}]}},
        "drafts": 99,
    }

    found = problem_of(await client.post("/v1/drafts", json=order))["errors"]

    assert {field["pointer"] for field in found} == {
        "/complaint/channel",
        "/complaint/posted_at",
        "/complaint/thread/0/from",
        "/complaint/thread/0/text",
        "/brand/policy/offers/0/id",
        "/drafts",
    }
    assert all(field["detail"].endswith(".") for field in found)


@pytest.mark.parametrize("at", ["1066-10-14T09:00:00Z", "2026-11-22", "2026-11-22T10:00:00", "soon"])
async def test_a_time_that_cannot_be_is_refused(client: httpx.AsyncClient, at: str) -> None:
    order = ORDER | {"complaint": {"text": "My bag is lost", "posted_at": at}}

    found = problem_of(await client.post("/v1/drafts", json=order))["errors"]

    assert [field["pointer"] for field in found] == ["/complaint/posted_at"]


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_what_is_not_json_is_refused(client: httpx.AsyncClient, media: str) -> None:
    answer = await client.post("/v1/checks", content=b"{}", headers={"Content-Type": media})

    assert problem_of(answer)["code"] == "media_type_unsupported"


async def test_json_by_another_name_is_json(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/v1/checks",
        content=json.dumps({"text": "Sorry."}),
        headers={"Content-Type": "application/vnd.x+json; charset=utf-8"},
    )

    assert answer.status_code == 200


async def test_a_large_body_is_refused_whether_it_declares_its_length_or_not(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncGenerator[bytes, None]:
        for _ in range(30):
            yield b" " * 10_000

    declared = await client.post("/v1/drafts", content=b" " * 300_000, headers={"Content-Type": "application/json"})
    chunked = await client.post("/v1/drafts", content=chunks(), headers={"Content-Type": "application/json"})

    assert problem_of(declared)["code"] == problem_of(chunked)["code"] == "body_too_large"


async def test_a_strange_length_is_not_believed(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/v1/checks", content=b'{"text": "Sorry."}', headers={"Content-Type": "application/json", "Content-Length": "x"}
    )

    assert answer.status_code == 200


async def test_the_status_of_an_unreadable_form_is_kept(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sign-in", content=b"x", headers={"Content-Type": "multipart/form-data"})

    assert problem_of(answer)["code"] == "bad_input"


async def test_a_fault_is_answered_without_its_reasons(store: Store) -> None:
    app = make_app(store)
    app.state.brands = None

    async with client_of(app) as client:
        with capture_logs() as logs:
            answer = await client.get("/v1/brands")

    assert problem_of(answer)["code"] == "amends_error"
    assert "NoneType" not in answer.text
    assert [entry["kind"] for entry in logs if entry["event"] == "fault"] == ["AttributeError"]


# Keys


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nope"}, {"Authorization": f"Basic {KEY}"}])
@pytest.mark.parametrize("path", ["/v1/brands", "/v1/checks", "/metrics"])
async def test_without_a_known_key_there_is_nothing(store: Store, header: dict[str, str], path: str) -> None:
    async with client_of(make_app(store), header) as client:
        answer = await client.get(path)

    assert problem_of(answer)["code"] == "unauthorized"
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/sign-in", "/docs", "/openapi.json", "/static/amends.css"])
async def test_health_documents_and_static_files_need_no_key(store: Store, path: str) -> None:
    async with client_of(make_app(store), {}) as client:
        assert (await client.get(path)).status_code == 200


def test_keys_are_not_kept_and_short_ones_not_taken() -> None:
    keys = Keys([KEY])

    assert KEY not in repr(vars(keys))
    assert keys.caller(KEY) is not None
    assert keys.caller("\ud800") is None
    with pytest.raises(SettingsInvalid):
        Keys(["short"])


# Origins and headers


async def test_only_listed_extensions_may_call_from_another_origin(client: httpx.AsyncClient) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}

    listed = await client.options("/v1/checks", headers={"Origin": ORIGIN} | asks)
    foreign = await client.options("/v1/checks", headers={"Origin": "https://evil.example"} | asks)

    assert listed.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-origin" not in foreign.headers


@pytest.mark.parametrize("origin", ["*", "https://x.example", "chrome-extension://short"])
def test_no_web_site_can_be_listed_as_an_extension(origin: str) -> None:
    desk = desk_with()
    with pytest.raises(SettingsInvalid):
        create_app(desk=desk, store=None, keys=[KEY], brands=desk.brands, extension_origins=[origin])  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/sign-in", "/v1/brands", "/nothing", "/static/console.js"])
async def test_every_answer_carries_the_safe_headers(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")


async def test_an_answer_that_breaks_off_is_cut_by_the_server_and_logged() -> None:
    sent: list[Message] = []

    async def broken(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"cache-control", b"max-age=5")]})
        raise RuntimeError("blender")

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    with capture_logs() as logs, pytest.raises(RuntimeError):
        await Edge(broken, metrics=Metrics())(
            {"type": "http", "method": "GET", "path": "/", "headers": []}, receive, send
        )

    assert [entry["event"] for entry in logs] == ["fault", "request"]
    assert "blender" not in json.dumps(logs)
    assert [value for name, value in sent[0]["headers"] if name == b"cache-control"] == [b"max-age=5"]


# What is logged and counted


async def test_no_word_of_a_complaint_or_draft_reaches_the_log_or_the_numbers(store: Store) -> None:
    desk = desk_with(FakeModel([COLD]))
    order = ORDER | {"complaint": {"text": COMPLAINT.text}, "notes": "secretnote"}
    async with client_of(make_app(store, desk)) as client:
        with capture_logs() as logs:
            answer = await client.post("/v1/drafts", json=order)
            await client.post("/v1/drafts", json=order, headers={"Accept": "text/event-stream"})
            await client.post("/v1/checks", json={"text": COLD})
            await client.get("/v1/checks/blender?blender=blender")
            await client.post("/v1/drafts", json=order | {"drafts": "blender"})
            await client.get("/blender")
        numbers = (await client.get("/metrics")).text

    assert answer.status_code == 200
    logged = json.dumps(logs)
    for word in ("blender", "messages", "secretnote", "inconvenience", "dana"):
        assert word not in logged
        assert word not in numbers
    assert {"request_id", "route", "status", "ms", "caller"} <= set(logs[0])
    assert 'amends_findings_total{check="hollow_apology"}' in numbers
    assert "amends_drafts_total{" in numbers


async def test_degraded_replies_are_counted(store: Store) -> None:
    desk = desk_with(FakeModel(errors.ModelUnreachable("down")))
    async with client_of(make_app(store, desk)) as client:
        answer = await client.post("/v1/drafts", json=ORDER)
        numbers = (await client.get("/metrics")).text

    assert answer.json()["degraded"] is True
    assert "amends_degraded_replies_total 1.0" in numbers


async def test_a_strange_method_gets_no_label_of_its_own(client: httpx.AsyncClient) -> None:
    await client.request("BREW", "/v1/brands")

    numbers = (await client.get("/metrics")).text
    assert "BREW" not in numbers
    assert 'method="other"' in numbers


# Health


async def test_readiness_names_what_is_missing(tmp_path: Path) -> None:
    closed = Store(f"sqlite+aiosqlite:///{tmp_path / 'never-opened.db'}")
    async with client_of(make_app(closed, missing=lambda: ["model loading"])) as client:
        answer = await client.get("/readyz")

    await closed.close()
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "missing": ["model loading", "database"]}


# Checks and brands


async def test_a_text_can_be_checked_without_complaint_and_brand(client: httpx.AsyncClient) -> None:
    answer = (await client.post("/v1/checks", json={"text": COLD})).json()

    assert set(answer) == {"ready", "checks", "findings", "scores", "commitments", "facts", "fixed_text", "fixed_ready"}
    assert answer["ready"] is False


async def test_a_checked_text_tells_what_a_sum_was_made_of(client: httpx.AsyncClient) -> None:
    order = {"text": "That makes 27 EUR.", "complaint": {"text": "I paid 20 EUR."}, "actions": ["Refunded 7 EUR"]}

    answer = (await client.post("/v1/checks", json=order)).json()

    assert [(fact["source"], fact["sources"]) for fact in answer["facts"]] == [
        ("derived", ["complaint.text", "actions[0]"])
    ]


def test_a_committed_amount_is_minor_units_and_a_currency() -> None:
    bond = Commitment(kind="refund", text="5 EUR", span=Span(0, 5), amount=Money(500, "EUR"))

    assert CommitmentOut.of(bond).amount == MoneyOut(amount=500, currency="EUR")


async def test_checks_are_explained(client: httpx.AsyncClient) -> None:
    every = (await client.get("/v1/checks")).json()["checks"]
    one = (await client.get(f"/v1/checks/{every[0]['id']}")).json()

    assert one == every[0]
    assert problem_of(await client.get("/v1/checks/nonsense"))["code"] == "check_not_found"


async def test_brands_are_listed_by_id(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/brands")).json() == {"brands": [{"id": "acme", "name": "Acme"}]}


# From the settings


async def test_settings_become_an_application_that_opens_and_closes_what_it_needs(tmp_path: Path) -> None:
    settings = Settings(api_key=KEY, database_url=f"sqlite+aiosqlite:///{tmp_path / 'a.db'}")
    app = application(settings)

    async with app.router.lifespan_context(app), client_of(app) as client:
        ready = await client.get("/readyz")
        drafts = await client.post("/v1/drafts", json=ORDER | {"brand": "harbour-air"})

    assert ready.json() == {"ready": True, "missing": []}
    assert drafts.status_code == 200
    assert (tmp_path / "a.db").exists()


def test_without_a_key_there_is_no_application() -> None:
    with pytest.raises(SettingsInvalid):
        application(Settings(api_key=None))


async def test_an_app_without_anything_to_open_just_runs(store: Store) -> None:
    app = make_app(store)

    async with app.router.lifespan_context(app):
        assert app.state.store is store


def test_importing_the_app_loads_nothing_heavy() -> None:
    code = (
        "import sys, service.web.app; heavy = 'sqlalchemy jinja2 structlog prometheus_client litellm yaml re2'; "
        "print([name for name in heavy.split() if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
