"""Judges what a draft binds the brand to: promises by the policy, claims of done things by what is on record."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from service.checks.commitments import ANSWERS, VALUE, Found, find
from service.checks.deeds import LANGUAGES, SIGNS, Vocabulary, vocabulary
from service.checks.view import View, covers
from service.domain import Commitment, Context, Finding, Money, Offer, Span
from service.errors import CannotTell
from service.facts import Fact, agree, locate
from service.folding import fold
from service.language import detect
from service.terms import stem, stems, terms

_TIMED: Final = frozenset({"duration", "date", "weekday", "time"})

_SUMS: Final = frozenset({"amount", "percent"})

Fault = tuple[str, str, Span]
"""Rule, message and words of what goes too far."""


@dataclass(frozen=True, slots=True)
class Promises:
    """Everything that one draft binds the brand to, what is wrong with it, and the figures judged on the way."""

    commitments: tuple[Commitment, ...]
    faults: tuple[Fault, ...]
    figures: frozenset[Span]
    """Where the amounts and deadlines of promises stand; no other check judges them."""


def commitments(view: View) -> tuple[Commitment, ...]:
    """Give what the draft binds the brand to, in the order of the text: promises, and claims of done things."""
    if view.smooth.starts is None:
        return view.promised.commitments
    return tuple(replace(c, span=view.written(c.span)) for c in view.promised.commitments)


def promises(view: View) -> Iterator[Finding]:
    """Flag each promise beyond the policy's offers and limits, and each guarantee.

    Raises: ``CannotTell`` in a language whose promises cannot be read.
    Source: ``Policy.offers``, ``Policy.promise_limits``.
    """
    _must_read(view)
    for rule, message, span in view.promised.faults:
        if rule != "unbacked_action":
            yield view.finding("promises", message, span, rule=rule)


def unbacked_action(view: View) -> Iterator[Finding]:
    """Flag each claim of a completed action that no action of the context backs.

    Raises: ``CannotTell`` in a language whose claims cannot be read.
    Source: ``Context.actions``.
    """
    _must_read(view)
    for rule, message, span in view.promised.faults:
        if rule == "unbacked_action":
            yield view.finding("unbacked_action", message, span)


def _must_read(view: View) -> None:
    language = view.evidence.language
    if language not in LANGUAGES:
        raise CannotTell(f"There are no word lists of promises for the language {language!r} yet.")


def read_promises(view: View) -> Promises:
    """Read the promises and the claims of a draft, and judge them by its context.

    A draft in another language is read in English too: it may hold a sentence of it.
    """
    made: list[Commitment] = []
    faults: list[Fault] = []
    figures: set[Span] = set()
    language = view.evidence.language
    if view.context.language is None:
        language = detect(view.text) or language  # A complaint too short to tell; the draft may be longer.
    for name in dict.fromkeys((language if language in LANGUAGES else "en", "en")):
        words = vocabulary(name)
        for found in find(view, words):
            if name != language and any(other.kind == found.kind and other.span.overlaps(found.span) for other in made):
                continue
            if found.kind == "guarantee":
                faults.append(("guarantee", _NO_GUARANTEE, found.span))
            elif found.kind == "done":
                commitment = _claimed(view, words, found)
                made.append(commitment)
                if commitment.allowed_by is None:
                    faults.append(("unbacked_action", _UNBACKED.format(quote=commitment.text), found.span))
            else:
                commitment, wrong, judged = _judged(view, words, found.kind, found.span)
                made.append(commitment)
                faults += wrong
                figures |= judged
    made.sort(key=lambda commitment: commitment.span)
    return Promises(tuple(made), tuple(faults), frozenset(figures))


_NO_GUARANTEE: Final = "Nobody can guarantee this; say what we change instead."
_UNBACKED: Final = (
    "“{quote}” says that this is already done, but no action on record says so; "
    "do it and record it, or say that we will."
)


# Judging promises


def _judged(view: View, words: Vocabulary, kind: str, span: Span) -> tuple[Commitment, list[Fault], set[Span]]:
    facts = [fact for fact in view.facts if span.start <= fact.span.start and fact.span.end <= span.end]
    now = view.context.now
    deadlines = [(fact, *_due(fact, now)) for fact in facts if fact.kind in _TIMED and _is_deadline(view, words, fact)]
    deadlines += _waits(view, words, span)
    amounts = [fact for fact in facts if fact.kind == "amount"]
    wrong = list(_late(view, kind, deadlines)) if deadlines else []
    allowed_by: str | None = None
    if kind in VALUE or (kind == "action" and any(fact.kind in _SUMS for fact in facts)):
        allowed_by, faults = _within_offers(view, words, kind, span, facts)
        wrong += faults
    elif not wrong:
        allowed_by = "promise_limits"
    amount = next((fact.value for fact in amounts if isinstance(fact.value, Money)), None)
    commitment = Commitment(
        kind=kind, text=span.of(view.text), span=span, amount=amount, due_at=_moment(deadlines), allowed_by=allowed_by
    )
    judged = {deadline[0].span for deadline in deadlines}
    if kind in VALUE or kind == "action":
        judged |= {fact.span for fact in facts if fact.kind in _SUMS}
    return commitment, wrong, judged


Deadline = tuple[Fact, datetime | None, float | None]
"""A time that something is promised by, when it falls due, and how many hours away that is."""


def _is_deadline(view: View, words: Vocabulary, fact: Fact) -> bool:
    """Whether a time is when we do it ("by Friday"), and not when it happened ("your flight on Friday")."""
    at = view.folded.at(fact.span.start)
    before = " " + view.folded.text[max(at - _BEFORE, 0) : at].replace("(", " ").rstrip(" ")
    if before.endswith(words.deadlines):
        told = fact.kind in ("date", "weekday") and before.endswith(words.loose)
        return not (told and view.evidence.known.holds(fact) and not view.evidence.known.plans(fact))
    if fact.kind == "duration":
        return False
    return not before.endswith(words.loose) or not view.evidence.known.holds(fact)


def _waits(view: View, words: Vocabulary, span: Span) -> Iterator[Deadline]:
    """The times of a promise that are named by their week or month: "by the end of next week"."""
    folded = view.folded
    start, end = folded.at(span.start), folded.at(span.end)
    said = words.tokens_of(folded.text[start:end])
    at, place = 0, start
    while at < len(said):
        place = folded.text.index(said[at], place)
        hit = words.walk(words.waits, said, at, len(said)) if said[at] in words.waits else None
        if hit:
            hours = float(hit[0])
            stop = place
            for word in said[at : hit[1]]:
                stop = folded.text.index(word, stop) + len(word)
            place_of = folded.span(place, stop)
            wait = timedelta(hours=hours)
            fact = Fact(kind="duration", span=place_of, value=("seconds", wait.total_seconds()))
            yield fact, view.context.now + wait, hours
            at, place = hit[1], stop
        else:
            place += len(said[at])
            at += 1


_BEFORE: Final = 24
"""No words that make a time a deadline are longer, in code points."""


def _late(view: View, kind: str, deadlines: list[Deadline]) -> Iterator[Fault]:
    limit = view.context.brand.policy.promise_limits.max_reply_hours
    for fact, due, hours in deadlines:
        if limit is not None and hours is not None:
            if hours > limit:
                message = f"The longest wait that may be promised is {limit:g} hours; promise no longer."
                yield "deadline", message, fact.span
        elif kind not in ANSWERS and not view.evidence.known.plans(fact) and not _is_near(fact, due, view.context.now):
            message = "Nothing on record says that this will be done by then; take the time out or ask who does it."
            yield "deadline", message, fact.span


def _is_near(fact: Fact, due: datetime | None, now: datetime) -> bool:
    """Whether a day is today or tomorrow: no appointment that somebody must have made."""
    return fact.kind == "date" and due is not None and (due.date() - now.date()).days < _NEAR


_NEAR: Final = 2
"""From so many days on, that something will be done needs somebody who plans it."""


_ENDLESS: Final = {"seconds": 100 * 366 * 86400.0, "months": 1200.0}
"""A century, after which no date is worth working out."""


def _due(fact: Fact, now: datetime) -> tuple[datetime | None, float | None]:
    """When a deadline falls, and how many hours away it is; a day ends at its end, and counts as whole days."""
    if fact.kind == "duration" and isinstance(fact.value, tuple):
        unit, number = fact.value
        if number > _ENDLESS[unit]:
            return None, math.inf
        wait = timedelta(seconds=number) if unit == "seconds" else timedelta(days=30 * number)
        return now + wait, wait.total_seconds() / 3600
    if fact.kind == "time" and isinstance(fact.value, float):
        due = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(minutes=fact.value)
        due = due if due > now else due + timedelta(days=1)
        return due, (due - now).total_seconds() / 3600
    if fact.kind == "weekday" and isinstance(fact.value, float):
        days = (int(fact.value) - now.weekday()) % 7
        return _end_of_day(now + timedelta(days=days)), 24.0 * days
    if isinstance(fact.value, frozenset):
        nearest = min((_next(now, month, day, year) for year, month, day in fact.value), default=None)
        if nearest is not None:
            return _end_of_day(nearest), 24.0 * (nearest.date() - now.date()).days
    return None, None  # pragma: no cover - every timed fact that was located with a clock is one of the above


def _moment(deadlines: list[Deadline]) -> datetime | None:
    """When the promise falls due: the clock time of the day, where both are said, else the latest of them."""
    if len(deadlines) < 2:
        return deadlines[0][1] if deadlines else None
    days = [due for fact, due, _ in deadlines if due and fact.kind != "time"]
    clocks = [due for fact, due, _ in deadlines if due and fact.kind == "time"]
    if days and clocks:
        return max(days).replace(hour=clocks[-1].hour, minute=clocks[-1].minute)
    return max(days + clocks, default=None)


def _next(now: datetime, month: int, day: int, year: int | None) -> datetime:
    for each in (year,) if year else range(now.year, now.year + 9):
        try:
            due = now.replace(year=each, month=month, day=day)
        except ValueError:
            continue
        if year or due.date() >= now.date():
            return due
    return now  # pragma: no cover - every day of the calendar comes again within eight years


def _end_of_day(day: datetime) -> datetime:
    return day.replace(hour=23, minute=59, second=0, microsecond=0)


def _within_offers(
    view: View, words: Vocabulary, kind: str, span: Span, facts: list[Fact]
) -> tuple[str | None, list[Fault]]:
    """Find the offer that allows a promise of value, or say why none does."""
    amounts = [fact for fact in facts if fact.kind == "amount"]
    if _on_record(view, words, span, amounts):
        return "actions", []
    policy = view.context.brand.policy
    offer = _offer_for(view, words, kind, span, amounts)
    if offer is None:
        if kind == "action":
            message = "No offer of the policy allows this sum; take it out."
            return None, [("amount", message, fact.span) for fact in facts if fact.kind in _SUMS]
        offers = "; ".join(offer.text for offer in policy.offers)
        instead = f"may be offered: {offers}" if offers else "the policy offers nothing of value"
        return None, [("offer", f"This promises more than the policy allows; {instead}.", span)]
    wrong: list[Fault] = []
    for fact in amounts:
        most = _most(offer, policy.promise_limits.max_amount, fact)
        if most is not None:
            wrong.append(("amount", f"The most that may be promised here is {most}; lower the sum.", fact.span))
    shares = [fact for fact in facts if fact.kind == "percent" and not _grants(offer, fact)]
    message = f"The offer is to {offer.text}, without this share; take it out."
    wrong.extend(("amount", message, fact.span) for fact in shares)
    return (None if wrong else offer.id), wrong


def _grants(offer: Offer, share: Fact) -> bool:
    return any(agree(share, other) for other in locate(offer.text))


def _most(offer: Offer, ceiling: Money | None, fact: Fact) -> Money | None:
    """Give the limit that a sum breaks; ``None`` when it breaks none. Another currency cannot be compared."""
    for limit in (offer.max_amount, ceiling):
        if (
            limit
            and isinstance(fact.value, Money)
            and (fact.value.currency != limit.currency or fact.value.amount > limit.amount)
        ):
            return limit
    return None


def _offer_for(view: View, words: Vocabulary, kind: str, span: Span, amounts: list[Fact]) -> Offer | None:
    """Find the offer that a promise means: the same kind of value, and nothing else than its object.

    The one whose object the promise names best, at least half of it; else the only one of this kind (or that covers the
    sum), where the promise names no object ("we'll refund you"), or one that the offer has only a general word for
    ("the trout" for "the dish"). An offer in another language has no object to compare.
    """
    offers = view.context.brand.policy.offers
    promised = span.of(view.text)
    named = stems(promised) | stems(_lead(view, span))
    said = words.tokens_of(fold(promised).text)
    meant = words.kinds_of(said) | {kind}
    treat = kind == "credit" and "credit" not in words.groups_of(said)  # "It's on us" may be any thing that is offered.
    best: tuple[float, Offer] | None = None
    of_kind: list[tuple[Offer, OfferRead]] = []
    for offer in offers:
        read = _read_offer(offer.text, words.language)
        if kind != "action":
            if not read.kinds.isdisjoint(meant) or (not read.kinds and treat):
                of_kind.append((offer, read))
            elif kind == "refund" or (read.kinds and not (treat and amounts and named.intersection(read.objects))):
                continue  # What may be paid back may be paid for: "we'll cover your taxi of 35 EUR".
        if not read.comparable:
            continue
        objects = frozenset(read.objects)
        share = len(objects & named) / len(objects) if objects else 0.5 * bool(offer.text.strip())
        if len(objects) >= _LONG_OFFER and read.objects[0] in named:
            share = max(share, 0.5)  # "pay back your meals", without the conditions that go with it
        if share >= 0.5 and (best is None or share > best[0]):
            best = (share, offer)
    if best:
        return best[1]
    if len(of_kind) > 1 and amounts:
        of_kind = [(offer, read) for offer, read in of_kind if offer.max_amount and _covers(offer, amounts)][:1]
    if len(of_kind) != 1 or kind not in VALUE:
        return None
    offer, read = of_kind[0]
    return offer if not read.comparable or _may_mean(view, words, read, span, bool(amounts)) else None


def _covers(offer: Offer, amounts: list[Fact]) -> bool:
    return all(_most(offer, None, fact) is None for fact in amounts)


def _lead(view: View, span: Span) -> str:
    """The words of the clause before a promise, where its object may stand: "your lasagna, we'll refund it"."""
    return _CLAUSE_SIGNS.split(view.text[max(span.start - _BEFORE, 0) : span.start])[-1]


_CLAUSE_SIGNS: Final = re.compile(r"[.,;:!?\n]")


def _may_mean(view: View, words: Vocabulary, read: OfferRead, span: Span, priced: bool) -> bool:
    """Whether a promise that names nothing of an offer's object can still mean it."""
    things = _things(view, words, span)
    if not things:
        whole = not words.words["entire"].isdisjoint(words.tokens_of(fold(span.of(view.text)).text))
        return priced or not whole or not read.objects or read.objects[0] in words.kinds
    general = bool(read.objects) and read.objects[0] in words.kinds
    return not read.objects or (general and bool(things & view.evidence.topic))


