"""The complaint taken apart: what happened, to what, for how long, how much, what is asked, what is felt.

Nothing here guesses: a statement that the small grammar of ``clauses`` does not understand is left out, and the
reading then holds only the things and the theme that the words name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from service.domain import Span
from service.reading.asks import asked
from service.reading.clauses import Parser, tokens
from service.reading.parts import Part
from service.reading.signs import amounts_in, found_in, keywords_in, names_in, quotes_in, themes_of, waits_in
from service.reading.sound import mended, shortened
from service.reading.statements import meant_by_it, statements
from service.reading.telling import Statement
from service.reading.tidy import tidy
from service.reading.words import NEGATED, english, listed
from service.terms import stems

__all__ = ["Kind", "Part", "Reading", "read", "themes_of"]


Kind = Literal["problem", "question", "request", "praise", "plea", "remark"]
"""What the customer came for; a plea asks for help and says no more, a remark asks for nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A complaint taken apart; every tuple may be empty."""

    kind: Kind
    parts: tuple[Part, ...] = ()
    """What happened and what is asked, the plainest problem first."""
    topics: tuple[str, ...] = ()
    """Things of the customer's or ours, as phrases, the surest first."""
    names: tuple[str, ...] = ()
    """Products, places and codes that the complaint names."""
    keywords: tuple[str, ...] = ()
    """Runs of content words, for a complaint that names nothing else."""
    quotes: tuple[str, ...] = ()
    """Short texts that the complaint quotes, such as an error message."""
    waits: tuple[str, ...] = ()
    """How long it has lasted, in the customer's words: "three weeks"."""
    amounts: tuple[str, ...] = ()
    feelings: tuple[str, ...] = ()
    efforts: tuple[str, ...] = ()
    stakes: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    """What it is about, the strongest first."""
    praise: bool = False
    trouble: bool = False
    """Whether some word of it speaks of trouble, though perhaps in no sentence that could be told."""
    question: bool = False
    words: int = 0


_PIECE = re.compile(r"[^.!?|\n]+(?:\.(?=[a-z0-9])[^.!?|\n]+)*[.!?]*")


_THIRD_PARTIES = re.compile(
    r"\b(?:seller|buyer|hacker|thief|thieves|scammer|people|someone|friend|teacher|student|neighbo|police|landlord|gouger|creditor|bureau)"
)


_LETTER, _UPPER, _HEAD = re.compile(r"[^\W\d_]"), re.compile(r"[A-Z]"), re.compile(r"\b[A-Za-z]")
MOST_SENTENCES = 24
LETTER = 900
"""Code points from which only those sentences are taken apart that speak of trouble or of a wish."""
_TELLING = listed(
    "not never no unable nobody nothing charged charge refused still despite please reported twice how my"
)
LONGEST_SENTENCE = 900
"""Code points; a longer run without a full stop is no sentence."""


def read(text: str, language: str | None = "en", *, names: Sequence[str] = ()) -> Reading:
    """Take a complaint apart; ``names`` are the brand's own, which the customer's "you" may hide behind.

    Only English is taken apart into parts; of any other language the reading keeps amounts and names.
    """
    flat = _unshout(tidy(text))
    low = flat.lower()
    lex = english()
    words = len(re.findall(r"\w+", flat))
    if language not in {"en", None}:
        return Reading(kind="remark", amounts=amounts_in(flat), words=words)
    parts, topics = _parts_of(_unquoted(flat), names)
    feelings, efforts, stakes, praise = found_in(low)
    question = "?" in text
    trouble = any(w in NEGATED or w in lex.trouble for w in low.split())
    kind = _kind(parts, praise, trouble, question, words)
    return Reading(
        kind=kind,
        parts=tuple(sorted(parts, key=lambda part: -part.weight)),
        topics=topics,
        names=names_in(flat, names),
        keywords=keywords_in(flat),
        quotes=quotes_in(flat),
        waits=waits_in(flat),
        amounts=amounts_in(flat),
        feelings=feelings,
        efforts=efforts,
        stakes=stakes,
        themes=themes_of(low),
        praise=praise,
        trouble=trouble,
        question=question,
        words=words,
    )


