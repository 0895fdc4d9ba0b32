"""The page without a browser: sessions, origins, forms, fragments, the API page."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from service.domain import (
    Angle,
    Brief,
    Channel,
    CheckedDraft,
    CheckResult,
    Commitment,
    Draft,
    Finding,
    Fix,
    Outcome,
    Reason,
    Score,
    Scores,
    Severity,
    Slot,
    Span,
    StatedFact,
)
from service.drafting import Desk, Event
from service.store import Store
from service.web.auth import COOKIE, Caller, Keys, Sessions
from service.web.cards import card, due_in_words, fixed, pieces
from service.web.docs import type_of
from service.web.stream import frame
from tests.examples import COLD, COMPLAINT, GOOD
from tests.fakes import FakeJudge, FakeModel, desk_with, judge_of
from tests.serving import KEY, client_of, make_app, memory_store

ORIGIN = {"Origin": "http://amends.test"}
FORM = {"complaint": COMPLAINT.text, "channel": "x", "brand": "acme", "name": "@dana", "actions": "", "notes": ""}
FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    async with memory_store() as opened:
        yield opened


@pytest.fixture
async def visitor(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(make_app(store), ORIGIN) as client:
        yield client


@pytest.fixture
async def user(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    await visitor.post("/sign-in", data={"key": f" {KEY} "})
    return visitor


# Sessions


async def test_nobody_sees_the_page_before_signing_in(visitor: httpx.AsyncClient) -> None:
    shown = await visitor.get("/")
    sent = await visitor.post("/", data=FORM)

    assert (shown.status_code, shown.headers["location"]) == (303, "/sign-in")
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in")
    assert (await visitor.post("/stream", data=FORM)).json()["code"] == "unauthorized"
    assert (await visitor.post("/recheck", data=FORM)).json()["code"] == "unauthorized"


async def test_a_key_becomes_a_session_that_does_not_hold_it(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/sign-in", data={"key": KEY})

    cookie = answer.headers["set-cookie"]
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert KEY not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert (await visitor.get("/")).status_code == 200


async def test_a_wrong_key_is_refused_on_the_page(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/sign-in", data={"key": "wrong"})

    assert answer.status_code == 401
    assert "not known here" in answer.text
    assert "set-cookie" not in answer.headers


async def test_signing_out_ends_it(user: httpx.AsyncClient) -> None:
    await user.post("/sign-out")

    assert (await user.get("/")).status_code == 303


@pytest.mark.parametrize(
    "header",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://["}, {"Sec-Fetch-Site": "cross-site"}],
)
@pytest.mark.parametrize("path", ["/", "/sign-in", "/sign-out", "/stream", "/recheck"])
async def test_a_form_of_another_site_is_refused(user: httpx.AsyncClient, header: dict[str, str], path: str) -> None:
    answer = await user.post(path, data={"key": KEY}, headers=header)

    assert (answer.status_code, answer.json()["code"]) == (403, "origin_foreign")


def test_no_line_end_of_a_text_breaks_out_of_its_frame() -> None:
    assert frame("draft", "a\r\nb\rc\n\rd") == b"event: draft\ndata: a\ndata: b\ndata: c\ndata: \ndata: d\n\n"


async def test_the_session_opens_the_page_and_not_the_api(user: httpx.AsyncClient) -> None:
    assert (await user.get("/v1/brands")).status_code == 401


def test_a_session_is_not_forged_nor_kept_beyond_its_end_or_its_key() -> None:
    now = [1000.0]
    keys = Keys([KEY])
    sessions = Sessions(keys, seconds=60, clock=lambda: now[0])
    caller = keys.caller(KEY)
    assert caller is not None
    value = sessions.issue(caller)

    assert sessions.read(value) == caller
    assert sessions.read(value.replace("1060.", "9999.", 1)) is None
    assert sessions.read("") is None
    assert sessions.read(value[:-1] + "é") is None
    assert Sessions(Keys(["another-key-0123456789"]), clock=lambda: now[0]).read(value) is None
    assert sessions.read(sessions.issue(Caller("nobody"))) is None
    now[0] = 1060.0
    assert sessions.read(value) is None


async def test_the_cookie_is_for_https_alone_where_the_page_is(store: Store) -> None:
    transport = httpx.ASGITransport(app=make_app(store))
    async with httpx.AsyncClient(transport=transport, base_url="https://amends.test") as client:
        answer = await client.post("/sign-in", data={"key": KEY})

    assert "Secure" in answer.headers["set-cookie"]
    assert COOKIE in answer.headers["set-cookie"]


# Drafts


async def test_the_plain_form_gets_a_whole_page_with_drafts(user: httpx.AsyncClient) -> None:
    answer = await user.post("/", data=FORM | {"actions": "Sent a new one\r\n\r\n", "notes": "kind"})

    assert answer.status_code == 200
    assert answer.text.count('<article class="card') == 3
    assert "Answer within" in answer.text or "Overdue by" in answer.text
    assert "blender" in answer.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"complaint": " "}, "no words"),
        ({"channel": "telegraph"}, "Channel: This must be one of"),
        ({"brand": "nobody"}, "No brand has the id"),
        ({"complaint": "x" * 20_001}, "Complaint: This text is too long"),
    ],
)
async def test_what_is_wrong_is_said_on_the_page_and_in_the_stream(
    user: httpx.AsyncClient, change: dict[str, str], sentence: str
) -> None:
    page = await user.post("/", data=FORM | change)
    stream = await user.post("/stream", data=FORM | change)
    recheck = await user.post("/recheck", data=FORM | {"brand": "nobody", "text": "Sorry."}, headers=FRAGMENT)

    assert page.status_code in {404, 422}
    assert sentence in page.text
    assert stream.text.startswith("event: failed\n")
    assert sentence in stream.text
    assert recheck.status_code == 404


async def test_the_stream_sends_pieces_of_the_page(user: httpx.AsyncClient) -> None:
    answer = await user.post("/stream", data=FORM | {"name": "Dana"})

    names = re.findall(r"^event: (\w+)$", answer.text, re.MULTILINE)
    assert names[0] == "triaged"
    assert names.count("draft") == 3
    assert names.count("sentence") >= 6
    assert names[-1] == "reply"
    begun, sentence = answer.text.split("event: draft\n")[1].split("event: sentence\n")[:2]
    assert "once it is checked" in begun
    assert 'class="new"' in sentence
    assert "once it is checked" not in sentence


class Slow(Desk):
    """A desk that is silent for a moment, then breaks."""

    def __init__(self) -> None:
        self.brands = desk_with().brands

    async def events(self, brief: Brief, *, sentences: bool = True) -> AsyncGenerator[Event, None]:
        """Say nothing, then break."""
        import asyncio

        await asyncio.sleep(0.05)
        if brief.drafts:
            raise RuntimeError(brief.complaint.text)
        yield  # type: ignore[misc]  # makes this a generator


async def test_a_fault_in_the_stream_is_told_without_its_reasons(store: Store) -> None:
    async with client_of(make_app(store, Slow(), heartbeat=0.01), ORIGIN) as client:
        await client.post("/sign-in", data={"key": KEY})
        answer = await client.post("/stream", data=FORM)

    assert answer.text.startswith(": still working\n\n")
    assert answer.text.endswith("event: failed\ndata: The service failed. Nothing was lost: send the form again.\n\n")


async def test_hostile_text_is_escaped_everywhere(user: httpx.AsyncClient) -> None:
    hostile = '<script>alert(1)</script>"><img src=x>'
    answer = await user.post(
        "/recheck", data=dict.fromkeys(FORM, hostile) | {"channel": "x", "brand": "acme", "text": hostile}
    )

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text


# Checking again


async def test_an_edited_text_is_checked_again_as_a_piece_or_a_page(user: httpx.AsyncClient) -> None:
    form = FORM | {"id": "d2", "text": COLD, "base": "other", "angle": "Owns it plainly"}

    piece = await user.post("/recheck", data=form, headers=FRAGMENT)
    page = await user.post("/recheck", data=form)

    assert piece.text.startswith('<article class="card" id="card-d2"')
    assert "Not ready" in piece.text
    assert page.text.startswith("<!doctype html>")


async def test_a_fix_is_put_in_only_where_it_was_shown(user: httpx.AsyncClient) -> None:
    shown = FORM | {"text": "Kindly wait.\r\nSorry.", "base": "Kindly wait.\nSorry.", "fix": "0:6:Please"}

    put_in = await user.post("/recheck", data=shown, headers=FRAGMENT)
    stale = await user.post("/recheck", data=shown | {"base": "Older."}, headers=FRAGMENT)

    assert 'name="base" value="Please wait.\nSorry."' in put_in.text
    assert 'name="base" value="Kindly wait.\nSorry."' in stale.text


async def test_all_safe_fixes_can_be_ordered_at_once(user: httpx.AsyncClient) -> None:
    form = FORM | {"text": "We're sorry that your blender is broken. Kindly wait.", "fix": "all"}

    assert (await user.post("/recheck", data=form, headers=FRAGMENT)).status_code == 200


async def test_blanks_that_are_filled_go_into_the_text_and_the_others_stay(user: httpx.AsyncClient) -> None:
    form = FORM | {
        "text": "Sorry about {{booking}} and {{seat}}.",
        "fill_booking": " K7 ",
        "fill_seat": " ",
        "question_booking": "Which booking?",
        "question_seat": "Which seat?",
    }

    piece = (await user.post("/recheck", data=form, headers=FRAGMENT)).text

    assert "Sorry about K7 and {{seat}}." in piece
    assert "Which seat?" in piece
    assert "Which booking?" not in piece
    assert "One fact must be filled in." in piece


# Words and marks


def checked(text: str, *findings: Finding, slots: tuple[Slot, ...] = (), not_run: str | None = None) -> CheckedDraft:
    results = [CheckResult(check="a", outcome=Outcome.FAILED, severity=Severity.WARN, findings=findings)]
    if not_run:
        results.append(CheckResult(check="language", outcome=Outcome.NOT_RUN, severity=Severity.BLOCK, reason=not_run))
    why = Score(0.5, (Reason(Span(0, 2), "it opens"),))
    return CheckedDraft(
        draft=Draft(text=text, angle=Angle.ASK, needs_fill=slots),
        results=tuple(results),
        scores=Scores(empathy=why, specificity=Score(None), plainness=Score(1.0)),
        commitments=tuple(
            Commitment(kind="done", text="x", span=Span(0, 1), allowed_by=by)
            for by in (None, "actions", "promise_limits", "gift")
        ),
        facts=tuple(
            StatedFact(kind="name", text="x", span=Span(0, 1), source=source, sources=sources)
            for source, sources in (
                (None, ()),
                ("promise", ()),
                ("customer.history[0].text", ()),
                ("derived", ("complaint.text", "actions[1]", "actions[0]")),
            )
        ),
    )


def found(start: int, end: int, severity: Severity = Severity.WARN, fix: str | None = None) -> Finding:
    return Finding(
        check="a",
        severity=severity,
        message="m",
        span=Span(start, end),
        fix=None if fix is None else Fix(Span(start, end), fix),
    )


def test_overlapping_findings_cut_the_text_and_the_heavier_colours_it() -> None:
    cut = pieces("abcdef", (found(0, 4), found(2, 6, Severity.BLOCK), found(6, 6)))

    assert [(p.text, p.severity, p.ends) for p in cut] == [
        ("ab", "warn", ()),
        ("cd", "block", (1,)),
        ("ef", "block", (2,)),
    ]
    assert "".join(p.text for p in pieces("a {{b}} c", ())) == "a {{b}} c"


def test_a_card_says_where_each_fact_comes_from() -> None:
    shown = card(checked("Hi"), Channel.X)

    assert [root.whence for root in shown.roots] == [
        "nothing that we know says so",
        "a promise, judged as one",
        "from our records",
        "follows from the complaint and what was done",
    ]


def test_a_card_says_why_its_draft_is_not_ready() -> None:
    shown = card(
        checked("Hi {{x}}", found(0, 2, Severity.BLOCK, ""), slots=(Slot("x", "What?"),), not_run="too short"),
        Channel.X,
    )

    assert shown.obstacles == (
        "One fact must be filled in.",
        "One finding must be put right.",
        "The check “language” could not run: too short",
    )
    assert not shown.ready
    assert [bond.allowed for bond in shown.bonds] == [
        "nothing in the policy allows it",
        "done already",
        "within the promise limits",
        "offer “gift”",
    ]
    assert [(meter.percent, meter.why) for meter in shown.meters] == [
        (50, (("Hi", "it opens"),)),
        (None, ()),
        (100, ()),
    ]


@pytest.mark.parametrize("order", ["", "x", "5:2:a", "0:99:a", "all"])
def test_a_fix_that_makes_no_sense_changes_nothing(order: str) -> None:
    assert fixed("abc", order) == "abc"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "Answer within 1 minute"),
        (89, "Answer within 89 minutes"),
        (160, "Answer within 2 h 40 min"),
        (180, "Answer within 3 hours"),
        (0, "Answer now"),
        (-120, "Overdue by 2 hours"),
        (3 * 1440, "Answer within 3 days"),
    ],
)
def test_due_times_are_said_as_people_say_them(minutes: int, words: str) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)

    assert due_in_words(now + timedelta(minutes=minutes), now) == words


# The API page


async def test_the_api_page_shows_every_call_and_object_without_any_script(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/docs")).text
    document = (await visitor.get("/openapi.json")).json()

    assert all(path in page for path in document["paths"])
    assert all(f'id="schema-{name}"' in page for name in document["components"]["schemas"])
    assert "<script" not in page
    assert "style=" not in page


def test_types_are_said_plainly() -> None:
    assert type_of({"anyOf": [{"type": "array", "items": {"$ref": "#/x/Y"}}, {"type": "null"}]}) == "list of Y or null"
    assert type_of({"enum": ["a", "b"]}) == '"a" or "b"'
    assert type_of({"const": "ok"}) == '"ok"'
    assert type_of({}) == "anything"


@pytest.mark.parametrize(("hears", "ready"), [({}, True), ({"looking into": "cold"}, False)])
async def test_where_there_is_a_judge_an_edited_draft_is_heard_again(
    store: Store, hears: dict[str, str], ready: bool
) -> None:
    desk = desk_with(FakeModel([GOOD]), judge=judge_of(FakeJudge(hears)))
    async with client_of(make_app(store, desk), ORIGIN) as client:
        await client.post("/sign-in", data={"key": KEY})
        piece = await client.post("/recheck", data=FORM | {"text": GOOD, "base": COLD}, headers=FRAGMENT)
        stream = await client.post("/stream", data=FORM)

    assert ("Nobody seems to care here" in piece.text) is not ready
    assert "Judging this took 110 tokens" in piece.text
    assert "for $0.0100" in piece.text
    assert stream.text.count("event: checked") == 6  # each of three drafts, before it was heard and after
    assert stream.text.count("event: sentence") == 0  # the cards hold the sentences already
    assert "The judge has not heard this draft yet" in stream.text
