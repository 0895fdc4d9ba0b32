"""The loose figures of a text: what it tells of numbers, times and days without the form of a fact."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from service.domain import Money, places_of
from service.facts import Day, Fact
from service.vocabulary import Vocabulary, number_of, vocabulary_of, word_lists

DAY: Final = 86400.0
"""Seconds of a day."""
MONTH: Final = 30.44
"""Days of a month."""
NOON: Final = 720.0
"""Minutes of half a day."""
_UNITS: Final = (3600.0, DAY, 7 * DAY)
_NUMBER: Final = re.compile(
    r"(?<![\d.,:/'])(?:\d{1,3}(?:[ .,'\u00a0]\d{3}){1,2}(?!\d)|\d{1,6})"
    r"(?:[.,]\d{1,2}(?![\d%]|[.,]\d))?(?![\d:/]|[.,]\d)"
)
_CLOCK: Final = re.compile(r"(?<![\d.,:/£$€])([01]?\d|2[0-4])(?:\s?h\s?|[.:])([0-5]\d)(?!\d|[.,/:-]\d|\s?[€$£%])")
_HOUR: Final = re.compile(r"(?<![\d.,:/£$€])(1?\d|2[0-4])\s?(?:h|heures?|horas?|ore|uhr)(?![\w]|\s?\d)")
_CLOCKED: Final = frozenset({"amount", "time"})
_DAY_MONTH: Final = re.compile(r"(?<![\d.,:/£$€])(\d{1,2})[./-](\d{1,2})(?!\d)")
_NTH: Final = re.compile(
    r"(?<![\w.,])(\d{1,3})(?:st|nd|rd|th|er|ère|re|e|ème|eme|è|[º°ª]|\.[ºª]|a|o|ra|da|ta|va|na|\.(?=\s[^\W\d_]))(?!\w)"
)
_OF_THEIR_OWN: Final = frozenset({
    "amount", "percent", "duration", "date", "time", "phone", "card", "iban", "flight", "link", "email", "identifier",
    "address", "postcode",
})  # fmt: skip
"""Kinds of facts whose numbers mean nothing else."""
_TIMES: Final = re.compile(r"(?<![\w.,])(\d{1,2})\s?[x×](?![^\W\d_])|(?<![^\W\d_])[x×]\s?(\d{1,2})(?!\w|[.,:]\d)")
_AFTER: Final = re.compile(r"(?<!\w)[jdtg]\s?\+\s?(\d{1,2})(?!\d)")
_WORDS: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one text tells without saying of what."""

    bare: frozenset[Decimal]
    """Numbers, in digits or words, that are no part of another fact: they may be sums, hours or percents."""
    numbers: frozenset[Decimal]
    """The same and those of counted things."""
    clocks: frozenset[float]
    """Minutes since midnight of what may be a clock time: "14.05", "7h10"."""
    nths: frozenset[int]
    """Places in an order: "the third", "4ème"."""
    times: frozenset[int]
    """How often: "3 x"."""
    days: frozenset[tuple[int, int]]
    """Month and day of what may be a date: "4.5.", "28/10"."""
    months: frozenset[int]
    """Months by name."""
    of_month: tuple[int, ...]
    """Days of some month, in their order: "the 9th", "el 9"."""
    two: bool
    """Whether a word tells of two: "another", "again"."""
    half: bool
    """Whether a word tells of a half."""


@lru_cache(maxsize=64)
def figures_of(text: str, language: str | None, facts: tuple[Fact, ...]) -> Figures:
    """Read the loose figures of a text whose facts are known."""
    known, low = vocabulary_of(language), text.lower().replace("’", "'")
    words = frozenset(_WORDS.findall(low))
    taken = [fact.span for fact in facts if fact.kind in _OF_THEIR_OWN]
    counted = [fact.span for fact in facts if fact.kind == "count"]
    places = [(match.start(), number_of(match[0].strip(), known)) for match in _NUMBER.finditer(low)]
    places += [(match.start(), number_of(match[0], known)) for match in known.spelt.finditer(low)]
    numbers = [(at, number) for at, number in places if not any(s.start <= at < s.end for s in taken)]
    return Figures(
        bare=frozenset(number for at, number in numbers if not any(s.start <= at < s.end for s in counted)),
        numbers=frozenset(number for _, number in numbers),
        clocks=frozenset(
            float(int(match[1]) * 60 + int(match[2]))
            for match in _CLOCK.finditer(low)
            if not any(fact.kind in _CLOCKED and fact.span.start <= match.start() < fact.span.end for fact in facts)
        )
        | frozenset(float(match[1]) * 60 for match in _HOUR.finditer(low)),
        nths=frozenset(int(match[1]) for pattern in (_NTH, _AFTER) for match in pattern.finditer(low))
        | frozenset(known.nths[word] for word in words & known.nths.keys()),
        times=frozenset(int(match[1] or match[2]) for match in _TIMES.finditer(low)),
        days=frozenset(_days(match) for match in _DAY_MONTH.finditer(low)),
        months=frozenset(known.month_of[word] for word in words & known.month_of.keys()),
        of_month=_of_month(low, known, facts),
        two=not words.isdisjoint(known.pairs) or any(f" {word} " in f" {low} " for word in known.pairs if " " in word),
        half=not words.isdisjoint(known.halves),
    )


