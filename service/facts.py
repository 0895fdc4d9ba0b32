"""Finds the concrete facts of a text: sums, times, days, durations, numbers, links and names, as comparable values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
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

Claim = tuple[str, Value, int, int]


@dataclass(frozen=True, slots=True)
class Fact:
    """One concrete thing that a text says, and where."""

    kind: str
    """One of ``KINDS``."""
    value: Value
    """Comparable within a kind; ``agree`` also knows which unlike values mean the same."""
    span: Span


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
    known = _patterns()
    words = known.triggers.intersection(_LETTERS.findall(lowered))
    if language in _NO_DAYS:
        words -= _NO_DAYS[language]
    taken: list[Claim] = []
    if "." in lowered and ("://" in text or _MAYBE_LINK.search(lowered)):
        _claim(taken, _links(text))
    digits = [match.span() for match in _DIGITS.finditer(lowered)]
    if "@" in lowered or (digits and _LONG_NUMBER.search(lowered)):
        _claim(taken, _personal(privacy.find(text) if personal is None else personal))
    if digits or words:
        scene = _Scene(text, lowered, words, tuple(digits), _windows(lowered, words, digits), now)
        for applies, finder in _FINDERS:
            if applies(scene):
                _claim(taken, finder(scene))
    _claim(taken, _names(text, words))
    if not taken:
        return ()
    taken.sort(key=_start)
    return tuple([Fact(kind, value, Span(start, end)) for kind, value, start, end in taken])


def agree(one: Fact, other: Fact) -> bool:
    """Whether two facts can mean the same: "20:15" and "8:15", "3 March" and "2026-03-03", a Friday and its date."""
    if one.kind == other.kind:
        if one.kind == "date" and isinstance(one.value, frozenset) and isinstance(other.value, frozenset):
            return any(same_day(a, b) for a in one.value for b in other.value)
        if one.kind == "time" and isinstance(one.value, float) and isinstance(other.value, float):
            return one.value % 720 == other.value % 720
        return one.value == other.value
    if one.kind == "weekday" and isinstance(other.value, frozenset):
        return any(year and date(year, month, day).weekday() == one.value for year, month, day in other.value)
    if other.kind == "weekday" and one.kind == "date":
        return agree(other, one)
    if {one.kind, other.kind} <= _CODES:
        return _code(str(one.value)) == _code(str(other.value))
    return False


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
    low = text.lower().replace("’", "'").replace("\xa0", " ")
    if len(low) == len(text):
        return low
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text).replace("’", "'").replace("\xa0", " ")


# Links, addresses and numbers that belong to a person

_DIGITS: Final = re.compile(r"\d+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_NO_DAYS: Final[Mapping[str | None, frozenset[str]]] = MappingProxyType({"de": frozenset({"hier"})})
"""Language → words that name a day in another language only."""
_ELSEWHERE: Final = frozenset().union(*_NO_DAYS.values())
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

    numbers: dict[str, int]
    currencies: dict[str, str]
    units: dict[str, tuple[str, int]]
    month_of: dict[str, int]
    weekday_of: dict[str, int]
    relative: dict[str, int]
    day_words: frozenset[str]
    count_words: frozenset[str]
    uncounted: frozenset[str]
    no_names: frozenset[str]
    triggers: frozenset[str]
    """Single words that some fact of words may begin or end with."""
    amount: re.Pattern[str]
    duration: re.Pattern[str]
    date: re.Pattern[str]
    named_day: re.Pattern[str]
    count: re.Pattern[str]


def _any(words: Any) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_NUMERAL: Final = r"\d{1,3}(?:[,.' ]\d{3}){1,3}(?:[.,]\d{1,2})?(?!\d)|\d{1,9}(?:[.,]\d{1,2})?(?!\d)"


_CLOCK_WORDS: Final = frozenset({"noon", "midday", "midnight"})
_CENTS_WORDS: Final = frozenset({"p", "pence", "cent", "cents"})
_PERCENT_WORDS: Final = frozenset({"percent", "cent", "pct"})
_ROLES: Final = ("colleague", "manager", "supervisor", "director", "teammate", "driver", "engineer", "technician")
_TITLES: Final = frozenset({"mr", "mrs", "ms", "mx", "dr", "miss", "name", *_ROLES})
_KINDS_OF_DAY: Final = "(?:business|working|full|whole|long|calendar|more|extra)"


@cache
def _patterns() -> _Patterns:
    """Read the word lists, once."""
    lists: dict[str, Any] = yaml.load(
        Path(__file__).with_name("lexicon").joinpath("facts.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    currencies = {word: code for code, words in lists["currencies"].items() for word in words.split()}
    units = {word: ("seconds", int(n)) for n, words in lists["seconds"].items() for word in words.split()}
    units |= {word: ("months", int(n)) for n, words in lists["months"].items() for word in words.split()}
    months = {word: i for i, words in enumerate(lists["month_names"], 1) for word in words.split()}
    weekdays = {word: i for i, words in enumerate(lists["weekdays"]) for word in words.split()}
    relative = lists["relative_days"]
    word_numbers = _any(lists["numbers"])
    signs = _any(word for word in currencies if not word.isalpha())
    units_of = _any(currencies)
    month, unit, long_unit = _any(months), _any(units), _any(word for word in units if len(word) > 2)
    triggers = {
        *lists["numbers"],
        *weekdays,
        *relative,
        *months,
        *units,
        *currencies,
        *_CLOCK_WORDS,
        *_PERCENT_WORDS,
        *_TITLES,
        "twice",
        "p",
        "pence",
        "cents",
    }
    return _Patterns(
        numbers=lists["numbers"],
        currencies=currencies,
        units=units,
        month_of=months,
        weekday_of=weekdays,
        relative=relative,
        count_words=frozenset({*lists["numbers"], "twice"}),
        day_words=frozenset({*weekdays, *relative, "segunda", "terça", "aujourd"}),
        uncounted=frozenset(lists["uncounted"].split()),
        no_names=frozenset(lists["no_names"].split()),
        triggers=frozenset(word for word in triggers if word.isalpha()) | {"segunda", "terça", "aujourd"},
        amount=re.compile(
            rf"(?<![\w.,])(?:(?P<sign>{signs})\s?(?P<after>{_NUMERAL})(?:\s?(?P<times>k\b|m\b))?"
            rf"|(?P<code>{_any(w for w in currencies if len(w) == 3 and w.isalpha())})\s(?P<coded>{_NUMERAL})"
            rf"|(?P<before>{_NUMERAL}|(?:{word_numbers})(?=\s))\s?(?P<unit>(?:{units_of})(?!\w)))"
        ),
        duration=re.compile(
            rf"(?<![\w.,:/])(?:(?P<low>\d{{1,3}})\s?(?:-|–|to|or)\s?)?(?:(?P<digits>\d{{1,4}}(?:[.,]\d)?)[\s-]?(?:{_KINDS_OF_DAY}\s)?(?P<unit>{unit})"
            rf"|(?P<word>{word_numbers})(?:[\s-](?P<more>{word_numbers}))?[\s-](?:{_KINDS_OF_DAY}\s)?(?P<of>{long_unit})"
            rf"|(?:a\s)?couple\sof\s(?P<couple>{long_unit})"
            rf"|half\san?\s(?P<half>{long_unit})"
            rf"|(?<=\s)(?:(?:in|within|for|after|over|than|about|almost|nearly|least|only|another|whole|wait|waited)\s)"
            rf"(?P<article>an?)\s(?P<single>{long_unit}))(?![\w-])"
        ),
        date=re.compile(
            rf"(?<![\w/.-])(?!24/7)(?:(?P<iso>\d{{4}}-\d{{1,2}}-\d{{1,2}})(?!\d)"
            rf"|(?P<a>\d{{1,2}})(?P<mark>[/.-])(?P<b>\d{{1,2}})(?:(?P=mark)(?P<year>\d{{4}}|\d{{2}}))?(?![\d/-]|\.\d)"
            rf"|(?:the\s)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º)?\.?\s(?:of\s|de\s)?(?P<month>{month})\b(?:,?\s(?P<in>\d{{4}}))?"
            rf"|(?P<month2>{month})\.?\s(?:the\s)?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:]|[.,]\d)(?:,?\s(?P<in2>\d{{4}}))?)"
        ),
        named_day=re.compile(rf"(?<![\w-])(?P<word>{_any({*weekdays, *relative})})(?![\w-])"),
        count=re.compile(
            rf"(?<![\w.,:/#-])(?:(?P<n>\d{{1,4}}|{word_numbers})\s(?P<what>[^\W\d_]{{3,20}}s)|(?P<twice>twice))(?!\w)"
        ),
    )


def _number(words: str) -> Decimal:
    """Read a numeral or a number word; a comma or a point before three digits groups thousands."""
    known = _patterns().numbers.get(words)
    if known is not None:
        return Decimal(known)
    plain = re.sub(r"[ ']", "", words)
    last = max(plain.rfind(","), plain.rfind("."))
    if last >= 0 and len(plain) - last - 1 in (1, 2):
        plain = re.sub(r"[,.]", "", plain[:last]) + "." + plain[last + 1 :]
    else:
        plain = re.sub(r"[,.]", "", plain)
    return Decimal(plain)


_WHOLE: Final = frozenset({"JPY", "KRW"})
"""Currencies without minor units."""


def money_of(number: Decimal, currency: str) -> Money:
    """Give an amount in minor units."""
    return Money(int((number if currency in _WHOLE else number * 100).to_integral_value()), currency)


class _Scene(NamedTuple):
    """A text being searched: its spellings, its telling words, and the stretches where facts can be."""

    text: str
    lowered: str
    words: frozenset[str]
    digits: tuple[tuple[int, int], ...]
    windows: tuple[tuple[int, int], ...]
    now: datetime | None

    def find(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Search only where a digit or a telling word is near."""
        for start, end in self.windows:
            yield from pattern.finditer(self.lowered, start, end)


