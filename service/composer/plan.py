"""What a draft says and in which order: apology, the feeling or effort, the next step; one plan an angle."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from service.composer.topic import details, named, plural
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
_ASKING = frozenset({"question", "open", "unknown"})
_ASKED_FEELINGS = listed("unanswered run_around on_hold repeated tried desperate worried")
_TOLD = frozenset({"happened", "request", "topic"})
_DECIDED = listed("content feature listing")
"""Themes where someone decided; nothing is broken that could be mended."""
_UNABLE = re.compile(
    r"^you(?:'re(?: still)? unable to|(?: still| now)? (?:can't|couldn't|(?:haven't|have not) been able to"
    r"|(?:aren't|weren't) able to|(?:are|were)(?: still)? unable to)) (?P<rest>.+)$"
)
_ASKED = re.compile(
    r"\b(?:how (?:do|can|to|could|would|much|many|long|are|is|does)|is there|are there|can (?:i|we)|could (?:i|we)"
    r"|do (?:i|you|we)|does|where|which|what|when|anyone know|is it|will|should i)\b"
)
_HOW = re.compile(r"(?:@\w+[,:]? |hi |hey |hello |on )*how (?:many|much|long|do i|can i|to)\b")
"""Words by which a sentence asks to know, not to be helped."""
_LONG_WAIT = re.compile(r"\b(?:hours?|days?|weeks?|months?|years?|ages)\b|\b(?:[3-9]\d|\d{3}) minutes\b")
_WAITED = re.compile(
    r"\b(?:wait\w*|on hold|still|without|no one|nobody|no response|no reply|trying|missing|broken|wasted"
    r"|(?:is|are|was|been) down"
    r"|not working|not answer\w*|(?:hasn't|haven't|not) (?:been (?:able|fixed|resolved|paid|refunded)"
    r"|heard|received|got\w*)"
    r"|since last|not been able|locked out|ignor\w+)\b"
)
_NO_WAIT = re.compile(
    r"\b(?:every|within|trial|policy|guarantee|change|customer|client|member|user|married|using|with you|open|old"
    r"|business|worked|subscri\w+|played|playing|had (?:my|an|the|this)|lived|agreed|approved|next)\b"
)
WISHED = 3
"""The weight of what the customer only wants to do; beside a question it is no trouble yet."""
LONG = 80
"""Words from which a complaint is a letter: what is not in its main sentence is not what it is about."""


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
    """"your second bag", or the plain noun of what it is about; empty when nothing is sure."""
    themes: tuple[str, ...]
    seed: str
    details: tuple[str, ...] = ()
    """More things that the complaint names, for where no sentence of it can be told."""

    def shorter(self) -> Subject:
        """The same subject told by its thing alone, for where the whole sentence does not fit."""
        return replace(self, part=None, other=None, form="topic" if self.topic else "nothing")

    def pick(self, lines: Sequence[str], what: str, salt: int = 0) -> str:
        """One of the lines, chosen by the complaint itself."""
        digest = blake2b(f"{self.seed}\x00{what}".encode(), digest_size=4).digest()
        return lines[(int.from_bytes(digest, "big") + salt) % len(lines)]

    def leading(self) -> tuple[str, ...]:
        """The themes that the main sentence or the thing speaks of, then those of the whole complaint."""
        about = themes_of(f"{self.part.text if self.part else ''} {self.topic}".lower())
        return tuple(dict.fromkeys((*about, *self.themes)))


def subject_of(reading: Reading, context: Context) -> Subject:
    """The subject of a complaint as the composer will name it."""
    unfit = _unfit(context)
    names = (context.brand.name, *context.brand.names)
    own = stems(" ".join(names))
    parts = [part for part in reading.parts if not unfit(part.text)]
    plain = [part for part in parts if stems(part.text) - own]
    if plain and plain[0].weight >= parts[0].weight - 5:
        parts = [*plain, *(part for part in parts if part not in plain)]
    if reading.question and parts and parts[0].kind == "trying" and parts[0].weight == WISHED:
        parts = parts[1:]
    part = parts[0] if parts else None
    low = context.complaint.text.lower()
    brand_words = [word for name in names for word in name.lower().split()]
    topic = named(reading, part, low, unfit, brand_words)
    if part is not None and part.kind != "question" and not (stems(part.text) - own) and stems(topic) - own:
        part, parts = None, []
    form = "nothing"
    if part is not None:
        form = {"happened": "happened", "trying": "happened"}.get(part.kind, part.kind)
    elif reading.kind == "praise":
        form = "praise"
    elif (
        reading.kind == "question" and reading.words > 3 and not (topic and (reading.trouble or not _ASKED.search(low)))
    ):
        asks = _ASKED.search(low) and not reading.trouble
        form = "open" if topic else "unknown" if asks else "nothing"
    elif topic:
        form = "topic"
    other = next((p for p in parts[1:] if p.text != parts[0].text and p.kind in {"happened", "trying"}), None)
    more = () if form == "happened" else details(reading, topic, low, unfit, brand_words)
    if not topic and more and form in {"nothing", "unknown"}:
        topic, more, form = more[0], more[1:], "open" if form == "unknown" else "topic"
    return Subject(reading, form, part, other, topic, reading.themes, context.complaint.text, more)


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


def lines_of(angle: Angle, subject: Subject, context: Context, salt: int) -> tuple[list[Line], tuple[Offer, ...]]:
    """The lines of one draft and the offers that it makes."""
    opener = _opener(angle, subject, context, salt)
    feel = _feel(angle, subject, context, salt)
    lines = [Line(opener), Line("" if _echoes(feel, opener) else feel, 5)]
    offers: tuple[Offer, ...] = ()
    if angle is Angle.PUT_RIGHT:
        known, done = _known(subject, context, salt), _done(subject, context, salt)
        offers = _offers(subject, context)
        lines += [*known, *done]
        lines += [Line(_s("offer", subject, context, salt, o=offer.text.rstrip(".")), 2) for offer in offers]
        lines.append(Line(_s("step_after", subject, context, salt) if known or done else _step(subject, context, salt)))
    elif angle is Angle.ASK:
        lines += _ask(subject, context, salt)
    else:
        lines += [*_known(subject, context, salt + 1), Line(_own_step(subject, context, salt))]
    return lines, offers


def _echoes(line: str, opener: str) -> bool:
    """Whether the line says again what the opener has just said."""
    return any(
        word in line and word in opener
        for word in (
            "deserve",
            "struggl",
            "let you down",
            "come to this",
            "without an answer",
            "worr",
            "should have had",
            "count",
        )
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
    """The first sentence: the apology, and what it is for."""
    data: Mapping[str, Any] = load("sentences.yml")
    groups: Mapping[str, Any] = data["openers"][subject.form]
    key = angle.value
    part, form = subject.part, subject.form
    by_thing = (
        form == "happened" and angle is Angle.ASK and subject.topic and subject.topic.startswith(("your ", "our "))
    )
    if form == "happened" and angle is Angle.ASK and subject.other is not None:
        part, by_thing = subject.other, False
    if by_thing:
        form, groups = "topic", data["openers"]["topic"]
    unable = _UNABLE.match(part.text) if part is not None and form == "happened" else None
    if unable:
        key += "_unable"
    elif part is not None and form == "happened" and angle is Angle.OWN and part.should:
        key = "own_should"
    lines = groups[key]
    if form == "topic":
        theme = _thing_theme(subject)
        lines = data["topics"].get(theme, groups)[key] if theme in data["topics"] else lines
    topic = subject.topic or "how it went"
    many = plural(topic)
    values = {
        "t": topic,
        "T": topic,
        "c": part.text if part else "",
        "u": unable.group("rest") if unable else "",
        "s": part.should if part else "",
        "S": capital(part.should) if part else "",
        "b": part.bare if part else "",
        "has": "have" if many else "has",
        "isn't": "aren't" if many else "isn't",
        "doesn't": "don't" if many else "doesn't",
        "it": "they" if many else "it",
    }
    return say(subject.pick(_allowed(lines, context), form + key, salt), context, **values)


def _thing_theme(subject: Subject) -> str:
    """The theme whose first sentences the thing fits; empty where the general ones are safer."""
    about = set(themes_of(subject.topic.lower()))
    if " you " in subject.topic:
        return "staff" if subject.topic.startswith(("how ", "the ")) else ""
    if "security" in subject.themes[:1] and subject.topic.startswith("the safety"):
        return "security"
    for theme in subject.themes[:2]:
        if theme == "access" and not re.match(r"(?:getting|logging|signing)", subject.topic):
            continue
        if theme in about or (theme == "access" and subject.topic.split(" ")[0].endswith("ing")):
            return theme
    return ""


def _allowed(lines: Sequence[str], context: Context) -> Sequence[str]:
    """The lines without the brand's banned words; all of them where none is left."""
    return [line for line in lines if not banned(line, context.brand.voice.banned_words)] or lines


