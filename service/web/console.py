"""The page: sign in, paste a complaint, get drafts; forms that work without script, pieces of the same page with it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from service.domain import Brief, Channel, Slot
from service.errors import AmendsError, Unauthorized
from service.web.auth import COOKIE, Caller, Keys, Sessions, by_session, same_origin
from service.web.cards import card, due_in_words, fixed
from service.web.pages import fragment, render
from service.web.problems import pointer_of, sentence_of, status_of
from service.web.replies import failure
from service.web.schemas import LONGEST_TEXT, DraftsIn
from service.web.stream import HEARTBEAT, EventStream, frame, paced

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from service.domain import CheckedDraft, Reply, Triage, Usage
    from service.drafting import Desk, Event, Sentence

router = APIRouter(include_in_schema=False)

CHANNELS = {
    "x": "X",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "threads": "Threads",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "linkedin": "LinkedIn",
    "reddit": "Reddit",
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "trustpilot": "Trustpilot",
    "google_business": "Google Business",
    "google_play": "Google Play",
    "app_store": "App Store",
    "tripadvisor": "Tripadvisor",
    "email": "E-mail",
    "chat": "Live chat",
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "form": "Contact form",
    "other": "Somewhere else, in public",
}

FIELDS = {
    "/complaint/text": "complaint",
    "/complaint/channel": "channel",
    "/complaint/author/name": "name",
    "/complaint/author/handle": "name",
    "/brand": "brand",
    "/actions": "actions",
    "/notes": "notes",
}
"""Where a field of the API stands in the form."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the form holds, as it was typed."""

    complaint: str = ""
    channel: str = "x"
    brand: str = ""
    name: str = ""
    actions: str = ""
    notes: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Order:
        """The order that a form sends; browsers write line ends their own way."""
        return cls(**{field: form.get(field, "").replace("\r\n", "\n") for field in cls.__slots__})

    def brief(self) -> Brief:
        """The same as an order to the desk, under the same rules as the API.

        Raises:
            ValidationError: a field is wrong.
        """
        name = self.name.strip()
        author = {"handle" if name.startswith("@") else "name": name} if name else {}
        wire = {
            "complaint": {"text": self.complaint, "channel": self.channel, "author": author},
            "brand": self.brand,
            "actions": [line.strip() for line in self.actions.splitlines() if line.strip()],
            "notes": self.notes,
        }
        return DraftsIn.model_validate(wire).to_domain()


def signed_in(request: Request) -> Caller:
    """Who uses the page.

    Raises:
        Unauthorized: nobody is signed in, or not any more.
    """
    caller = by_session(request)
    if caller is None:
        raise Unauthorized("You are signed out. Sign in again; what you typed stays where it is.")
    return caller


SignedIn = Annotated[Caller, Depends(signed_in)]
OurForm = Annotated[None, Depends(same_origin)]


async def form_of(request: Request) -> dict[str, str]:
    """The texts of a form; later fields of one name win, files do not count."""
    form = await request.form(max_files=0)
    return {name: value for name, value in form.items() if isinstance(value, str)}


@router.get("/sign-in")
async def show_sign_in() -> Response:
    """The form that asks for a key."""
    return render("sign_in.html", wrong=False)


@router.post("/sign-in")
async def sign_in(request: Request, _: OurForm) -> Response:
    """Trade a key for a session."""
    keys: Keys = request.app.state.keys
    sessions: Sessions = request.app.state.sessions
    caller = keys.caller((await form_of(request)).get("key", "").strip())
    if caller is None:
        return render("sign_in.html", HTTPStatus.UNAUTHORIZED, wrong=True)
    answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        COOKIE,
        sessions.issue(caller),
        max_age=int(sessions.seconds),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/sign-out")
async def sign_out(_: OurForm) -> Response:
    """End the session in this browser."""
    answer = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


@router.get("/")
async def show_page(request: Request) -> Response:
    """The page, empty."""
    if by_session(request) is None:
        return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    return _page(request, Order())


@router.post("/")
async def show_drafts(request: Request, _: OurForm) -> Response:
    """The page with its drafts, for browsers without script."""
    if by_session(request) is None:
        return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    order = Order.of(await form_of(request))
    desk: Desk = request.app.state.desk
    try:
        reply = await desk.reply_to(order.brief())
    except (ValidationError, AmendsError) as error:
        return _refused(request, order, error)
    request.app.state.metrics.reply(reply)
    return _page(request, order, result=_reply(reply, order))


@router.post("/stream")
async def stream_drafts(request: Request, _: OurForm, _caller: SignedIn) -> Response:
    """The pieces of the result as they come, for the script of the page."""
    order = Order.of(await form_of(request))
    desk: Desk = request.app.state.desk
    try:
        brief = order.brief()
    except ValidationError as error:
        frames = _once(frame("failed", _mistakes(error)))
    else:
        frames = _frames(request, desk.events(brief), order)
    return EventStream(frames)


