"""Judges what a draft binds the brand to: promises by the policy, claims of done things by what is on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from service.checks.commitments import ANSWERS, VALUE, Found, find
from service.checks.view import View, covers
from service.checks.vocabulary import LANGUAGES, Vocabulary, vocabulary
from service.domain import Commitment, Context, Finding, Money, Offer, Span
from service.errors import CannotTell
from service.facts import Fact, agree, locate
from service.folding import fold
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
        return True
    if fact.kind == "duration":
        return False
    return not before.endswith(words.loose) or not view.evidence.known.holds(fact)


_BEFORE: Final = 24
"""No words that make a time a deadline are longer, in code points."""


def _late(view: View, kind: str, deadlines: list[Deadline]) -> Iterator[Fault]:
    limit = view.context.brand.policy.promise_limits.max_reply_hours
    for fact, due, hours in deadlines:
        if limit is not None and hours is not None:
            if hours > limit:
                message = f"The longest wait that may be promised is {limit:g} hours; promise no longer."
                yield "deadline", message, fact.span
        elif kind not in ANSWERS and not view.evidence.known.plans(fact) and not _is_today(fact, due, view.context.now):
            message = "Nothing on record says that this will be done by then; take the time out or ask who does it."
            yield "deadline", message, fact.span


def _is_today(fact: Fact, due: datetime | None, now: datetime) -> bool:
    return fact.kind == "date" and due is not None and due.date() == now.date()


def _due(fact: Fact, now: datetime) -> tuple[datetime | None, float | None]:
    """When a deadline falls, and how many hours away it is; a day ends at its end, and counts as whole days."""
    if fact.kind == "duration" and isinstance(fact.value, tuple):
        unit, number = fact.value
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
    offer = _offer_for(policy.offers, words, kind, span.of(view.text), priced=bool(amounts))
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
            wrong.append(("amount", f"The most that may be promised here is {_said(most)}; lower the sum.", fact.span))
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


def _said(money: Money) -> str:
    return f"{money.amount / 100:.2f} {money.currency}"


def _offer_for(offers: tuple[Offer, ...], words: Vocabulary, kind: str, promised: str, *, priced: bool) -> Offer | None:
    """Find the offer whose object the promise names best: at least half of it, and the same kind of value.

    An offer in another language than the promise has no object to compare: it allows the promise only where it is the
    policy's only one of this kind.
    """
    best: tuple[float, Offer] | None = None
    strange: list[Offer] = []
    named = stems(promised)
    for offer in offers:
        objects, offered, comparable = _read_offer(offer.text, words.language)
        if kind not in ("action", offered):
            continue
        if not comparable:
            strange.append(offer)
            continue
        share = len(objects & named) / len(objects) if objects else 0.5 * bool(offer.text.strip())
        if len(objects) >= _LONG_OFFER and _head_of(offer.text) in named:
            share = max(share, 0.5)  # "pay back your meals", without the conditions that go with it
        if share >= 0.5 and (best is None or share > best[0]):
            best = (share, offer)
    if best:
        return best[1]
    of_kind = [offer for offer in offers if _read_offer(offer.text, words.language)[1] == kind]
    if priced and len(of_kind) == 1 and kind in VALUE and not named - _value_stems(words.language):
        return of_kind[0]  # "I'll refund both, £70 in all": what was named before
    return strange[0] if len(strange) == 1 == len(of_kind) and kind in VALUE else None


_LONG_OFFER: Final = 3
"""From so many things named on, an offer also names the conditions of what it gives."""


@lru_cache(maxsize=512)
def _head_of(offer: str) -> str:
    """The first thing that an offer names, by its stem; empty where it names none."""
    named = [term.stem for term in terms(offer) if term.stem not in _value_stems("en")]
    return named[0] if named else ""


@cache
def _value_stems(language: str) -> frozenset[str]:
    """Give the stems of the words of value themselves: they name the kind, not the object."""
    return stems(" ".join(_phrases(vocabulary(language).gifts)))


def _phrases(trie: dict[str, Any]) -> Iterator[str]:
    for word, branch in trie.items():
        if word:
            yield word
            yield from _phrases(branch)


@lru_cache(maxsize=512)
def _read_offer(offer: str, language: str) -> tuple[frozenset[str], str, bool]:
    """What an offer of the policy is about, the kind of value that it gives, and whether it is in this language."""
    said = fold(offer).text
    for name in dict.fromkeys((language, "en")):
        words = vocabulary(name)
        read = words.tokens_of(said)
        kind = words.kind_of(read)
        foreign = name != "en" and read[:1] and read[0] not in words.forms and read[0] in vocabulary("en").forms
        if kind and not foreign:
            return stems(offer) - _value_stems(name), kind, name == language
    return stems(offer), "", True


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
    """What it names; ``None`` in another language than the drafts'."""
    comparable: bool
    """Whether it is in the language of the drafts, so that what it names can be compared."""