def _days(match: re.Match[str]) -> tuple[int, int]:
    return int(match[2]), int(match[1])


def _of_month(low: str, known: Vocabulary, facts: Iterable[Fact]) -> tuple[int, ...]:
    """The days that stand after a lead, with those of the dates, in the order of the text."""
    found = {match.start(1): int(match[1]) for match in _leads().finditer(low)}
    for fact in facts:
        if fact.kind == "date" and isinstance(fact.value, frozenset) and len(fact.value) == 1:
            found[fact.span.start] = next(iter(fact.value))[2]
    return tuple(dict.fromkeys(day for _, day in sorted(found.items()) if 1 <= day <= 31))


@lru_cache(maxsize=1)
def _leads() -> re.Pattern[str]:
    leads = "|".join(sorted(word_lists()["bare_day_leads"].split(), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{leads})\s(\d{{1,2}})(?:st|nd|rd|th|er|\.|º|°)?(?![\w%€$£]|[.,:]\d|\s(?:uhr|h)\b)")


# What a figure bears out


def size(fact: Fact) -> tuple[str, float] | None:
    """How much a length or a sum is, with what it is counted in."""
    if isinstance(fact.value, Money):
        return fact.value.currency, float(fact.value.amount)
    if fact.kind == "duration" and isinstance(fact.value, tuple):
        unit, number = fact.value
        return ("seconds", number * MONTH * DAY) if unit == "months" else ("seconds", number)
    return None


def alike(value: object) -> Iterator[tuple[str, float]]:
    """What a length is called as well: eight days a week, fifteen days two weeks, a month four weeks."""
    if not isinstance(value, tuple):
        return
    unit, number = value
    if unit == "months":
        yield from (("seconds", DAY * 28 * number), ("seconds", DAY * 30 * number))
        return
    weeks = number / DAY / 7
    if number in _SPOKEN:
        yield "seconds", _SPOKEN[number]
    if weeks >= 4 and (weeks % 4 == 0 or number / DAY % 30 == 0):
        yield "months", float(round(number / DAY / MONTH)) or 1.0


_SPOKEN = {
    8 * DAY: 7 * DAY,
    7 * DAY: 8 * DAY,
    15 * DAY: 14 * DAY,
    14 * DAY: 15 * DAY,
}
"""Days that are said for weeks, and weeks for days."""


def tells(figures: Figures, fact: Fact, months: frozenset[int]) -> bool:
    """Whether one of the figures is that of the fact."""
    value = fact.value
    if fact.kind == "amount":
        return isinstance(value, Money) and _decimal(value) in figures.bare
    if fact.kind == "percent":
        return (value == _HALF and figures.half) or (isinstance(value, float) and Decimal(str(value)) in figures.bare)
    if fact.kind == "time":
        return any(_shows(figures, time) for time in (value, fact.also) if isinstance(time, float))
    if fact.kind == "date" and isinstance(value, frozenset):
        return any(_dates(figures, day, months) for day in value)
    if fact.kind == "duration" and isinstance(value, tuple):
        each = 1.0 if value[0] == "months" else 0
        counts = [value[1] / unit for unit in ((each, 12.0) if each else _UNITS)]
        return any(count >= 1 and count.is_integer() and int(count) in figures.nths for count in counts)
    if fact.kind == "count" and isinstance(value, tuple):
        return Decimal(str(value[1])) in figures.numbers
    return fact.kind == "number" and (Decimal(str(value)) in figures.numbers or int(str(value)) in figures.nths)


_HALF = 50.0


def _decimal(money: Money) -> Decimal:
    return Decimal(money.amount).scaleb(-places_of(money.currency))


def _shows(figures: Figures, minutes: float) -> bool:
    """Whether a clock time is written in either half of the day."""
    for told in (minutes, minutes - NOON) if minutes > NOON else (minutes,):
        if told in figures.clocks or (told % 60 == 0 and Decimal(told / 60) in figures.bare):
            return True
    return False


def _dates(figures: Figures, day: Day, months: frozenset[int]) -> bool:
    """Whether a day is written as "4.5.", or as a number in a text that tells its month, or in this month."""
    _, month, number = day
    if (month, number) in figures.days or (number <= 12 and (number, month) in figures.days):
        return True
    return month in figures.months | months and (
        number in figures.of_month or (month in figures.months and Decimal(number) in figures.bare)
    )
