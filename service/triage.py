"""How urgent a complaint is and who must answer it: due time, priority with reasons, the gate, mood and themes.

Rules and words are data (``lexicon/triage.yml``, ``gates.yml``, ``themes.yml``); the same complaint at the same time
always gets the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from functools import cache

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
    gate = context.gate or gate_of(complaint.text)
    due = (complaint.posted_at or context.now) + timedelta(hours=context.brand.policy.first_answer_hours)
    mood = sentiment_of(complaint.text)
    weighed = [*_weighed(context, gate, mood)]
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
        themes=themes_of(_low(complaint.text))[:4],
        similar=None,
        similar_reason=NOT_COUNTED,
    )


def gate_of(text: str) -> Gate | None:
    """The gate that a complaint's words open, or ``None``; the gravest first."""
    low = _low(text)
    for gate, fires, never in _gates():
        for match in fires.finditer(low):
            around = low[max(0, match.start() - 30) : match.end() + 30]
            if never is None or not never.search(around):
                return gate
    return None


def sentiment_of(text: str) -> float | None:
    """-1 (furious) to 1 (pleased); ``None`` when no word of the text tells."""
    low = _low(text)
    bad = len(_words("negative").findall(low)) + len(_words("strong").findall(low))
    good = len(_words("positive").findall(low))
    shouting = low.count("!") >= 3 or text.isupper()
    if not bad and not good:
        return None
    value = (good - bad) / (good + bad + 1)
    if shouting and bad:
        value -= 0.2
    return round(max(-1.0, min(1.0, value)), 2)


def _weighed(context: Context, gate: Gate | None, mood: float | None) -> Iterable[tuple[float, str]]:
    """Each thing that moves the priority, with its weight and its sentence."""
    weights = load("triage.yml")["weights"]
    complaint = context.complaint
    low = _low(complaint.text)
    if gate is not None:
        yield weights["gate"], f"It touches {_SAID[gate]}, so a named human must answer."
    if _severe().search(low):
        yield weights["severe"], load("triage.yml")["severe"]["reason"]
    if _leaving().search(low):
        yield weights["close"], load("triage.yml")["leaving"]["reason"]
    yield from _reach(complaint)
    yield from _wait(context)
    yield from _history(context)
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


def _history(context: Context) -> Iterable[tuple[float, str]]:
    weights = load("triage.yml")["weights"]
    earlier = sum(message.sender == "customer" for message in context.complaint.thread)
    if earlier:
        yield weights["thread"], f"The customer has written {earlier + 1} times in this thread."
    if _repeated().search(_low(context.complaint.text)):
        yield weights["repeated"], "The customer says that it is not the first time."
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


def _low(text: str) -> str:
    return " ".join(text[:READ].translate(_QUOTES).lower().split())


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """One pattern for a list of words; a star at the end of one lets it go on."""
    return re.compile(
        "|".join(
            r"(?<!\w)" + re.escape(w.rstrip("*")) + (r"\w*" if w.endswith("*") else r"(?!\w)") for w in map(str, words)
        )
    )


@cache
def _gates() -> tuple[tuple[Gate, re.Pattern[str], re.Pattern[str] | None], ...]:
    return tuple(
        (Gate(name), _pattern(rule["any"]), _pattern(rule["unless"]) if rule["unless"] else None)
        for name, rule in load("gates.yml").items()
    )


@cache
def _words(name: str) -> re.Pattern[str]:
    return _pattern(load("triage.yml")[name])


@cache
def _severe() -> re.Pattern[str]:
    return _pattern(load("triage.yml")["severe"]["words"])


@cache
def _leaving() -> re.Pattern[str]:
    return _pattern(load("triage.yml")["leaving"]["words"])


@cache
def _repeated() -> re.Pattern[str]:
    signs = load("feelings.yml")["efforts"]
    return _pattern([*signs["repeated"], *signs["unanswered"]])
