"""What ``facts`` knows of words: the lists of lexicon/facts.yml as patterns, one set a language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

MONEY, PERCENT, MONTH, DAY, CLOCK, UNIT, NUMBER, FLIGHT, PERSON = (1 << place for place in range(9))
"""What a trigger tells of."""
LETTERS: Final = re.compile(r"[^\W\d_]+")
CAPITALS: Final = "A-ZÀ-ÖØ-Þ"
FULL_NAME: Final = rf"(?P<name>[{CAPITALS}][^\W\d_]{{1,20}}(?:[ -][{CAPITALS}][^\W\d_]{{1,20}})?)"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language, or of all of them, as patterns, and what they mean."""

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
    count_words: frozenset[str]
    counting: frozenset[str]
    """Words that a length of time may begin with."""
    flights: frozenset[str]
    titles: frozenset[str]
    no_lengths: frozenset[str]
    uncounted: frozenset[str]
    no_names: frozenset[str]
    no_codes: frozenset[str]
    triggers: frozenset[str]
    """Single words that some fact of words may begin or end with."""
    tells: dict[str, int]
    """Trigger → the kinds of facts that it may belong to, as bits: ``MONEY``, ``PERCENT`` …"""
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
    on_hour: dict[str, int]
    """What follows a full hour → minutes to add."""
    nths: dict[str, int]
    """Ordinal → its place: "third" is 3."""
    pairs: frozenset[str]
    """Words that tell of two."""
    halves: frozenset[str]
    spelt: re.Pattern[str]
    """A number in words."""
    rounded: re.Pattern[str]
    """The word before a figure that makes it more, less or about as much."""
    planned: re.Pattern[str]
    """A word that makes its clause a plan."""
    capital_nouns: bool
    """Whether nouns begin with a capital."""


def vocabulary_of(language: str | None) -> Vocabulary:
    """The words of a language; of all where it is ``None``, English for one that there are no lists of."""
    return _vocabulary(language if language is None or language in word_lists()["languages"] else "en")


