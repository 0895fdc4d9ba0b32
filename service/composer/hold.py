"""Holding replies: for complaints that a named human must answer, and for languages that cannot be taken apart."""

from __future__ import annotations

from zlib import crc32

from service.composer.plan import subject_of
from service.composer.voice import Line, compose, deadline, place, say
from service.domain import Angle, Context, Draft, Gate, Slot
from service.reading import read
from service.reading.words import load

LANGUAGES = ("es", "fr", "de", "pt", "it")
"""Languages with holding replies of their own."""
_ANGLES = (Angle.PUT_RIGHT, Angle.ASK, Angle.OWN)
_MODEL = "builtin/composer"


def limits_of(language: str | None) -> str | None:
    """What cannot be done in the language; ``None`` for English and for text that nobody could tell."""
    if language in {None, "en"}:
        return None
    if language in LANGUAGES:
        return str(load("holding.yml")[language]["limits"])
    return "The built-in writer has no words in this complaint's language; its drafts are in English."


def authority_of(context: Context) -> str | None:
    """The person or desk that the policy names for the gate."""
    names = context.brand.policy.authorities
    return names.get(context.gate.value if context.gate else "default") or names.get("default")


def held(context: Context, count: int) -> tuple[Draft, ...]:
    """Holding replies to a gated complaint: apology, who takes it, by when; no cause and no other promise."""
    if context.language in LANGUAGES:
        return _foreign_held(context, count)
    data = load("sentences.yml")
    gate = context.gate or Gate.SAFETY
    family = data["holding"].get(gate.value, data["holding"]["default"])
    who = authority_of(context) or data["nobody"]
    over = _over(context) if gate is Gate.LEGAL else ""
    out = []
    first = crc32(context.complaint.text.encode())
    for turn in range(count):
        sentences = family[(first + turn) % len(family)]
        values = {"a": who, "by": deadline(context), "here": place(context), "over": over}
        lines = [Line(say(s, context, **values), 0 if i == 0 or "{a}" in s else 3) for i, s in enumerate(sentences)]
        out.append(Draft(text=compose(lines, context), angle=_ANGLES[turn % 3], model=_MODEL))
    return tuple(out)


def _over(context: Context) -> str:
    """The words " over your order", where the complaint names a thing of the customer's that may be said again."""
    reading = read(context.complaint.text)
    topic = subject_of(reading, context).topic
    return f" over {topic}" if topic.startswith(("your ", "our ")) else ""


def foreign(context: Context, count: int) -> tuple[Draft, ...]:
    """Plain holding replies in another language, one an angle."""
    family = load("holding.yml")[str(context.language)][context.brand.voice.person]
    out = []
    for turn in range(count):
        angle = _ANGLES[turn % 3]
        lines = [Line(s, 0 if i < 2 else 3) for i, s in enumerate(_filled(family[angle.value], context))]
        out.append(Draft(text=compose(lines, context), angle=angle, model=_MODEL))
    return tuple(out)


def _foreign_held(context: Context, count: int) -> tuple[Draft, ...]:
    family = load("holding.yml")[str(context.language)]["gate"]
    out = []
    for turn in range(count):
        lines = [Line(s) for s in _filled(family[turn % len(family)], context)]
        out.append(Draft(text=compose(lines, context), angle=_ANGLES[turn % 3], model=_MODEL))
    return tuple(out)


def _filled(sentences: list[str], context: Context) -> list[str]:
    words = load("holding.yml")[str(context.language)]
    hours = context.brand.policy.promise_limits.max_reply_hours
    by = words["by"].format(hours=f"{hours:g}") if hours is not None and hours > 1 else ""
    who = authority_of(context) or words["nobody"]
    return [capital_first(s.format(by=by, a=who)) for s in sentences]


def capital_first(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


__all__ = ["LANGUAGES", "Slot", "authority_of", "foreign", "held", "limits_of"]
