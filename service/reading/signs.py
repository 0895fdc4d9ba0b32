"""What else a complaint shows: waits, amounts, names, quotations, feelings, efforts and themes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

import re2

from service.reading.clauses import tokens
from service.reading.words import english, listed, load
from service.terms import terms

_WAIT = re.compile(
    r"\b(?:for|after|waited|waiting|been|over|past|last|nearly|almost|wasted|spent|takes|took"
    r"|lost)\s+(?:for\s+)?(?:like |about |at least |the past |the last |the |over |nearly |almost |around "
    r"|roughly |more than )*"
    r"(?P<span>(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|several|a few|few|many|a"
    r" couple of)\s?\+?\s?(?:full |whole |solid )?(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?"
    r"|years?))\b(?!\s*(?:ago|old|later))",
    re.IGNORECASE,
)
_LONG = re.compile(
    r"\bfor (?P<span>hours|days|weeks|months|years|ages)\b|\b(?P<span2>\d{1,2} (?:hours|days|weeks|months))"
    r" (?:now|already)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[£$€]\s?\d[\d,]*(?:\.\d{1,2})?(?![\dkKmM])|\b\d[\d,.]{0,9}\d? ?(?:euros?|dollars|pounds|usd|eur|gbp)\b",
    re.IGNORECASE,
)
_QUOTE = re.compile(r'"([^"|¤\n]{4,70})"')
_NAME = re.compile(
    r"\b(?:(?:[A-Z][a-z]+|[A-Z]{2,6}|i[A-Z][a-z]+) ){0,3}(?:[A-Z][A-Za-z]*\d+\w*|[A-Z]{2,6}\d*|i[A-Z][a-z]+"
    r"|[A-Z][a-z]{2,}(?: \d{1,4}[a-zA-Z]?)?)\b"
)
_CODE = re.compile(r"\berror(?: code)?:?\s*(?P<code>(?=[\w-]*\d)[A-Za-z0-9][\w-]{2,15})\b", re.IGNORECASE)
_GREETINGS = listed("not hello hi hey dear thanks thank thx ok good so also please pls just got since after")


def waits_in(flat: str) -> tuple[str, ...]:
    """How long it has lasted, each in the customer's words."""
    found = [m.group("span") for m in _WAIT.finditer(flat)] + [
        m.group("span") or m.group("span2") for m in _LONG.finditer(flat)
    ]
    return tuple(
        dict.fromkeys(
            " ".join(
                span.lower()
                .replace("hrs", "hours")
                .replace("mins", "minutes")
                .replace("hr ", "hour ")
                .replace("+", "")
                .split()
            )
            for span in found
        )
    )


def amounts_in(flat: str) -> tuple[str, ...]:
    """The sums of money that the text names."""
    return tuple(dict.fromkeys(m.group().strip() for m in _MONEY.finditer(flat)))


def quotes_in(flat: str) -> tuple[str, ...]:
    """Short quoted texts that may be said again, such as an error message."""
    return tuple(dict.fromkeys(q.strip(" ,.;:") for q in _QUOTE.findall(flat) if _quotable(q)))


def _quotable(quote: str) -> bool:
    lex = english()
    toks = [t.lower() for t in tokens(quote, lex)]
    return (
        2 <= len(toks) <= 9
        and not any(t in lex.unsaid for t in toks)
        and all(ord(c) < 0x250 for c in quote)
        and not any(t in {"i", "me", "my"} for t in toks)
    )