@cache
def word_lists() -> dict[str, Any]:
    """Read the word lists, once."""
    lists: dict[str, Any] = yaml.load(
        Path(__file__).with_name("lexicon").joinpath("facts.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return lists


def number_of(words: str, known: Vocabulary) -> Decimal:
    """Read a numeral or number words; a comma or a point before three digits groups thousands."""
    if words.isdecimal():
        return Decimal(words)
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
        if value is None and part and word in _ONES:
            value = Decimal(1)
        if value is None:  # "and"
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


_PLAIN: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType({"hundreds": MappingProxyType({})})
"""The numbers of a language that writes none in one word."""
_ONES: Final = frozenset({"un", "una", "une", "um", "uma"})
"""The articles that count after a ten: "treinta y un días"."""


# The lists of one language


def _split(words: str) -> list[str]:
    return [word.replace("_", " ") for word in words.split()]


def _longest(phrases: Iterable[str]) -> set[str]:
    """The longest word of each phrase: the one that other texts seldom hold."""
    return {max(LETTERS.findall(phrase), key=len) for phrase in phrases}


def _ends(phrases: Iterable[str]) -> set[str]:
    """The last word of each phrase: where it stands, the phrase may stand."""
    return {LETTERS.findall(phrase)[-1] for phrase in phrases}


def _any(words: Iterable[str]) -> str:
    """Spell a choice of words, the longest first; it never matches when there are none."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    tree.pop("", None)
    return _branches(tree) if tree else r"(?!)"


def _branches(node: Mapping[str, Any]) -> str:
    """Spell what may follow in a tree of words: words that begin alike are tried once."""
    branches = [re.escape(char) + _branches(rest) for char, rest in sorted(node.items()) if char]
    if not branches:
        return ""
    chosen = branches[0] if len(branches) == 1 and "" not in node else f"(?:{'|'.join(branches)})"
    return chosen + "?" if "" in node else chosen


def _glued(language: str, lists: Mapping[str, Any]) -> dict[str, float]:
    """Numbers below a hundred that are written in one word: "fünfundsiebzig", "settantacinque", "viereinhalb"."""
    words: dict[str, float] = {}
    ones: Mapping[str, int] = lists["glued"]["ones"] if "glued" in lists else {}
    tens = {word: value for word, value in lists["numbers"].items() if value in range(20, 100, 10)}
    for one, single in ones.items():
        for ten, tenfold in tens.items():
            spelt = f"{one}und{ten}" if language == "de" else (ten[:-1] if one[0] in "uo" else ten) + one
            words[spelt] = tenfold + single
        if language == "de":
            words[f"{one}einhalb"] = single + 0.5
    return words


class _Lexicon:
    """The lists of one language, or of all of them where a text's language is not known."""

    def __init__(self, language: str | None) -> None:
        every: dict[str, Any] = word_lists()["languages"]
        self.chosen = list(every.items()) if language is None else [(language, every[language])]
        self._unsure = frozenset(word_lists()["unsure"].split()) if language is None else frozenset()
        small, hundreds = self.values("numbers") | self._in_one_word(), self._hundreds()
        self.numbers = {word: Decimal(str(value)) for word, value in (small | self._above_hundred() | hundreds).items()}
        self.units = self._units()
        big = _any(hundreds)
        plain = "|".join([*self._glued_spelling(), _any(self.values("numbers"))])
        self.one_word = rf"(?:(?:{big})?(?:{plain})|(?:{big})(?!\w))" if hundreds else f"(?:{plain})"
        joint = rf"(?:\s|-)(?:(?:{self.any('and')})(?:\s|-))?"
        ones = rf"(?:(?:\s|-)(?:{self.any('and')})(?:\s|-)(?:{_any(_ONES)})(?!\w))?"
        self.number = rf"{self.one_word}(?:{joint}{self.one_word}){{0,4}}{ones}"
        self.long_unit = _any(word for word in self.units if len(word) > 2 or word == "an")
        self.leads_hour = [lead for lead in self.words("clock_leads") if lead not in _LOOSE_LEADS]

    def _sure(self, name: str, words: Iterable[str]) -> list[str]:
        return [word for word in words if name == "en" or word not in self._unsure]

    def words(self, key: str) -> list[str]:
        """Every word of a list of words."""
        return [word for name, lists in self.chosen for word in self._sure(name, _split(lists[key]))]

    def any(self, *keys: str) -> str:
        """Spell a choice of the words of some lists."""
        return _any(word for key in keys for word in self.words(key))

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

    def _units(self) -> dict[str, tuple[str, int]]:
        """Unit of time → what it is counted in, and how many of that it is."""
        return {
            word: (counted_in, int(each))
            for name, lists in self.chosen
            for counted_in in ("seconds", "months")
            for each, words in lists[counted_in].items()
            for word in self._sure(name, _split(words))
        }

    def _in_one_word(self) -> dict[str, float]:
        """Tens and ones that the languages write in one word."""
        return {word: value for language, lists in self.chosen for word, value in _glued(language, lists).items()}

    def _glued_spelling(self) -> Iterator[str]:
        """Patterns of the numbers that are written in one word."""
        for language, lists in self.chosen:
            if "glued" not in lists:
                continue
            ones = lists["glued"]["ones"]
            tens = [word for word, value in lists["numbers"].items() if value in range(20, 100, 10)]
            if language == "de":
                yield rf"(?:{_any(ones)})(?:und(?:{_any(tens)})|einhalb)"
            else:
                yield rf"(?:{_any(ten[:-1] for ten in tens)})(?:{_any(one for one in ones if one[0] in 'uo')})"
                yield rf"(?:{_any(tens)})(?:{_any(one for one in ones if one[0] not in 'uo')})"

    def _hundreds(self) -> dict[str, int]:
        """Hundreds that smaller numbers are written onto."""
        return {
            word: value for _, lists in self.chosen for word, value in lists.get("glued", _PLAIN)["hundreds"].items()
        }

    def _above_hundred(self) -> dict[str, float]:
        """Numbers above a hundred that a language writes in one word; of all of them together there are too many."""
        if len(self.chosen) > 1:
            return {}
        return {
            hundred + word: hundreds + value
            for language, lists in self.chosen
            for hundred, hundreds in lists.get("glued", _PLAIN)["hundreds"].items()
            for word, value in (lists["numbers"] | _glued(language, lists)).items()
            if value < 100
        }

    def days(self) -> dict[str, int]:
        """Ordinal → day of the month; where a language dates by number words, these too."""
        days = {word: place + 1 for word, place in self.numbered("ordinals").items()}
        for name, lists in self.chosen:
            if name not in ("en", "de"):
                days |= {word: value for word, value in lists["numbers"].items() if value <= 31 and word not in days}
        return days


_LOOSE_LEADS: Final = frozenset({"à", "vers", "dès"})
"""Words before an hour that stand before much else; the hour must say that it is one."""


# Patterns

_NUMERAL: Final = r"\d{1,3}(?:[,.' ]\d{3}){1,3}(?:[.,]\d{1,2})?(?!\d)|\d{1,9}(?:[.,]\d{1,2})?(?!\d)"
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


@cache
def _vocabulary(language: str | None) -> Vocabulary:
    """Turn the lists of a language into patterns, once."""
    common, lists = word_lists(), _Lexicon(language)
    currencies = {word: code for code, words in common["currencies"].items() for word in _split(words)}
    cents = {word: code for code, words in common["cents"].items() for word in _split(words)}
    months, weekdays = lists.numbered("month_names"), lists.numbered("weekdays")
    short_days, relative = lists.numbered("short_days"), lists.values("relative_days")
    days, shares, parts = lists.days(), lists.values("shares"), lists.values("clock_parts")
    multiples, both, flights = lists.values("multiples"), lists.words("both"), lists.words("flights")
    percents = _ends(lists.words("percent"))
    hours = [word for key in ("noon", "midnight", "oclock", "morning", "evening") for word in lists.words(key)]
    clock_words = {"halb", *parts} | _ends([*hours, *lists.leads_hour, *lists.values("on_hour")])
    counting = {*lists.numbers, *(LETTERS.findall(share)[0] for share in shares)}
    people = {*lists.words("titles"), *lists.words("roles")} | _longest(lists.words("named"))
    if language is None:
        people -= {"m"}  # "I'm"
    pieces = {token for word in (*weekdays, *relative) for token in LETTERS.findall(word)[:1] if len(token) > 2}
    pieces |= {word for word in short_days if word}
    triggers = {*counting, *weekdays, *relative, *months, *lists.units, *currencies, *cents, *multiples, *both}
    triggers |= {*flights, *clock_words, *percents, *people}
    kinds = (
        (MONEY, {*currencies, *cents}),
        (PERCENT, percents),
        (MONTH, set(months)),
        (DAY, {*weekdays, *relative, *pieces}),
        (CLOCK, clock_words | set(lists.numbers if lists.words("clock_leads") else ())),
        (UNIT, set(lists.units)),
        (NUMBER, {*lists.numbers, *multiples, *both}),
        (FLIGHT, set(flights)),
        (PERSON, people),
    )
    found = frozenset(word for word in triggers if word.isalpha()) | pieces
    return Vocabulary(
        numbers=lists.numbers,
        currencies=currencies,
        cents=cents,
        units=lists.units,
        month_of={word: place + 1 for word, place in months.items()},
        weekday_of=short_days | weekdays,
        relative=relative,
        day_of=days,
        shares={word: Decimal(str(value)) for word, value in shares.items()},
        parts=parts,
        multiples=multiples,
        count_words=frozenset({*lists.numbers, *multiples, *both}),
        counting=frozenset(counting),
        flights=frozenset(flights),
        titles=frozenset(people),
        no_lengths=frozenset(lists.words("no_lengths")),
        uncounted=frozenset(lists.words("uncounted")),
        no_names=frozenset(common["languages"]["en"]["no_names"].split()) | frozenset(lists.words("no_names")),
        no_codes=frozenset(common["no_codes"].split()),
        triggers=found,
        tells={word: sum(bit for bit, words in kinds if word in words) for word in found},
        amount=_amount(lists, currencies, _any(common["scales"])),
        hundredth=re.compile(rf"(?<![\w.,])(\d{{1,3}}|{lists.one_word}(?=\s))\s?({_any(cents)})(?!\w|\.m)"),
        percent=re.compile(
            rf"(?<![\w.,])(?P<n>\d{{1,4}}(?:[.,]\d{{1,2}})?|(?:{lists.number})(?=\s))"
            rf"\s?(?:%|(?:{lists.any('percent')})(?!\w))"
        ),
        duration=_duration(lists, _any(shares)),
        article=re.compile(rf"(?<!\w)(?:(?P<lead>{lists.any('leads')})\s?)?(?P<article>{lists.any('articles')})\s?$"),
        single=re.compile(rf"(?P<single>{lists.long_unit}){_after_unit(lists)}(?![\w-])"),
        joined=re.compile(rf"\s?(?:(?:{lists.any('and')})\s)?"),
        date=_date(lists, _any(months), _any(days)),
        named_day=re.compile(
            rf"(?<![\w-])(?:(?P<word>{_any(word for word in (*weekdays, *relative))})"
            rf"|(?:(?:{lists.any('day_leads')})\s|(?<=, ))(?P<short>{_any(short_days)})"
            rf"(?!\s(?:{lists.any('no_days')})(?!\w)))(?![\w-])"
        ),
        day_leads=frozenset(lists.words("day_leads")),
        part_of_day=re.compile(rf"(?<!\w)(?:{lists.any('day_part_leads')})\s$"),
        clock=_clock(lists, _any(parts)),
        morning=re.compile(rf"\s?(?:{lists.any('morning')})(?!\w)"),
        evening=re.compile(rf"\s?(?:{lists.any('evening')})(?!\w)"),
        midnight=frozenset(lists.words("midnight")),
        past=frozenset(lists.words("past")),
        count=re.compile(
            rf"(?<![\w.,:/#-])(?:(?:(?P<n>\d{{1,3}}(?:[ .,]\d{{3}}){{1,2}}|\d{{1,6}}|{lists.number})"
            rf"|(?P<both>{_any(both)}))\s"
            rf"(?P<what>{_NOUNS.get(language, _NOUNS[None])})|(?P<times>{_any(multiples)}))(?!\w)"
        ),
        on_hour=lists.values("on_hour"),
        nths=_nths(lists),
        pairs=frozenset(lists.words("pairs")),
        halves=frozenset(lists.words("halves")),
        spelt=re.compile(rf"(?<!\w)(?:{lists.number})(?!\w)"),
        rounded=re.compile(
            rf"(?<!\w)(?:(?P<less>{lists.any('nearly')})|(?P<more>{lists.any('over')})|(?:{lists.any('about')}))"
            r"(?:\s(?:las?|los|les|die|as|os|the))?\s$"
        ),
        planned=_planned(lists),
        capital_nouns=language == "de",
        titled=re.compile(
            rf"(?<!\w)(?:(?i:{lists.any('titles')})\.?|(?i:{lists.any('named')})"
            rf"|(?i:{lists.any('own')}) (?i:{lists.any('roles')})),? {FULL_NAME}"
        ),
    )


def _nths(lists: _Lexicon) -> dict[str, int]:
    """Ordinal → its place, with every ending."""
    return {
        word + ending: place + 1
        for name, each in lists.chosen
        for place, words in enumerate(each["nths"])
        for word in _split(words)
        for ending in (_split(each["nth_endings"]) or [""])
    }


def _planned(lists: _Lexicon) -> re.Pattern[str]:
    """What makes a clause a plan: a word, or the ending of one."""
    words = [word for word in lists.words("plans") if not word.startswith("'")]
    short = [word for word in lists.words("plans") if word.startswith("'")]
    return re.compile(
        rf"(?<!\w)(?:{_any(words)})(?!\w)|(?<=\w)(?:{_any([*short, *lists.words('plan_endings')])})(?!\w)"
    )


def _amount(lists: _Lexicon, currencies: Iterable[str], scales: str) -> re.Pattern[str]:
    signs = _any(word for word in currencies if not word.isalpha() and " " not in word)
    codes = _any(word for word in currencies if len(word) == 3 and word.isalpha())
    return re.compile(
        rf"(?<![\w.,])(?:(?P<sign>{signs})\s?(?P<after>{_NUMERAL})(?:\s?(?P<times>{scales})\b)?"
        rf"|(?P<code>{codes})\s?(?P<coded>{_NUMERAL})"
        rf"|(?P<before>{_NUMERAL}|(?:{lists.number})(?=\s))(?:\s?(?P<scale>{scales}))?(?:\sde|\sd')?(?:,[-–—])?\s?"
        rf"(?P<unit>{_any(currencies)})(?:(?<=[€$£])(?P<tail>\d\d)(?!\d)|(?!\w)))"
    )


def _after_unit(lists: _Lexicon) -> str:
    """What may follow a unit of time: "días enteros", "días hábiles", "an hour and a half", "una hora y veinte"."""
    added = [word for word, minutes in lists.values("on_hour").items() if minutes > 0]
    return (
        rf"(?:\s(?:{lists.any('between')}))?(?:\s(?P<working>{lists.any('business')}))?"
        rf"(?:(?P<and_half>\s(?:{lists.any('half')}))|\s(?P<plus>{_any(added)})(?!\w)"
        rf"|\s(?:(?:{lists.any('and')})\s)?(?P<rest>[1-5]?\d|{lists.number})(?!\w|[.,:]\d|\s?[%€$£])"
        rf"(?!\s?(?:{_any(lists.units)})(?!\w))(?!\s[^\W\d_]{{3,20}}[sxi]\b))?"
    )


def _duration(lists: _Lexicon, shares: str) -> re.Pattern[str]:
    number, either, half = lists.number, lists.any("or"), lists.any("half")
    filler = rf"(?:(?:{lists.any('between')})\s)?(?:(?P<work{{0}}>{lists.any('business')})\s)?"
    return re.compile(
        rf"(?<![\w.,:/])(?:(?P<digits>\d{{1,4}}(?:[.,]\d{{1,2}})?)"
        rf"(?:(?:\s?[-–/]\s?|\s(?:{either})\s)(?P<high>\d{{1,4}}))?"
        rf"(?P<half1>\s(?:{half})|½)?[\s-]?{filler.format(1)}(?P<unit>{_any(lists.units)})"
        rf"|(?P<word>{number})(?:\s(?:{either})\s(?P<more>{number}))?(?P<half2>\s(?:{half}))?[\s-]{filler.format(2)}"
        rf"(?P<of>{lists.long_unit})|(?P<share>{shares})[\s-]?(?P<part>{lists.long_unit})){_after_unit(lists)}(?![\w-])"
    )


def _date(lists: _Lexicon, month: str, days: str) -> re.Pattern[str]:
    of, ordinals = lists.any("of"), _any(lists.numbered("ordinals"))
    return re.compile(
        rf"(?<![\w/.-])(?!24/7)(?:(?P<iso>\d{{4}}(?P<sep>[-/])\d{{1,2}}(?P=sep)\d{{1,2}})(?!\d)"
        rf"|(?P<a>\d{{1,2}})(?P<mark>[/.-])(?P<b>\d{{1,2}})(?:(?P=mark)(?P<year>\d{{4}}|\d{{2}}))?(?![\d/-]|\.\d)"
        rf"|(?:the\s)?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|°)?\.?|(?P<nth>{days}))\s(?P<of>(?:{of})\s?)?"
        rf"(?P<month>{month})\b(?:\.?,?\s(?:(?:{of})\s)?(?P<in>\d{{4}})(?!\d))?"
        rf"|(?P<month2>{month})\.?\s(?:the\s)?(?:(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:]|[.,]\d)"
        rf"|(?P<nth2>{ordinals})(?!\w))(?:,?\s(?P<in2>\d{{4}})(?!\d))?)"
    )


def _clock(lists: _Lexicon, parts: str) -> re.Pattern[str]:
    hour = r"(?:1\d|2[0-4]|0?\d)"
    either = rf"{hour}|{lists.one_word}"
    told = r"(?:h|heures?|horas?|ore)"
    past = _any(lists.values("on_hour"))
    odd = rf"\s(?:{lists.any('and')})\s(?P<m{{}}>[1-5]\d)(?![\w%€$£]|[.,:]\d)"
    return re.compile(
        rf"(?<![\w.,:])(?:(?P<h>{hour})(?::(?P<m>[0-5]\d)(?::[0-5]\d)?|\s?h\s?(?P<hm>[0-5]\d)(?!\d))"
        rf"\s?(?P<half>[ap](?:m\b|\.m\.))?"
        rf"|(?P<h2>1[0-2]|0?[1-9])(?:\.(?P<m2>[0-5]\d))?\s?(?P<half2>[ap](?:m\b|\.m\.))"
        rf"|(?P<h3>{either})(?:[.:](?P<m3>[0-5]\d))?\s(?:{lists.any('oclock')})(?:\s(?P<m4>[0-5]\d)(?!\d))?"
        rf"|(?:{lists.any('clock_leads')})\s(?P<h5>{either})"
        rf"(?:[.:](?P<m5>[0-5]\d)|\s?{told}(?!\w)(?:\s?(?P<m6>[0-5]\d)(?!\d))?|h(?P<m7>[0-5]\d))"
        rf"(?:\s(?P<past>{past})(?!\w)|{odd.format(8)})?"
        rf"|(?:{_any(lists.leads_hour)})\s(?P<h6>{either})(?!\s[^\W\d_]{{4,}}[sei]\b)(?!\s?[%€$£])"
        rf"(?:\s(?P<past2>{past})(?!\w)|{odd.format(9)})?"
        rf"|(?:las?|le|les|[aà]s|das|delle)\s(?P<h10>{either})\s(?P<past3>{past})(?!\w)"
        rf"|(?P<part>{parts})\s(?P<way>{lists.any('past', 'to')})\s(?P<h7>{either})"
        rf"|(?P<m10>{lists.one_word}|[1-5]?\d)\s(?:{_any(word for word in lists.words('past') if word != 'after')})"
        rf"\s(?P<h11>{either})(?!\s?(?:{_any(lists.units)})(?!\w))"
        rf"|halb\s(?P<h8>{either})"
        rf"|(?:at|for|by|till|until|from|since|around)\shalf\s(?P<h12>{lists.one_word})(?!\s[^\W\d_]{{2,}})"
        rf"|(?P<h9>{hour})(?:\s?{told})?(?=\s(?:{lists.any('morning', 'evening')})(?!\w))"
        rf"|(?P<word>{lists.any('noon', 'midnight')}))(?!\w|:\d)"
    )
