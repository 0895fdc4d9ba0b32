"""Finds the concrete facts of a text: sums, times, days, durations, numbers, links and names, as comparable values."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from service import privacy
from service.domain import Money, Span, places_of
from service.folding import letters
from service.vocabulary import (
    CAPITALS,
    CLOCK,
    DAY,
    FULL_NAME,
    MONEY,
    MONTH,
    NUMBER,
    PERCENT,
    PERSON,
    UNIT,
    Vocabulary,
    number_of,
    vocabulary_of,
    word_lists,
)

KINDS: Final = (
    "amount", "percent", "duration", "date", "weekday", "time", "count", "number", "identifier", "flight",
    "link", "email", "phone", "card", "iban", "address", "postcode", "person", "name",
)  # fmt: skip
"""Every kind of fact that ``locate`` tells apart."""

Day = tuple[int | None, int, int]
"""Year if known, month, day."""

Value = Money | float | str | tuple[str, float] | frozenset[Day]
"""Money of an amount; a number of percents, minutes since midnight or days since Monday; a unit and how many of it;
the days that a date may be; for everything else its plain spelling."""


class Either(NamedTuple):
    """A value, and what else the words can mean."""

    value: Value
    also: Value | None


Claim = tuple[str, Value | Either, int, int]


@dataclass(frozen=True, slots=True)
class Fact:
    """One concrete thing that a text says, and where."""

    kind: str
    """One of ``KINDS``."""
    value: Value
    """Comparable within a kind; ``agree`` also knows which unlike values mean the same."""
    span: Span
    also: Value | None = None
    """What else the words can mean: the other half of the day of a clock time that names none, the low end of a range
    of time (its unit says whether working days are meant), the days that a weekday may be, the sign that an amount
    shares with other currencies, ``both`` of a pair."""


def locate(
    text: str,
    *,
    now: datetime | None = None,
    language: str | None = None,
    personal: tuple[privacy.Personal, ...] | None = None,
) -> tuple[Fact, ...]:
    """Find the facts of a text, in its order, never overlapping.

    ``now`` turns "yesterday" into a day; without it, it stays the word. ``language`` is the text's, where it is known:
    some words are days in one language and not in another. ``personal`` is what ``privacy.find`` says of the text,
    where that is known.
    """
    lowered = _lowered(text)
    known = vocabulary_of(language)
    words = known.triggers & letters(text)
    if not words.isdisjoint(_VERBS):
        words -= {verb for verb in _VERBS if verb.upper() not in text}
    tells = 0
    for word in words:
        tells |= known.tells[word]
    taken = _Taken(len(text))
    if "." in lowered and ("://" in text or _MAYBE_LINK.search(lowered)):
        taken.add(_links(text))
    digits = [match.span() for match in (_ASCII_DIGITS if text.isascii() else _DIGITS).finditer(lowered)]
    if "@" in lowered or (digits and _long_number(lowered, digits)):
        taken.add(_personal(privacy.find(text) if personal is None else personal))
    if digits or words:
        scene = _Scene(text, lowered, words, digits, now, known)
        for finder in _finders(scene, tells):
            taken.add(finder(scene))
    taken.add(_names(text, known, titles=bool(tells & PERSON)))
    claims = taken.claims
    if not claims:
        return ()
    claims.sort(key=_start)
    return tuple([_fact(claim) for claim in claims])


def _fact(claim: Claim) -> Fact:
    kind, value, start, end = claim
    if isinstance(value, Either):
        return Fact(kind, value.value, Span(start, end), value.also)
    return Fact(kind, value, Span(start, end))


def agree(one: Fact, other: Fact) -> bool:
    """Whether the other fact bears out the one: "20:15" and "8:15", "3 March" and "2026-03-03", a Friday and its date.

    A range of time needs the same range; either end of a range bears out a single length.
    """
    if one.kind == other.kind:
        compare = _COMPARED.get(one.kind)
        return one.value == other.value if compare is None else compare(one, other)
    if one.kind == "weekday" and isinstance(other.value, frozenset):
        return any(_weekday_of(day, one.also) == one.value for day in other.value)
    if other.kind == "weekday" and isinstance(one.value, frozenset):
        return _near_weekday(one.value, other)
    if {one.kind, other.kind} <= _CODES:
        return _code(str(one.value)) == _code(str(other.value))
    return False


def _same_date(one: Fact, other: Fact) -> bool:
    if isinstance(one.value, frozenset) and isinstance(other.value, frozenset):
        return any(same_day(a, b) for a in one.value for b in other.value)
    return one.value == other.value


def _same_time(one: Fact, other: Fact) -> bool:
    """Whether a reading of one clock time is a reading of the other; "8:15 pm" is never "8:15 am"."""
    return bool({one.value, one.also} & {other.value, other.also} - {None})


def _same_length(one: Fact, other: Fact) -> bool:
    """Whether two lengths are one; working days are never days of the calendar."""
    if _working(one) or _working(other):
        return one.also == other.also and one.value == other.value
    if one.also is None:
        return one.value in (other.value, other.also)
    return one.value == other.value and one.also == other.also


def _working(fact: Fact) -> bool:
    return isinstance(fact.also, tuple) and fact.also[0] == "working"


def _same_money(one: Fact, other: Fact) -> bool:
    """Whether two amounts are one; "$20" may be the 20 dollars of any country."""
    if one.value == other.value:
        return True
    if not isinstance(one.value, Money) or not isinstance(other.value, Money) or one.value.amount != other.value.amount:
        return False
    shared: dict[str, str] = word_lists()["shared"]
    return any(
        isinstance(sign, str) and full.currency in shared[sign].split()
        for sign, full in ((one.also, other.value), (other.also, one.value))
    )


def _same_phone(one: Fact, other: Fact) -> bool:
    """Whether two numbers end alike, country code and leading zeros apart."""
    short, long = sorted((str(one.value).lstrip("0"), str(other.value).lstrip("0")), key=len)
    return len(short) >= _SHORTEST_PHONE and long.endswith(short) and len(long) - len(short) <= _COUNTRY_CODE


_SHORTEST_PHONE: Final = 7
_COUNTRY_CODE: Final = 3
_COMPARED: Final[Mapping[str, Callable[[Fact, Fact], bool]]] = MappingProxyType(
    {
        "amount": _same_money,
        "date": _same_date,
        "duration": _same_length,
        "phone": _same_phone,
        "time": _same_time,
    }
)
"""Kind → what compares two facts of it; every other kind compares values."""


def _near_weekday(days: frozenset[Day], weekday: Fact) -> bool:
    """Whether one of the days is the one that a weekday meant; read without a clock, it meant no certain day."""
    near = weekday.also if isinstance(weekday.also, frozenset) else ()
    return any(same_day(day, other) for day in days for other in near)


def _weekday_of(day: Day, near: Value | None) -> float | None:
    """The weekday of a day; one without a year is the last one, seen from two months after the days near."""
    year, month, number = day
    if year:
        return float(date(year, month, number).weekday())
    if not isinstance(near, frozenset):
        return None
    last = date(*max((y or 1, m, d) for y, m, d in near)) + timedelta(days=_AHEAD)
    for each in range(last.year, last.year - 9, -1):
        try:
            found = date(each, month, number)
        except ValueError:
            continue
        if found <= last:
            return float(found.weekday())
    return None  # pragma: no cover - every day of the calendar comes again within eight years


_AHEAD: Final = 60
"""A day without a year is rarely farther ahead than this, in days."""


_CODES: Final = frozenset({"identifier", "flight", "number"})


def same_day(one: Day, other: Day) -> bool:
    """Whether two days can be the same; a day without a year fits every year."""
    return one[1:] == other[1:] and (one[0] is None or other[0] is None or one[0] == other[0])


def _code(value: str) -> str:
    return re.sub(r"[\W_]", "", value).upper()


def _start(claim: Claim) -> int:
    return claim[2]


class _Taken:
    """What was found so far, and which places of the text it takes."""

    __slots__ = ("_places", "claims")

    def __init__(self, length: int) -> None:
        self.claims: list[Claim] = []
        self._places = bytearray(length)

    def add(self, found: Iterable[Claim]) -> None:
        """Take what overlaps nothing taken before."""
        places = self._places
        for claim in found:
            _, _, start, end = claim
            if places.find(1, start, end) < 0:
                places[start:end] = b"\x01" * (end - start)
                self.claims.append(claim)


def _lowered(text: str) -> str:
    """Lower a text, and straighten its apostrophes, without moving a code point."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    if not low.isascii():
        for sign, plain in _STRAIGHT:
            low = low.replace(sign, plain)
    return low


