"""Finds the concrete facts of a text: sums, times, days, durations, numbers, links and names, as comparable values."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import yaml

from service import privacy
from service.domain import Money, Span

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
    known = _patterns(language if language is None or language in _lists()["languages"] else "en")
    words = known.triggers.intersection(_LETTERS.findall(lowered))
    taken: list[Claim] = []
    if "." in lowered and ("://" in text or _MAYBE_LINK.search(lowered)):
        _claim(taken, _links(text))
    digits = [match.span() for match in _DIGITS.finditer(lowered)]
    if "@" in lowered or (digits and _LONG_NUMBER.search(lowered)):
        _claim(taken, _personal(privacy.find(text) if personal is None else personal))
    if digits or words:
        places = _places(lowered, words, digits)
        scene = _Scene(text, lowered, words, tuple(digits), places, _windows(lowered, places), now, known)
        for applies, finder in _FINDERS:
            if applies(scene):
                _claim(taken, finder(scene))
    _claim(taken, _names(text, words, known))
    if not taken:
        return ()
    taken.sort(key=_start)
    return tuple([_fact(claim) for claim in taken])


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
    shared: dict[str, str] = _lists()["shared"]
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
    """Whether one of the days is the one that a weekday meant; any such day where no clock was known."""
    if isinstance(weekday.also, frozenset):
        return any(same_day(day, other) for day in days for other in weekday.also)
    return any(_weekday_of(day, None) == weekday.value for day in days)


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


def _claim(taken: list[Claim], found: Iterable[Claim]) -> None:
    """Take what overlaps nothing taken before."""
    for claim in found:
        _, _, start, end = claim
        for _, _, from_, to in taken:
            if start < to and from_ < end:
                break
        else:
            taken.append(claim)


def _lowered(text: str) -> str:
    """Lower a text, and straighten its apostrophes, without moving a code point."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    if not low.isascii():
        for sign, plain in _STRAIGHT:
            low = low.replace(sign, plain)
    return low


_STRAIGHT: Final = (("’", "'"), ("\xa0", " "), ("\u202f", " "), ("\u2009", " "), ("‑", "-"))  # noqa: RUF001 - look-alikes
"""Look-alikes of one code point → what the patterns know."""


# Links, addresses and numbers that belong to a person