def _unquoted(flat: str) -> str:
    """The text with longer quotations blanked: what someone else said is no statement of the customer's."""
    return re.sub(
        r'"[^"\n]{1,200}"',
        lambda m: "|" + " " * (len(m.group()) - 1) if " " in m.group().strip('" ') else m.group().replace('"', " "),
        flat,
    )


def _kind(parts: Sequence[Part], praise: bool, trouble: bool, question: bool, words: int) -> Kind:
    if any(part.kind in {"happened", "trying"} for part in parts):
        return "problem"
    if any(part.kind == "request" for part in parts):
        return "request"
    if any(part.kind == "question" for part in parts):
        return "question"
    if praise and not question and not trouble:
        return "praise"
    if question:
        return "question"
    return "plea" if words <= 8 else "remark"


def _unshout(flat: str) -> str:
    letters, upper = len(_LETTER.findall(flat)), len(_UPPER.findall(flat))
    if letters > 12 and upper > 0.6 * letters:
        return flat.lower()
    heads = _HEAD.findall(flat)
    if len(heads) > 7 and sum(head.isupper() for head in heads) > 0.75 * len(heads):
        return flat.lower()
    return flat


def _parts_of(flat: str, names: Sequence[str]) -> tuple[list[Part], tuple[str, ...]]:
    """The parts of the text, each once, and the things that it names, the surest first."""
    lex = english()
    parser = Parser(lex, names, they_are_us=not _THIRD_PARTIES.search(flat.lower()))
    parts: list[Part] = []
    topics: dict[str, int] = {}
    antecedent = ""
    letter, telling = len(flat) > LETTER, _TELLING | NEGATED.keys() | lex.trouble
    for match in islice(_PIECE.finditer(flat), MOST_SENTENCES):
        sentence = match.group().strip()
        if not 3 <= len(sentence) <= LONGEST_SENTENCE:
            continue
        if letter and not telling & set(sentence.lower().split()):
            continue
        span = Span(match.start(), match.end())
        asks = asked(sentence, parser, span)
        parts.extend(asks)
        toks = tokens(sentence, lex)
        found = statements(sentence, toks, parser, antecedent, skip=any(p.kind == "question" for p in asks))
        for statement, aside in found:
            if statement.topic not in {"", "you", "we"}:
                topics[statement.topic] = topics.get(statement.topic, 0) + 2
            if statement.weight and not aside:
                told = shortened(mended(statement.text), statement.subject)
                if told:
                    parts.append(_part_of(replace(statement, text=told), span))
        antecedent = meant_by_it(found[-1][0]) if found else ""
        for phrase, weight in _phrases(toks, parser):
            topics[phrase] = topics.get(phrase, 0) + weight
    unique: dict[str, Part] = {}
    for part in parts:
        if part.text not in unique or unique[part.text].weight < part.weight:
            unique[part.text] = part
    return list(unique.values()), tuple(sorted(topics, key=lambda t: -topics[t])[:6])


def _part_of(statement: Statement, span: Span) -> Part:
    """A statement as a part; concrete and short ones weigh more."""
    weight = 2 * statement.weight - 4 + (2 if statement.topic else 0)
    weight += min(4, 2 * len(stems(statement.text))) - max(0, len(statement.text.split()) - 13)
    return Part("happened", statement.text, span, max(1, weight), statement.topic, statement.should)


def _phrases(toks: Sequence[str], parser: Parser) -> Iterator[tuple[str, int]]:
    """The things named with "my", "your" or "the", and how surely the complaint is about each."""
    for i, word in enumerate(toks):
        low = word.lower()
        if low in {"my", "your", "our", "the"}:
            phrase = parser.phrase(toks[i : i + 7])
            if phrase:
                yield phrase, 2 if low == "my" else 1
