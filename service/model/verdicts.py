"""A judge's answer → verdicts, all at once when it is complete.

Stricter than the reader of drafts: nothing is repaired, an answer without the prompt's mark is none, and where a judge
says two things the last one counts.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from service.domain import Tone, Verdict
from service.errors import AnswerUnusable
from service.model.answer import LONGEST_ANSWER, MOST_BRACKETS
from service.model.failures import failure
from service.model.growing import LONGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.domain import Prompt

_DECODER = json.JSONDecoder(strict=False)


# What providers with structured output are asked for; see the forms of drafts.


class VerdictForm(BaseModel):
    """How one reply sounds."""

    model_config = ConfigDict(extra="forbid")
    draft: str
    quote: str
    verdict: Tone


class VerdictsForm(BaseModel):
    """How all replies sound."""

    model_config = ConfigDict(extra="forbid")
    mark: str
    verdicts: list[VerdictForm]


def _plain(value: object) -> object:
    return value.strip().casefold() if isinstance(value, str) else value


def _quoted(value: object) -> object:
    return "" if value is None else value


class _VerdictRead(BaseModel):
    draft: Annotated[str, Field(max_length=100)]
    quote: Annotated[str, BeforeValidator(_quoted), Field(max_length=LONGEST_TEXT)] = ""
    verdict: Annotated[Tone, BeforeValidator(_plain)]


class _LabelRead(BaseModel):
    draft: str


class _VerdictsRead(BaseModel):
    mark: str
    verdicts: Annotated[list[object], Field(max_length=100)]


class Verdicts:
    """The answer to one prompt for verdicts, growing while it is streamed."""

    def __init__(self, prompt: Prompt, model: str) -> None:
        self._mark = prompt.canary
        self._model = model
        self._text = ""
        self._brackets = 0
        self.missing = 1
        """Whether the verdicts are still owed: they come together."""

    def feed(self, piece: str) -> Iterator[Verdict]:
        """Add a piece of the answer; nothing is said before the last word is.

        Raises:
            AnswerUnusable: the answer is longer than any honest one.

        """
        self._text += piece
        self._brackets += piece.count("[") + piece.count("{")
        if len(self._text) > LONGEST_ANSWER or self._brackets > MOST_BRACKETS:
            raise failure(AnswerUnusable, self._model)
        return iter(())

    def finish(self, *, whole: bool) -> Iterator[Verdict]:
        """Yield the last verdict on each label; a label whose last one is none of the list is left out.

        Raises:
            AnswerUnusable: no object with the mark, or the answer was cut off after it.

        """
        read, rest = None, ""
        for item, end in _objects(self._text):
            try:
                found = _VerdictsRead.model_validate(item)
            except ValidationError:
                continue
            if found.mark.strip() == self._mark:
                read, rest = found, self._text[end:]
        if read is None or not (whole or not rest.strip("` \n\t")):
            raise failure(AnswerUnusable, self._model)
        last: dict[str, Verdict | None] = {}
        for item in read.verdicts:
            try:
                label = _LabelRead.model_validate(item).draft.strip()
            except ValidationError:
                continue
            last[label] = _verdict(item, label)
        self.missing = 0
        yield from [verdict for verdict in last.values() if verdict is not None]


def _verdict(item: object, label: str) -> Verdict | None:
    try:
        read = _VerdictRead.model_validate(item)
    except ValidationError:
        return None
    return Verdict(draft=label, tone=read.verdict, quote=read.quote)


def _objects(text: str) -> Iterator[tuple[object, int]]:
    """Give the outermost JSON objects of a text, each with where it ends."""
    at = text.find("{")
    while at >= 0:
        try:
            item, end = _DECODER.raw_decode(text, at)
        except ValueError:
            end = at + 1
        else:
            yield item, end
        at = text.find("{", end)
