"""A model's answer → drafts, each as soon as its JSON is complete, and before that its beginning, by whole sentences.

The answer is hostile until proven otherwise: sizes are bounded, prose is no draft, and a text that was cut off is
never taken for a whole one.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from service.domain import Angle, Beginning, Draft, Slot
from service.errors import AnswerUnusable
from service.model.failures import failure
from service.model.growing import CONTROL, LONGEST_TEXT, Growing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.domain import Prompt

LONGEST_ANSWER = 200_000
"""Code points of a whole answer, after which a model is taken to run wild."""

MOST_BRACKETS = 150
"""Opening brackets of a whole answer; ten drafts need half of them, and deep nesting would exhaust the stack."""

MOST = 20
"""Items of a draft's lists that are kept."""

_START = re.compile(r'\s*(?:```(?:json)?\s*)?(?:\{\s*"drafts"\s*:\s*)?\[')
_BETWEEN = re.compile(r"[\s,]*")
_LETTER = re.compile(r"[^\W\d_]")
_DECODER = json.JSONDecoder(strict=False)


# What providers with structured output are asked for: every field and no bounds, as the strictest of them demand. The
# docstrings are sent too.


class SlotForm(BaseModel):
    """A fact that a colleague must look up."""

    model_config = ConfigDict(extra="forbid")
    slot: str
    question: str


class DraftForm(BaseModel):
    """One draft of a reply."""

    model_config = ConfigDict(extra="forbid")
    text: str
    angle: Literal["put_right", "ask", "own"]
    offers: list[str]
    facts: list[str]
    needs_fill: list[SlotForm]


class AnswerForm(BaseModel):
    """All drafts."""

    model_config = ConfigDict(extra="forbid")
    drafts: list[DraftForm]


def _clean(value: object) -> object:
    """Drop what no reply holds and no database takes: control characters and halves of surrogate pairs."""
    return CONTROL.sub("", value).strip() if isinstance(value, str) else value


def _list(value: object) -> list[object]:
    return value[:MOST] if isinstance(value, list) else []


def _words(value: object) -> list[str]:
    return [str(_clean(item))[:500] for item in _list(value) if isinstance(item, str)]


def _slots(value: object) -> list[object]:
    return [item for item in _list(value) if isinstance(item, dict)]


def _angle(value: object) -> Angle | None:
    folded = re.sub(r"[\s-]+", "_", value.strip().casefold()) if isinstance(value, str) else ""
    return Angle(folded) if folded in set(Angle) else None


class _SlotRead(BaseModel):
    slot: Annotated[str, Field(pattern=r"^\w{1,60}$")]
    question: Annotated[str, BeforeValidator(_clean), Field(max_length=500)]


class _DraftRead(BaseModel):
    """What is read, whoever wrote it: the text must be there, the rest may be missing."""

    text: Annotated[str, BeforeValidator(_clean), Field(max_length=LONGEST_TEXT)]
    angle: Annotated[Angle | None, BeforeValidator(_angle)] = None
    offers: Annotated[list[str], BeforeValidator(_words)] = []
    facts: Annotated[list[str], BeforeValidator(_words)] = []
    needs_fill: Annotated[list[_SlotRead], BeforeValidator(_slots)] = []