def _things(view: View, words: Vocabulary, span: Span) -> frozenset[str]:
    """The stems of the things that a promise gives back or gives: what follows an article, before any clause on it."""
    text = view.text
    for fact in view.facts:
        if fact.kind in ("amount", "percent", *_TIMED) and covers(span, fact.span):
            text = text[: fact.span.start] + " " * (fact.span.end - fact.span.start) + text[fact.span.end :]
    said = words.tokens_of(fold(span.of(text)).text)
    things: set[str] = set()
    for at, word in enumerate(said):
        if word in SIGNS or (at and not words.far and word in words.words["who"]):
            break
        if word in words.forms or word in words.gifts:
            continue
        close = said[max(at - 2, 0) : at]
        if not words.words["articles"].isdisjoint(close):
            things |= stems(word) or ({word} if len(word) > _SHORT else set())
        elif words.language == "en":
            things |= stems(word) or ({word} if close[-1:] == ["free"] else set())
    return frozenset(things - words.whole - _value_stems(words.language))


_LONG_OFFER: Final = 3
"""From so many things named on, an offer also names the conditions of what it gives."""


@cache
def _value_stems(language: str) -> frozenset[str]:
    """Give the stems of the words of value themselves: they name the kind, not the object."""
    return stems(" ".join(_phrases(vocabulary(language).gifts)))


