"""Where the sentences of a text begin and end."""

from __future__ import annotations

import re
from functools import lru_cache

from service.domain import Span

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'’”)\]]*+(?=\s|$|[A-Z^~*][a-z])|[。！？]+|\n\s*")
_MAYBE_END = re.compile(r"[.!?…。！？\n]")
_ABBREVIATED = frozenset({
    "prof", "nos", "vs", "etc", "inc", "ltd", "corp", "dept", "approx", "bzw", "tel", "sra", "dra", "núm", "art", "mrs",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
})  # fmt: skip
"""The longer ones of the abbreviations."""
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|no|nos|vs|etc|inc|ltd|co|corp|dept|approx|ca|bzw|ca|nr|tel|sr|sra|dra|núm|art|"
    r"z\. ?b|d\. ?h|u\. ?a|e\.g|i\.e|p\.ej|a\.m|p\.m|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|\b[A-Z]|(?:^|\n) {0,6}\d{1,2})\.$",
    re.IGNORECASE,
)


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
    while first > start and end - first < 8 and text[first - 1].isalnum():
        first -= 1
    word = text[first : end - 1]
    if len(word) > 2 and word.lower() not in _ABBREVIATED:
        return False
    if not _ABBREVIATION.search(text, max(start, end - 8), end):
        return False
    following = _NEXT.match(text, end)[1]  # type: ignore[index]  # it matches the empty string too
    last = text[max(start, end - 8) : end].split()[-1].lower()
    if last in {"a.m.", "p.m.", "etc.", "inc.", "ltd.", "co."}:
        return bool(following) and not following.isupper()
    return bool(following)


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append(Span(start, end))
