"""The concrete content words of a text, by stem: what a complaint is about, apart from how anyone would say it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from service.domain import Span

_LINK = re.compile(r"(?:https?://|www\.)\S+")
_SKIP = re.compile(r"<\w{1,9}>|⟦[^⟧\s]{1,40}⟧|\{\{[^{}]{1,60}\}\}|@[\w/]+|\^[\w/]+|\*[\w/]+|~[\w/]+")
"""Links, mentions, tokens, slots and the initials that agents sign with: nothing of the complaint.

Each alternative begins with one sign, which lets the search pass over everything else.
"""
_SIGNS: Final = ("@", "{{", "⟦", "<", "^", "*", "~")
"""What they begin with."""
_WORD = re.compile(r"[^\W_]+(?:['’&][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_CONTRACTED = re.compile(r"['’](?:s|re|ve|ll|d|m|t)$")
_LONGEST: Final = 40
"""Longer runs of letters are keys being held down, not words."""


_SUFFIXES: Final = (
    ("ications", 3),
    ("ication", 3),
    ("ations", 4),
    ("ation", 4),
    ("ments", 4),
    ("ment", 4),
    ("ings", 3),
    ("ing", 3),
    ("edly", 3),
    ("ied", 3),
    ("ed", 3),
    ("ions", 4),
    ("ion", 4),
    ("ally", 4),
    ("ly", 4),
    ("ness", 4),
    ("est", 5),
    ("er", 5),
    ("or", 5),
    ("ate", 4),
)
"""Ending → how many letters must stand before it."""


class Term(NamedTuple):
    """One content word, and where it stands."""

    stem: str
    """The word's stem, or the name of the family of synonyms that it belongs to."""
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


def terms(text: str) -> tuple[Term, ...]:
    """Find the words that name something, in the order of the text; repeated ones are repeated."""
    found: list[Term] = []
    words = _words()
    pairs, firsts = words.pairs, words.firsts
    if "://" in text or "www." in text:
        text = _LINK.sub(_blank, text)
    if any(sign in text for sign in _SIGNS):
        text = _SKIP.sub(_blank, text)
    low = text.lower() if text.isascii() else _lowered(text)
    named, new = _NAMED, tuple.__new__
    before, begun, at = "", 0, 0
    for word in _WORD.findall(low):
        at = low.find(word, at)  # only signs stand between a word and the next
        end = at + len(word)
        pair = pairs.get((before, word)) if before in firsts else None
        if pair is not None:
            found.append(new(Term, (pair, begun, end)))
        elif known := named[word]:
            found.append(new(Term, (known, at, end)))
        before, begun, at = word, at, end
    return tuple(found)


def _blank(match: re.Match[str]) -> str:
    return "\n" * (match.end() - match.start())


def _lowered(text: str) -> str:
    """Lower a text without moving a code point; the few letters that would grow stay as they are."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def stems(text: str) -> frozenset[str]:
    """Collect the distinct stems of a text's terms."""
    return frozenset([term[0] for term in terms(text)])


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Cut a lower-case English word down to what its forms share; other languages lose at most a plural."""
    word = _POSSESSIVE.sub("", word)
    irregular = _words().irregular
    if word in irregular:
        return irregular[word]
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    for suffix, shortest in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= shortest:
            word = word[: -len(suffix)]
            break
    if len(word) > 3 and word[-1] in "ei":
        word = word[:-1]
    if len(word) > 5 and word[-1] == "y":
        word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "so":
        word = word[:-1]
    return irregular.get(word, word)


class _Named(dict[str, str]):
    """Lower-case word → the term that it stands for, worked out once for each word that is met."""

    def __missing__(self, word: str) -> str:
        term = _term_of(word) if len(word) <= _LONGEST else ""
        if len(self) < _MOST_REMEMBERED:
            self[word] = term
        return term


_MOST_REMEMBERED: Final = 16_384
_NAMED: Final = _Named()


def _term_of(word: str) -> str:
    """Give the term that a lower-case word stands for; empty for a word that names nothing."""
    known = _words()
    word = word.replace("’", "'")
    plain = _CONTRACTED.sub("", word)
    if word in known.stop or plain in known.stop or word.isdigit() or len(plain) < 2:
        return ""
    root = stem(plain)
    family = known.families.get(plain) or known.families.get(root)
    if family:
        return family
    if plain in known.generic or root in _generic_stems() or (len(plain) == 2 and plain not in known.short):
        return ""
    return root


@dataclass(frozen=True, slots=True)
class _Words:
    """The word lists of lexicon/terms.yml, turned round for looking up."""

    stop: frozenset[str]
    generic: frozenset[str]
    short: frozenset[str]
    irregular: dict[str, str]
    families: dict[str, str]
    pairs: dict[tuple[str, str], str]
    firsts: frozenset[str]
    """The words that a pair begins with."""


@cache
def _words() -> _Words:
    """Read the word lists, once."""
    lists: dict[str, Any] = yaml.load(
        Path(__file__).with_name("lexicon").joinpath("terms.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return _Words(
        stop=frozenset(" ".join(lists["stop"].values()).split()),
        generic=frozenset(lists["generic"].split()),
        short=frozenset(lists["short"].split()),
        irregular={form: base for base, forms in lists["irregular"].items() for form in [base, *forms.split()]},
        families={word: name for name, words in lists["families"].items() for word in words.split()},
        pairs={
            (first, second): pair["is"]
            for pair in lists["pairs"]
            for first in pair["first"].split()
            for second in pair["second"].split()
        },
        firsts=frozenset(first for pair in lists["pairs"] for first in pair["first"].split()),
    )


@cache
def _generic_stems() -> frozenset[str]:
    """Give the stems of the generic words; a word that shares one names nothing either."""
    return frozenset(stem(word) for word in _words().generic)