def _phrases(trie: dict[str, Any]) -> Iterator[str]:
    for word, branch in trie.items():
        if word:
            yield word
            yield from _phrases(branch)


class OfferRead(NamedTuple):
    """What an offer of the policy gives, as far as it can be compared with a promise."""

    objects: tuple[str, ...]
    """The stems of what it is about, in the order of the text, words of value and verbs apart."""
    kinds: frozenset[str]
    """The kinds of value that it gives; empty where it gives none."""
    comparable: bool
    """Whether it is in the language of the promise."""


@lru_cache(maxsize=512)
def _read_offer(offer: str, language: str) -> OfferRead:
    said = fold(offer).text
    for name in dict.fromkeys((language, "en")):
        words = vocabulary(name)
        read = words.tokens_of(said)
        kind = words.kind_of(read)
        english = vocabulary("en").forms
        foreign = name != "en" and read[:1] and read[0] not in words.forms and read[0] in english
        if kind and not foreign:
            left = words.whole | _value_stems(name) | words.words["to_you"]
            verbs = frozenset() if name == "en" else stems(" ".join(word for word in read if word in words.forms))
            objects = dict.fromkeys(term.stem for term in terms(offer) if term.stem not in left | verbs)
            first = frozenset({kind} if kind in VALUE else ())
            return OfferRead(tuple(objects), first | words.kinds_of(read), name == language)
    return OfferRead(tuple(dict.fromkeys(term.stem for term in terms(offer))), frozenset(), True)