def names_in(flat: str, own: Sequence[str]) -> tuple[str, ...]:
    """Products, places and codes, without the brand's own names."""
    lex = english()
    out: dict[str, None] = {}
    for match in _CODE.finditer(flat):
        out[f"error {match.group('code')}"] = None
    for match in _NAME.finditer(flat):
        name = match.group()
        while name and (name.split()[0].lower() in lex.function or name.split()[0].lower() in _GREETINGS):
            name = " ".join(name.split()[1:])
        if (
            not name
            or name.isdigit()
            or (not flat[match.end() :].strip(" .!,|\n") and "\n" in flat[: match.start()][-3:])
        ):
            continue
        starts = match.start() == 0 or flat[: match.start()].rstrip(" \"'(")[-1:] in {"", ".", "!", "?", "|", "\n", ":"}
        if (
            name.lower() in lex.function
            or name.lower() in lex.unsaid
            or name.lower() in lex.hollow
            or any(w.lower() in lex.unsaid for w in name.split())
        ):
            continue
        if (
            starts
            and " " not in name
            and name[1:] == name[1:].lower()
            and not any(c.isdigit() for c in name)
            and name.lower() not in lex.spelling
        ):
            continue
        out[lex.spelling.get(name.lower(), name)] = None
    own_low = {n.lower() for n in own}
    return tuple(n for n in out if n.lower() not in own_low)[:8]


def _names_a_thing(word: str) -> bool:
    low = word.lower()
    plural = low.endswith("s") and not low.endswith(("ss", "us", "is")) and low not in english().third
    return low in english().nouns or word != low or plural or low.endswith(("tion", "ment", "ity"))


def keywords_in(flat: str) -> tuple[str, ...]:
    """Runs of content words that name a thing."""
    lex = english()
    runs: list[list[str]] = []
    end = -2
    for term in terms(flat[:600]):
        word = term.span.of(flat)
        low = word.lower()
        if (
            low in lex.unsaid
            or low in lex.hollow
            or low in lex.adverbs
            or low.endswith(("'t", "'s", "ly"))
            or not low.isalnum()
            or ord(low[0]) > 0x24F
            or len(low) < 3
            or low in lex.function
        ):
            end = -2
            continue
        low_ok = word if word != low and not word.isupper() else lex.spelling.get(low, low if len(low) > 4 else word)
        if term.span.start == end + 1 and len(runs[-1]) < 3:
            runs[-1].append(low_ok)
        else:
            runs.append([low_ok])
        end = term.span.end
    good = []
    for run in runs:
        while run and (
            (lex.finite(run[-1].lower()) and run[-1].lower() not in lex.nouns)
            or run[-1].lower() in lex.ing
            or run[-1].lower() in lex.adjectives
            or run[-1].lower() in lex.participle
        ):
            run.pop()
        while run and ((lex.finite(run[0].lower()) and run[0].lower() not in lex.nouns) or run[0].lower() in lex.ing):
            run.pop(0)
        if any(_names_a_thing(word) for word in run):
            good.append(" ".join(run))
    return tuple(dict.fromkeys(good))[:5]


@cache
def _signs() -> tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]:
    data = load("feelings.yml")
    groups = [
        (group, tuple((key, _any(words)) for key, words in data[group].items()))
        for group in ("feelings", "efforts", "stakes")
    ]
    return (*groups, ("praise", (("praise", _any(data["praise"])),)))


def _any(words: Iterable[str]) -> Any:
    return re2.compile("|".join((r"\b" if word[0].isalnum() else "") + re.escape(word) for word in words))


def found_in(low: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], bool]:
    """Feelings, efforts, stakes and praise in a lower-cased text, by their keys."""
    found = {group: tuple(key for key, pattern in keys if pattern.search(low)) for group, keys in _signs()}
    return found["feelings"], found["efforts"], found["stakes"], bool(found["praise"])


@cache
def _themes() -> tuple[tuple[str, Any], ...]:
    out = []
    for theme, words in load("themes.yml").items():
        alternatives = "|".join(re.escape(w.rstrip("*")) + (r"\w*" if w.endswith("*") else "") for w in map(str, words))
        out.append((theme, re2.compile(rf"\b(?:{alternatives})\b")))
    return tuple(out)


@lru_cache(maxsize=256)
def themes_of(low: str) -> tuple[str, ...]:
    """The themes of a lower-cased text, the strongest first; empty when nothing tells."""
    counts = {theme: len(set(pattern.findall(low))) for theme, pattern in _themes()}
    return tuple(sorted((t for t in counts if counts[t]), key=lambda t: -counts[t]))
