"""What a draft may rely on: every text of the context, its facts and its words, worked out once a request."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import combinations
from typing import NamedTuple

from service.checks.figures import DAY, MONTH, NOON, Figures, alike, figures_of, size, tells
from service.domain import Context, Money, places_of
from service.facts import Day, Fact, agree, link_value, locate, same_day
from service.language import detect
from service.terms import stem

_WORDS = re.compile(r"[^\W\d_]+")
_RUNS = re.compile(r"(?<![\d:.,/-])\d{1,4}(?![\d:/%-]|[.,]\d)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_GROUPING = r"(?:[\s()/#_–-]{0,2}|\.(?=\d{3}))"
"""What may stand between the signs of a number or code; a point before two digits makes a sum of it."""
_ONE_OF = re.compile(r"(an?|une?|una|un|um|uma|einen?|einem|einer)\s(\w+)$", re.IGNORECASE)
_UNITS = (3600.0, 86400.0, 604800.0)
"""Seconds of an hour, a day and a week."""
_MOST_SUMMED = 12
"""Beyond this many figures nobody adds up in their head."""
_FEW_HOURS = 72
"""Longer waits are told in days."""

_POLICY = "brand.policy"
"""Where the limits of what may be promised stand; nothing that happened follows from them."""
_LEAST_ROOT = 5
"""Words that begin alike for so many letters are forms of one."""
_NEAR_ENOUGH = 0.75
"""What is called about as much is no less than this share."""
_HOURS = 24
"""A number up to this may be a time of the day."""
_AHEAD = 60
"""A day without a year is rarely farther ahead than this, in days."""

Parts = tuple[str, ...]
"""The paths of what something was made of."""


_GROUPED = re.compile(r"[\W_]")


class Material(NamedTuple):
    """One text that may prove a fact."""

    path: str
    """Where it stands in what was sent: ``complaint.thread[1].text``."""
    text: str
    read_at: datetime | None = None
    """The moment from which its "yesterday" counts; ``None`` is now."""
    theirs: bool = False
    """Whether it is in the customer's language."""