def _on_record(view: View, words: Vocabulary, span: Span, amounts: list[Fact]) -> bool:
    """Whether an action of the context already does what the words say, sums included."""
    if not view.context.actions:
        return False
    text = view.folded.text[view.folded.at(span.start) : view.folded.at(span.end)]
    groups = words.groups_of(words.tokens_of(text))
    return any(groups & record.groups and _agree(amounts, record) for record in view.evidence.actions)


# Judging claims of done things


class Record(NamedTuple):
    """One line of the context that says what was done, read once a request."""

    groups: frozenset[str]
    facts: tuple[Fact, ...]
    stems: frozenset[str]
    """What it names."""
    comparable: bool
    """Whether it is in the language of the drafts, so that what it names can be compared."""


def records_of(context: Context, lines: tuple[str, ...], *, said: bool = False) -> tuple[Record, ...]:
    """Read lines that say what was done: of our records, or what the customer said, where a noun means less."""
    language = context.language if context.language in LANGUAGES else "en"
    return tuple(_record(line, language or "en", said) for line in lines)


@lru_cache(maxsize=1024)
def _record(line: str, language: str, said: bool) -> Record:
    text = fold(line).text
    own = vocabulary(language)
    groups = _groups(own, text, said)
    comparable = bool(groups) or language == "en"
    english = vocabulary("en")
    groups |= _groups(english, text, said)
    if not groups:
        # "20 EUR erstattet" on an English draft: whoever wrote it down may speak another language.
        others = [vocabulary(name) for name in sorted(LANGUAGES - {language, "en"})]
        groups = frozenset().union(*(_groups(other, text, said) for other in others))
        comparable = False if groups else comparable
    return Record(groups, locate(line), stems(line), comparable)


