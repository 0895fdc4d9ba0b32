"""How urgent a complaint is and who must answer it: due time, priority with reasons, the gate, mood and themes.

Rules and words are data (``lexicon/triage.yml``, ``gates.yml``, ``themes.yml``); the same complaint at the same time
always gets the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import re2

from service.domain import Complaint, Context, Gate, Triage
from service.reading import themes_of
from service.reading.tidy import READ
from service.reading.words import load

NOT_COUNTED = "Similar complaints are not counted: no store of past complaints is connected."
"""Why ``similar`` is empty."""
LARGE_REACH = 10_000
SOME_REACH = 1_000
"""Followers from which a public complaint is seen by many, and by some."""

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "})


def triage(context: Context) -> Triage:
    """Weigh one complaint; ``priority`` is 0–1, its reasons the heaviest first."""
    complaint = context.complaint
    low = _low(complaint.text)
    gate = context.gate or _gate(low)
    due = (complaint.posted_at or context.now) + timedelta(hours=context.brand.policy.first_answer_hours)
    mood = _mood(low, shouting=complaint.text.isupper())
    weighed = [*_weighed(context, low, gate, mood)]
    priority = load("triage.yml")["weights"]["base"] + sum(weight for weight, _ in weighed)
    reasons = tuple(reason for _, reason in sorted(weighed, key=lambda pair: -abs(pair[0])))
    authorities = context.brand.policy.authorities
    return Triage(
        due_at=due,
        priority=round(min(1.0, max(0.0, priority)), 2),
        reasons=reasons,
        gate=gate,
        authority=(authorities.get(gate.value) or authorities.get("default")) if gate else None,
        sentiment=mood,
        themes=themes_of(low.text)[:4],
        similar=None,
        similar_reason=NOT_COUNTED,
    )


def gate_of(text: str) -> Gate | None:
    """The gate that a complaint's words open, or ``None``; the gravest first."""
    return _gate(_low(text))


def _gate(low: _Low) -> Gate | None:
    for gate, fires, never in _gates():
        for match in fires.places(low):
            around = low.text[max(0, match.start() - 30) : match.end() + 30]
            if never is None or not never.exact.search(around):
                return gate
    return None


def sentiment_of(text: str) -> float | None:
    """-1 (furious) to 1 (pleased); ``None`` when no word of the text tells."""
    return _mood(_low(text), shouting=text.isupper())


def _mood(low: _Low, *, shouting: bool) -> float | None:
    bad = len([*_words("negative").places(low), *_words("strong").places(low)])
    good = len([*_words("positive").places(low)])
    shouting = shouting or low.text.count("!") >= 3
    if not bad and not good:
        return None
    value = (good - bad) / (good + bad + 1)
    if shouting and bad:
        value -= 0.2
    return round(max(-1.0, min(1.0, value)), 2)


def _weighed(context: Context, low: _Low, gate: Gate | None, mood: float | None) -> Iterable[tuple[float, str]]:
    """Each thing that moves the priority, with its weight and its sentence."""
    weights = load("triage.yml")["weights"]
    complaint = context.complaint
    if gate is not None:
        yield weights["gate"], f"It touches {_SAID[gate]}, so a named human must answer."
    if _severe().stand_in(low):
        yield weights["severe"], load("triage.yml")["severe"]["reason"]
    if _leaving().stand_in(low):
        yield weights["close"], load("triage.yml")["leaving"]["reason"]
    yield from _reach(complaint)
    yield from _wait(context)
    yield from _history(context, low)
    if mood is not None and mood <= -0.7:
        yield weights["furious"], "The customer is very upset."
    if mood is not None and mood >= 0.5:
        yield weights["calm"], "The customer is in good spirits."
    if complaint.solved:
        yield weights["solved"], "The complaint is marked as solved."


def _reach(complaint: Complaint) -> Iterable[tuple[float, str]]:
    weights = load("triage.yml")["weights"]
    followers = complaint.author.followers or 0
    if complaint.public and followers >= LARGE_REACH:
        yield weights["reach_large"], f"It is public, and the author has {followers:,} followers."
    elif complaint.public and followers >= SOME_REACH:
        yield weights["reach_some"], f"It is public, and the author has {followers:,} followers."
    elif complaint.public:
        yield weights["public"], "It is public, so others read it too."