class Known:
    """The material of one context, as facts and words."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @cached_property
    def said_publicly(self) -> tuple[str, ...]:
        """What the customer, or the brand in answer, posted in this thread for all to read."""
        complaint = self.context.complaint
        texts = [complaint.text] if complaint.public else []
        return (*texts, *(message.text for message in complaint.thread if message.public))

    @cached_property
    def language(self) -> str | None:
        """The language that the customer writes in; ``None`` when it cannot be told."""
        complaint = self.context.complaint
        return complaint.language or detect(complaint.text)

    @cached_property
    def complaint_facts(self) -> tuple[Fact, ...]:
        """The facts of the complaint; "yesterday" is the day before it was posted."""
        complaint = self.context.complaint
        return locate(complaint.text, now=complaint.posted_at or self.context.now, language=self.language)

    @cached_property
    def own(self) -> tuple[str, ...]:
        """What the brand says of itself: names, facts, links, sign-off, offers."""
        return tuple(material.text for material in self._own)

    @cached_property
    def _own(self) -> tuple[Material, ...]:
        brand = self.context.brand
        policy = brand.policy
        every = (
            Material("brand.name", brand.name),
            *_each("brand.names", brand.names),
            *_each("brand.facts", brand.facts),
            *_each("brand.policy.links", policy.links),
            Material("brand.voice.sign_off", brand.voice.sign_off or ""),
            *(Material(f"brand.policy.authorities[{gate}]", who) for gate, who in policy.authorities.items()),
            *(Material(f"brand.policy.offers[{o.id}]", f"{o.text} {o.max_amount or ''}") for o in policy.offers),
            *_each("incidents", self.context.incidents),
        )
        return tuple(material for material in every if material.text)

    @cached_property
    def materials(self) -> tuple[Material, ...]:
        """Every text that may prove a fact, the complaint first, the brand's own last."""
        context = self.context
        complaint, customer = context.complaint, context.customer
        limits = context.brand.policy.promise_limits
        hours = f"{limits.max_reply_hours:g} hours" if limits.max_reply_hours else ""
        every = (
            Material("complaint.text", complaint.text, complaint.posted_at, theirs=True),
            *(
                Material(f"complaint.thread[{i}].text", message.text, message.at, theirs=True)
                for i, message in enumerate(complaint.thread)
            ),
            *(
                Material(f"customer.history[{i}].text", event.text, event.at)
                for i, event in enumerate(customer.history)
            ),
            *_each("actions", context.actions),
            Material("notes", context.notes),
            Material("complaint.author.name", complaint.author.name or ""),
            Material("complaint.author.handle", complaint.author.handle or ""),
            Material("customer.name", customer.name or ""),
            Material("complaint.url", complaint.url or ""),
            Material("brand.policy.promise_limits.max_reply_hours", hours),
            *self._own,
        )
        return tuple(material for material in every if material.text)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Every text that may prove a fact."""
        return tuple(material.text for material in self.materials)

    @cached_property
    def facts(self) -> Mapping[str, tuple[tuple[Fact, str], ...]]:
        """Kind → the facts that are known, each with the path of its text."""
        found: dict[str, list[tuple[Fact, str]]] = {}
        own = frozenset(self.own)
        for material in self.materials:
            for fact in self._read(material, own):
                found.setdefault(fact.kind, []).append((fact, material.path))
        return {kind: tuple(facts) for kind, facts in found.items()}

    @cached_property
    def _loose(self) -> tuple[tuple[Figures, str], ...]:
        """The figures of each text that are no facts, with its path; the limits of the policy apart."""
        own = frozenset(self.own)
        return tuple(
            (figures_of(material.text, self.language if material.theirs else None, self._read(material, own)), path)
            for material in self.materials
            if not (path := material.path).startswith(_POLICY)
        )

    def _told(self, kind: str) -> Iterator[tuple[Fact, str]]:
        """The known facts of a kind that something may be worked out from: no limit of the policy."""
        return ((fact, path) for fact, path in self.facts.get(kind, ()) if not path.startswith(_POLICY))

    def _read(self, material: Material, own: frozenset[str]) -> tuple[Fact, ...]:
        if material.path == "complaint.text":
            return self.complaint_facts
        if material.text in own:
            return self.told(material.text)
        language = self.language if material.theirs else None
        return locate(material.text, now=material.read_at or self.context.now, language=language)

    def told(self, text: str) -> tuple[Fact, ...]:
        """The facts of a text of the brand's own, which is the same in every request."""
        lasting = _lasting(text)
        return locate(text, now=self.context.now) if lasting is None else lasting

    @cached_property
    def moments(self) -> tuple[tuple[datetime, str], ...]:
        """When something of this complaint happened, each with its path; ``now`` last."""
        complaint, customer = self.context.complaint, self.context.customer
        every: list[tuple[datetime | None, str]] = [(complaint.posted_at, "complaint.posted_at")]
        every += [(message.at, f"complaint.thread[{i}].at") for i, message in enumerate(complaint.thread)]
        every += [(event.at, f"customer.history[{i}].at") for i, event in enumerate(customer.history)]
        every.append((self.context.now, "now"))
        return tuple((moment, path) for moment, path in every if moment)

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Every word of the material, folded → the path of its first text; parts of run-together names too."""
        found: dict[str, str] = {}
        for path, text, *_ in self.materials:
            for word in _words_of(text):
                found.setdefault(word, path)
        return found

    @cached_property
    def roots(self) -> frozenset[str]:
        """The stems of every word of the material, terms or not."""
        return frozenset(stem(word) for word in self.words)

    def speaks_of(self, thing: str) -> bool:
        """Whether the material has the word in this form or another."""
        root = stem(thing)
        if root in self.roots:
            return True
        start = thing[: max(_LEAST_ROOT, len(thing) - 3)]
        return len(thing) > _LEAST_ROOT and any(word.startswith(start) for word in self.roots)

    @cached_property
    def runs(self) -> Mapping[str, str]:
        """Every short number of the material that is no part of a time, a date or a sum → the path of its text."""
        return {run: path for path, text, *_ in reversed(self.materials) for run in _RUNS.findall(text)}

    @cached_property
    def sums(self) -> Mapping[Money, Parts]:
        """Sums and differences of the known amounts, and an amount taken as often as something is counted."""
        told = reversed(tuple(self._told("amount")))
        known = {f.value: path for f, path in told if isinstance(f.value, Money)}
        amounts = sorted(known, key=str)
        found: dict[Money, Parts] = {}
        for one, other in combinations(amounts[:_MOST_SUMMED], 2):
            if one.currency == other.currency:
                for number in (one.amount + other.amount, abs(one.amount - other.amount)):
                    found.setdefault(Money(number, one.currency), _parts(known[one], known[other]))
        for currency in {amount.currency for amount in amounts}:
            summed = [amount for amount in amounts if amount.currency == currency]
            total = Money(sum(amount.amount for amount in summed), currency)
            found.setdefault(total, _parts(*(known[amount] for amount in summed)))
        for amount in amounts[:_MOST_SUMMED]:
            for times, paths in (*self.counts.items(), *self.lasted.items()):
                many = Money(int(amount.amount * times), amount.currency)
                found.setdefault(many, _parts(known[amount], *paths))
                if times > 1 and (amount.amount / times).is_integer():
                    each = Money(int(amount.amount / times), amount.currency)
                    found.setdefault(each, _parts(known[amount], *paths))
        for amount in amounts[:_MOST_SUMMED]:
            for percent, path in self._told("percent"):
                part = round(amount.amount * float(str(percent.value)) / 100)
                for number in (part, amount.amount - part):
                    found.setdefault(Money(number, amount.currency), _parts(known[amount], path))
        return found

    def summed(self, money: Money) -> Parts | None:
        """What a sum of money follows from, numbers that the material names no currency for among it."""
        parts = self.sums.get(money)
        if parts:
            return parts
        whole = 10 ** places_of(money.currency)
        bare = {
            int(number * whole): path
            for figures, path in self._loose
            for number in figures.bare
            if number >= 10 or number % 1
        }
        told = {
            f.value.amount: path
            for f, path in self._told("amount")
            if isinstance(f.value, Money) and f.value.currency == money.currency
        }
        every = {**dict(sorted(bare.items())[: 2 * _MOST_SUMMED]), **told}
        for one, other in combinations(every, 2):
            if money.amount in (one + other, abs(one - other)):
                return _parts(every[one], every[other])
        for one, path in every.items():
            for times, paths in (*self.counts.items(), *self.lasted.items()):
                if times > 1 and money.amount == one * times:
                    return _parts(path, *paths)
        return None

    @cached_property
    def lasted(self) -> Mapping[float, Parts]:
        """How many hours, days, weeks or months something took: a price may be paid for each."""
        found: dict[float, Parts] = {}
        for fact, path in self._told("duration"):
            if isinstance(fact.value, tuple):
                unit, length = fact.value
                for each in (1.0,) if unit == "months" else _UNITS:
                    if length >= each and (length / each).is_integer():
                        found.setdefault(length / each, (path,))
        return found

    @cached_property
    def counted(self) -> Mapping[str, Mapping[float, str]]:
        """Counted thing, by stem → how many there are said to be, each with the path of its text."""
        found: dict[str, dict[float, str]] = {}
        told = ((*fact.value, path) for fact, path in self.facts.get("count", ()) if isinstance(fact.value, tuple))
        for thing, number, path in told:
            found.setdefault(stem(thing), {}).setdefault(number, path)
        return found

    @cached_property
    def counts(self) -> Mapping[float, Parts]:
        """How many: what the material counts, facts of one kind in the thread, messages of the customer's."""
        found: dict[float, Parts] = {}
        for numbers in self.counted.values():
            for number, path in numbers.items():
                found.setdefault(number, (path,))
        for figures, path in self._loose:
            for number in figures.nths | figures.times:
                found.setdefault(float(number), (path,))
            if figures.two:
                found.setdefault(2.0, (path,))
        for kind in ("amount", "identifier", "flight", "date", "weekday", "link", "number", "time", "person"):
            listed = {str(fact.value): path for fact, path in self.facts.get(kind, ()) if path.startswith("complaint.")}
            found.setdefault(float(len(listed)), _parts(*listed.values()))
        complaint = self.context.complaint
        wrote = [f"complaint.thread[{i}].text" for i, m in enumerate(complaint.thread) if m.sender == "customer"]
        for messages in (wrote, [*wrote, "complaint.text"]):
            found.setdefault(float(len(messages)), tuple(messages))
        return found

    @cached_property
    def spans_of_time(self) -> Mapping[tuple[str, float], Parts]:
        """Lengths of time that follow from others: sums, differences, from one time or day to another, ago."""
        lengths = {
            fact.value[1]: path
            for fact, path in self._told("duration")
            if isinstance(fact.value, tuple) and fact.value[0] == "seconds"
        }
        found: dict[tuple[str, float], Parts] = {}
        for known in (lengths, self._clocks):
            for one, other in combinations(sorted(known)[: 2 * _MOST_SUMMED], 2):
                for seconds in (one + other, other - one, DAY - other + one):
                    found.setdefault(("seconds", seconds), _parts(known[one], known[other]))
        for (one_day, here), (other_day, there) in combinations(self._dated[: 2 * _MOST_SUMMED], 2):
            for length in _between(one_day, other_day):
                found.setdefault(length, _parts(here, there))
        for days, path in self._days_apart:
            found.setdefault(("seconds", DAY * days), (path,))
            if days % 7 == 1 and days > 1:  # a week is eight days to many
                found.setdefault(("seconds", DAY * (days - 1)), (path,))
        for fact, path in self._told("duration"):
            for same in alike(fact.value):
                found.setdefault(same, (path,))
        return found

    @cached_property
    def _clocks(self) -> Mapping[float, str]:
        """Every time of the day that is told, in seconds since midnight, each half of the day where none is named."""
        clocks = {
            value * 60: path
            for fact, path in self._told("time")
            for value in (fact.value, fact.also)
            if isinstance(value, float)
        }
        for figures, path in self._loose:
            hours = [float(number) * 60 for number in figures.bare if number <= _HOURS]
            for minutes in (*figures.clocks, *hours):
                clocks.setdefault(minutes * 60, path)
                if minutes <= NOON:
                    clocks.setdefault((minutes + NOON) % (2 * NOON) * 60, path)
        return clocks

    @cached_property
    def _days_apart(self) -> tuple[tuple[int, str], ...]:
        """How many days lie between days told by weekday or number alone, or between one and the complaint."""
        found: list[tuple[int, str]] = []
        for figures, path in self._loose:
            for one, other in combinations(figures.of_month[:_MOST_SUMMED], 2):
                found.append((abs(other - one), path))
        days: dict[str, list[float]] = {}
        for fact, path in self._told("weekday"):
            if isinstance(fact.value, float) and fact.value not in days.setdefault(path, []):
                days[path].append(fact.value)
        asked = self.context.complaint.posted_at or self.context.now
        for path, weekdays in days.items():
            for first, then in combinations(weekdays[:7], 2):
                found += [(int(then - first) % 7, path), (abs(int(then - first)), path)]
            if len(weekdays) == 1:
                found.append(((asked.weekday() - int(weekdays[0])) % 7, path))
            found.append((len(weekdays), path))
        return tuple((days_, path) for days_, path in found if days_)

    @cached_property
    def _dated(self) -> tuple[tuple[datetime | date, str], ...]:
        """Every moment, and every day that the material dates; one without a year is the last such day."""
        sure = [
            (next(iter(fact.value)), path)
            for fact, path in self._told("date")
            if isinstance(fact.value, frozenset) and len(fact.value) == 1
        ]
        sure += [((None, *day), path) for figures, path in self._loose for day in sorted(figures.days)]
        days = [(found, path) for day, path in sure if (found := self._last(day)) is not None]
        return (*self.moments, *days)

    def _last(self, day: Day) -> date | None:
        """The day of a calendar; one without a year is the last one, seen from two months ahead."""
        latest = self.context.now.date() + timedelta(days=_AHEAD)
        for year in (day[0],) if day[0] else (latest.year, latest.year - 1):
            try:
                found = date(year, day[1], day[2])
            except ValueError:
                continue
            if day[0] or found <= latest:
                return found
        return None

    def fewer(self, number: float, of_it: Mapping[float, str]) -> Parts:
        """What a number of things is when others are taken from those told: "2 of the 6" leaves four."""
        for told, path in of_it.items():
            for figures, where in self._loose:
                if where == path and any(number == told - float(taken) for taken in figures.numbers):
                    return (path,)
        return ()

    def loosely(self, fact: Fact) -> str | None:
        """The path of the first text that tells a figure without its form: "19,99", "the 14.05", "the third day"."""
        return next((path for figures, path in self._loose if tells(figures, fact, self._months)), None)

    @cached_property
    def _months(self) -> frozenset[int]:
        """The months of what happened."""
        return frozenset(moment.month for moment, _ in self.moments)

    def rounded(self, fact: Fact, *, less: bool, more: bool) -> str | None:
        """The path of a figure that a length or a sum is about, or a little more or less than."""
        said = size(fact)
        for other, path in self._told(fact.kind) if said else ():
            told = size(other)
            if told and said and told[0] == said[0]:
                low, high = (
                    _NEAR_ENOUGH * said[1] if not more else said[1],
                    said[1] / _NEAR_ENOUGH if not less else said[1],
                )
                if low <= told[1] <= high:
                    return path
        return None

    def holding(self, fact: Fact) -> str | None:
        """The path of the first text that states the fact, in this form or another; ``None`` when none does."""
        kinds: Iterable[str] = (fact.kind,)
        if fact.kind in ("identifier", "flight", "number"):
            kinds = ("identifier", "flight", "number")
        elif fact.kind in ("date", "weekday"):
            kinds = ("date", "weekday")
        return next((path for kind in kinds for other, path in self.facts.get(kind, ()) if agree(fact, other)), None)

    def holds(self, fact: Fact) -> bool:
        """Whether the material states the fact, in this form or another."""
        return self.holding(fact) is not None

    def happened(self, fact: Fact) -> str | None:
        """The path of the moment that a day, a weekday or a year is that of; ``None`` when it is no known one.

        The weekday of today proves nothing: what is complained of seldom happened today.
        """
        for moment, path in self.moments:
            day: Day = (moment.year, moment.month, moment.day)
            if isinstance(fact.value, frozenset) and any(same_day(day, other) for other in fact.value):
                return path
            if fact.kind == "number" and fact.value == str(moment.year):
                return path
            if fact.kind == "weekday" and path != "now" and moment.weekday() == fact.value:
                return path
        return None

    def plans(self, fact: Fact) -> bool:
        """Whether our own side says the fact: policy, actions, notes, incidents; the customer cannot promise for us."""
        return any(agree(fact, other) for other in self._ours)

    @cached_property
    def _ours(self) -> tuple[Fact, ...]:
        context = self.context
        told = [fact for text in self.own for fact in self.told(text)]
        return (*told, *(f for text in (*context.actions, context.notes) for f in locate(text, now=context.now)))

    def named(self, name: str) -> Parts:
        """The paths of the texts that a name's words stand in: one text where it can be; empty when a word is new."""
        words = [_plain(word) for word in _WORDS.findall(name)]
        found = [
            self.words.get(word) or self.words.get(word.removesuffix("s")) or self.words.get(word + "s")
            for word in words
        ]
        if None in found:
            return ()
        paths = _parts(*(path for path in found if path))
        if len(paths) < 2:
            return paths
        whole = (path for path, text, *_ in self.materials if _words_of(text).issuperset(words))
        return next(((path,) for path in whole), ())

    def derived_name(self, name: str) -> Parts:
        """The path of a word that a name is the root of, or that is its root: "Milano" of "milanese"."""
        root = _plain(name)[: max(_LEAST_ROOT, len(name) - 2)]
        if len(root) < _LEAST_ROOT:
            return ()
        return next(((path,) for word, path in self.words.items() if word.startswith(root)), ())

    def spelling(self, code: str) -> str | None:
        """The path of the first text that holds the letters and digits, however it groups them."""
        bare = _GROUPED.sub("", code).upper()
        held = [material for material, squeezed in self._squeezed if bare in squeezed]
        if not held:
            return None
        grouped = re.compile(r"(?<!\w)" + _GROUPING.join(map(re.escape, code)) + r"(?!\w)", re.IGNORECASE)
        return next((path for path, text, *_ in held if grouped.search(text)), None)

    @cached_property
    def _squeezed(self) -> tuple[tuple[Material, str], ...]:
        """Each text with its letters and digits alone: what does not stand there need not be looked for."""
        return tuple((material, _GROUPED.sub("", material.text).upper()) for material in self.materials)

    def roughly(self, quote: str) -> str | None:
        """The path of the first text that speaks of one such length of time: "a week", "A MONTH though"."""
        one = _ONE_OF.match(quote)
        if one is None:
            return None
        told = re.compile(rf"\b{one[1]}\s(?:\w+\s)?{one[2]}\b", re.IGNORECASE)
        return next((path for path, text, *_ in self.materials if told.search(text)), None)

    def ending(self, digits: str) -> str | None:
        """The path of a longer number that ends in the digits."""
        numbers = (
            fact for kind in ("card", "iban", "identifier", "number", "phone") for fact in self.facts.get(kind, ())
        )
        return next((path for fact, path in numbers if str(fact.value).endswith(digits)), None)

    def covers_link(self, link: str) -> bool:
        """Whether an entry of the brand's allow-list covers the link, or the very link is in the context."""
        return self.linked(link) is not None

    def linked(self, link: str) -> str | None:
        """The path of the entry that covers the link, or of the text that holds it."""
        bare = link_value(link)
        for fact, path in self.facts.get("link", ()):
            if fact.value == bare:
                return path
        for index, entry in enumerate(self._entries):
            if bare == entry or _covers(entry, bare):
                return f"brand.policy.links[{index}]"
        return None

    @cached_property
    def _entries(self) -> tuple[str, ...]:
        return tuple(link_value(entry) for entry in self.context.brand.policy.links)


