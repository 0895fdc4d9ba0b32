"""What a draft binds the brand to: promises for later, and claims of things already done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from service.checks.view import View, covers
from service.domain import Commitment, Finding, Money, Offer, Span
from service.facts import Fact, agree, locate
from service.terms import stem, stems

VALUE: Final = frozenset({"refund", "credit", "replacement"})
"""Kinds of promises that cost something: only the policy's offers allow them."""
ANSWERS: Final = frozenset({"check", "reply"})
"""Kinds that only cost attention: always allowed, within the longest wait."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The word lists of promises.yml, turned round for looking up."""

    kind_of: dict[str, str]
    gifts: dict[str, re.Pattern[str]]
    any_gift: re.Pattern[str]
    answers: re.Pattern[str]
    groups: dict[str, frozenset[str]]
    faults: frozenset[str]
    claim: re.Pattern[str]


@cache
def _words() -> _Words:
    """Read the word lists, once."""
    lists: dict[str, Any] = yaml.load(
        Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    groups: dict[str, set[str]] = {}
    for group, words in lists["done"].items():
        for word in words.split():
            groups.setdefault(word, set()).add(group)
    said = "|".join(sorted((re.escape(word) for word in groups), key=lambda word: (-len(word), word)))
    for group, words in lists["nouns"].items():
        for word in words.split():
            groups.setdefault(word, set()).add(group)
    return _Words(
        kind_of={verb: kind for kind, verbs in lists["verbs"].items() for verb in verbs.split()},
        gifts={kind: _any(words) for kind, words in lists["gifts"].items()},
        any_gift=_any(" ".join(lists["gifts"].values())),
        answers=_any(lists["answers"]),
        groups={word: frozenset(names) for word, names in groups.items()},
        faults=frozenset(lists["faults"].split()),
        claim=re.compile(
            rf"\b(?:(?:i|we|our \w+)(?:'ve| have|'d| had)?{_ADVERBS} (?P<did>{said})"
            rf"|(?:has|have|was|were)(?: (?:now|already|just|also))*(?: been)?{_ADVERBS} (?P<been>{said})"
            rf"|(?:is|are) (?:now |already )(?P<now>{said}))\b"
        ),
    )


def _any(words: str) -> re.Pattern[str]:
    items = [a or b for a, b in re.findall(r'"([^"]+)"|(\S+)', words)]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, items)) + r")\b")


