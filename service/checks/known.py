"""What a draft may rely on: every text of the context, its facts and its words, worked out once a request."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import combinations

from service.domain import Context, Money, Offer
from service.facts import Fact, agree, link_value, locate
from service.terms import stem

_WORDS = re.compile(r"[^\W\d_]+")
_RUNS = re.compile(r"(?<![\d:.,/-])\d{1,4}(?![\d:/%-]|[.,]\d)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MOST_SUMMED = 12
"""Beyond this many figures nobody adds up in their head."""


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
    def complaint_facts(self) -> tuple[Fact, ...]:
        """The facts of the complaint; "yesterday" is the day before it was posted."""
        complaint = self.context.complaint
        return locate(complaint.text, now=complaint.posted_at or self.context.now, language=complaint.language)

    @cached_property
    def own(self) -> tuple[str, ...]:
        """What the brand says of itself: names, facts, links, sign-off, offers."""
        brand = self.context.brand
        texts = [
            brand.name,
            *brand.names,
            *brand.facts,
            *brand.policy.links,
            brand.voice.sign_off or "",
            *brand.policy.authorities.values(),
        ]
        offers = [f"{offer.text} {spelt(offer)}" for offer in brand.policy.offers]
        return tuple(text for text in (*texts, *offers, *self.context.incidents) if text)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Every text that may prove a fact."""
        context = self.context
        complaint = context.complaint
        people = (complaint.author.name, complaint.author.handle, context.customer.name, complaint.url)
        limits = context.brand.policy.promise_limits
        hours = f"{limits.max_reply_hours:g} hours" if limits.max_reply_hours else ""
        every = (
            complaint.text,
            *(message.text for message in complaint.thread),
            *(event.text for event in context.customer.history),
            *context.actions,
            context.notes,
            *(person or "" for person in people),
            hours,
            *self.own,
        )
        return tuple(text for text in every if text)

    @cached_property
    def facts(self) -> dict[str, tuple[Fact, ...]]:
        """Kind → the facts that are known."""
        found: dict[str, list[Fact]] = {}
        for fact in self.complaint_facts:
            found.setdefault(fact.kind, []).append(fact)
        own = frozenset(self.own)
        for text in self.texts[1 if self.context.complaint.text else 0 :]:
            for fact in self.told(text) if text in own else locate(text, now=self.context.now):
                found.setdefault(fact.kind, []).append(fact)
        return {kind: tuple(facts) for kind, facts in found.items()}

    def told(self, text: str) -> tuple[Fact, ...]:
        """The facts of a text of the brand's own, which is the same in every request."""
        lasting = _lasting(text)
        return locate(text, now=self.context.now) if lasting is None else lasting

    @cached_property
    def days(self) -> frozenset[tuple[int | None, int, int]]:
        """The days on which something of this complaint happened."""
        complaint, customer = self.context.complaint, self.context.customer
        moments: list[datetime | None] = [self.context.now, complaint.posted_at]
        moments += [message.at for message in complaint.thread] + [event.at for event in customer.history]
        return frozenset((moment.year, moment.month, moment.day) for moment in moments if moment)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the material, folded; parts of handles and run-together names too."""
        joined = " ".join(self.texts)
        return frozenset(_WORDS.findall(joined.casefold())) | frozenset(
            _WORDS.findall(_CAMEL.sub(" ", joined).casefold())
        )

    @cached_property
    def roots(self) -> frozenset[str]:
        """The stems of every word of the material, terms or not."""
        return frozenset(stem(word) for word in self.words)

    @cached_property
    def runs(self) -> frozenset[str]:
        """Every short number of the material that is no part of a time, a date or a sum."""
        return frozenset(_RUNS.findall(" ".join(self.texts)))

    @cached_property
    def squeezed(self) -> str:
        """The material's letters and digits alone: a number is found in it however it was grouped."""
        return re.sub(r"[\W_]", "", "|".join(self.texts)).upper()

    @cached_property
    def links(self) -> frozenset[str]:
        """The very links that the context and the brand's list hold."""
        return frozenset(str(fact.value) for fact in self.facts.get("link", ())) | frozenset(self._entries)

    @cached_property
    def sums(self) -> frozenset[Money]:
        """Sums and differences of the known amounts, and an amount taken as often as something is counted."""
        amounts = sorted({f.value for f in self.facts.get("amount", ()) if isinstance(f.value, Money)}, key=str)
        found: set[Money] = set()
        for one, other in combinations(amounts[:_MOST_SUMMED], 2):
            if one.currency == other.currency:
                found.add(Money(one.amount + other.amount, one.currency))
                found.add(Money(abs(one.amount - other.amount), one.currency))
        for currency in {amount.currency for amount in amounts}:
            found.add(Money(sum(a.amount for a in amounts if a.currency == currency), currency))
        for amount in amounts[:_MOST_SUMMED]:
            found.update(Money(int(amount.amount * n), amount.currency) for n in self.counts if n.is_integer())
        return frozenset(found)

    @cached_property
    def counts(self) -> frozenset[float]:
        """How many: what the material counts, and how many facts of one kind it holds."""
        counted = {f.value[1] for f in self.facts.get("count", ()) if isinstance(f.value, tuple)}
        listed = [self.facts.get(kind, ()) for kind in ("amount", "identifier", "flight", "date", "weekday", "link")]
        return frozenset(counted | {float(len({str(fact.value) for fact in facts})) for facts in listed})

    @cached_property
    def spans_of_time(self) -> frozenset[float]:
        """Sums and differences of known durations and clock times, in seconds."""
        lengths = {
            fact.value[1]
            for fact in self.facts.get("duration", ())
            if isinstance(fact.value, tuple) and fact.value[0] == "seconds"
        }
        clocks = {f.value * 60 for f in self.facts.get("time", ()) if isinstance(f.value, float)}
        found: set[float] = set()
        for values in (sorted(lengths)[:_MOST_SUMMED], sorted(clocks)[:_MOST_SUMMED]):
            for one, other in combinations(values, 2):
                found |= {one + other, other - one, 86400 - other + one}
        return frozenset(found)

    def holds(self, fact: Fact) -> bool:
        """Whether the material states the fact, in this form or another."""
        kinds: Iterable[str] = (fact.kind,)
        if fact.kind in ("identifier", "flight", "number"):
            kinds = ("identifier", "flight", "number")
        elif fact.kind in ("date", "weekday"):
            kinds = ("date", "weekday")
        return any(agree(fact, other) for kind in kinds for other in self.facts.get(kind, ()))

    def plans(self, fact: Fact) -> bool:
        """Whether our own side says the fact: policy, actions, notes, incidents; the customer cannot promise for us."""
        return any(agree(fact, other) for other in self._ours)

    @cached_property
    def _ours(self) -> tuple[Fact, ...]:
        context = self.context
        told = [fact for text in self.own for fact in self.told(text)]
        return (*told, *(f for text in (*context.actions, context.notes) for f in locate(text, now=context.now)))

    def covers_link(self, link: str) -> bool:
        """Whether an entry of the brand's allow-list covers the link, or the very link is in the context."""
        bare = link_value(link)
        return bare in self.links or any(_covers(entry, bare) for entry in self._entries)

    @cached_property
    def _entries(self) -> tuple[str, ...]:
        return tuple(link_value(entry) for entry in self.context.brand.policy.links)


@lru_cache(maxsize=256)
def _lasting(text: str) -> tuple[Fact, ...] | None:
    """The facts of a text; ``None`` where they depend on the day on which it is read."""
    facts = locate(text)
    return None if any(fact.kind == "date" and isinstance(fact.value, str) for fact in facts) else facts


def _covers(entry: str, link: str) -> bool:
    return link.startswith((f"{entry}/", f"{entry}?", f"{entry}#")) and ".." not in link and "\\" not in link


def spelt(offer: Offer) -> str:
    """Spell the limit of an offer as a fact; empty without one."""
    limit = offer.max_amount
    return "" if limit is None else f"{limit.amount / 100:.2f} {limit.currency}"
