"""What a draft says and in which order: apology, the feeling or effort, the next step; one plan an angle."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from service.composer.voice import Line, banned, capital, deadline, place, say
from service.domain import Angle, Context, Offer
from service.reading import Part, Reading, themes_of
from service.reading.words import english, listed, load
from service.terms import stems

_FEEL_ORDER = (
    "health_care", "bereavement", "unanswered", "run_around", "on_hold", "repeated", "wait", "tried", "memories",
    "celebration", "work", "study", "money", "travel", "embarrassed", "stressed", "worried", "upset", "angry",
    "frustrated", "disappointed", "annoyed", "desperate", "loyal", "family", "confused",
)  # fmt: skip
_WAYS = listed("email phone chat call dm dms mail")
_YOURS = listed(
    "account accounts password email emails order orders refund booking flight bag luggage subscription bill "
    "phone laptop printer console login payment payments parcel package delivery mail money"
)
_ASKING = frozenset({"question", "open", "unknown"})
_ASKED_FEELINGS = listed("unanswered run_around on_hold repeated tried desperate worried")
_STUCK = ("you can't", "you're", "you aren't", "you haven't been able")
_LONG_WAIT = re.compile(r"\b(?:hours?|days?|weeks?|months?|years?|ages)\b|\b(?:[3-9]\d|\d{3}) minutes\b")


@dataclass(frozen=True, slots=True)
class Subject:
    """What one complaint is about, in the phrases that sentences are built from."""

    reading: Reading
    form: str
    """The family of openers: happened, question, request, topic, nothing, praise."""
    part: Part | None
    other: Part | None
    """A second part, for the draft that should not repeat the first."""
    topic: str
    """"your second bag", or a name or noun of the complaint; empty when it names nothing."""
    themes: tuple[str, ...]
    seed: str

    def shorter(self) -> Subject:
        """The same subject told by its thing alone, for where the whole sentence does not fit."""
        return replace(self, part=None, other=None, form="topic" if self.topic else "nothing")

    def pick(self, lines: Sequence[str], what: str, salt: int = 0) -> str:
        """One of the lines, chosen by the complaint itself."""
        digest = blake2b(f"{self.seed}\x00{what}".encode(), digest_size=4).digest()
        return lines[(int.from_bytes(digest, "big") + salt) % len(lines)]


def subject_of(reading: Reading, context: Context) -> Subject:
    """The subject of a complaint as the composer will name it."""
    unfit = _unfit(context)
    own = stems(" ".join((context.brand.name, *context.brand.names)))
    parts = [part for part in reading.parts if not unfit(part.text)]
    plain = [part for part in parts if stems(part.text) - own]
    if plain and plain[0].weight >= parts[0].weight - 5:
        parts = [*plain, *(part for part in parts if part not in plain)]
    part = parts[0] if parts else None
    topic = _topic(reading, part, own, unfit)
    if part is not None and not (stems(part.text) - own) and stems(topic) - own and part.kind != "question":
        part, parts = None, []
    form = "nothing"
    if part is not None:
        form = {"happened": "happened", "trying": "happened"}.get(part.kind, part.kind)
    elif reading.kind == "praise":
        form = "praise"
    elif reading.kind == "question" and reading.words > 3 and not (reading.trouble and topic):
        form = "open" if topic else "unknown"
    elif topic:
        form = "topic"
    other = parts[1] if len(parts) > 1 else None
    return Subject(reading, form, part, other, topic, reading.themes, context.complaint.text)


_OFFLINE = re.compile(
    r"\b(?:on|over|through|via|by) (?:the )?(?:phone|email|chat)\b|\bdms?\b|\bdirect message|\ba ticket\b"
    r"|\b(?:the|online) chat\b"
    r"|\bsupport team\b|\bhelp cent|\bphone number|\bnever (?:had|seen|happened)\b|\bforgotten\b|\bdidn't ask\b",
    re.IGNORECASE,
)
"""Words of theirs that would read as if we sent them elsewhere, or argued, were they said again in public."""


def _unfit(context: Context) -> Callable[[str], bool]:
    """A test for words that this brand, or this public place, should not say again."""
    words = context.brand.voice.banned_words
    return lambda text: banned(text, words) or (context.complaint.public and _OFFLINE.search(text) is not None)


def _topic(reading: Reading, part: Part | None, own: frozenset[str], unfit: Callable[[str], bool]) -> str:
    """The thing to name: the part's own, then the customer's, then what else the words hold; concrete ones first."""
    choices = [part.topic] if part else []
    choices += [topic for topic in reading.topics if not topic.startswith("the ")] + list(reading.topics)
    choices += [f'the message "{quote}"' for quote in reading.quotes]
    choices += [_with_article(word) for word in reading.keywords]
    choices += list(reading.names)
    fit = [c for c in choices if c and len(c) < 60 and not unfit(c) and c.lower() not in _WAYS]
    concrete = [c for c in fit if stems(c) - own]
    if part is not None and part.topic in fit:
        return part.topic
    named = [c for c in fit if c in reading.topics]
    plain = [c for c in concrete if c in named]
    theirs = [c for c in named if c.startswith("your ")]
    return next(iter((*plain, *theirs, *concrete, *fit)), "")


def _with_article(word: str) -> str:
    """A keyword as a phrase: "your refund", "the seller", or plain where it takes no article."""
    last = word.split()[-1].lower()
    if word.lower() in _YOURS:
        return f"your {word.lower()}"
    return f"the {word}" if last in english().nouns and not last.endswith("s") and word == word.lower() else word


def lines_of(angle: Angle, subject: Subject, context: Context, salt: int) -> tuple[list[Line], tuple[Offer, ...]]:
    """The lines of one draft and the offers that it makes."""
    opener = _opener(angle, subject, context, salt)
    lines = [Line(opener)]
    offers: tuple[Offer, ...] = ()
    feel = next(
        (line for turn in range(4) if not _echoes(line := _feel(angle, subject, context, salt + turn), opener)), ""
    )
    if angle is Angle.PUT_RIGHT:
        lines.append(Line(feel, 5))
        lines.extend(_known(subject, context, salt))
        lines.extend(_done(subject, context, salt))
        offers = _offers(subject, context)
        lines.extend(Line(_s("offer", subject, context, salt, o=offer.text.rstrip(".")), 2) for offer in offers)
        lines.append(Line(_step(subject, context, salt)))
    elif angle is Angle.ASK:
        lines.append(Line(feel, 5))
        lines.extend(_ask(subject, context, salt))
    else:
        lines.append(Line(feel, 5))
        lines.extend(_known(subject, context, salt + 1))
        lines.append(Line(_own_step(subject, context, salt)))
    return lines, offers


def _echoes(line: str, opener: str) -> bool:
    """Whether the line says again what the opener has just said."""
    return any(
        word in line and word in opener
        for word in ("deserve", "struggl", "let you down", "come to this", "without an answer")
    )


def _s(name: str, subject: Subject, context: Context, salt: int, key: str = "", **values: str) -> str:
    data = load("sentences.yml")[name]
    choices = data[key] if key else data
    return say(
        subject.pick(_allowed(choices, context), name + key, salt),
        context,
        by=deadline(context),
        here=place(context),
        **values,
    )


def _opener(angle: Angle, subject: Subject, context: Context, salt: int) -> str:
    groups: Mapping[str, Any] = load("sentences.yml")["openers"][subject.form]
    key = angle.value
    part = subject.part
    topic = subject.topic
    other = subject.other
    if angle is Angle.ASK and other is not None and other.kind in {"happened", "trying"} and subject.form == "happened":
        part = other
    elif angle is Angle.ASK and "ask_topic" in groups and part is not None and topic.startswith(("your ", "our ")):
        key = "ask_topic"
    if angle is Angle.OWN and part is not None and part.should and "own_should" in groups:
        key = "own_should"
    if (
        part is not None
        and subject.form == "happened"
        and key in {"put_right", "ask"}
        and part.text.startswith(("you ", "you'"))
    ):
        key += "_you"
    values = {
        "t": topic or "how it went",
        "c": part.text if part else "",
        "s": part.should if part else "",
        "b": part.bare if part else "",
    }
    stuck = values["c"].startswith(_STUCK)
    choices = [line for line in groups[key] if stuck or "where {c}" not in line]
    return say(subject.pick(_allowed(choices, context), subject.form + key, salt), context, **values)


def _allowed(lines: Sequence[str], context: Context) -> Sequence[str]:
    """The lines without the brand's banned words; all of them where none is left."""
    return [line for line in lines if not banned(line, context.brand.voice.banned_words)] or lines