_ADVERBS: Final = (
    r"(?: (?:also|now|then|already|just|personally|gladly|happily|immediately|certainly|still|both|always|currently|"
    r"since|today|of course|be able to|be happy to|be glad to|like to|love to|make sure to|make sure that|make sure))"
    r"{0,3}"
)
_PEOPLE: Final = (
    r"(?:i|we|someone|somebody"
    r"|(?:a|an|my|our|the) (?:\w+ )?(?:team|desk|manager|engineer|technician|colleague|courier))"
)
_HEAD: Final = re.compile(
    rf"\b(?:{_PEOPLE}(?P<modal>'ll| will| shall| promise to| can| 'd|'d| would|'m going to| am going to|'re going to"
    rf"| are going to){_ADVERBS} (?P<verb>[a-z-]+)"
    rf"|(?:i'm|i am|we're|we are){_ADVERBS} (?P<doing>[a-z-]+)ing\b"
    rf"|(?:you'll|you will|you can|you should|you're going to|you are going to){_ADVERBS} "
    r"(?P<yours>get|have|receive|hear|expect|be)\b"
    r"|(?P<thing>refund|replacement|voucher|credit|compensation|money)(?: \w+){0,3}?"
    r" (?:will(?! not)|is on (?:its|the) way|is coming|is being)\b"
    rf"|\b(?:let me|let us|let's|please){_ADVERBS} (?P<let>[a-z-]+)"
    r"|(?P<gift>here's (?:a|your)|here is (?:a|your)|at no (?:extra )?(?:cost|charge)"
    r"|(?:a|an|some|two|three|\d+) (?:free|complimentary)(?: \w+){1,2}"
    r" (?:is|are) (?:on (?:its|the) way|yours|waiting|ready|coming)"
    r"|(?:a|an|some|two|three|\d+) (?:free|complimentary)(?: \w+){1,2} for you\b"
    r"|expect (?:a|an|your|the|full)\b(?: \w+){0,2} (?:refund|back|credit|voucher|replacement|compensation))"
    rf"|{_PEOPLE}{_ADVERBS} (?P<grant>promise|guarantee|grant|award|offer|owe|pay|give|credit|refund) you\b"
    r"(?= (?:up to |a further |an extra |another |a sum of |the |a )?(?:[$£€]\s?\d|\d[\d.,]* ?(?:[$£€]|[a-z]{3,7}\b))))"
)
_UNSURE: Final = re.compile(r"\b(?:whether|if|how|when|what|why|where|before|until|once|which|as soon as|not sure)\s$")
_PARTS: Final = re.compile(r"(?:,| and| or| then)+ (?=[a-z-]+ )")
_VERB: Final = re.compile(r"[a-z-]+")
_JOINING: Final = re.compile(r"(?:,| and| or| then| but)+$")
_LOOKING: Final = re.compile(r"\b(?:can|could) (?:see|read|look|tell)\b")
_FORWARD: Final = re.compile(r"(?:by|within|before|in|on|tomorrow|today|tonight|this)\b")
_DEADLINE: Final = re.compile(r"\b(?:by|within|in|before|until|than|under|inside|next)(?: the)?(?: next| end of)?\s$")
_LOOSE: Final = re.compile(r"\b(?:on|at|this|from|for|about|of)(?: the)?\s$")
_GUARANTEE: Final = re.compile(
    r"\b(?:(?:will|'ll|is going to) never (?:ever )?(?:happen|occur|be repeated)|(?:won't|will not|isn't going to) "
    r"(?:ever )?(?:happen|occur|be repeated)(?: to \w+)?(?: ever)? again"
    r"|(?:i|we) (?:can )?(?:personally |fully |also )?guarantee"
    r"|(?:is|are) guaranteed|you have (?:my|our) word|this (?:is|was) the last time|100% (?:sure|certain))\b"
)
_GUARANTEE_WORDS: Final = ("guarant", "never", "again", "word", "last time", "100%")
_MODEST: Final = re.compile(
    r"\b(?:can't|cannot|couldn't|not|never) (?:promise|guarantee)|\bso (?:that )?(?:it|this|that)"
    r"|\bmak(?:e|ing) sure|\bhop(?:e|ing)|\btry(?:ing)?|\baim|\bwant|\bwork(?:ing)? to"
)
_SAID_SORRY: Final = re.compile(
    r"\b(?:sorry|apologi[sz]e|wrong of us|our fault|mistake)(?: (?:that|when|for how))?\s?$"
)
_TIMED: Final = frozenset({"duration", "date", "weekday", "time"})


@dataclass(frozen=True, slots=True)
class Promises:
    """Everything that one draft binds the brand to, what is wrong with it, and the figures judged on the way."""

    commitments: tuple[Commitment, ...]
    faults: tuple[tuple[str, str, Span], ...]
    """Rule, message and words of each promise that goes too far."""
    figures: frozenset[Span]
    """Where the amounts and deadlines of promises stand; no other check judges them."""


def commitments(view: View) -> tuple[Commitment, ...]:
    """Give what the draft binds the brand to, in the order of the text: promises, and claims of done things."""
    if view.smooth.starts is None:
        return view.promised.commitments
    return tuple(replace(c, span=view.written(c.span)) for c in view.promised.commitments)


def promises(view: View) -> Iterator[Finding]:
    """Flag each promise beyond the policy's offers and limits, and each guarantee.

    Source: ``Policy.offers``, ``Policy.promise_limits``.
    """
    for rule, message, span in view.promised.faults:
        if rule != "unbacked_action":
            yield view.finding("promises", message, span, rule=rule)


def unbacked_action(view: View) -> Iterator[Finding]:
    """Flag each claim of a completed action that no action of the context backs.

    Source: ``Context.actions``.
    """
    for rule, message, span in view.promised.faults:
        if rule == "unbacked_action":
            yield view.finding("unbacked_action", message, span)


def read_promises(view: View) -> Promises:
    """Read the promises and the claims of a draft, and judge them by its context."""
    found: list[Commitment] = []
    faults: list[tuple[str, str, Span]] = []
    figures: set[Span] = set()
    for kind, span in _promised(view):
        commitment, wrong, judged = _judged(view, kind, span)
        found.append(commitment)
        faults += wrong
        figures |= judged
    faults += [("guarantee", _NO_GUARANTEE, span) for span in _guarantees(view)]
    for span, backed in _claims(view):
        allowed_by = "actions" if backed else None
        found.append(Commitment(kind="done", text=span.of(view.text), span=span, allowed_by=allowed_by))
        if not backed:
            faults.append(("unbacked_action", _UNBACKED.format(quote=span.of(view.text)), span))
    found.sort(key=lambda commitment: commitment.span)
    return Promises(tuple(found), tuple(faults), frozenset(figures))