_STRAIGHT: Final = (("’", "'"), ("\xa0", " "), ("\u202f", " "), ("\u2009", " "), ("‑", "-"))
"""Look-alikes of one code point → what the patterns know."""


# Links, addresses and numbers that belong to a person

_DIGITS: Final = re.compile(r"\d+")
_ASCII_DIGITS: Final = re.compile("[0-9]+")
_LONG_NUMBER: Final = re.compile(r"\d[\d ().\-/]{4,}\d|[a-z]{2}\d{2} ?[a-z0-9]{4}")
"""What a phone, card, account or order number and an IBAN have in common."""


def _long_number(lowered: str, digits: list[tuple[int, int]]) -> bool:
    """Whether any digits begin what a phone, a card or an IBAN looks like."""
    match = _LONG_NUMBER.match
    for start, end in digits:
        if end - start >= _LONG or match(lowered, start) or (start > 1 and match(lowered, start - 2)):
            return True
    return False


_LONG: Final = 6
_MAYBE_LINK: Final = re.compile(r"\.[a-z]{2}")
_TLD: Final = (
    "com|org|net|edu|gov|io|co|uk|de|fr|es|it|pt|nl|be|at|ch|ie|eu|us|ca|au|nz|in|br|mx|jp|cn|se|no|dk|fi|pl|app|dev|"
    "info|biz|me|tv|ly|gl|shop|store|online|site|support|help|example|test|invalid|link|page|ai|gg|to|xyz"
)
_LINK: Final = re.compile(
    rf"(?i:https?://[^\s<>\"'()\[\]{{}}]{{1,500}}|(?<![\w@.-])(?:www\.)?(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,4}}(?:{_TLD})"
    r"(?![\w-])(?!\.\w)(?:/[^\s<>\"'()\[\]{}]{0,300})?(?!@))"
)
_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,24}")