def _waited(subject: Subject, context: Context) -> str:
    """How long the customer has waited, in their words; empty for a span that is a rule, an age or a membership."""
    low = context.complaint.text.lower()
    for wait in subject.reading.waits:
        at = low.find(wait)
        if at < 0 or not _LONG_WAIT.search(wait):
            continue
        before, around = low[max(0, at - 60) : at], low[max(0, at - 40) : at + len(wait) + 25]
        if _WAITED.search(before + low[at + len(wait) : at + len(wait) + 12]) and not _NO_WAIT.search(around):
            return wait
    return ""


def _feel(angle: Angle, subject: Subject, context: Context, salt: int) -> str:
    """The line on a feeling, an effort or a wait that the customer named; the three angles take different ones."""
    data = load("sentences.yml")
    reading, form = subject.reading, subject.form
    if form == "praise":
        return ""
    said = set(reading.feelings) | set(reading.efforts) | set(reading.stakes)
    if reading.words > LONG:
        said -= {"desperate", "travel", "confused", "work", "money", "annoyed", "loyal", "tried"}
    wait = _waited(subject, context) if form in _TOLD else ""
    if wait and (subject.part is None or wait not in subject.part.text):
        said.add("wait")
    keys = [key for key in _FEEL_ORDER if key in said and (form not in _ASKING or key in _ASKED_FEELINGS)]
    turn = {Angle.PUT_RIGHT: 0, Angle.ASK: 1, Angle.OWN: 2}[angle]
    if turn < len(keys):
        lines = data["feel"][keys[turn]]
        if keys[turn] == "wait" and not wait.startswith(("a ", "an ")) and len(wait.split()) < 2:
            lines = lines[-1:]
        return say(subject.pick(_allowed(lines, context), "feel" + keys[turn], salt), context, w=wait, W=capital(wait))
    if angle is not Angle.PUT_RIGHT or form not in {"happened", "topic"}:
        return ""
    care = data["care"]
    about = subject.leading() if form == "topic" else themes_of(subject.part.text.lower()) if subject.part else ()
    theme = next(iter(about), "")
    return say(subject.pick(_allowed(care[theme], context), "care", salt), context) if theme in care else ""


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
    """The first offer that fits what went wrong; questions and remarks call for none."""
    if subject.form not in _TOLD or context.actions or "security" in subject.themes[:1]:
        return ()
    offers = context.brand.policy.offers
    called = [offer for offer in offers if offer.when and _fits_offer(subject, offer, context)]
    if not called and subject.form == "happened":
        called = [offer for offer in offers if not offer.when]
    return tuple(called[:1])


