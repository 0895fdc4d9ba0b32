"""One spelling of everything that looks the same, and the way back to the text as it was written."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import re2

from service.domain import Span

UNANCHORED: Any = re2._re2.RE2.Anchor.UNANCHORED
"""What RE2's own binding is told where a match may begin anywhere."""

_SAME = {
    **dict.fromkeys(map(ord, "‘’‚‛′ʼ´`＇"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
}
_ALIKE = dict(
    zip(
        map(ord, "авсԁеһіјԛорѕтухѵԝкмн" + "αβεικνορτυχγω" + "ɑɡıⅼ"),
        "abcdehijqopstyxvwkmh" + "abeikvoptuxyw" + "agil",
        strict=True,
    )
)
"""Letters of other alphabets that read as Latin ones; used only in a text that is mostly Latin."""


class _FoldTable(dict[int, str]):
    """Code point → its folded spelling, worked out once for each code point that is met."""

    def __init__(self, alike: Mapping[int, str]) -> None:
        super().__init__(_SAME)
        self.alike = alike

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = unicodedata.normalize("NFKC", char).casefold()
        if unicodedata.category(char) == "Cf" or 0xFE00 <= code <= 0xFE0F:
            folded = ""
        folded = "".join(_SAME.get(ord(c), self.alike.get(ord(c), c)) for c in folded)
        if len(self) < 20_000:
            self[code] = folded
        return folded


_PLAIN = _FoldTable({})
_LATIN = _FoldTable(_ALIKE)
_OTHER_ALPHABET = re.compile("[\u0370-\u052f]")
_LATIN_LETTER = re.compile("[a-zA-Z]")
_MARKS = re.compile("[\u0300-\u036f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True)
class Folded:
    """A text in its folded spelling, which remembers where each piece came from."""

    text: str
    original: str
    starts: tuple[int, ...] | None = None
    """Original offset of each folded code point, and the original length last; ``None`` when nothing moved."""

    @cached_property
    def data(self) -> bytes:
        """The folded text as RE2 reads it."""
        return self.text.encode()

    def first(self, pattern: Any) -> Span | None:
        """The original's words where an RE2 pattern first matches."""
        data = self.data
        start, end = pattern._regexp.Match(UNANCHORED, data, 0, len(data))[0]
        if start < 0:
            return None
        if len(data) == len(self.text):
            return self.span(start, end)
        return self.span(len(data[:start].decode()), len(data[:end].decode()))

    def span(self, start: int, end: int) -> Span:
        """The original's code points that the folded ``[start, end)`` was made from."""
        if self.starts is None:
            return Span(start, end)
        if end <= start:
            return Span(self.starts[start], self.starts[start])
        while end < len(self.starts) - 1 and self.starts[end] == self.starts[end - 1]:
            end += 1
        return Span(self.starts[start], self.starts[end])

    def at(self, position: int) -> int:
        """Where the original's position went: the folded code point that starts there or after it."""
        if self.starts is None:
            return position
        return bisect_right(self.starts, position - 1) if position else 0


_JOINER = "\u200d"
"""What is invisible between letters, and holds an emoji together."""
_ODD = re.compile(
    "[\u00b2\u00b3\u00b9\u0300-\u036f\u0370-\u052f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u2070-\u209f"
    "\u20d0-\u20ff\u2460-\u24ff\u3164\ufe00-\ufe0f\ufe20-\ufe2f\uff01-\uffee\U0001d400-\U0001d7ff\U000e0000-\U000e0fff]"
)
"""What may not be what it looks like: marks, letters of other alphabets, of full width and of mathematics, fillers."""
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_LOOKALIKES = {
    **_ALIKE,
    **dict(zip(map(ord, "АВЕІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"), "ABEIJKMHOPCTYXABEZHIKMNOPTYX", strict=True)),
}


def smooth(text: str) -> Folded:
    """The text as it reads: one blank for a run of blanks, nothing invisible, each letter the one that it looks like.

    Line ends, capitals and quotation marks stay. What reads the same is judged the same, and every place in the
    smooth text leads back to the text as it was written.
    """
    odd = not text.isascii() and _ODD.search(text) is not None
    if not odd and "  " not in text and text.replace("\n", "").isprintable():
        return Folded(text, text)
    disguised = odd and _disguised(text)
    pieces: list[str] = []
    starts: list[int] = []
    last = ""
    for index, written in enumerate(text):
        if written == "\n" or (written.isascii() and written.isprintable() and written != " "):
            char = written
        elif written.isspace():
            if last == " ":
                continue
            char = " "
        elif _unseen(written) and (not last or last.isalnum() or last.isspace()):
            continue
        elif last.isalpha() and unicodedata.combining(written):
            if len(joined := unicodedata.normalize("NFC", last + written)) == 1:
                pieces[-1] = last = joined
                continue
            if last in _LATIN_LETTERS:
                continue
            char = written
        else:
            char = _looks_like(written, disguised)
        pieces.append(char)
        starts.append(index)
        last = char
    return Folded("".join(pieces), text, (*starts, len(text)))


_LATIN_LETTERS = frozenset(map(chr, (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x250))))


def _unseen(char: str) -> bool:
    """Whether a character leaves no trace of its own."""
    code = ord(char)
    return (
        char in _FILLERS or 0xFE00 <= code <= 0xFE0F or 0xE0000 <= code <= 0xE0FFF or unicodedata.category(char) == "Cf"
    )


def _looks_like(char: str, disguised: bool) -> str:
    """The plain letter or digit that a character looks like; itself where it is one of its own."""
    if disguised and (alike := _LOOKALIKES.get(ord(char))):
        return alike
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 and plain.isalnum() else char if not "\uff01" <= char <= "\uff5e" else plain


def fold(text: str) -> Folded:
    """Casefolded, compatibility forms and look-alike letters made one, quotes straight, invisible characters gone."""
    if text.isascii():
        return Folded(text.lower(), text)
    swaps = _swaps("".join(set(_NOT_ASCII.findall(text))))
    if swaps is not None:
        folded = text
        for char, same in swaps:
            folded = folded.replace(char, same)
        return Folded(folded.lower(), text)
    table = _PLAIN
    if _disguised(text):
        table = _LATIN
    if _MARKS.search(text):
        return _fold_clusters(text, table)
    folded = text.translate(table)
    if len(folded) == len(text) and all(len(table[ord(c)]) == 1 for c in set(text)):
        return Folded(folded, text)
    starts = [index for index, char in enumerate(text) for _ in table[ord(char)]]
    return Folded(folded, text, (*starts, len(text)))


def _disguised(text: str) -> bool:
    """Whether letters of another alphabet stand among Latin ones."""
    others = len(_OTHER_ALPHABET.findall(text))
    return bool(others) and 2 * others <= len(_LATIN_LETTER.findall(text))


@lru_cache(maxsize=2048)
def _swaps(odd: str) -> tuple[tuple[str, str], ...] | None:
    """What to replace in a text with these characters beyond ASCII; ``None`` when that is not all there is to do."""
    if _OTHER_ALPHABET.search(odd) or _MARKS.search(odd):
        return None
    swaps = [(char, _PLAIN[ord(char)]) for char in odd]
    if any(len(same) != 1 or same.lower() != same or _PLAIN[ord(same)] != same for _, same in swaps):
        return None
    return tuple((char, same) for char, same in swaps if char != same)


_MOST_MARKS = 30
"""No letter carries more marks; sorting thousands of them would take seconds."""


def _fold_clusters(text: str, table: _FoldTable) -> Folded:
    """Fold a text with combining marks: a letter and its marks become one."""
    pieces: list[str] = []
    starts: list[int] = []
    index = 0
    while index < len(text):
        end = index + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        piece = unicodedata.normalize("NFKC", text[index : min(end, index + _MOST_MARKS)]).translate(table)
        if piece[:1] in _LATIN_LETTERS:
            piece = _MARKS.sub("", piece)
        pieces.append(piece)
        starts.extend([index] * len(piece))
        index = end
    return Folded("".join(pieces), text, (*starts, len(text)))


_LETTERS = re.compile(r"[^\W\d_]+")
_BETWEEN = {code: " " for code in range(128) if not chr(code).isalpha()}
"""What parts the words of a plain text."""


@lru_cache(maxsize=64)
def letters(text: str) -> frozenset[str]:
    """The distinct words of a text in lower case: runs of letters, apostrophes apart."""
    low = text.lower()
    if not low.isascii():
        low = low.replace("—", " ").replace("’", " ")
    return frozenset(low.translate(_BETWEEN).split() if low.isascii() else _LETTERS.findall(low))