@router.post("/recheck")
async def recheck(request: Request, _: OurForm, _caller: SignedIn) -> Response:
    """One card again: after an edit, with a fix put in, or with its blanks filled."""
    form = await form_of(request)
    order = Order.of(form)
    text = _edited(form)
    slots = tuple(
        Slot(name.removeprefix("question_"), question)
        for name, question in form.items()
        if name.startswith("question_")
    )
    desk: Desk = request.app.state.desk
    try:
        brief = order.brief()
        checked = desk.check(text[:LONGEST_TEXT], brief)
        if form.get("fix") == "all":
            checked = await desk.fix(checked, brief)
        usage: Usage | None = None
        if desk.judge is not None:  # an edited draft is as unheard as a new one
            (checked,), usage = await desk.hear([checked], brief)
    except (ValidationError, AmendsError) as error:
        return _refused(request, order, error)
    writer = form.get("model", "") if text == form.get("base", "").replace("\r\n", "\n") else "you"
    named = replace(checked, draft=replace(checked.draft, id=form.get("id", "d1")[:20], model=writer))
    piece = _card(named, order, slots=slots, angle=form.get("angle", ""), judging=usage)
    if request.headers.get("x-fragment"):
        return Response(piece, media_type="text/html")
    return _page(request, order, result=piece)


def _edited(form: Mapping[str, str]) -> str:
    """The text of a card's form: as edited, with the ordered fix and the blanks that were filled."""
    text = form.get("text", "").replace("\r\n", "\n")
    if text == form.get("base", "").replace("\r\n", "\n"):  # the fix points into the text that was shown
        text = fixed(text, form.get("fix", "").replace("\r\n", "\n"))
    for name, value in form.items():
        if name.startswith("fill_") and value.strip():
            text = text.replace("{{" + name.removeprefix("fill_") + "}}", value.strip())
    return text


async def _once(chunk: bytes) -> AsyncGenerator[bytes, None]:
    yield chunk


async def _frames(request: Request, events: AsyncGenerator[Event, None], order: Order) -> AsyncGenerator[bytes, None]:
    """Each event as a piece of the page."""
    from service.drafting import Drafted, Failed, Replied, Sentence, Triaged

    whole: set[str] = set()
    try:
        async with aclosing(paced(events, request.app.state.heartbeat)) as beats:
            async for event in beats:
                if event is None:
                    yield HEARTBEAT
                elif isinstance(event, Triaged):
                    yield frame("triaged", _triage(event.triage))
                elif isinstance(event, Drafted):
                    yield frame("draft", fragment("_pending.html", id=event.draft_id))
                elif isinstance(event, Sentence):
                    if event.draft_id in whole:  # its card is there, with all of its text
                        continue
                    yield frame("sentence", fragment("_pending.html", id=event.draft_id, **_shown(event)))
                elif isinstance(event, Failed):
                    yield frame("failed", event.error.detail)
                elif isinstance(event, Replied):
                    request.app.state.metrics.reply(event.reply)
                    yield frame("reply", _reply(event.reply, order))
                else:
                    whole.add(event.draft.draft.id)
                    yield frame("checked", _card(event.draft, order))
    except Exception as error:  # the stream has begun: the page must learn that it ends here
        failure(request, error)
        yield frame("failed", "The service failed. Nothing was lost: send the form again.")


def _shown(sentence: Sentence) -> dict[str, str]:
    """What a draft shows while it is written: what was there, the space between, and the sentence that is new."""
    start = sentence.span.start
    return {"before": sentence.text[:start], "new": sentence.text[start:]}


def _triage(triage: Triage) -> str:
    return fragment("_triage.html", triage=triage, due=due_in_words(triage.due_at, datetime.now(UTC)))


def _card(
    checked: CheckedDraft,
    order: Order,
    *,
    slots: tuple[Slot, ...] | None = None,
    angle: str = "",
    judging: Usage | None = None,
) -> str:
    shown = card(checked, Channel(order.channel), slots=slots)
    if angle:
        shown = replace(shown, angle=angle[:40])
    return fragment("_card.html", card=shown, order=order, judging=judging)


def _reply(reply: Reply, order: Order) -> str:
    cards = [_card(draft, order) for draft in reply.drafts]
    return fragment("_reply.html", reply=reply, triage=_triage(reply.triage), cards=cards)


def _mistakes(error: ValidationError) -> str:
    return " ".join(sentence for _, sentence in _by_field(error))


def _by_field(error: ValidationError) -> list[tuple[str, str]]:
    """The form's field and what is wrong with it, for each mistake."""
    found = []
    for mistake in error.errors():
        pointer = pointer_of(mistake["loc"])
        field = next((name for start, name in FIELDS.items() if pointer.startswith(start)), "complaint")
        found.append((field, f"{field.capitalize()}: {sentence_of(mistake)}"))
    return found


def _refused(request: Request, order: Order, error: ValidationError | AmendsError) -> Response:
    """The page again, with what is wrong above the form; to the script, the sentence alone."""
    if isinstance(error, AmendsError):
        status, mistakes = status_of(type(error)), [("complaint", error.detail)]
    else:
        status, mistakes = HTTPStatus.UNPROCESSABLE_ENTITY, _by_field(error)
    if request.headers.get("x-fragment"):
        return Response(" ".join(sentence for _, sentence in mistakes), status, media_type="text/plain")
    return _page(request, order, status=status, mistakes=mistakes)


def _page(
    request: Request,
    order: Order,
    *,
    result: str = "",
    status: int = HTTPStatus.OK,
    mistakes: Any = (),
) -> Response:
    brands = sorted(request.app.state.brands.values(), key=lambda brand: brand.name)
    return render(
        "page.html",
        status,
        order=order,
        channels=CHANNELS,
        brands=brands,
        result=result,
        mistakes=mistakes,
        longest=LONGEST_TEXT,
    )