def _fits_offer(subject: Subject, offer: Offer, context: Context) -> bool:
    """Whether the offer's words are in the complaint, and it is about the same kind of thing."""
    low = context.complaint.text.lower()
    told = f"{subject.part.text if subject.part else ''} {subject.topic}".lower()
    words = "|".join(re.escape(word.lower()) for word in offer.when)
    pattern = re.compile(rf"\b(?:{words})\b")
    themes = set(themes_of(" | ".join(offer.when).lower())[:2])
    if themes and not themes & set(subject.leading()[: 2 if subject.form == "happened" else 1]):
        return False
    whole = themes and subject.form == "happened" and subject.reading.words <= LONG
    return pattern.search(low if whole else told) is not None


def _theme(subject: Subject, known: Mapping[str, Any]) -> str:
    if subject.form in _ASKING:
        return "question"
    if subject.form == "praise":
        return subject.form
    return next((t for t in subject.leading() if t in known), "other")


def _step(subject: Subject, context: Context, salt: int) -> str:
    asking = subject.form in _ASKING
    if subject.details and subject.form in {"topic", "nothing", "open"}:
        said = _half("step_details", subject, context, salt, "open" if asking else "topic")
    else:
        said = _half("step", subject, context, salt, _theme(subject, load("sentences.yml")["step"]))
    return _whole(said, "tell_question" if asking else "tell", subject, context, salt)