_NO_GUARANTEE: Final = "Nobody can guarantee this; say what we change instead."
_UNBACKED: Final = (
    "“{quote}” says that this is already done, but no action on record says so; "
    "do it and record it, or say that we will."
)


# Finding promises


def _promised(view: View) -> Iterator[tuple[str, Span]]:
    """Give the kind and the words of each promise."""
    folded = view.folded
    if view.evidence.language != "en":
        yield from _elsewhere(view)
    heads: list[re.Match[str]] = []
    for match in _HEAD.finditer(folded.text):
        # A gift that is named inside a promise belongs to it.
        if match["gift"] and heads and not _ends_between(view, heads[-1].start(), match.start()):
            continue
        heads.append(match)
    for index, head in enumerate(heads):
        if _UNSURE.search(folded.text, max(head.start() - 12, 0), head.start()):
            continue
        sentence = _sentence_at(view, folded.span(head.start(), head.end()).start)
        end = folded.at(sentence.end)
        if index + 1 < len(heads):
            end = min(end, heads[index + 1].start())
        start = head.start()
        opening = folded.at(sentence.start)
        if _FORWARD.match(folded.text, opening) and (not index or heads[index - 1].start() < opening):
            start = opening
        yield from _parts(view, head, start, end)


_VALUE_ELSEWHERE: Final = re.compile(
    r"\b(?:reembols|rembours|rimbors|r(?:ü|ue)ckerstatt|erstatt|indemni[sz]|entsch(?:ä|ae)dig|gutschein|gutschrift|"
    r"bono |vale de|bon d'achat|buono|kostenlos|gratis|gratuit|gr[áa]tis)"
)
"""How a promise of value begins in the other languages that replies are drafted in."""


def _elsewhere(view: View) -> Iterator[tuple[str, Span]]:
    """Take each sentence of another language that speaks of value as a promise: better held back than given away."""
    seen: set[Span] = set()
    for match in _VALUE_ELSEWHERE.finditer(view.folded.text):
        sentence = _sentence_at(view, view.folded.span(match.start(), match.end()).start)
        if sentence not in seen:
            seen.add(sentence)
            yield "refund", sentence


def _parts(view: View, head: re.Match[str], start: int, end: int) -> Iterator[tuple[str, Span]]:
    """Split "I'll check it and refund you" into its promises."""
    text = view.folded.text
    cuts = [match.end() for match in _PARTS.finditer(text, head.end(), end)]
    begins = [start, *(cut for cut in cuts if _words().kind_of.get(_first_word(text, cut)))]
    for begin, stop in zip(begins, [*begins[1:], end], strict=True):
        verb = _verb_of(head) if begin == start else _first_word(text, begin)
        after = max(begin, head.start())
        kind = _kind(verb, text[after:stop], head if begin == start else None)
        if kind:
            tail = text[begin:stop].rstrip(" ,;.!?-—–")
            yield kind, view.folded.span(begin, begin + len(_JOINING.sub("", tail)))


def _ends_between(view: View, start: int, end: int) -> bool:
    """Whether a sentence ends between two places of the folded text."""
    span = view.folded.span(start, end)
    return _sentence_at(view, span.start).end <= span.end


def _first_word(text: str, at: int) -> str:
    match = _VERB.match(text, at)
    return match[0] if match else ""


def _verb_of(head: re.Match[str]) -> str:
    doing = head["doing"]
    if doing:
        known = _words().kind_of
        return next((form for form in (doing, doing + "e", doing[:-1]) if form in known), "")
    return head["verb"] or head["yours"] or head["let"] or ""


def _kind(verb: str, clause: str, head: re.Match[str] | None) -> str:
    """Tell what a clause promises; empty when nothing."""
    words = _words()
    if head is not None and head["let"] and head[0].startswith("please") and verb != "accept":
        return ""
    if head is not None and head["grant"]:
        return _gift(clause) or "credit"
    if head is not None and (head["thing"] or head["gift"]):
        return _gift(clause) or ("refund" if "back" in clause else "")
    kind = words.kind_of.get(verb, "")
    if kind in ANSWERS or not kind:
        return "" if kind and _LOOKING.search(clause[:20]) else kind
    if kind != "action":
        return kind
    gift = _gift(clause)
    if gift:
        return gift
    if words.answers.search(clause):
        return "reply"
    return "" if verb in ("be", "have", "expect", "hear", "accept", "receive") else "action"


def _gift(clause: str) -> str:
    words = _words()
    if words.any_gift.search(clause) is None:
        return ""
    return next((kind for kind, pattern in words.gifts.items() if pattern.search(clause)), "")