def _groups(words: Vocabulary, text: str, said: bool) -> frozenset[str]:
    read = words.tokens_of(text)
    return words.groups_of(read) if said else words.recorded(read)


def _agree(facts: list[Fact], record: Record) -> bool:
    return all(any(agree(fact, other) for other in record.facts) for fact in facts)


def _claimed(view: View, words: Vocabulary, found: Found) -> Commitment:
    text = found.span.of(view.text)
    amounts = [fact for fact in view.facts if fact.kind == "amount" and covers(found.span, fact.span)]
    amount = next((fact.value for fact in amounts if isinstance(fact.value, Money)), None)
    before = [] if amounts else _before(view, found.span)
    backed = _backed(view, words, found, amounts) or (before and _backed(view, words, found, before))
    allowed_by = "actions" if backed else None
    return Commitment(kind="done", text=text, span=found.span, amount=amount, allowed_by=allowed_by)


def _before(view: View, span: Span) -> list[Fact]:
    """The sums that stand before a claim in its clause: "the 20 euros we have paid back"."""
    start = span.start - len(_lead(view, span))
    return [fact for fact in view.facts if fact.kind == "amount" and start <= fact.span.start < span.start]


def _backed(view: View, words: Vocabulary, found: Found, amounts: list[Fact]) -> bool:
    """Whether an action, an incident, or for what went wrong the complaint, says the same."""
    named = _named(words, found)
    for record in view.evidence.actions + view.evidence.incidents:
        if not _agree(amounts, record):
            continue
        if found.groups.isdisjoint(record.groups):
            meant = _MONEY if amounts else _ALIKE
            if not any(found.groups & alike and record.groups & alike for alike in meant):
                continue
        if not record.comparable or not named or amounts or named & record.stems:
            return True
    return _is_own_fault(view, words, found, named)