_DIGITS: Final = re.compile(r"\d+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_LONG_NUMBER: Final = re.compile(r"\d[\d ().\-/]{4,}\d|[a-z]{2}\d{2} ?[a-z0-9]{4}")
"""What a phone, card, account or order number and an IBAN have in common."""
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


# Words, turned into patterns once


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The word lists of lexicon/facts.yml as patterns, and what their words mean."""

    numbers: dict[str, Decimal]
    currencies: dict[str, str]
    cents: dict[str, str]
    units: dict[str, tuple[str, int]]
    month_of: dict[str, int]
    weekday_of: dict[str, int]
    relative: dict[str, int]
    day_of: dict[str, int]
    """Ordinal → day of the month."""
    shares: dict[str, Decimal]
    parts: dict[str, int]
    """Part of an hour → minutes."""
    multiples: dict[str, int]
    day_words: frozenset[str]
    count_words: frozenset[str]
    counting: frozenset[str]
    """Words that a length of time may begin with."""
    percent_words: frozenset[str]
    clock_words: frozenset[str]
    flights: frozenset[str]
    titles: frozenset[str]
    no_lengths: frozenset[str]
    uncounted: frozenset[str]
    no_names: frozenset[str]
    no_codes: frozenset[str]
    triggers: frozenset[str]
    """Single words that some fact of words may begin or end with."""
    amount: re.Pattern[str]
    hundredth: re.Pattern[str]
    percent: re.Pattern[str]
    duration: re.Pattern[str]
    article: re.Pattern[str]
    """The words before a unit that make it one: "within an" before "hour"."""
    single: re.Pattern[str]
    joined: re.Pattern[str]
    """What may stand between the hours and the minutes of one length."""
    date: re.Pattern[str]
    named_day: re.Pattern[str]
    day_leads: frozenset[str]
    """Words before a day: in German "am", which is no half of the day before one."""
    part_of_day: re.Pattern[str]
    """What turns the word for tomorrow into the word for morning."""
    clock: re.Pattern[str]
    morning: re.Pattern[str]
    evening: re.Pattern[str]
    midnight: frozenset[str]
    past: frozenset[str]
    count: re.Pattern[str]
    titled: re.Pattern[str]


def _any(words: Any) -> str:
    """Spell a choice of words, the longest first; never matches when there are none."""
    chosen = "|".join(re.escape(word) for word in sorted({*words} - {""}, key=lambda word: (-len(word), word)))
    return chosen or r"(?!)"


_NUMERAL: Final = r"\d{1,3}(?:[,.' ]\d{3}){1,3}(?:[.,]\d{1,2})?(?!\d)|\d{1,9}(?:[.,]\d{1,2})?(?!\d)"


@cache
def _lists() -> dict[str, Any]:
    """Read the word lists, once."""
    lists: dict[str, Any] = yaml.load(
        Path(__file__).with_name("lexicon").joinpath("facts.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return lists


def _split(words: str) -> list[str]:
    return [word.replace("_", " ") for word in words.split()]


def _tokens(phrases: Iterable[str]) -> set[str]:
    return {token for phrase in phrases for token in _LETTERS.findall(phrase)}


def _ends(phrases: Iterable[str]) -> set[str]:
    """The last word of each phrase: where it stands, the phrase may stand."""
    return {_LETTERS.findall(phrase)[-1] for phrase in phrases}


class _Lexicon:
    """The lists of one language, or of all of them where a text's language is not known."""

    def __init__(self, language: str | None) -> None:
        every: dict[str, Any] = _lists()["languages"]
        if language is None:
            self.chosen = list(every.items())
        else:
            self.chosen = [(language, every[language])]
        self._unsure = frozenset(_lists()["unsure"].split()) if language is None else frozenset()

    def _sure(self, name: str, words: Iterable[str]) -> list[str]:
        return [word for word in words if name == "en" or word not in self._unsure]

    def words(self, key: str) -> list[str]:
        """Every word of a list of words."""
        return [word for name, lists in self.chosen for word in self._sure(name, _split(lists[key]))]

    def numbered(self, key: str) -> dict[str, int]:
        """Word → its place in a list of lists, from 0."""
        return {
            word: place
            for name, lists in self.chosen
            for place, words in enumerate(lists[key])
            for word in self._sure(name, _split(words))
        }

    def values(self, key: str) -> dict[str, Any]:
        """Word → its value."""
        return {
            word.replace("_", " "): value
            for name, lists in self.chosen
            for word, value in lists[key].items()
            if name == "en" or word not in self._unsure
        }

    def units(self) -> dict[str, tuple[str, int]]:
        """Unit of time → what it is counted in, and how many of that it is."""
        return {
            word: (counted_in, int(each))
            for name, lists in self.chosen
            for counted_in in ("seconds", "months")
            for each, words in lists[counted_in].items()
            for word in self._sure(name, _split(words))
        }


@cache
def _patterns(language: str | None) -> _Patterns:
    """Turn the lists of a language into patterns, once."""
    common, lists = _lists(), _Lexicon(language)
    currencies = {word: code for code, words in common["currencies"].items() for word in _split(words)}
    cents = {word: code for code, words in common["cents"].items() for word in _split(words)}
    numbers = {word: Decimal(str(value)) for word, value in lists.values("numbers").items()}
    units, months, weekdays = lists.units(), lists.numbered("month_names"), lists.numbered("weekdays")
    short_days, relative, ordinals = (
        lists.numbered("short_days"),
        lists.values("relative_days"),
        lists.numbered("ordinals"),
    )
    weekdays |= {word: day for word, day in short_days.items() if word not in weekdays}
    days = {word: place + 1 for word, place in ordinals.items()}
    for name, own in lists.chosen:
        if name not in ("en", "de"):
            days |= {word: value for word, value in own["numbers"].items() if value <= 31 and word not in days}
    shares, parts, multiples = lists.values("shares"), lists.values("clock_parts"), lists.values("multiples")
    one_word = f"(?:{_any(numbers)})"
    number = rf"{one_word}(?:(?:\s|-)(?:(?:{_any(lists.words('and'))})(?:\s|-))?{one_word}){{0,4}}"
    month, unit, long_unit = _any(months), _any(units), _any(word for word in units if len(word) > 2 or word == "an")
    of, either, half = _any(lists.words("of")), _any(lists.words("or")), _any(lists.words("half"))
    business = _any(lists.words("business"))
    percents, flights, titles = lists.words("percent"), lists.words("flights"), lists.words("titles")
    noon, midnight = lists.words("noon"), lists.words("midnight")
    leads_hour = [lead for lead in lists.words("clock_leads") if lead not in _LOOSE_LEADS]
    morning, evening, oclock = lists.words("morning"), lists.words("evening"), lists.words("oclock")
    hour = r"(?:1\d|2[0-4]|0?\d)"
    filler = rf"(?:(?:{_any(lists.words('between'))})\s)?(?:(?P<work{{0}}>{business})\s)?"
    after = rf"(?:\s(?:{_any(lists.words('between'))}))?(?:\s(?P<working>{business}))?(?P<and_half>\s(?:{half}))?"
    clock_words = {"halb", *parts} | _ends([*noon, *midnight, *oclock, *morning, *evening, *leads_hour])
    people = [*titles, *lists.words("roles")]
    triggers = {
        *numbers,
        *weekdays,
        *relative,
        *months,
        *units,
        *currencies,
        *cents,
        *multiples,
        *(_LETTERS.findall(share)[0] for share in shares),
        *lists.words("both"),
        *flights,
        *clock_words,
        *_ends(percents),
        *people,
        *_tokens(lists.words("named")),
    }
    pieces = {token for word in (*weekdays, *relative) for token in _LETTERS.findall(word)[:1] if len(token) > 2}
    return _Patterns(
        numbers=numbers,
        currencies=currencies,
        cents=cents,
        units=units,
        month_of={word: place + 1 for word, place in months.items()},
        weekday_of=weekdays,
        relative=relative,
        day_of=days,
        shares={word: Decimal(str(value)) for word, value in shares.items()},
        parts=parts,
        multiples=multiples,
        day_words=frozenset({*weekdays, *relative}) | pieces,
        count_words=frozenset({*numbers, *multiples, *lists.words("both")}),
        counting=frozenset({*numbers, *(_LETTERS.findall(share)[0] for share in shares)}),
        percent_words=frozenset(_ends(percents)),
        clock_words=frozenset(clock_words | set(numbers if lists.words("clock_leads") else ())),
        flights=frozenset(flights),
        titles=frozenset({*people, *_tokens(lists.words("named"))}),
        no_lengths=frozenset(lists.words("no_lengths")),
        uncounted=frozenset(lists.words("uncounted")),
        no_names=frozenset(common["languages"]["en"]["no_names"].split()) | frozenset(lists.words("no_names")),
        no_codes=frozenset(common["no_codes"].split()),
        triggers=frozenset(word for word in triggers if word.isalpha()) | pieces,
        amount=re.compile(
            rf"(?<![\w.,])(?:(?P<sign>{_any(w for w in currencies if not w.isalpha() and ' ' not in w)})\s?(?P<after>{_NUMERAL})"
            rf"(?:\s?(?P<times>{_any(common['scales'])})\b)?"
            rf"|(?P<code>{_any(w for w in currencies if len(w) == 3 and w.isalpha())})\s(?P<coded>{_NUMERAL})"
            rf"|(?P<before>{_NUMERAL}|(?:{number})(?=\s))(?:\s?(?P<scale>{_any(common['scales'])}))?(?:\sde|\sd')?\s?"
            rf"(?P<unit>{_any(currencies)})(?:(?<=[€$£])(?P<tail>\d\d)(?!\d)|(?!\w)))"
        ),
        hundredth=re.compile(rf"(?<![\w.,])(\d{{1,3}}|{one_word}(?=\s))\s?({_any(cents)})(?!\w|\.m)"),
        percent=re.compile(
            rf"(?<![\w.,])(?P<n>\d{{1,4}}(?:[.,]\d{{1,2}})?|(?:{number})(?=\s))\s?(?:%|(?:{_any(percents)})(?!\w))"
        ),
        duration=re.compile(
            rf"(?<![\w.,:/])(?:(?P<digits>\d{{1,4}}(?:[.,]\d{{1,2}})?)(?:(?:\s?[-–]\s?|\s(?:{either})\s)(?P<high>\d{{1,4}}))?"
            rf"(?P<half1>\s(?:{half})|½)?[\s-]?{filler.format(1)}(?P<unit>{unit})"
            rf"|(?P<word>{number})(?:\s(?:{either})\s(?P<more>{number}))?(?P<half2>\s(?:{half}))?[\s-]{filler.format(2)}"
            rf"(?P<of>{long_unit})|(?P<share>{_any(shares)})[\s-]?(?P<part>{long_unit})){after}(?![\w-])"
        ),
        article=re.compile(
            rf"(?<!\w)(?:(?P<lead>{_any(lists.words('leads'))})\s?)?(?P<article>{_any(lists.words('articles'))})\s?$"
        ),
        single=re.compile(rf"(?P<single>{long_unit}){after}(?![\w-])"),
        joined=re.compile(rf"\s?(?:(?:{_any(lists.words('and'))})\s)?"),
        date=re.compile(
            rf"(?<![\w/.-])(?!24/7)(?:(?P<iso>\d{{4}}(?P<sep>[-/])\d{{1,2}}(?P=sep)\d{{1,2}})(?!\d)"
            rf"|(?P<a>\d{{1,2}})(?P<mark>[/.-])(?P<b>\d{{1,2}})(?:(?P=mark)(?P<year>\d{{4}}|\d{{2}}))?(?![\d/-]|\.\d)"
            rf"|(?:the\s)?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|°)?\.?|(?P<nth>{_any(days)}))\s(?P<of>(?:{of})\s?)?"
            rf"(?P<month>{month})\b(?:\.?,?\s(?:(?:{of})\s)?(?P<in>\d{{4}})(?!\d))?"
            rf"|(?P<month2>{month})\.?\s(?:the\s)?(?:(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:]|[.,]\d)|(?P<nth2>{_any(ordinals)})(?!\w))"
            rf"(?:,?\s(?P<in2>\d{{4}})(?!\d))?)"
        ),
        named_day=re.compile(
            rf"(?<![\w-])(?:(?P<word>{_any(word for word in (*weekdays, *relative) if word not in short_days)})"
            rf"|(?:(?:{_any(lists.words('day_leads'))})\s|(?<=, ))(?P<short>{_any(short_days)}))(?![\w-])"
        ),
        day_leads=frozenset(lists.words("day_leads")),
        part_of_day=re.compile(rf"(?<!\w)(?:{_any(lists.words('day_part_leads'))})\s$"),
        clock=re.compile(
            rf"(?<![\w.,:])(?:(?P<h>{hour})(?::(?P<m>[0-5]\d)(?::[0-5]\d)?|\s?h\s?(?P<hm>[0-5]\d)(?!\d))\s?(?P<half>[ap](?:m\b|\.m\.))?"
            rf"|(?P<h2>1[0-2]|0?[1-9])(?:\.(?P<m2>[0-5]\d))?\s?(?P<half2>[ap](?:m\b|\.m\.))"
            rf"|(?P<h3>{hour}|{one_word})(?:[.:](?P<m3>[0-5]\d))?\s(?:{_any(oclock)})(?:\s(?P<m4>[0-5]\d)(?!\d))?"
            rf"|(?:{_any(lists.words('clock_leads'))})\s(?P<h5>{hour}|{one_word})"
            rf"(?:[.:](?P<m5>[0-5]\d)|\s?(?:h|heures?|horas?|ore)(?!\w)(?:\s?(?P<m6>[0-5]\d)(?!\d))?|h(?P<m7>[0-5]\d))"
            rf"|(?:{_any(leads_hour)})\s(?P<h6>{hour}|{one_word})"
            rf"(?!\s[^\W\d_]{{4,}}[sei]\b)(?!\s?[%€$£])"
            rf"|(?P<part>{_any(parts)})\s(?P<way>{_any((*lists.words('past'), *lists.words('to')))})\s(?P<h7>{hour}|{one_word})"
            rf"|halb\s(?P<h8>{hour}|{one_word})"
            rf"|(?P<h9>{hour})(?:\s?(?:h|heures?|horas?|ore))?(?=\s(?:{_any((*morning, *evening))})(?!\w))"
            rf"|(?P<word>{_any((*noon, *midnight))}))(?![\w:])"
        ),
        morning=re.compile(rf"\s?(?:{_any(morning)})(?!\w)"),
        evening=re.compile(rf"\s?(?:{_any(evening)})(?!\w)"),
        midnight=frozenset(midnight),
        past=frozenset(lists.words("past")),
        count=re.compile(
            rf"(?<![\w.,:/#-])(?:(?:(?P<n>\d{{1,4}}|{number})|(?P<both>{_any(lists.words('both'))}))\s"
            rf"(?P<what>{_NOUNS.get(language, _NOUNS[None])})|(?P<times>{_any(multiples)}))(?!\w)"
        ),
        titled=re.compile(
            rf"(?<!\w)(?:(?:{_capital(_any(titles))})\.?|(?:{_capital(_any(lists.words('named')))})"
            rf"|(?:{_capital(_any(lists.words('own')))}) (?:{_capital(_any(lists.words('roles')))})),? {_FULL_NAME}"
        ),
    )


_LOOSE_LEADS: Final = frozenset({"à", "vers", "dès"})
"""Words before an hour that stand before much else; the hour must say that it is one."""


def _capital(words: str) -> str:
    """Let words be written with capital letters."""
    return rf"(?i:{words})"


_NOUNS: Final[Mapping[str | None, str]] = MappingProxyType(
    {
        None: r"[^\W\d_]{3,20}s",
        "en": r"(?:[^\W\d_]{4,15}[a-rt-z]\s)??[^\W\d_]{3,20}s",
        "fr": r"[^\W\d_]{3,20}[sx]",
        "de": r"[^\W\d_]{4,24}",
        "it": r"[^\W\d_]{3,20}[ieà]",
    }
)
"""Language → how a counted noun looks."""


def _number(words: str, known: _Patterns) -> Decimal:
    """Read a numeral or number words; a comma or a point before three digits groups thousands."""
    if not words[:1].isdigit():
        return _spelt_number(words, known.numbers)
    plain = re.sub(r"[ ']", "", words)
    last = max(plain.rfind(","), plain.rfind("."))
    if last >= 0 and len(plain) - last - 1 in (1, 2):
        plain = re.sub(r"[,.]", "", plain[:last]) + "." + plain[last + 1 :]
    else:
        plain = re.sub(r"[,.]", "", plain)
    return Decimal(plain)


def _spelt_number(words: str, numbers: Mapping[str, Decimal]) -> Decimal:
    """Add up number words: "two hundred and fifty", "quatre-vingt-dix"; of two apart, the last counts."""
    whole = numbers.get(words)
    if whole is not None:
        return whole
    total = part = Decimal(0)
    for word in re.split(r"[\s-]+", words):
        value = numbers.get(word)
        if value is None:
            continue
        if value >= 1000:
            total, part = total + max(part, Decimal(1)) * value, Decimal(0)
        elif value == 100:
            part = max(part, Decimal(1)) * value
        elif part == 4 and value == 20:
            part = Decimal(80)
        elif part % 100 == 0 or (part % 10 == 0 and value < (20 if part % 100 in (60, 80) else 10)):
            part += value
        else:
            total, part = Decimal(0), value
    return total + part


WHOLE: Final = frozenset({"JPY", "KRW"})
"""Currencies without minor units."""


def money_of(number: Decimal, currency: str) -> Money:
    """Give an amount in minor units."""
    return Money(int((number if currency in WHOLE else number * 100).to_integral_value()), currency)


class _Scene(NamedTuple):
    """A text being searched: its spellings, its telling words, and the stretches where facts can be."""

    text: str
    lowered: str
    words: frozenset[str]
    digits: tuple[tuple[int, int], ...]
    places: tuple[tuple[int, int, str], ...]
    """Where digits and telling words stand, in order, with the word; nothing for digits."""
    windows: tuple[tuple[int, int], ...]
    now: datetime | None
    known: _Patterns

    def find(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Search only where a digit or a telling word is near."""
        for start, end in self.windows:
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


def _places(lowered: str, words: frozenset[str], digits: list[tuple[int, int]]) -> tuple[tuple[int, int, str], ...]:
    """Give where digits and telling words stand; a unit of one letter stands beside its digits."""
    places = [(start, end, "") for start, end in digits]
    for word in words:
        if len(word) > 1:
            at = lowered.find(word)
            while at >= 0:
                places.append((at, at + len(word), word))
                at = lowered.find(word, at + 1)
    places.sort()
    return tuple(places)


def _windows(lowered: str, places: tuple[tuple[int, int, str], ...]) -> tuple[tuple[int, int], ...]:
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
    return tuple(merged)


Finder = Callable[[_Scene], Iterator[Claim]]

_FLIGHT: Final = re.compile(r"(?<![\w-])([A-Z][A-Z]|[A-Z]\d|\d[A-Z])\s?(\d{2,4})(?![\w-])")
_CODE: Final = re.compile(
    r"(?<![\w.,:/@-])(?:#\s?(?P<tag>\d[\w-]{0,20})|(?=[^\s\d]{0,12}\d)(?P<mixed>[A-Za-z0-9]{1,12}(?:-[A-Za-z0-9]{1,12}){0,4}))(?![\w@])"
)


def _amounts(scene: _Scene) -> Iterator[Claim]:
    known, lists = scene.known, _lists()
    for match in scene.find(known.amount):
        word = match["sign"] or match["code"] or match["unit"]
        if word in _VERBS and not scene.text[match.start() : match.end()].isupper():
            continue
        number = _number((match["after"] or match["coded"] or match["before"]).strip(), known)
        number *= lists["scales"].get(match["times"] or match["scale"], 1)
        if match["tail"]:
            number += Decimal(match["tail"]) / 100
        money = money_of(number, known.currencies[word])
        value = Either(money, word) if word in lists["shared"] else money
        yield "amount", value, match.start(), match.end()
    for match in scene.find(known.hundredth):
        money = Money(int(_number(match[1], known)), known.cents[match[2]])
        value = Either(money, match[2]) if match[2] in lists["shared"] else money
        yield "amount", value, match.start(), match.end()


_VERBS: Final = frozenset({"try", "won", "rand"})
"""Words that are currencies only in capitals."""


def _percents(scene: _Scene) -> Iterator[Claim]:
    for match in scene.find(scene.known.percent):
        yield "percent", float(_number(match["n"], scene.known)), match.start(), match.end()


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


def _days_of(match: re.Match[str], words: _Patterns) -> frozenset[Day]:
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


_HOURS: Final = ("h", "h2", "h3", "h5", "h6", "h7", "h8", "h9")
_MINUTES: Final = ("m", "hm", "m2", "m3", "m4", "m5", "m6", "m7")


def _times(scene: _Scene) -> Iterator[Claim]:
    known = scene.known
    for match in scene.find(known.clock):
        if match["word"]:
            yield "time", 0.0 if match["word"] in known.midnight else 720.0, match.start(), match.end()
            continue
        if match["hm"] and _lasts(scene, match):
            continue
        written = next(match[name] for name in _HOURS if match[name])
        hour = int(_number(written, known))
        minute = int(next((match[name] for name in _MINUTES if match[name]), 0))
        if match["part"]:
            minute = known.parts[match["part"]] * (1 if match["way"] in known.past else -1)
        elif match["h8"]:
            minute = -30
        if hour > 24:
            continue
        half = _half(scene, match)
        if half and hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        minutes = float((hour * 60 + minute) % 1440)
        open_half = not half and 1 <= hour <= 12 and not written.startswith("0")
        start = (
            match.start(next(name for name in _HOURS if match[name])) if match["h5"] or match["h6"] else match.start()
        )
        yield "time", Either(minutes, (minutes + 720) % 1440) if open_half else minutes, start, match.end()


_GOES_ON: Final = re.compile(r"\s[^\W\d_]")


def _half(scene: _Scene, match: re.Match[str]) -> str:
    """Which half of the day the words name, as "a" or "p"; empty when they name none."""
    half = match["half"] or match["half2"] or ""
    if half and not (half in scene.known.day_leads and _GOES_ON.match(scene.lowered, match.end())):
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
    for match in scene.find(_HOURS_MINUTES):
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
        yield _length(match, start, scene)


def _article_before(scene: _Scene, match: re.Match[str]) -> int:
    """Where "an hour" begins when it is a length; -1 when it is none, as in "twenty an hour"."""
    before = scene.known.article.search(scene.lowered, max(match.start() - 24, 0), match.start())
    if before is None or match["single"] in scene.known.no_lengths or not (before["lead"] or match["and_half"]):
        return -1
    return before.start("article")


def _length(match: re.Match[str], start: int, scene: _Scene) -> tuple[Decimal, str, int, Either, int, int]:
    known, found = scene.known, match.groupdict()
    unit = found.get("single") or found["unit"] or found["of"] or found["part"]
    number, low = _how_many(found, known)
    name, each = known.units[unit]
    working = found["working"] or found.get("work1") or found.get("work2") or _is_working(unit)
    value = (name, float(number * each))
    least = float(low * each)
    also = ("working", least) if working else (name, least) if least < value[1] else None
    if found.get("share"):
        before = known.article.search(scene.lowered, max(start - 24, 0), start)
        start = before.start("article") if before else start
    return number, name, each, Either(value, also), start, match.end()


def _is_working(unit: str) -> bool:
    """Whether the unit itself is one of working days, as in German."""
    return unit.startswith(("werktag", "arbeitstag"))


def _how_many(found: Mapping[str, str | None], known: _Patterns) -> tuple[Decimal, Decimal]:
    """How many units a length has, and the least where it is a range."""
    halves = found["and_half"] or found.get("half1") or found.get("half2")
    half = Decimal("0.5") if halves else Decimal(0)
    first, most = found.get("digits") or found.get("word"), found.get("high") or found.get("more")
    if first is None:
        share = found.get("share")
        number = (known.shares[share] if share else Decimal(1)) + half
        return number, number
    low = _number(first, known)
    high = _number(most, known) if most else low
    return max(low, high) + half, low if low < high else high + half


def _counts(scene: _Scene) -> Iterator[Claim]:
    known = scene.known
    for match in scene.begin(known.count, known.count_words):
        if match["times"]:
            yield "count", ("times", float(known.multiples[match["times"]])), match.start(), match.end()
            continue
        what = match["what"].rpartition(" ")[2]
        if what in known.uncounted or (what in known.no_lengths and match["both"]):
            continue
        if match["both"]:
            yield "count", Either((what, 2.0), "both"), match.start(), match.end()
            continue
        number = _number(match["n"], known)
        if number > 1:
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
    if not scene.words.isdisjoint(known.flights):
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

_MONEY_SIGN: Final = re.compile("[£$€¥₹₩₦₺₪¢]")
_DAY_LIKE: Final = re.compile(r"[/.-]\d")
_TIME_LIKE: Final = re.compile(r":\d|\s?h(?:\s?\d|\b)|(?:\.\d\d)?\s?[ap](?:m\b|\.m\.)")


def _near_digits(scene: _Scene, what: re.Pattern[str]) -> bool:
    """Whether a pattern follows a digit."""
    return any(what.match(scene.lowered, end) for _, end in scene.digits)


def _meets(name: str) -> Callable[[_Scene], bool]:
    """Whether the text has one of the words of a list."""

    def meets(scene: _Scene) -> bool:
        return not scene.words.isdisjoint(getattr(scene.known, name))

    return meets


_any_money = _meets("currencies")
_any_month = _meets("month_of")
_any_day = _meets("day_words")
_any_unit = _meets("units")
_any_number = _meets("count_words")
_any_percent = _meets("percent_words")
_any_clock = _meets("clock_words")
_any_cents = _meets("cents")

_FINDERS: Final[tuple[tuple[Callable[[_Scene], bool], Finder], ...]] = (
    (
        lambda scene: _MONEY_SIGN.search(scene.lowered) is not None or _any_money(scene) or _any_cents(scene),
        _amounts,
    ),
    (lambda scene: "%" in scene.lowered or _any_percent(scene), _percents),
    (lambda scene: _any_month(scene) or (bool(scene.digits) and _near_digits(scene, _DAY_LIKE)), _dates),
    (_any_day, _named_days),
    (lambda scene: _any_clock(scene) or (bool(scene.digits) and _near_digits(scene, _TIME_LIKE)), _times),
    (_any_unit, _durations),
    (lambda scene: bool(scene.digits) or _any_number(scene), _counts),
    (lambda scene: bool(scene.digits), _codes),
)
"""Whether a text may hold facts of a kind → what finds them; what comes first takes the words."""


# Names

_CAPITALS: Final = "A-ZÀ-ÖØ-Þ"
_FULL_NAME: Final = rf"(?P<name>[{_CAPITALS}][^\W\d_]{{1,20}}(?:[ -][{_CAPITALS}][^\W\d_]{{1,20}})?)"
_SIGNED: Final = re.compile(r"[-–—^~*] ?" + _FULL_NAME)
_CAPITAL: Final = re.compile(
    rf"(?<=[a-zà-ÿ,;’'] )[{_CAPITALS}][^\W\d_]{{2,24}}(?:['’-][A-Z]?[a-z]{{2,20}})?(?: [{_CAPITALS}][^\W\d_]{{2,24}}){{0,3}}"
)


_NO_SPACE: Final = re.compile(r"\S+")


def _names(text: str, words: frozenset[str], known: _Patterns) -> Iterator[Claim]:
    """Persons by what stands before them; then words with a capital in mid-sentence."""
    if not words.isdisjoint(known.titles):
        for match in known.titled.finditer(text):
            yield "person", match["name"].casefold(), match.start("name"), match.end("name")
    for match in _SIGNED.finditer(text):
        before = text[: match.start()].rstrip(" ")
        signs = not before or before[-1] in ".!?…\n"
        if signs and not (match["name"].isupper() and len(match["name"]) < 4):
            yield "person", match["name"].casefold(), match.start("name"), match.end("name")
    for match in _CAPITAL.finditer(text):
        start = match.start()
        if text[: start - 1].rpartition(" ")[2].startswith("@"):
            continue
        for word in _NO_SPACE.finditer(match[0]):
            plain = word[0][:-2] if word[0].endswith(("'s", "’s")) else word[0]
            if plain.casefold() in known.no_names or plain.isupper():
                continue
            yield "name", plain.casefold(), start + word.start(), start + word.start() + len(plain)