def _sentence_at(view: View, place: int) -> Span:
    for span in view.sentences:
        if span.start <= place < span.end:
            return span
    return Span(0, len(view.text))


def _guarantees(view: View) -> Iterator[Span]:
    folded = view.folded
    if not any(word in folded.text for word in _GUARANTEE_WORDS):
        return
    for match in _GUARANTEE.finditer(folded.text):
        span = folded.span(match.start(), match.end())
        opening = folded.at(_sentence_at(view, span.start).start)
        if not _MODEST.search(folded.text, opening, match.start()) and not any(covers(q, span) for q in view.quoted):
            yield span


# Judging promises


def _judged(view: View, kind: str, span: Span) -> tuple[Commitment, list[tuple[str, str, Span]], set[Span]]:
    facts = [fact for fact in view.facts if covers(span, fact.span)]
    amounts = [fact for fact in facts if fact.kind == "amount"]
    deadlines = [fact for fact in facts if fact.kind in _TIMED and _is_deadline(view, fact)]
    wrong = list(_late(view, kind, deadlines))
    allowed_by: str | None = None
    if kind in VALUE or (amounts and kind == "action"):
        allowed_by, faults = _within_offers(view, kind, span, amounts, [f for f in facts if f.kind == "percent"])
        wrong += faults
    elif not wrong:
        allowed_by = "promise_limits"
    amount = next((fact.value for fact in amounts if isinstance(fact.value, Money)), None)
    due = _moment(deadlines, view.context.now)
    commitment = Commitment(
        kind=kind, text=span.of(view.text), span=span, amount=amount, due_at=due, allowed_by=allowed_by
    )
    judged = {fact.span for fact in deadlines}
    if kind in VALUE or kind == "action":
        judged |= {fact.span for fact in facts if fact.kind in ("amount", "percent")}
    return commitment, wrong, judged


def _is_deadline(view: View, fact: Fact) -> bool:
    """Whether a time is when we do it ("by Friday"), and not when it happened ("your flight on Friday")."""
    before = view.text[max(fact.span.start - 20, 0) : fact.span.start].lower()
    if _DEADLINE.search(before):
        return True
    if fact.kind == "duration":
        return False
    return not view.evidence.known.holds(fact) or not _LOOSE.search(before)


def _late(view: View, kind: str, deadlines: list[Fact]) -> Iterator[tuple[str, str, Span]]:
    limit = view.context.brand.policy.promise_limits.max_reply_hours
    for fact in deadlines:
        due, hours = _due(fact, view.context.now)
        if kind in ANSWERS:
            if limit is not None and hours is not None and hours > limit:
                message = f"The longest wait that may be promised for an answer is {limit:g} hours; promise no longer."
                yield "deadline", message, fact.span
        elif not view.evidence.known.plans(fact) and not _is_today(fact, due, view.context.now):
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


def _moment(deadlines: list[Fact], now: datetime) -> datetime | None:
    """When the promise falls due: the clock time of the day, where both are said, else the latest of them."""
    days = [due for due, _ in (_due(fact, now) for fact in deadlines if fact.kind != "time") if due]
    clocks = [due for due, _ in (_due(fact, now) for fact in deadlines if fact.kind == "time") if due]
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
    view: View, kind: str, span: Span, amounts: list[Fact], percents: list[Fact]
) -> tuple[str | None, list[tuple[str, str, Span]]]:
    """Find the offer that allows a promise of value, or say why none does."""
    if _on_record(view, span, amounts):
        return "actions", []
    policy = view.context.brand.policy
    offer = _offer_for(policy.offers, kind, stems(span.of(view.text)))
    if offer is None:
        if kind == "action":
            return None, [
                ("amount", "No offer of the policy allows this sum; take it out.", fact.span) for fact in amounts
            ]
        offers = "; ".join(offer.text for offer in policy.offers)
        instead = f"may be offered: {offers}" if offers else "the policy offers nothing of value"
        return None, [("offer", f"This promises more than the policy allows; {instead}.", span)]
    wrong: list[tuple[str, str, Span]] = []
    for fact in amounts:
        most = _most(offer, policy.promise_limits.max_amount, fact)
        if most is not None:
            wrong.append(("amount", f"The most that may be promised here is {_said(most)}; lower the sum.", fact.span))
    shares = [fact for fact in percents if not any(agree(fact, other) for other in locate(offer.text))]
    message = f"The offer is to {offer.text}, without this share; take it out."
    wrong.extend(("amount", message, fact.span) for fact in shares)
    return (None if wrong else offer.id), wrong


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