def _feel(angle: Angle, subject: Subject, context: Context, salt: int) -> str:
    """The line on feeling or effort; the three angles take different ones."""
    data = load("sentences.yml")
    reading = subject.reading
    said = set(reading.feelings) | set(reading.efforts) | set(reading.stakes)
    wait = next((w for w in reading.waits if _LONG_WAIT.search(w) and w in context.complaint.text.lower()), "")
    if (
        wait
        and subject.form in {"happened", "request", "topic"}
        and (subject.part is None or wait not in subject.part.text)
    ):
        said.add("wait")
    keys = [key for key in _FEEL_ORDER if key in said]
    turn = {Angle.PUT_RIGHT: 0, Angle.ASK: 1, Angle.OWN: 2}[angle]
    if subject.form == "praise":
        return ""
    if subject.form in _ASKING:
        keys = [key for key in keys if key in _ASKED_FEELINGS]
    if turn < len(keys):
        return _s("feel", subject, context, salt, keys[turn], w=wait, W=wait.capitalize())
    care = data["care"]
    themes = [t for t in subject.themes if t in care] if subject.form in {"happened", "topic"} else []
    theme = themes[0] if themes else "other"
    asked = {"question": "question", "open": "question", "unknown": "question", "request": "request"}.get(subject.form)
    if asked:
        return say(subject.pick(_allowed(care[asked], context), "care", salt + turn), context)
    pool = list(care[theme]) + ([] if theme == "other" else list(care["other"]))
    return say(subject.pick(_allowed(pool, context), "care", salt + turn), context)