def _each(path: str, texts: Iterable[str]) -> Iterator[Material]:
    return (Material(f"{path}[{index}]", text) for index, text in enumerate(texts))


def _parts(*paths: str) -> Parts:
    """Each path once, in its order."""
    return tuple(dict.fromkeys(paths))


@lru_cache(maxsize=256)
def _words_of(text: str) -> frozenset[str]:
    """The words of a text without case and accents; parts of handles and run-together names too."""
    words = _WORDS.findall(text) + _WORDS.findall(_CAMEL.sub(" ", text))
    return frozenset(_plain(word) for word in words)


def _plain(word: str) -> str:
    """Strip a word of case and accents: a customer's "Jose" is the record's "José"."""
    folded = word.casefold()
    if folded.isascii():
        return folded
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))


def _between(one: datetime | date, other: datetime | date) -> Iterator[tuple[str, float]]:
    """How a person tells the time between two moments: in hours, days, weeks, months or years."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        hours = abs((one - other).total_seconds()) / 3600
        if 1 <= hours <= _FEW_HOURS:
            yield from (("seconds", 3600.0 * int(hours)), ("seconds", 3600.0 * round(hours)))
    first = one.date() if isinstance(one, datetime) else one
    second = other.date() if isinstance(other, datetime) else other
    days = abs((first - second).days)
    if days:
        yield "seconds", DAY * days
    if days >= 7:
        yield "seconds", DAY * 7 * round(days / 7)
    if days >= 28:
        yield "months", float(round(days / MONTH))


@lru_cache(maxsize=256)
def _lasting(text: str) -> tuple[Fact, ...] | None:
    """The facts of a text; ``None`` where they depend on the day on which it is read."""
    facts = locate(text)
    return None if any(fact.kind == "date" and isinstance(fact.value, str) for fact in facts) else facts


def _covers(entry: str, link: str) -> bool:
    return link.startswith((f"{entry}/", f"{entry}?", f"{entry}#")) and ".." not in link and "\\" not in link