def _links(text: str) -> Iterator[Claim]:
    for match in _LINK.finditer(text):
        link = match[0].rstrip(".,;:!?…'\"*_")
        yield "link", link_value(link), match.start(), match.start() + len(link)
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield "email", match[0].lower(), match.start(), match.end()


def link_value(link: str) -> str:
    """Give the comparable form of a link: no scheme, no "www.", host in lower case, no closing slash."""
    bare = re.sub(r"^(?i:https?://)?(?i:www\.)?", "", link.strip())
    host, slash, path = bare.partition("/")
    return (host.lower() + slash + path).rstrip("/")


_IDENTIFIERS: Final = frozenset({"order", "booking", "account"})


def _personal(data: tuple[privacy.Personal, ...]) -> Iterator[Claim]:
    for datum in data:
        kind = "identifier" if datum.kind in _IDENTIFIERS else datum.kind
        value = _code(datum.value) if kind == "identifier" else datum.value
        yield kind, value, datum.span.start, datum.span.end


def money_of(number: Decimal, currency: str) -> Money:
    """Give an amount in minor units."""
    return Money(int((number * 10 ** places_of(currency)).to_integral_value()), currency)


class _Scene:
    """A text being searched: its spellings, its telling words, and the stretches where facts can be."""

    __slots__ = ("_windows", "after", "digits", "known", "lowered", "now", "places", "text", "words")

    def __init__(
        self,
        text: str,
        lowered: str,
        words: frozenset[str],
        digits: list[tuple[int, int]],
        now: datetime | None,
        known: Vocabulary,
    ) -> None:
        self.text, self.lowered, self.words, self.digits = text, lowered, words, digits
        self.now, self.known = now, known
        self.after = frozenset([lowered[end : end + 1] for _, end in digits])
        """The signs that follow digits."""
        self.places = _places(lowered, words, digits)
        """Where digits and telling words stand, in order, with the word; nothing for digits."""
        self._windows: list[tuple[int, int]] | None = None

    def find(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Search only where a digit or a telling word is near."""
        if self._windows is None:
            self._windows = _windows(self.lowered, self.places)
        for start, end in self._windows:
            yield from pattern.finditer(self.lowered, start, end)

    def begin(self, pattern: re.Pattern[str], words: Container[str]) -> Iterator[re.Match[str]]:
        """Match at digits and at some of the telling words, never twice over the same stretch."""
        seen = 0
        for start, _, word in self.places:
            if start >= seen and (not word or word in words):
                match = pattern.match(self.lowered, start)
                if match is not None:
                    seen = match.end()
                    yield match


_REACH: Final = 40
"""No fact reaches farther from its digit or its telling word, in code points."""


def _places(lowered: str, words: frozenset[str], digits: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """Give where digits and telling words stand; a unit of one letter stands beside its digits."""
    places = [(start, end, "") for start, end in digits]
    for word in words:
        if len(word) > 1:
            at = lowered.find(word)
            while at >= 0:
                places.append((at, at + len(word), word))
                at = lowered.find(word, at + 1)
    places.sort()
    return places


def _windows(lowered: str, places: list[tuple[int, int, str]]) -> list[tuple[int, int]]:
    """Give the stretches around digits and telling words, cut at spaces, in order and apart."""
    merged: list[tuple[int, int]] = []
    for start, end, _ in places:
        low = max(lowered.rfind(" ", 0, max(start - _REACH, 0)), 0)
        high = lowered.find(" ", end + _REACH)
        high = len(lowered) if high < 0 else high
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


Finder = Callable[[_Scene], Iterator[Claim]]

_FLIGHT: Final = re.compile(r"(?<![\w-])([A-Z][A-Z]|[A-Z]\d|\d[A-Z])\s?(\d{2,4})(?![\w-])")
_CODE: Final = re.compile(
    r"(?<![\w.,:/@-])(?:#\s?(?P<tag>\d[\w-]{0,20})|(?=[^\s\d]{0,12}\d)(?P<mixed>[A-Za-z0-9]{1,12}(?:-[A-Za-z0-9]{1,12}){0,4}))(?![\w@])"
)


def _amounts(scene: _Scene) -> Iterator[Claim]:
    known, lists = scene.known, word_lists()
    for match in scene.find(known.amount):
        word = match["sign"] or match["code"] or match["unit"]
        if word in _VERBS and not scene.text[match.start() : match.end()].isupper():
            continue
        number = number_of((match["after"] or match["coded"] or match["before"]).strip(), known)
        number *= lists["scales"].get(match["times"] or match["scale"], 1)
        if match["tail"]:
            number += Decimal(match["tail"]) / 100
        money = money_of(number, known.currencies[word])
        value = Either(money, word) if word in lists["shared"] else money
        yield "amount", value, match.start(), match.end()
    for match in scene.find(known.hundredth):
        money = Money(int(number_of(match[1], known)), known.cents[match[2]])
        value = Either(money, match[2]) if match[2] in lists["shared"] else money
        yield "amount", value, match.start(), match.end()


_VERBS: Final = frozenset({"try", "won", "rand"})
"""Words that are currencies only in capitals."""


def _percents(scene: _Scene) -> Iterator[Claim]:
    for match in scene.find(scene.known.percent):
        yield "percent", float(number_of(match["n"], scene.known)), match.start(), match.end()


def _dates(scene: _Scene) -> Iterator[Claim]:
    known = scene.known
    for match in scene.find(known.date):
        days = _days_of(match, known)
        if days and not _counts_posts(match, scene.lowered) and not _modal(match, scene):
            yield "date", days, match.start(), match.end()


def _counts_posts(match: re.Match[str], lowered: str) -> bool:
    """Whether "1/2" is the first of two posts, or "3/4 of it" a share, and no day."""
    if match["mark"] != "/" or match["year"] or int(match["a"]) > int(match["b"]):
        return False
    if _SHARED_OUT.match(lowered, match.end()):
        return True
    return not lowered[match.end() :].strip(" )") or not re.sub(r"@\w+|[\s(]", "", lowered[: match.start()])


_SHARED_OUT: Final = re.compile(r"\s(?:of|stars?)\b")
_MODAL: Final = frozenset({"may", "march"})
_DATED: Final = re.compile(r"(?<!\w)(?:on|since|from|until|till|by|before|after|of)\s(?:the\s)?$")
_AFTER_MODAL: Final = re.compile(
    r"\s(?:be|have|not|take|need|well|also|still|only|seem|get|come|help|differ|vary|apply|want|look)\b"
)


def _modal(match: re.Match[str], scene: _Scene) -> bool:
    """Whether "may" or "march" is a verb: "it may 2 hours later", "those 3 may be late", "second may"."""
    word = match["month"] or match["month2"]
    if word not in _MODAL or scene.text[match.start("month" if match["month"] else "month2")].isupper():
        return False
    if match["month2"] or (match["nth"] and not match["of"]):
        return _DATED.search(scene.lowered, max(match.start() - 12, 0), match.start()) is None
    return _AFTER_MODAL.match(scene.lowered, match.end()) is not None


def _named_days(scene: _Scene) -> Iterator[Claim]:
    known = scene.known
    for match in scene.find(known.named_day):
        word = match["word"] or match["short"]
        name = "word" if match["word"] else "short"
        start, end = match.span(name)
        weekday = known.weekday_of.get(word)
        if weekday is not None:
            if name == "word" or scene.text[start].isupper() or len(word) > _ABBREVIATED:
                yield "weekday", Either(float(weekday), _weekdays_near(scene, weekday, start)), start, end
            continue
        if word in _MORNINGS and known.part_of_day.search(scene.lowered, max(start - 12, 0), start):
            continue
        if scene.now is None:
            yield "date", word, start, end
            continue
        day = (scene.now + timedelta(days=known.relative[word] + _day_beyond(scene.lowered, start))).date()
        yield "date", frozenset({(day.year, day.month, day.day)}), start, end


_ABBREVIATED: Final = 4
"""Names of days of no more letters are days only with a capital."""
_MORNINGS: Final = frozenset({"morgen", "mañana"})
_LAST: Final = re.compile(r"\b(?:last|past|letzten|vergangenen)\s$")
_NEXT: Final = re.compile(r"\b(?:next|coming|nächsten|kommenden)\s$")


def _day_beyond(lowered: str, start: int) -> int:
    """How many days "the day before" and "the day after" add to the word that follows."""
    before = lowered[max(start - 12, 0) : start]
    return -1 if before.endswith("day before ") else int(before.endswith("day after "))


def _weekdays_near(scene: _Scene, weekday: int, start: int) -> frozenset[Day] | None:
    """The last and the next such day, seen from the day on which the text is read; ``None`` without one."""
    if scene.now is None:
        return None
    ahead = (weekday - scene.now.weekday()) % 7
    weeks: tuple[int, ...] = (-7, 0) if ahead else (-7, 0, 7)
    if _LAST.search(scene.lowered, max(start - 14, 0), start):
        weeks = (-14, -7)
    elif _NEXT.search(scene.lowered, max(start - 14, 0), start):
        weeks = (0, 7) if ahead else (7,)
    days = [scene.now + timedelta(days=ahead + week) for week in weeks]
    return frozenset((day.year, day.month, day.day) for day in days)


def _days_of(match: re.Match[str], words: Vocabulary) -> frozenset[Day]:
    """Every day that the words may mean: "3/4" is in March and in April."""
    if match["iso"]:
        year, month, day = map(int, re.split("[-/]", match["iso"]))
        return _possible((year, month, day))
    if match["a"]:
        if match["mark"] != "/" and not match["year"]:
            return frozenset()
        written = match["year"]
        full = None if not written else int(written) + (2000 if len(written) == 2 else 0)
        a, b = int(match["a"]), int(match["b"])
        return _possible((full, a, b), (full, b, a))
    month_word, day_words, year_words = match["month"] or match["month2"], match["day"] or match["day2"], match["in"]
    year_words = year_words or match["in2"]
    number = int(day_words) if day_words else words.day_of[match["nth"] or match["nth2"]]
    return _possible((int(year_words) if year_words else None, words.month_of[month_word], number))


def _possible(*days: Day) -> frozenset[Day]:
    real = set()
    for year, month, day in days:
        try:
            date(year or 2024, month, day)
        except ValueError:
            continue
        real.add((year, month, day))
    return frozenset(real)


_HOURS: Final = ("h", "h2", "h3", "h5", "h6", "h7", "h8", "h9", "h10", "h11", "h12")
_MINUTES: Final = ("m", "hm", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9")


def _times(scene: _Scene) -> Iterator[Claim]:
    known = scene.known
    for match in scene.find(known.clock):
        if match["word"]:
            yield "time", 0.0 if match["word"] in known.midnight else 720.0, match.start(), match.end()
            continue
        if match["hm"] and _lasts(scene, match):
            continue
        written = next(match[name] for name in _HOURS if match[name])
        hour = int(number_of(written, known))
        minute = int(next((match[name] for name in _MINUTES if match[name]), 0))
        if match["part"]:
            minute = known.parts[match["part"]] * (1 if match["way"] in known.past else -1)
        elif match["h8"]:
            minute = -30
        elif match["h12"]:
            minute = 30
        elif match["m10"]:
            minute = int(number_of(match["m10"], known))
        elif past := match["past"] or match["past2"] or match["past3"]:
            minute += known.on_hour[past]
        if hour > 24:
            continue
        half = _half(scene, match)
        if half and hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        minutes = float((hour * 60 + minute) % 1440)
        open_half = not half and 1 <= hour <= 12 and not written.startswith("0")
        start = (
            match.start(next(name for name in _HOURS if match[name]))
            if match["h5"] or match["h6"] or match["h10"] or match["h12"]
            else match.start()
        )
        yield "time", Either(minutes, (minutes + 720) % 1440) if open_half else minutes, start, match.end()


_ON_DAY: Final = re.compile(r"\s(?:\d{1,2}\.|\w{3,8}tag|mittwoch|sonnabend)")
"""What follows the German "am"."""


def _half(scene: _Scene, match: re.Match[str]) -> str:
    """Which half of the day the words name, as "a" or "p"; empty when they name none."""
    half = match["half"] or match["half2"] or ""
    if half and not (half in scene.known.day_leads and _ON_DAY.match(scene.lowered, match.end())):
        return half[0]
    if scene.known.evening.match(scene.lowered, match.end()):
        return "p"
    return "a" if scene.known.morning.match(scene.lowered, match.end()) else ""


_LASTING: Final = re.compile(
    r"(?<!\w)(?:pendant|durant|attendu|depuis|plus de|waited|for|over|took|after|durante|más de|mais de|per|oltre)\s$"
)
_DELAY: Final = re.compile(
    r"\s(?:de retard|d'attente|de retraso|de espera|de atraso|di ritardo|di attesa|late|delay)\b"
)


def _lasts(scene: _Scene, match: re.Match[str]) -> bool:
    """Whether "1h30" is a length, and no time of the day."""
    before = _LASTING.search(scene.lowered, max(match.start() - 12, 0), match.start())
    return before is not None or _DELAY.match(scene.lowered, match.end()) is not None


_HOURS_MINUTES: Final = re.compile(r"(?<![\w.,:/])(\d{1,2})\s?h\s?([0-5]\d)(?![\w:])")


def _durations(scene: _Scene) -> Iterator[Claim]:
    for match in scene.find(_HOURS_MINUTES) if not scene.after.isdisjoint("h ") and "h" in scene.lowered else ():
        yield "duration", ("seconds", float(int(match[1]) * 3600 + int(match[2]) * 60)), match.start(), match.end()
    held: tuple[Decimal, str, int, Either, int, int] | None = None
    for length in _lengths(scene):
        if held is not None:
            number, name, each, either, start, end = held
            more, named, smaller, low, begin, stop = length
            joins = named == name and smaller < each and either.also is low.also is None and more * smaller < each
            if joins and begin - end <= _WIDEST_JOINT and scene.known.joined.fullmatch(scene.lowered, end, begin):
                whole = Decimal(str(either.value[1])) + more * smaller  # type: ignore[index]  # a unit and a number
                held = (number, name, smaller, Either((name, float(whole)), None), start, stop)
                continue
            yield "duration", either, start, end
        held = length
    if held is not None:
        yield "duration", *held[3:]


_WIDEST_JOINT: Final = 6


def _lengths(scene: _Scene) -> Iterator[tuple[Decimal, str, int, Either, int, int]]:
    """Each length of one unit: how many, counted in what, how many of that a unit is, and the fact's value."""
    known = scene.known
    seen = 0
    for start, _, word in scene.places:
        if start < seen:
            continue
        counted = not word or word in known.counting
        match = known.duration.match(scene.lowered, start) if counted else None
        if match is None and word in known.units:
            match = known.single.match(scene.lowered, start)
            start = _article_before(scene, match) if match else -1
            if start < 0:
                continue
        if match is None:
            continue
        seen = match.end()
        plain = _plain_length(match, start, known) if match.re is known.duration else None
        yield plain or _length(match, start, scene)


def _article_before(scene: _Scene, match: re.Match[str]) -> int:
    """Where "an hour" begins when it is a length; -1 when it is none, as in "twenty an hour"."""
    before = scene.known.article.search(scene.lowered, max(match.start() - 24, 0), match.start())
    each = scene.known.units[match["single"]][1]
    more = match["and_half"] or match["plus"] or (match["rest"] and each == _HOUR) or each in _QUARTERS
    if match["single"] in scene.known.no_lengths or (not more and (before is None or not before["lead"])):
        return -1
    return match.start() if before is None else before.start("article")


_HOUR: Final = 3600
_QUARTERS: Final = frozenset({900, 2700})
"""Units that are one of them without saying so: "Viertelstunde"."""


def _plain_length(
    match: re.Match[str], start: int, known: Vocabulary
) -> tuple[Decimal, str, int, Either, int, int] | None:
    """The length that "24 hours" is: digits and a unit, and nothing else."""
    digits, unit = match["digits"], match["unit"]
    if not digits or match.end() != match.end("unit") or match.end("digits") + 1 < match.start("unit"):
        return None
    if not digits.isdecimal() or _is_working(unit):
        return None
    number = Decimal(digits)
    name, each = known.units[unit]
    return number, name, each, Either((name, float(number * each)), None), start, match.end()


def _length(match: re.Match[str], start: int, scene: _Scene) -> tuple[Decimal, str, int, Either, int, int]:
    known, found = scene.known, match.groupdict()
    unit = found.get("single") or found["unit"] or found["of"] or found["part"]
    number, low = _how_many(found, known)
    name, each = known.units[unit]
    end = match.end()
    if more := found["plus"] or found["rest"]:
        if each == _HOUR:
            minutes = Decimal(known.on_hour[more]) if found["plus"] else number_of(more, known)
            number, low = number + minutes / 60, low + minutes / 60
        else:
            end = match.start("plus" if found["plus"] else "rest") - 1
    working = found["working"] or found.get("work1") or found.get("work2") or _is_working(unit)
    value = (name, float(number * each))
    least = float(low * each)
    also = ("working", least) if working else (name, least) if least < value[1] else None
    if found.get("share"):
        before = known.article.search(scene.lowered, max(start - 24, 0), start)
        start = before.start("article") if before else start
    return number, name, each, Either(value, also), start, end


def _is_working(unit: str) -> bool:
    """Whether the unit itself is one of working days, as in German."""
    return unit.startswith(("werktag", "arbeitstag"))


def _how_many(found: Mapping[str, str | None], known: Vocabulary) -> tuple[Decimal, Decimal]:
    """How many units a length has, and the least where it is a range."""
    halves = found["and_half"] or found.get("half1") or found.get("half2")
    half = Decimal("0.5") if halves else Decimal(0)
    first, most = found.get("digits") or found.get("word"), found.get("high") or found.get("more")
    if first is None:
        share = found.get("share")
        number = (known.shares[share] if share else Decimal(1)) + half
        return number, number
    low = number_of(first, known)
    high = number_of(most, known) if most else low
    return max(low, high) + half, low if low < high else high + half


def _counts(scene: _Scene) -> Iterator[Claim]:
    known = scene.known
    for match in scene.begin(known.count, known.count_words):
        if match["times"]:
            yield "count", ("times", float(known.multiples[match["times"]])), match.start(), match.end()
            continue
        what = match["what"].rpartition(" ")[2]
        if what in known.uncounted or (known.capital_nouns and scene.text[match.end() - len(what)].islower()):
            continue
        if match["both"]:
            yield "count", Either((what, 2.0), "both"), match.start(), match.end()
            continue
        number = number_of(match["n"], known)
        if number > 1:  # "one of us" counts nothing
            yield "count", (what, float(number)), match.start(), match.end()


_ORDINAL: Final = re.compile(r"\d{1,3}(?:ST|ND|RD|TH|ER)")


def _codes_at(scene: _Scene) -> Iterator[re.Match[str]]:
    """Search each word with a digit once."""
    seen = 0
    for start, end in scene.digits:
        if start < seen:
            continue
        low = max(scene.lowered.rfind(" ", 0, start), scene.lowered.rfind("\n", 0, start)) + 1
        high = scene.lowered.find(" ", end)
        seen = len(scene.text) if high < 0 else high
        yield from _CODE.finditer(scene.text, low, seen)


def _codes(scene: _Scene) -> Iterator[Claim]:
    """Flight numbers, error codes and other codes; then bare numbers of two and more digits."""
    known = scene.known
    if not known.flights.isdisjoint(scene.words):
        for match in _FLIGHT.finditer(scene.text):
            yield "flight", match[1] + (match[2].lstrip("0") or match[2]), match.start(), match.end()
    for match in _codes_at(scene):
        code = _code(match["tag"] or match["mixed"])
        if len(code) < 2 or _ORDINAL.match(code) or code.lower() in known.no_codes:
            continue
        if scene.lowered.startswith(_IDIOMS, match.start()) or scene.lowered.endswith(_IDIOMS, 0, match.end()):
            continue
        kind = "number" if code.isdigit() and not match["tag"] else "identifier"
        yield kind, code, match.start(), match.end()


_IDIOMS: Final = ("24/7", "50/50", "24-7", "50-50")
"""Numbers that are ways of speaking."""

_MONEY_SIGNS: Final = frozenset("£$€¥₹₩₦₺₪¢")
_DAY_LIKE: Final = re.compile(r"[/.-]\d")
_TIME_LIKE: Final = re.compile(r":\d|\s?h(?:\s?\d|\b)|(?:\.\d\d)?\s?[ap](?:m\b|\.m\.)")


def _near_digits(scene: _Scene, what: re.Pattern[str]) -> bool:
    """Whether a pattern follows a digit."""
    match, lowered = what.match, scene.lowered
    return any(match(lowered, end) for _, end in scene.digits)


def _any_sign(scene: _Scene) -> bool:
    """Whether the text has the sign of a currency."""
    lowered = scene.lowered
    return "$" in lowered or (not lowered.isascii() and not _MONEY_SIGNS.isdisjoint(lowered))


def _finders(scene: _Scene, tells: int) -> Iterator[Finder]:
    """What may find facts in a text whose words tell of these kinds; what comes first takes the words."""
    if tells & MONEY or _any_sign(scene):
        yield _amounts
    if tells & PERCENT or "%" in scene.lowered:
        yield _percents
    if tells & MONTH or (not scene.after.isdisjoint("/.-") and _near_digits(scene, _DAY_LIKE)):
        yield _dates
    if tells & DAY:
        yield _named_days
    if tells & CLOCK or (not scene.after.isdisjoint(": h.ap") and _near_digits(scene, _TIME_LIKE)):
        yield _times
    if tells & UNIT:
        yield _durations
    if scene.digits or tells & NUMBER:
        yield _counts
    if scene.digits:
        yield _codes


# Names

_SIGNED: Final = re.compile(r"[-–—^~*] ?" + FULL_NAME)
_CAPITAL: Final = re.compile(
    rf"[{CAPITALS}](?<=[a-zà-ÿ,;’'] .)[^\W\d_]{{2,24}}(?:['’-][A-Z]?[a-z]{{2,20}})?"
    rf"(?: [{CAPITALS}][^\W\d_]{{2,24}}){{0,3}}"
)


def _names(text: str, known: Vocabulary, *, titles: bool) -> Iterator[Claim]:
    """Persons by what stands before them, where some title does; then words with a capital in mid-sentence."""
    if titles:
        for match in known.titled.finditer(text):
            name = match["name"].casefold()
            if name not in known.no_names:
                yield "person", name, match.start("name"), match.end("name")
    for match in _SIGNED.finditer(text):
        at = match.start()
        while at and text[at - 1] == " ":
            at -= 1
        signs = not at or text[at - 1] in ".!?…\n"
        if signs and not (match["name"].isupper() and len(match["name"]) < 4):
            yield "person", match["name"].casefold(), match.start("name"), match.end("name")
    for match in _CAPITAL.finditer(text):
        start = match.start()
        if text.startswith("@", text.rfind(" ", 0, start - 1) + 1):
            continue
        if match[0].casefold().rpartition(" ")[2] in known.no_names:
            continue
        for word in match[0].split(" "):
            plain = word[:-2] if word.endswith(("'s", "’s")) else word
            name = plain.casefold()
            if name not in known.no_names and not plain.isupper():
                yield "name", name, start, start + len(plain)
            start += len(word) + 1
