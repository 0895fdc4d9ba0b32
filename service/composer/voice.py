"""How a brand sounds: person, spelling, greeting, sign-off, and what fits the channel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.channels import length_of, limit_of
from service.domain import Channel, Context
from service.reading.words import load

_PERSON = {
    "I": {"I": "I", "I'm": "I'm", "I'll": "I'll", "I've": "I've", "me": "me", "my": "my"},
    "we": {"I": "we", "I'm": "we're", "I'll": "we'll", "I've": "we've", "me": "us", "my": "our"},
}
_FIELD = re.compile(r"\{([\w']+)\}")
_SHORT = frozenset(
    {Channel.X, Channel.SMS, Channel.BLUESKY, Channel.THREADS, Channel.MASTODON, Channel.WHATSAPP, Channel.CHAT}
)
_LETTERS = frozenset({Channel.EMAIL, Channel.FORM})


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a draft, and how gladly it is dropped when room is short; 0 is never dropped."""

    text: str
    spare: int = 0


def say(template: str, context: Context, **values: str) -> str:
    """The template in the brand's person and spelling, its first letter capital; unknown fields are left empty."""
    person = _PERSON[context.brand.voice.person]

    def fill(match: re.Match[str]) -> str:
        key = match.group(1)
        if key in person:
            return person[key]
        value = values.get(key, "")
        return capital(value) if len(key) == 1 and key.isupper() else value

    text = re.sub(r"(?<=[.?] )(?:we|our|you)\b", lambda m: m.group().capitalize(), _FIELD.sub(fill, template))
    if not context.brand.voice.british:
        for british, american in load("sentences.yml")["american"].items():
            text = text.replace(british, american).replace(british.capitalize(), american.capitalize())
    return capital(" ".join(text.split()))


def capital(text: str) -> str:
    """The text with a capital first letter in each sentence; names like iPhone keep theirs."""
    first = text.split(" ", 1)[0]
    if first[1:] != first[1:].lower():
        return text
    return text[:1].upper() + text[1:]


def deadline(context: Context) -> str:
    """The words " within 24 hours", as the promise limits allow, or nothing."""
    hours = context.brand.policy.promise_limits.max_reply_hours
    if hours is None or hours < 1:
        return ""
    if hours == 1:
        return " within the hour"
    return f" within {hours:g} hours"


def place(context: Context) -> str:
    """The word " here" in public; nothing where the reply is a letter of its own."""
    return " here" if context.complaint.public else ""


def greeting(context: Context) -> str:
    """The words "Hi Dana," where the brand greets and the first name is known; else nothing."""
    name = (context.complaint.author.name or "").split(" ")[0].strip(".,")
    if not context.brand.voice.greeting or not name.isalpha() or len(name) > 20 or (name.isupper() and len(name) > 3):
        return ""
    return f"Hi {name},"


def banned(text: str, words: Sequence[str]) -> bool:
    """Whether the text holds a word that the brand bans."""
    low = text.lower()
    return any(re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", low) for word in words)


def fits(text: str, channel: Channel) -> bool:
    """Whether the channel takes the text."""
    limit = limit_of(channel)
    return limit is None or length_of(text, channel) <= limit


def compose(lines: Sequence[Line], context: Context) -> str:
    """The lines as one text with greeting and sign-off, spare lines dropped until the channel takes it."""
    kept = [line for line in lines if line.text]
    while True:
        text = _joined(kept, context)
        if fits(text, context.complaint.channel):
            return text
        spare = max(kept, key=lambda line: line.spare)
        if spare.spare == 0:
            return text
        kept = [line for line in kept if line is not spare]


def _joined(lines: Sequence[Line], context: Context) -> str:
    voice = context.brand.voice
    hello = greeting(context)
    body = " ".join(line.text for line in lines)
    letter = context.complaint.channel in _LETTERS
    if hello:
        body = f"{hello}\n\n{body}" if letter else f"{hello} {body}"
    if voice.sign_off:
        body = f"{body}\n\n{voice.sign_off}" if letter else f"{body} {voice.sign_off}"
    return body