def _half(name: str, subject: Subject, context: Context, salt: int, key: str = "") -> str:
    """The first half of a sentence of two: what we do, or what is ours."""
    data = load("sentences.yml")[name]
    said = subject.pick(_allowed(data[key] if key else data, context), name + key, salt)
    return said.replace("{d}", _listed(subject))


def _whole(half: str, name: str, subject: Subject, context: Context, salt: int) -> str:
    """The sentence with its second half, what the customer hears and when."""
    end = subject.pick(_allowed(load("sentences.yml")[name], context), name, salt)
    return say(half + end, context, by=deadline(context), here=place(context))


def _listed(subject: Subject) -> str:
    return " and ".join(subject.details)


def _own_step(subject: Subject, context: Context, salt: int) -> str:
    if subject.form == "praise":
        return _s("step", subject, context, salt, "praise") + "."
    if subject.form in _ASKING:
        return _whole(_half("own_question", subject, context, salt), "tell_question", subject, context, salt)
    if subject.details and subject.form in {"topic", "nothing"}:
        return _whole(_half("own_details", subject, context, salt), "change_details", subject, context, salt)
    if next(iter(subject.leading()), "") in _DECIDED or subject.form == "request":
        return _whole(_half("own_policy", subject, context, salt), "change_policy", subject, context, salt)
    return _whole(_half("own_step", subject, context, salt), "change", subject, context, salt)


def _ask(subject: Subject, context: Context, salt: int) -> list[Line]:
    """The one question, the first whose answer the complaint does not hold already."""
    data = load("sentences.yml")["questions"]
    low = " ".join([context.complaint.text, *(m.text for m in context.complaint.thread)]).lower()
    theme = _theme(subject, data)
    themes = set(subject.themes)
    pool = [
        q["ask"]
        for q in data[theme]
        if not any(sign in low for sign in q["unless"])
        and ("if" not in q or any(sign in low for sign in q["if"]))
        and ("only" not in q or themes & set(q["only"]))
    ]
    question = subject.pick(pool or [q["ask"] for q in data["other"]], "question", salt)
    if subject.form == "praise":
        return [Line(capital(question))]
    if subject.details and subject.form in {"topic", "nothing", "open"}:
        lead = _s("ask_lead_details", subject, context, salt, d=_listed(subject))
    else:
        lead = _s("ask_lead_question" if subject.form in _ASKING else "ask_lead", subject, context, salt)
    return [Line(f"{lead} {question}"), Line(_s("ask_close", subject, context, salt), 4)]
