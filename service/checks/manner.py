"""How a draft speaks: who speaks, what happens next, in which language and in whose voice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from service.checks.view import View
from service.domain import Finding, Span
from service.errors import CannotTell
from service.folding import fold
from service.language import detect, may_be

NO_STEP = "Say what we will do, have done, or need from the customer in order to fix this; a link alone is no step."
NOBODY = "Let somebody speak: say “I” or “we”, so that a person takes responsibility."

_LINK = re.compile(r"https?://\S+|<url>|www\.\S+|(?<![\w.-])[\w-]++(?:\.[\w-]++)++/\S*", re.IGNORECASE)
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}|[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55\u203c\u2049\u231a-\u23ff]"
    "[\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d[\U0001f300-\U0001faff\u2600-\u27bf]\ufe0f?)*"
)
_MAYBE_EMOJI = re.compile("[\u203c-\u2bff\U0001f000-\U0001ffff]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SLOT = re.compile(r"\{\{\w+\}\}")


def next_step(view: View) -> Iterator[Finding]:
    """Flag a draft that says nothing of what we will do, have done or need.

    Sending the customer elsewhere is a step too, whatever `offline_push` says of it, and so is what a draft
    gives; an offer of more help is none.
    Source: S3.3; S0.
    """
    view.must_know("step")
    if _asks(view) or _acts(view, "step") or _acts(view, "offline_push") or _gives(view):
        return
    yield view.finding("next_step", NO_STEP, Span(len(view.text), len(view.text)))


_GIVEN = frozenset({"refund", "replacement", "credit", "action"})
"""Kinds of commitments that put something right; a promise to look or to answer is a step only in words that say so."""


def _gives(view: View) -> bool:
    """Whether the draft commits to anything that puts the matter right."""
    return any(commitment.kind in _GIVEN for commitment in view.promised.commitments)


def _acts(view: View, family: str) -> bool:
    """Whether the rules of a family are about any place but an idle offer."""
    idle = [hit.span for hit in view.hits("idle_offer")]
    return any(not any(hit.span.overlaps(offer) for offer in idle) for hit in view.each(family))


def _asks(view: View) -> bool:
    """Whether a question is put whose answer we need."""
    if "?" not in view.text:
        return False
    idle = [hit.span for hit in view.hits("idle_question")]
    return any(
        _LINK.sub("", s.of(view.text)).rstrip("\"'”’) ").endswith("?") and not any(s.overlaps(i) for i in idle)
        for s in view.sentences
    ) or any(not any(i.start <= m.start() <= i.end for i in idle) for m in re.finditer(r"\?(?=\s)", view.text))


def distance(view: View) -> Iterator[Finding]:
    """Flag a draft in which nobody speaks, or that passes the fault on. Source: S0, "take responsibility"."""
    view.must_know("first_person")
    if not view.holds("first_person"):
        yield view.finding("distance", NOBODY, view.sentences[0] if view.sentences else Span(0, 0))
    yield from view.findings("distance")


def language(view: View) -> Iterator[Finding]:
    """Flag a draft in another language than the complaint, or than the one asked for.

    A complaint too short to tell its language still tells whether it can be the draft's.
    """
    wanted = view.context.language
    found = detect(_SLOT.sub(" ", view.text) if "{{" in view.text else view.text)
    if found is None:
        raise CannotTell("The draft is too short to tell its language.")
    if wanted is None:
        complaint = view.context.complaint.text
        if complaint.strip() and not may_be(complaint, found):
            raise CannotTell("The language of the complaint could not be told.")
    elif found != wanted:
        message = f"Write it in the customer's language ({wanted}); this reads as {found}."
        yield view.finding("language", message, Span(0, len(view.text)))


def voice(view: View) -> Iterator[Finding]:
    """Flag what the brand's voice guide rules out, and what it demands and is missing. Source: the voice guide."""
    yield from _banned(view)
    yield from view.findings("voice")
    yield from _signed(view)
    yield from _emoji(view)
    yield from _shouted(view)
    yield from _hard_to_read(view)


