"""The built-in writer: composes drafts from the complaint by rules, without key or network.

It takes the complaint apart, tells the customer's own words back in ours, and keeps to the brand's voice and policy.
What it does not know it does not say.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from rapidfuzz import fuzz

from service.composer.hold import LANGUAGES, foreign, held, limits_of
from service.composer.plan import Subject, lines_of, subject_of
from service.composer.redo import redone
from service.composer.voice import compose, fits
from service.domain import Angle, Context, Draft, Prompt, Usage
from service.reading import Reading, read

__all__ = ["Composer"]

ANGLES = (Angle.PUT_RIGHT, Angle.ASK, Angle.OWN)
NEAR = 85.0
"""rapidfuzz's ratio from which two texts are near-copies."""
TRIES = 3
"""How many wordings are tried before a near-copy is let stand."""


class Composer:
    """Writes drafts by rules; always there, always the same for the same complaint."""

    name = "builtin/composer"

    def limits(self, language: str | None) -> str | None:
        """What the composer cannot do in a language, as one sentence; ``None`` in English."""
        return limits_of(language)

    async def drafts(self, prompt: Prompt) -> AsyncIterator[Draft | Usage]:
        """The drafts of a prompt, by turns of the three angles, then what they cost: nothing."""
        for draft in self.write(prompt):
            yield draft
        yield Usage(model=self.name, cost=0.0)

    def write(self, prompt: Prompt) -> tuple[Draft, ...]:
        """The same drafts at once."""
        context = prompt.context
        if context.gate is not None:
            return held(context, prompt.drafts)
        if context.language in LANGUAGES:
            return foreign(context, prompt.drafts)
        if prompt.name == "rewrite" and context.rewrite is not None:
            return redone(context, reading_of(context), prompt.drafts, english_drafts)
        return english_drafts(context, prompt.drafts)


def reading_of(context: Context) -> Reading:
    """The complaint read; where it says nothing by itself, the customer's earlier messages are read instead."""
    brand = context.brand
    names = tuple(dict.fromkeys(name.lstrip("@") for name in (brand.name, *brand.names)))
    reading = read(context.complaint.text, names=names)
    if reading.parts or reading.topics:
        return reading
    for message in reversed(context.complaint.thread):
        if message.sender == "customer":
            older = read(message.text, names=names)
            if older.parts or older.topics:
                return older
    return reading


def english_drafts(context: Context, count: int, salt: int = 0) -> tuple[Draft, ...]:
    """English drafts: the three angles by turns, then further wordings of them."""
    subject = subject_of(reading_of(context), context)
    out: list[Draft] = []
    for turn in range(count):
        before = (*context.recent_replies, *context.siblings, *(draft.text for draft in out))
        out.append(_draft(ANGLES[turn % len(ANGLES)], subject, context, salt + turn // len(ANGLES), before))
    return tuple(out)


def _draft(angle: Angle, subject: Subject, context: Context, salt: int, before: Sequence[str]) -> Draft:
    """One draft in the first wording that is no near-copy of the texts before it."""
    for attempt in range(TRIES):
        lines, offers = lines_of(angle, subject, context, salt + attempt)
        text = compose(lines, context)
        if not fits(text, context.complaint.channel):
            subject = subject.shorter()
        elif not any(fuzz.ratio(text, other, score_cutoff=NEAR) for other in before):
            break
    made = tuple(offer.id for offer in offers if offer.text.rstrip(".") in text)
    return Draft(text=text, angle=angle, offers=made, model=Composer.name)