def records_of(context: Context, lines: tuple[str, ...]) -> tuple[Record, ...]:
    """Read lines of a context that say what was done, in the language of the drafts or in English."""
    language = context.language if context.language in LANGUAGES else "en"
    return tuple(_record(line, language or "en") for line in lines)


def _record(line: str, language: str) -> Record:
    text = fold(line).text
    own = vocabulary(language)
    groups = own.groups_of(own.tokens_of(text))
    comparable = bool(groups) or language == "en"
    if language != "en":
        english = vocabulary("en")
        groups |= english.groups_of(english.tokens_of(text))
    return Record(groups, locate(line), stems(line), comparable)


def _agree(facts: list[Fact], record: Record) -> bool:
    return all(any(agree(fact, other) for other in record.facts) for fact in facts)


def _claimed(view: View, words: Vocabulary, found: Found) -> Commitment:
    text = found.span.of(view.text)
    amounts = [fact for fact in view.facts if fact.kind == "amount" and covers(found.span, fact.span)]
    amount = next((fact.value for fact in amounts if isinstance(fact.value, Money)), None)
    allowed_by = "actions" if _backed(view, words, found, amounts) else None
    return Commitment(kind="done", text=text, span=found.span, amount=amount, allowed_by=allowed_by)


def _backed(view: View, words: Vocabulary, found: Found, amounts: list[Fact]) -> bool:
    """Whether an action, an incident, or for what went wrong the complaint, says the same."""
    named = _named(words, found)
    for record in view.evidence.actions + view.evidence.incidents:
        if not found.groups & record.groups or not _agree(amounts, record):
            continue
        if not record.comparable or not named or amounts or named & record.stems:
            return True
    own_fault = found.verb in words.words["faults"] and found.plain
    if not own_fault or words.gift(list(found.words), 0, len(found.words)):
        return False
    if _complained(view, words, found) and (not named or named & view.evidence.topic):
        return True
    # "We told you the pool was open" takes up the customer's own words: an account of the fault, and no claim.
    return len(named & view.evidence.known.roots) >= (1 if found.verb in words.words["slips"] else 2)


def _complained(view: View, words: Vocabulary, found: Found) -> bool:
    """Whether the customer says that it happened: in English in the same word, in other languages in its group."""
    if words.language == "en":
        return stem(found.verb) in view.evidence.known.roots
    return any(found.groups & record.groups for record in view.evidence.grievances)


def _named(words: Vocabulary, found: Found) -> frozenset[str]:
    """What a claim names: the stems of its words, apart from those of speaking itself."""
    if words.language == "en":
        return stems(" ".join(found.words)) - stems(found.verb)
    long = [word for word in found.words if len(word) > _SHORT and word not in words.forms and word not in words.groups]
    return stems(" ".join(long))


_SHORT: Final = 4
"""Words of other languages that are no longer than this name nothing, as a rule."""