def _known(subject: Subject, context: Context, salt: int) -> list[Line]:
    return [
        Line(_s("known", subject, context, salt, k=capital(incident.strip()).rstrip(".") + "."), 1)
        for incident in context.incidents[:1]
        if "⟦" not in incident
    ]


_PAST = re.compile(r"^(?:we|i)\s+(?:have |'ve )?", re.IGNORECASE)


def _done(subject: Subject, context: Context, salt: int) -> list[Line]:
    """What was already done, in the brand's person; masked things stay out of public."""
    lex = english()
    out = []
    for action in context.actions[:2]:
        said = action.strip().rstrip(".")
        if not said or ("⟦" in said and context.complaint.public):
            continue
        first = said.split(" ", 1)[0]
        if first.lower() in lex.past or first.lower() in lex.participle:
            out.append(Line(say(f"{{I}} {first.lower()}{said[len(first) :]}.", context), 1))
        elif _PAST.match(said):
            out.append(Line(capital(said) + ".", 1))
        else:
            out.append(Line(_s("done", subject, context, salt, d=said), 1))
    return out


def _offers(subject: Subject, context: Context) -> tuple[Offer, ...]:
    """The first offer that the complaint's words call for; questions and remarks call for none."""
    if subject.form not in {"happened", "request", "topic"} or context.actions:
        return ()
    low = context.complaint.text.lower()
    called = [
        o for o in context.brand.policy.offers if any(re.search(rf"\b{re.escape(w.lower())}\b", low) for w in o.when)
    ]
    if not called and subject.form == "happened":
        called = [offer for offer in context.brand.policy.offers if not offer.when]
    return tuple(called[:1])


def _theme(subject: Subject, names: Mapping[str, Any]) -> str:
    if subject.form in _ASKING:
        return "question"
    if subject.form == "praise":
        return subject.form
    about = themes_of(subject.part.text.lower()) if subject.part else ()
    return next((t for t in (*about, *subject.themes) if t in names), "other")


def _step(subject: Subject, context: Context, salt: int) -> str:
    data = load("sentences.yml")["step"]
    return _s("step", subject, context, salt, _theme(subject, data))


def _own_step(subject: Subject, context: Context, salt: int) -> str:
    if subject.form == "praise":
        return _s("step", subject, context, salt, "praise")
    return _s("own_question" if subject.form in _ASKING else "own_step", subject, context, salt)


def _ask(subject: Subject, context: Context, salt: int) -> list[Line]:
    """The one question, the first whose answer the complaint does not hold already."""
    data = load("sentences.yml")["questions"]
    low = " ".join([context.complaint.text, *(m.text for m in context.complaint.thread)]).lower()
    theme = _theme(subject, data)
    themes = set(subject.themes)
    pool = [
        q
        for q in data[theme]
        if not any(sign in low for sign in q["unless"]) and ("only" not in q or themes & set(q["only"]))
    ]
    pool = pool or list(data["other"])
    question = subject.pick([q["ask"] for q in pool], "question", salt)
    lead = _s("ask_lead_question" if subject.form in _ASKING else "ask_lead", subject, context, salt)
    close = _s("ask_close", subject, context, salt)
    if subject.form == "praise":
        return [Line(capital(question))]
    return [Line(f"{lead} {question}"), Line(close, 4)]
