"""Whether every concrete fact of a draft stands in the material that it was written from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from service.checks.known import Known
from service.checks.view import View, covers
from service.domain import Finding, Money, Span
from service.errors import CannotTell
from service.facts import Fact, same_day
from service.terms import terms

NAMES: Final = {
    "amount": "This sum",
    "percent": "This percentage",
    "duration": "This length of time",
    "date": "This date",
    "weekday": "This day",
    "time": "This time",
    "count": "This number",
    "number": "This number",
    "identifier": "This number or code",
    "flight": "This flight",
    "link": "This link",
    "email": "This e-mail address",
    "phone": "This phone number",
    "card": "This card number",
    "iban": "This account number",
    "address": "This address",
    "postcode": "This postcode",
    "person": "This person",
    "name": "This name",
}
"""Kind of fact → how a message speaks of it."""

_HELD = re.compile(r"\{\{[^{}]*\}\}|⟦[^⟧]*⟧|@\w+")
"""Slots that a human fills, tokens that are put back, handles: none is a claim of the draft."""
_NUMBERED = frozenset({"identifier", "flight", "number", "phone", "card", "iban", "postcode", "address"})
_NOUNS_CAPITAL = frozenset({"de"})
"""Languages in which a capital letter shows no name."""


def grounding(view: View) -> Iterator[Finding]:
    """Flag each fact of the draft that no material states, and that does not follow from what is stated.

    Amounts and deadlines inside promises are left to ``promises``. Raises: ``CannotTell`` without any material.
    """
    known = view.evidence.known
    if not known.texts:
        raise CannotTell("There is no complaint, brand or note that could prove a fact.")
    facts = view.facts
    if not facts:
        return
    free = [Span(*match.span()) for match in _HELD.finditer(view.text)]
    judged = view.promised.figures
    for fact in facts:
        if fact.span in judged or any(covers(span, fact.span) for span in free):
            continue
        if fact.kind == "name" and view.evidence.language in _NOUNS_CAPITAL:
            continue
        if not _grounded(fact, view, known) and (fact.kind != "name" or terms(str(fact.value))):
            where = "in neither the complaint nor anything else we know"
            message = f"{NAMES[fact.kind]} is {where}; take it out, or add where it comes from to the notes."
            yield view.finding("grounding", message, fact.span)


def _grounded(fact: Fact, view: View, known: Known) -> bool:
    if fact.kind in ("person", "name"):
        return _known_name(str(fact.value), known)
    if fact.kind == "link":
        return known.covers_link(fact.span.of(view.text))
    if known.holds(fact):
        return True
    if fact.kind in _NUMBERED:
        return _squeezed(fact.span.of(view.text)) in known.squeezed
    if fact.kind == "date":
        return isinstance(fact.value, frozenset) and any(same_day(a, b) for a in fact.value for b in known.days)
    return _derived(fact, known)


def _known_name(name: str, known: Known) -> bool:
    words = re.findall(r"[^\W\d_]+", name)
    return all(word in known.words or word.removesuffix("s") in known.words for word in words)


def _squeezed(quote: str) -> str:
    return re.sub(r"[\W_]", "", quote).upper()


def _derived(fact: Fact, known: Known) -> bool:
    """Whether a figure is a sum, a difference or a count of known ones."""
    if isinstance(fact.value, Money):
        return fact.value in known.sums
    if fact.kind == "count" and isinstance(fact.value, tuple):
        number = fact.value[1]
        return number in known.counts or f"{number:g}" in known.runs
    if fact.kind == "duration" and isinstance(fact.value, tuple):
        return fact.value[1] in known.spans_of_time
    return False