class Answer:
    """The answer to one prompt, growing while it is streamed."""

    def __init__(self, prompt: Prompt, model: str) -> None:
        self._prompt = prompt
        self._model = model
        self._text = ""
        self._brackets = 0
        self._at: int | None = None
        self._seen = 0
        self._drafts: list[Draft] = []
        self._growing: Growing | None = None
        self._told: str | None = None

    @property
    def count(self) -> int:
        """How many drafts were read."""
        return len(self._drafts)

    @property
    def missing(self) -> int:
        """How many drafts are still owed."""
        return self._prompt.drafts - self.count

    def feed(self, piece: str) -> Iterator[Draft | Beginning]:
        """Add a piece of the answer, and yield the drafts that it completes and what it adds to the one after them.

        A ``Beginning`` without text tells that a draft was begun; then each comes with more whole sentences.

        Raises:
            AnswerUnusable: the answer is longer than any honest one.

        """
        self._text += piece
        self._brackets += piece.count("[") + piece.count("{")
        if len(self._text) > LONGEST_ANSWER or self._brackets > MOST_BRACKETS:
            raise failure(AnswerUnusable, self._model)
        if "}" in piece:
            yield from self._completed()
        if self.missing > 0 and (beginning := self._begun()) is not None:
            yield beginning

    def finish(self, *, whole: bool) -> Iterator[Draft]:
        """Yield what one repair of malformed JSON still finds; ``whole`` tells that the model came to its own end.

        Raises:
            AnswerUnusable: fewer drafts than asked for.

        """
        if self.missing > 0 and self._prompt.canary not in self._text:
            items = _items(_repaired(self._text))
            if not (whole and self._text.rstrip("` \n\t").endswith(("}", "]"))):
                items = items[:-1]
            for item in items[self._seen :]:
                yield from self._take(item)
        if self.missing > 0:
            raise failure(AnswerUnusable, self._model)

    def _started(self) -> bool:
        """Whether the list of drafts was begun."""
        if self._at is None and (start := _START.match(self._text)) is not None:
            self._at = start.end()
        return self._at is not None

    def _completed(self) -> Iterator[Draft]:
        while self._started():
            at = self._next_item()
            try:
                item, self._at = _DECODER.raw_decode(self._text, at)
            except ValueError:
                return
            self._seen += 1
            self._growing = self._told = None
            yield from self._take(item)

    def _next_item(self) -> int:
        """Where the first item that is not complete begins, or will begin."""
        at = self._at or 0
        return at + len(_BETWEEN.match(self._text, at)[0])  # type: ignore[index]  # it matches the empty string too

    def _begun(self) -> Beginning | None:
        """What is new of the draft that is being written: that it was begun, or another whole sentence."""
        if self._growing is None:
            if not self._started() or not self._text.startswith("{", at := self._next_item()):
                return None
            self._growing = Growing(at)
        growing = self._growing
        growing.read(self._text)
        if growing.whole == self._told or not growing.begun:
            return None
        self._told = growing.whole
        return Beginning(text=growing.whole, model=self._model)

    def _take(self, item: object) -> Iterator[Draft]:
        """Yield the draft that an item holds, if it holds one and one is still missing."""
        try:
            read = _DraftRead.model_validate(item)
        except ValidationError:
            return
        if self.missing <= 0 or not _LETTER.search(read.text):
            return
        known = {offer.id for offer in self._prompt.context.brand.policy.offers}
        slots = (Slot(each.slot, each.question) for each in read.needs_fill)
        draft = Draft(
            text=read.text,
            angle=read.angle or self._free_angle(),
            offers=tuple(offer for offer in read.offers if offer in known),
            facts=tuple(read.facts),
            needs_fill=tuple(slot for slot in slots if f"{{{{{slot.slot}}}}}" in read.text),
            model=self._model,
        )
        self._drafts.append(draft)
        yield draft

    def _free_angle(self) -> Angle:
        taken = {draft.angle for draft in self._drafts}
        return next((angle for angle in Angle if angle not in taken), Angle.OWN)


def _repaired(text: str) -> Any:
    import json_repair  # only for the rare answer that is not JSON

    return json_repair.loads(text)


def _items(value: Any) -> list[object]:
    """Give the drafts of an answer in any of the shapes that models choose."""
    if isinstance(value, dict):
        drafts = value.get("drafts")
        return drafts if isinstance(drafts, list) else [value]
    if isinstance(value, list):
        inner = next((item for item in value if isinstance(item, dict) and isinstance(item.get("drafts"), list)), None)
        return list(value) if inner is None else list(inner["drafts"])
    return []