_MONEY: Final = (frozenset({"refund", "credit", "pay"}),)
"""Groups of done things that are one where the sum is the same."""
_ALIKE: Final = (frozenset({"send", "replace"}), frozenset({"replace", "change"}))
"""Groups of done things that may be one where they name the same."""


def _is_own_fault(view: View, words: Vocabulary, found: Found, named: frozenset[str]) -> bool:
    """Whether a claim only tells what went wrong: no remedy, and what the customer says or nobody would boast of."""
    clause = set(found.words)
    neutral = found.verb in words.neutral
    badly = not words.words["badly"].isdisjoint(clause) and found.group not in ("refund", "credit", "remove")
    if not (found.verb in words.faults or neutral or badly) or words.gift(list(found.words), 0, len(found.words)):
        return False
    wrong = words.went_wrong(list(found.words))
    if not (found.plain or wrong) or (not wrong and not words.words["remedy"].isdisjoint(clause)):
        return False
    if found.group == "remove" and not words.words["charges"].isdisjoint(clause):
        return False
    said = _said_by_customer(view.evidence.customer_words, words.language)
    told = found.group in said.told or (words.language == "en" and stem(found.verb) in said.stems)
    if told and ((found.owned and not neutral) or not named or named & view.evidence.topic):
        return True
    if badly or wrong or len(named & stems(view.context.notes)) > 1:
        return True
    if neutral or found.group in said.denied or found.group in said.asked:
        return False
    # "We told you the pool was open" takes up the customer's own words: an account of the fault, and no claim.
    nouns = [word for word in found.words if len(word) > _SHORT and word in words.groups and word not in words.forms]
    near = len((named | stems(" ".join(nouns))) & view.evidence.known.roots)
    if found.group == "send":
        some = not words.words["some"].isdisjoint(clause)
        described = some and not words.words["who"].isdisjoint(clause)
        return near >= (1 if some or found.owned else 2) and (described or not said.lacking)
    slip = found.verb in words.slips and not said.lacking
    return near >= (1 if slip or found.owned else 2)


class Said(NamedTuple):
    """What the customer says of done things."""

    told: frozenset[str]
    """The groups of what they say was done."""
    denied: frozenset[str]
    """The groups of what they say was not done."""
    asked: frozenset[str]
    """The groups of what they want done."""
    stems: frozenset[str]
    """The stems of what they say was done."""
    lacking: bool
    """Whether they miss something or wait for it."""


@lru_cache(maxsize=256)
def _said_by_customer(text: str, language: str) -> Said:
    words = vocabulary(language)
    said = words.tokens_of(text)
    negations, lacking = words.words["negations"], words.words["lacking"]
    denials = negations | (lacking - words.words["wrong"])
    told: set[str] = set()
    denied: set[str] = set()
    asked: set[str] = set()
    done: set[str] = set()
    for at, word in enumerate(said):
        groups = words.groups.get(word, frozenset())
        near = said[max(at - _DENIED, 0) : at]
        if groups and not denials.isdisjoint(near):
            denied |= groups
        else:
            told |= groups
        forms = words.forms.get(word, {})
        if not groups and "do" in forms and forms["do"].group not in ("", "speak"):
            asked.add(forms["do"].group)
        elif negations.isdisjoint(near):
            done.add(stem(word))
    missed = not (lacking | negations).isdisjoint(said)
    return Said(frozenset(told), frozenset(denied - told), frozenset(asked - told), frozenset(done), missed)


_DENIED: Final = 4
"""Within how many words before a verb its denial stands."""


def _named(words: Vocabulary, found: Found) -> frozenset[str]:
    """What a claim names: the stems of its words, apart from those of speaking itself."""
    if words.language == "en":
        return stems(" ".join(found.words)) - stems(found.verb)
    long = [word for word in found.words if len(word) > _SHORT and word not in words.forms and word not in words.groups]
    return stems(" ".join(long))


_SHORT: Final = 4
"""Words of other languages that are no longer than this name nothing, as a rule."""