_REACH: Final = 40
"""No fact reaches farther from its digit or its telling word, in code points."""


def _windows(lowered: str, words: frozenset[str], digits: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Give the stretches around digits and telling words, cut at spaces, in order and apart."""
    places = list(digits)
    for word in words:
        at = lowered.find(word)
        while at >= 0:
            places.append((at, at + len(word)))
            at = lowered.find(word, at + 1)
    places.sort()
    merged: list[tuple[int, int]] = []
    for start, end in places:
        low = max(lowered.rfind(" ", 0, max(start - _REACH, 0)), 0)
        high = lowered.find(" ", end + _REACH)
        high = len(lowered) if high < 0 else high
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


Finder = Callable[[_Scene], Iterator[Claim]]

_CENTS: Final = re.compile(r"(?<![\w.,])(\d{1,3})\s?(p|pence|cents?|¢)(?!\w)")
_PERCENT: Final = re.compile(r"(?<![\w.,])(\d{1,4}(?:[.,]\d{1,2})?)\s?(?:%|per\s?cent\b|pct\b)")
_CLOCK: Final = re.compile(
    r"(?<![\w.,:])(?:(?P<h>[01]?\d|2[0-4])(?::(?P<m>[0-5]\d)(?::[0-5]\d)?|h(?P<hm>[0-5]\d))\s?(?P<half>[ap](?:m\b|\.m\.))?"
    r"|(?P<h2>1[0-2]|0?[1-9])(?:\.(?P<m2>[0-5]\d))?\s?(?P<half2>[ap](?:m\b|\.m\.))|(?P<h3>1[0-2]|[1-9])\so'clock"
    r"|(?P<word>noon|midday|midnight))(?![\w:])"
)
_FLIGHT: Final = re.compile(r"(?<![\w-])([A-Z][A-Z]|[A-Z]\d|\d[A-Z])\s?(\d{2,4})(?![\w-])")
_CODE: Final = re.compile(
    r"(?<![\w.,:/@-])(?:#\s?(?P<tag>\d[\w-]{0,20})|(?=[^\s\d]{0,12}\d)(?P<mixed>[A-Za-z0-9]{1,12}(?:-[A-Za-z0-9]{1,12}){0,4}))(?![\w@])"
)


def _amounts(scene: _Scene) -> Iterator[Claim]:
    words = _patterns()
    for match in scene.find(words.amount):
        number = _number((match["after"] or match["coded"] or match["before"]).strip())
        currency = words.currencies[match["sign"] or match["code"] or match["unit"]]
        number *= {"k": 1000, "m": 1_000_000}.get(match["times"] or "", 1)
        yield "amount", money_of(number, currency), match.start(), match.end()
    for match in scene.find(_CENTS):
        yield "amount", Money(int(match[1]), "GBP" if match[2][0] == "p" else "USD"), match.start(), match.end()


def _percents(scene: _Scene) -> Iterator[Claim]:
    for match in scene.find(_PERCENT):
        yield "percent", float(match[1].replace(",", ".")), match.start(), match.end()


def _dates(scene: _Scene) -> Iterator[Claim]:
    words = _patterns()
    for match in scene.find(words.date):
        days = _days_of(match, words)
        if days and not _counts_posts(match, scene.lowered):
            yield "date", days, match.start(), match.end()


def _counts_posts(match: re.Match[str], lowered: str) -> bool:
    """Whether "1/2" is the first of two posts, and no day."""
    if match["mark"] != "/" or match["year"] or int(match["a"]) > int(match["b"]):
        return False
    return not lowered[match.end() :].strip(" )") or not re.sub(r"@\w+|[\s(]", "", lowered[: match.start()])


def _named_days(scene: _Scene) -> Iterator[Claim]:
    words = _patterns()
    for match in scene.find(words.named_day):
        word = match["word"]
        if word not in scene.words and word in _ELSEWHERE:
            continue
        weekday = words.weekday_of.get(word)
        if weekday is not None:
            yield "weekday", float(weekday), match.start(), match.end()
        elif scene.now is None:
            yield "date", word, match.start(), match.end()
        else:
            day = (scene.now + timedelta(days=words.relative[word])).date()
            yield "date", frozenset({(day.year, day.month, day.day)}), match.start(), match.end()


def _days_of(match: re.Match[str], words: _Patterns) -> frozenset[Day]:
    """Every day that the words may mean: "3/4" is in March and in April."""
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
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
    return _possible((int(year_words) if year_words else None, words.month_of[month_word], int(day_words)))


def _possible(*days: Day) -> frozenset[Day]:
    real = set()
    for year, month, day in days:
        try:
            date(year or 2024, month, day)
        except ValueError:
            continue
        real.add((year, month, day))
    return frozenset(real)


def _times(scene: _Scene) -> Iterator[Claim]:
    for match in scene.find(_CLOCK):
        if match["word"]:
            yield "time", 0.0 if match["word"] == "midnight" else 720.0, match.start(), match.end()
            continue
        hour = int(match["h"] or match["h2"] or match["h3"])
        minute = int(match["m"] or match["hm"] or match["m2"] or 0)
        half = (match["half"] or match["half2"] or "")[:1]
        if half and hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        yield "time", float(hour % 24 * 60 + minute), match.start(), match.end()


def _durations(scene: _Scene) -> Iterator[Claim]:
    words = _patterns()
    for match in scene.find(words.duration):
        unit = match["unit"] or match["of"] or match["couple"] or match["half"] or match["single"]
        number = _how_many(match, words)
        name, each = words.units[unit]
        start = match.start("article") if match["single"] else match.start()
        yield "duration", (name, float(number * each)), start, match.end()


def _how_many(match: re.Match[str], words: _Patterns) -> Decimal:
    if match["digits"]:
        return _number(match["digits"])
    if match["word"]:
        return Decimal(words.numbers[match["word"]] + words.numbers.get(match["more"] or "", 0))
    if match["couple"]:
        return Decimal(2)
    return Decimal("0.5") if match["half"] else Decimal(1)


def _counts(scene: _Scene) -> Iterator[Claim]:
    words = _patterns()
    for match in scene.find(words.count):
        if match["twice"]:
            yield "count", ("times", 2.0), match.start(), match.end()
            continue
        number = words.numbers.get(match["n"]) or int(match["n"])
        if number > 1 and match["what"] not in words.uncounted:
            yield "count", (match["what"], float(number)), match.start(), match.end()


_ORDINAL: Final = re.compile(r"\d{1,3}(?:ST|ND|RD|TH)")


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
    if "flight" in scene.lowered or "fly" in scene.lowered:
        for match in _FLIGHT.finditer(scene.text):
            yield "flight", match[1] + match[2], match.start(), match.end()
    for match in _codes_at(scene):
        code = _code(match["tag"] or match["mixed"])
        if len(code) < 2 or _ORDINAL.match(code):
            continue
        kind = "number" if code.isdigit() and not match["tag"] else "identifier"
        yield kind, code, match.start(), match.end()


_MONEY_SIGN: Final = re.compile("[£$€¥₹₩₦₺₪¢]")
_DAY_LIKE: Final = re.compile(r"[/.-]\d")
_TIME_LIKE: Final = re.compile(r"[:h]\d|\s?[ap]\.?m|\so'clock")


def _near_digits(scene: _Scene, what: re.Pattern[str]) -> bool:
    """Whether a pattern follows a digit."""
    return any(what.match(scene.lowered, end) for _, end in scene.digits)


def _meets(name: str) -> Callable[[_Scene], bool]:
    """Whether the text has one of the words of a list."""

    def meets(scene: _Scene) -> bool:
        return not scene.words.isdisjoint(getattr(_patterns(), name))

    return meets


_any_money = _meets("currencies")
_any_month = _meets("month_of")
_any_day = _meets("day_words")
_any_unit = _meets("units")
_any_number = _meets("count_words")

_FINDERS: Final[tuple[tuple[Callable[[_Scene], bool], Finder], ...]] = (
    (
        lambda scene: (
            _MONEY_SIGN.search(scene.lowered) is not None
            or not scene.words.isdisjoint(_CENTS_WORDS)
            or _any_money(scene)
        ),
        _amounts,
    ),
    (lambda scene: "%" in scene.lowered or not scene.words.isdisjoint(_PERCENT_WORDS), _percents),
    (lambda scene: bool(scene.digits) and (_any_month(scene) or _near_digits(scene, _DAY_LIKE)), _dates),
    (_any_day, _named_days),
    (
        lambda scene: (
            not scene.words.isdisjoint(_CLOCK_WORDS) or (bool(scene.digits) and _near_digits(scene, _TIME_LIKE))
        ),
        _times,
    ),
    (_any_unit, _durations),
    (lambda scene: bool(scene.digits) or _any_number(scene), _counts),
    (lambda scene: bool(scene.digits), _codes),
)
"""Whether a text may hold facts of a kind → what finds them; what comes first takes the words."""


# Names

_FULL_NAME: Final = r"(?P<name>[A-Z][^\W\d_]{1,20}(?:[ -][A-Z][^\W\d_]{1,20})?)"
_TITLED: Final = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Mx|Dr|Miss)\.?|[Mm]y name is"
    rf"|(?:[Mm]y|[Oo]ur) (?:{'|'.join(_ROLES)})),? " + _FULL_NAME
)
_SIGNED: Final = re.compile(r"[-–—^~*] ?" + _FULL_NAME)
_CAPITAL: Final = re.compile(
    r"(?<=[a-z,;’'] )[A-Z][^\W\d_]{2,24}(?:['’-][A-Z]?[a-z]{2,20})?(?: [A-Z][^\W\d_]{2,24}){0,3}"
)


_NO_SPACE: Final = re.compile(r"\S+")


def _names(text: str, words: frozenset[str]) -> Iterator[Claim]:
    """Persons by what stands before them; then words with a capital in mid-sentence."""
    if not words.isdisjoint(_TITLES):
        for match in _TITLED.finditer(text):
            yield "person", match["name"].casefold(), match.start("name"), match.end("name")
    for match in _SIGNED.finditer(text):
        before = text[: match.start()].rstrip(" ")
        signs = not before or before[-1] in ".!?…\n"
        if signs and not (match["name"].isupper() and len(match["name"]) < 4):
            yield "person", match["name"].casefold(), match.start("name"), match.end("name")
    known = _patterns().no_names
    for match in _CAPITAL.finditer(text):
        start = match.start()
        if text[: start - 1].rpartition(" ")[2].startswith("@"):
            continue
        for word in _NO_SPACE.finditer(match[0]):
            plain = word[0][:-2] if word[0].endswith(("'s", "’s")) else word[0]
            if plain.casefold() in known or plain.isupper():
                continue
            yield "name", plain.casefold(), start + word.start(), start + word.start() + len(plain)
