"""Where the sentences of a text begin and end."""

from __future__ import annotations

import re
from functools import lru_cache

from service.domain import Span

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'’”)\]]*+(?=\s|$|[A-Z^~*][a-z])|[。！？]+|\n\s*")
_MAYBE_END = re.compile(r"[.!?…。！？\n]")
_ABBREVIATED = frozenset({
    "mr", "mrs", "ms", "dr", "prof", "st", "no", "nos", "vs", "etc", "inc", "ltd", "co", "corp", "dept", "approx", "ca",
    "bzw", "nr", "tel", "sr", "sra", "dra", "núm", "art",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
})  # fmt: skip
_DOTTED = ("z.b.", "z. b.", "d.h.", "d. h.", "u.a.", "u. a.", "e.g.", "i.e.", "p.ej.", "a.m.", "p.m.")
"""Abbreviations of several words, with the full stop that may end a sentence."""
_REACH = 8
"""No abbreviation reaches farther back from its full stop, in code points."""
_LISTED = re.compile(r" {0,6}\d{1,2}")
"""The number of a point in a list, up to its full stop."""


_NEXT = re.compile(r" *+(.?)", re.DOTALL)


@lru_cache(maxsize=64)
def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text, trimmed of white space; a line break ends one, an abbreviation or a URL does not."""
    spans: list[Span] = []
    start = 0
    at = 0
    while (sign := _MAYBE_END.search(text, at)) is not None:
        match = _END.match(text, sign.start())
        if match is None:
            at = sign.end()
            continue
        at = end = match.end()
        if match.group() == "." and _goes_on(text, start, end):
            continue
        _append(spans, text, start, end)
        start = end
    _append(spans, text, start, len(text))
    return tuple(spans)


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether the full stop before ``end`` belongs to an abbreviation and the sentence goes on."""
    first = end - 1
    while first > start and end - first < _REACH and text[first - 1].isalnum():
        first -= 1
    word = text[first : end - 1]
    if len(word) > 2 and word.lower() not in _ABBREVIATED:
        return False
    if not _abbreviates(text, word, first, max(start, end - _REACH), end):
        return False
    following = _NEXT.match(text, end)[1]  # type: ignore[index]  # it matches the empty string too
    last = text[max(0, end - _REACH) : end].split()[-1].lower()
    if last in {"a.m.", "p.m.", "etc.", "inc.", "ltd.", "co."}:
        return bool(following) and not following.isupper()
    return bool(following)


def _abbreviates(text: str, word: str, first: int, low: int, end: int) -> bool:
    """Whether a word of ``first`` to ``end``, its full stop included, is an abbreviation; nothing before ``low`` is."""
    if _word_begins(text, first) and (
        word.lower() in _ABBREVIATED or (len(word) == 1 and word.isalpha() and word.isascii())
    ):
        return True
    if word.isdecimal():
        line = text.rfind("\n", low, first) + 1
        return (line > low or low == 0) and _LISTED.fullmatch(text, line, end - 1) is not None
    tail = text[low:end].lower()
    return any(tail.endswith(each) and _word_begins(text, end - len(each)) for each in _DOTTED)


def _word_begins(text: str, at: int) -> bool:
    """Whether no word runs into this place."""
    return at == 0 or not (text[at - 1].isalnum() or text[at - 1] == "_")


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append(Span(start, end))