def _banned(view: View) -> Iterator[Finding]:
    folded = view.folded
    for banned, word in _folded(view.context.brand.voice.banned_words):
        at = folded.text.find(word) if word else -1
        while at >= 0:
            end = at + len(word)
            if not _inside_word(folded.text, at, end):
                span = folded.span(at, end)
                yield view.finding(
                    "voice", f"The voice guide bans “{banned}”; say it another way.", span, rule="banned"
                )
            at = folded.text.find(word, end)


@lru_cache(maxsize=256)
def _folded(words: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Words of a voice guide, each with its folded spelling."""
    return tuple((word, fold(word).text.strip()) for word in words)


def _inside_word(text: str, start: int, end: int) -> bool:
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    return before or (end < len(text) and text[end].isalnum() and text[end - 1].isalnum())


def _signed(view: View) -> Iterator[Finding]:
    sign_off = view.context.brand.voice.sign_off
    if sign_off and _folded((sign_off,))[0][1] not in view.folded.text:
        end = Span(len(view.text), len(view.text))
        yield view.finding("voice", f"Close with the sign-off “{sign_off.strip()}”.", end, rule="sign_off")


def _emoji(view: View) -> Iterator[Finding]:
    if _MAYBE_EMOJI.search(view.text) is None:
        return
    guide = view.context.brand.voice
    for seen, match in enumerate(_EMOJI.finditer(view.text), start=1):
        span = Span(match.start(), match.end())
        if match.group().rstrip("\ufe0f") not in {emoji.rstrip("\ufe0f") for emoji in guide.emoji}:
            yield view.finding("voice", "The voice guide does not allow this emoji; take it out.", span, rule="emoji")
        elif seen > guide.max_emoji:
            message = f"The voice guide allows {guide.max_emoji} emoji in a reply; take this one out."
            yield view.finding("voice", message, span, rule="emoji")


def _shouted(view: View) -> Iterator[Finding]:
    limit = view.context.brand.voice.max_exclamation_marks
    if view.text.count("!") <= limit:
        return
    places = [match.start() for match in re.finditer("!", view.text)]
    message = f"The voice guide allows {limit} exclamation marks in a reply; end this sentence with a full stop."
    yield view.finding("voice", message, Span(places[limit], places[limit] + 1), rule="exclamation_marks")


def _hard_to_read(view: View) -> Iterator[Finding]:
    limit = view.context.brand.voice.max_reading_grade
    if limit is None or view.evidence.language != "en":
        return
    grade = reading_grade(view.text, len(view.sentences))
    if grade is not None and grade > limit:
        hardest = max(view.sentences, key=lambda s: len(_WORD.findall(s.of(view.text))))
        message = (
            f"This reads at school grade {grade:.0f}, above the guide's {limit:.0f}; use shorter sentences and words."
        )
        yield view.finding("voice", message, hardest, rule="reading_grade")


_LEAST_WORDS = 20


def reading_grade(text: str, sentence_count: int) -> float | None:
    """Flesch–Kincaid grade of an English text; ``None`` below twenty words, where it says nothing."""
    low = text.lower()
    linked = "/" in text or "<" in text or "www." in low
    sizes = list(map(_size, (_LINK.sub(" ", low) if linked else low).split()))
    words = sum([count for count, _ in sizes])
    if words < _LEAST_WORDS or not sentence_count:
        return None
    syllables = sum([count for _, count in sizes])
    return 0.39 * words / sentence_count + 11.8 * syllables / words - 15.59


@lru_cache(maxsize=16384)
def _size(token: str) -> tuple[int, int]:
    """How many words and syllables stand between two blanks."""
    words = _WORD.findall(token)
    return len(words), sum(map(_syllables, words))


def _syllables(word: str) -> int:
    count = len(_VOWELS.findall(word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and count > 1:
        count -= 1
    return max(1, count)
