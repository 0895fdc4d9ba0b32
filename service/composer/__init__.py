"""The built-in writer: composes drafts from the complaint by rules, without key or network.

It takes the complaint apart, tells the customer's own words back in ours, and keeps to the brand's voice and policy.
What it does not know it does not say.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from service.composer.hold import foreign, held, limits_of
from service.composer.plan import lines_of, subject_of
from service.composer.redo import redone
from service.composer.voice import compose
from service.domain import Angle, Context, Draft, Prompt, Usage
from service.reading import Reading, read

__all__ = ["Composer"]

ANGLES = (Angle.PUT_RIGHT, Angle.ASK, Angle.OWN)


class Composer:
    """Writes drafts by rules; always there, always the same for the same complaint."""

    name = "builtin/composer"

    @staticmethod
    def limits(language: str | None) -> str | None:
        """What the composer cannot do in a language, as one sentence; ``None`` in English."""
        return limits_of(language)

    async def drafts(self, prompt: Prompt) -> AsyncIterator[Draft | Usage]:
        """The drafts of a prompt, each of another angle, then what they cost: nothing."""
        for draft in self.write(prompt):
            yield draft
        yield Usage(model=self.name, cost=0.0)

    def write(self, prompt: Prompt) -> tuple[Draft, ...]:
        """The same drafts at once."""
        context = prompt.context
        drafts: tuple[Draft, ...]
        if context.gate is not None:
            drafts = held(context, prompt.drafts)
        elif limits_of(context.language) is not None and context.language in _foreign():
            drafts = foreign(context, prompt.drafts)
        elif prompt.name == "rewrite" and context.rewrite is not None:
            drafts = redone(context, prompt.drafts, english_drafts)
        else:
            drafts = english_drafts(context, prompt.drafts)
        return drafts


def _foreign() -> tuple[str, ...]:
    from service.composer.hold import LANGUAGES

    return LANGUAGES


def reading_of(context: Context) -> Reading:
    """The complaint read; where it says nothing by itself, the customer's earlier messages are read with it."""
    names = _own_names(context)
    reading = read(context.complaint.text, names=names)
    if reading.parts or reading.topics:
        return reading
    earlier = [message.text for message in context.complaint.thread if message.sender == "customer"]
    for text in reversed(earlier):
        older = read(text, names=names)
        if older.parts or older.topics:
            return older
    return reading


def _own_names(context: Context) -> tuple[str, ...]:
    brand = context.brand
    return tuple(dict.fromkeys(name.lstrip("@") for name in (brand.name, *brand.names)))


def english_drafts(context: Context, count: int, salt: int = 0) -> tuple[Draft, ...]:
    """English drafts: the three angles by turns, then further variants of them."""
    reading = reading_of(context)
    subject = subject_of(reading, context)
    out: list[Draft] = []
    for turn in range(count):
        angle = ANGLES[turn % len(ANGLES)]
        lines, offers = lines_of(angle, subject, context, salt + turn // len(ANGLES))
        text = compose(lines, context)
        out.append(
            Draft(
                text=text,
                angle=angle,
                offers=tuple(o.id for o in offers if o.text.rstrip(".") in text),
                model=Composer.name,
            )
        )
    return tuple(out)