def _offer_for(offers: tuple[Offer, ...], kind: str, promised: frozenset[str]) -> Offer | None:
    """Find the offer whose object the promise names best: at least half of it, and the same kind of value."""
    best: tuple[float, Offer] | None = None
    for offer in offers:
        objects, offered = _read_offer(offer.text)
        if kind not in ("action", offered):
            continue
        share = len(objects & promised) / len(objects) if objects else 0.5 * bool(offer.text.strip())
        if share >= 0.5 and (best is None or share > best[0]):
            best = (share, offer)
    return best[1] if best else None


@cache
def _value_stems() -> frozenset[str]:
    """Give the stems of the words of value themselves: they name the kind, not the object."""
    return stems(" ".join(pattern.pattern.replace("\\", "") for pattern in _words().gifts.values()).replace("|", " "))


@lru_cache(maxsize=512)
def _read_offer(offer: str) -> tuple[frozenset[str], str]:
    """What an offer of the policy is about, and the kind of value that it gives."""
    text = offer.lower()
    first = _words().kind_of.get(_first_word(text, 0), "")
    return stems(offer) - _value_stems(), first if first in VALUE else _gift(text) or first


def _on_record(view: View, span: Span, amounts: list[Fact]) -> bool:
    """Whether an action of the context already does what the words say, sums included."""
    text = view.folded.text[view.folded.at(span.start) : view.folded.at(span.end)]
    groups = _groups(text)
    return any(
        groups & _groups(action.lower())
        and all(any(agree(fact, other) for other in locate(action)) for fact in amounts)
        for action in view.context.actions
    )


# Claims of done things

_LATER: Final = re.compile(
    r"\b(?:once|until|when|after|if|before|whether|unless|as soon as|should|could|would|must|might|to|nobody|no one)\b"
    r"[^,;.!?]*$"
)
_CLAUSE_END: Final = re.compile(r"[;:!?\n]|\.(?:\s|$)|,? (?:and|but|so|because) (?:i|we|you|the|it|they)\b|, ")
_CLAIM_WORDS: Final = re.compile(r"[\w'-]+")
_PAST_YOURS: Final = frozenset({"refund", "credit", "replace"})


def _claims(view: View) -> Iterator[tuple[Span, bool]]:
    """Give the words of each claim of a completed action, and whether the context backs it."""
    folded = view.folded
    if _words().groups.keys().isdisjoint(_CLAIM_WORDS.findall(folded.text)):
        return
    for match in _words().claim.finditer(folded.text):
        span = folded.span(match.start(), match.end())
        sentence = _sentence_at(view, span.start)
        before = folded.text[folded.at(sentence.start) : match.start()]
        verb = match["did"] or match["been"] or match["now"]
        if _LATER.search(before) or _SAID_SORRY.search(before) or sentence.of(view.text).rstrip().endswith("?"):
            continue
        if before.endswith("you ") and not _words().groups[verb] & _PAST_YOURS:
            continue
        if any(covers(q, span) for q in view.quoted):
            continue
        start = match.start() if match["did"] else match.start() - len(re.split(r"[,;:]|\band\b", before)[-1].lstrip())
        stop = _CLAUSE_END.search(folded.text, match.end())
        end = min(stop.start() if stop else len(folded.text), folded.at(sentence.end))
        yield folded.span(start, max(end, match.end())), _backed(view, verb, folded.text[start:end], match)


def _backed(view: View, verb: str, clause: str, match: re.Match[str]) -> bool:
    """Whether an action, an incident, or for what went wrong the complaint, says the same."""
    groups = _words().groups[verb] | _groups(clause)
    named = stems(clause) - stems(verb)
    facts = [fact for fact in locate(clause) if fact.kind == "amount"]
    for record in (*view.context.actions, *view.context.incidents):
        told = stems(record)
        if not groups & _groups(record.lower()):
            continue
        if facts and not all(any(agree(fact, other) for other in locate(record)) for fact in facts):
            continue
        if not named or named & told or facts:
            return True
    simple = not re.search(r"\b(?:i|we)(?:'ve| have|'d| had)\b", match[0])
    return (
        verb in _words().faults
        and simple
        and not _gift(clause)
        and stem(verb) in view.evidence.known.roots
        and (not named or bool(named & view.evidence.topic))
    )


def _groups(text: str) -> frozenset[str]:
    """Collect the groups of done things that a text speaks of."""
    known = _words().groups
    return frozenset([group for word in _VERB.findall(text) for group in known.get(word, ())])