def _wait(context: Context) -> Iterable[tuple[float, str]]:
    weights = load("triage.yml")["weights"]
    posted = context.complaint.posted_at
    if posted is None:
        return
    hours = context.brand.policy.first_answer_hours
    waited = (context.now - posted).total_seconds() / 3600
    if waited > hours:
        yield weights["late"], f"It has waited {_hours(waited)}; the first answer was due after {_hours(hours)}."
    elif waited > hours / 2:
        yield weights["close"], f"More than half of the {_hours(hours)} until the first answer is due have passed."


def _history(context: Context, low: _Low) -> Iterable[tuple[float, str]]:
    weights = load("triage.yml")["weights"]
    earlier = sum(message.sender == "customer" for message in context.complaint.thread)
    if earlier:
        yield weights["thread"], f"The customer has written {earlier + 1} times in this thread."
    if _repeated().stand_in(low):
        yield weights["repeated"], "The customer has asked before, or waits for an answer."
    before = sum(event.kind == "complaint" for event in context.customer.history)
    if before:
        yield weights["history"], f"The customer's history holds {before} earlier complaint{'s' if before > 1 else ''}."


_SAID = {
    Gate.SAFETY: "someone's safety",
    Gate.HEALTH: "someone's health",
    Gate.LEGAL: "legal steps",
    Gate.DISCRIMINATION: "discrimination",
    Gate.SELF_HARM: "self-harm",
    Gate.PRESS: "the press",
}


def _hours(hours: float) -> str:
    if hours >= 48:
        return f"{hours / 24:.0f} days"
    if hours < 1:
        return f"{hours * 60:.0f} minutes"
    return f"{hours:.0f} hour{'s' if round(hours) != 1 else ''}"


@dataclass(frozen=True, slots=True)
class _Low:
    """A complaint in lower case, quotes straight, white space made one."""

    text: str
    data: bytes
    """The same as RE2 reads it."""


def _low(text: str) -> _Low:
    low = " ".join((text if len(text) <= READ else text[:READ]).lower().translate(_QUOTES).split())
    return _Low(low, low.encode())


class _Phrases:
    """Words to look for; a star at the end of one lets it go on.

    RE2 finds where one may stand, in one pass; Python's own patterns, which know the letters of every alphabet, decide.
    """

    def __init__(self, words: Iterable[str]) -> None:
        listed = [str(word) for word in words]
        self.exact = re.compile(
            "|".join(r"(?<!\w)" + re.escape(w.rstrip("*")) + (r"\w*" if w.endswith("*") else r"(?!\w)") for w in listed)
        )
        self._rough = re2._Regexp("|".join(map(_rough, listed)), re2.Options())._regexp

    def places(self, low: _Low) -> Iterator[re.Match[str]]:
        """Where the words stand, in the order of the text."""
        data, length, at = low.data, len(low.data), 0
        plain = length == len(low.text)
        while at < length:
            start, _ = self._rough.Match(_UNANCHORED, data, at, length)[0]
            if start < 0:
                return
            place = start if plain else len(data[:start].decode())
            match = self.exact.match(low.text, place)
            if match is not None:
                yield match
            at = start + len((match[0] if match else low.text[place]).encode())

    def stand_in(self, low: _Low) -> bool:
        """Whether one of the words stands in the text."""
        return next(self.places(low), None) is not None


_UNANCHORED = re2._re2.RE2.Anchor.UNANCHORED


def _rough(word: str) -> str:
    """The word as RE2 looks for it: all that Python would find, and seldom more."""
    bare = word.rstrip("*")
    before = r"\b" if bare[0].isascii() and bare[0].isalnum() else ""
    after = r"\b" if word == bare and bare[-1].isascii() and bare[-1].isalnum() else ""
    return before + re.escape(bare) + after


@cache
def _gates() -> tuple[tuple[Gate, _Phrases, _Phrases | None], ...]:
    return tuple(
        (Gate(name), _Phrases(rule["any"]), _Phrases(rule["unless"]) if rule["unless"] else None)
        for name, rule in load("gates.yml").items()
    )


@cache
def _words(name: str) -> _Phrases:
    return _Phrases(load("triage.yml")[name])


@cache
def _severe() -> _Phrases:
    return _Phrases(load("triage.yml")["severe"]["words"])


@cache
def _leaving() -> _Phrases:
    return _Phrases(load("triage.yml")["leaving"]["words"])


@cache
def _repeated() -> _Phrases:
    signs = load("feelings.yml")["efforts"]
    return _Phrases([*signs["repeated"], *signs["unanswered"]])
