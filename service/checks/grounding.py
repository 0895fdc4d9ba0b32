"""Where every concrete fact of a draft comes from, in the material that it was written from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Final

from service.checks.known import Known, Parts
from service.checks.view import View, covers
from service.domain import Finding, Money, Span, StatedFact
from service.errors import CannotTell
from service.facts import Fact, agree
from service.language import detect
from service.terms import stem, terms
from service.vocabulary import vocabulary_of, word_lists

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

_HELD = re.compile(r"\{\{[^{}]*+\}\}|⟦[^⟦⟧]*+⟧|@\w++")
"""Slots that a human fills, tokens that are put back, handles: none is a claim of the draft."""
_NUMBERED = frozenset({"identifier", "flight", "number", "phone", "card", "iban", "postcode", "address", "time"})
_ENDED = _NUMBERED - {"time"}
_NOUNS_CAPITAL = frozenset({"de"})
"""Languages in which a capital letter shows no name."""
_WHOLLY = re.compile(
    r"\s?(?:on us|our (?:fault|mistake)|right|sure|certain|with you|agree|understand|fair|understandable|behind)\b"
)
"""What follows a "100%" that says no more than "wholly"."""
_ENDING = re.compile(
    r"(?:ending|ends|ended|last (?:four|4)(?: digits)?|terminada|termina|terminant|endet|endend|che finisce)"
    r"(?: (?:in|with|on|by|are|is|en|em|par|auf|con|com|mit|per))?:? $",
    re.IGNORECASE,
)
"""The words before the last digits of a longer number."""
_DATED = re.compile(r",? (?:the |le |den |der |el |il |dem |dia |día )?")
"""What may stand between a weekday and its date."""
_OF_MOMENTS = frozenset({"date", "weekday", "number"})
"""Kinds that a moment can prove: its day, its weekday, its year."""
_FREQUENCY = frozenset({"times", "fois", "veces", "vezes", "volte"})
"""Times are counted of many things at once: "twice" contradicts no other number of times."""
_NOTHING: tuple[str | None, Parts] = (None, ())


def grounding(view: View) -> Iterator[Finding]:
    """Flag each fact of the draft that no material states, and that does not follow from what is stated.

    Amounts and deadlines inside promises are left to ``promises``. Raises: ``CannotTell`` for facts without material.
    """
    if view.facts and not view.evidence.known.texts:
        raise CannotTell("There is no complaint, brand or note that could prove a fact.")
    for fact in view.stated:
        if fact.source is None:
            where = "in neither the complaint nor anything else we know"
            message = f"{NAMES[fact.kind]} is {where}; take it out, or add where it comes from to the notes."
            yield view.finding("grounding", message, fact.span)


def stated(view: View) -> Iterator[StatedFact]:
    """Give each concrete fact of the draft, in its order, with where it comes from.

    What only may be a fact ("both", a German noun) is left out where nothing supports it.
    """
    facts = view.facts
    if not facts:
        return
    known = view.evidence.known
    free = [Span(*match.span()) for match in _HELD.finditer(view.text)] if _MARKED.search(view.text) else []
    judged = view.promised.figures
    for place, fact in enumerate(facts):
        if free and any(covers(span, fact.span) for span in free):
            continue
        if fact.span in judged:
            source: tuple[str | None, Parts] = ("promise", ())
        else:
            source = _NOTHING if _misdated(facts, place, view) else _source(fact, view, known)
        if source[0] is None and _doubtful(fact, view, known):
            continue
        yield StatedFact(
            kind=fact.kind, text=fact.span.of(view.text), span=fact.span, source=source[0], sources=source[1]
        )


_MARKED = re.compile("[{⟦@]")


def _doubtful(fact: Fact, view: View, known: Known) -> bool:
    """Whether the words may be no fact at all."""
    if fact.kind in _PLANNED and _planned(fact, view):
        return True
    if fact.kind == "name":
        if _ordinary(fact, view):
            return True
        return not {view.evidence.language, detect(view.text)}.isdisjoint(_NOUNS_CAPITAL) or not terms(str(fact.value))
    if fact.kind == "percent":
        return fact.value == 100.0 and _WHOLLY.match(view.folded.text, view.folded.at(fact.span.end)) is not None
    if fact.kind == "count" and isinstance(fact.value, tuple) and fact.also != "both":
        thing, said = fact.value[0], fact.span.of(view.text).split()[0].casefold()
        return thing in _FREQUENCY or not known.speaks_of(thing) or said in known.words
    return fact.also == "both" and not (isinstance(fact.value, tuple) and stem(fact.value[0]) in known.counted)


_PLANNED = frozenset({"date", "weekday", "time"})
_CLAUSE = re.compile(r"[.,;:!?…–—()\n]")
_SOME = re.compile(r"(?<!\w)(?:an?|une?|um|uma|una|einem|einen|ein)\s$", re.IGNORECASE)
"""Before a weekday that is none in particular: "on a Monday morning"."""
_EITHER = re.compile(r"\s(?:or|o|ou|oder)\s", re.IGNORECASE)


def _planned(fact: Fact, view: View) -> bool:
    """Whether a day or a time is one that is offered, asked for or ahead: a plan, which no text could prove."""
    known = vocabulary_of(view.evidence.language)
    quote = fact.span.of(view.text).lower()
    if fact.kind == "date" and quote not in known.relative:
        return False
    if fact.kind == "date" and known.relative[quote] > 0:
        return True
    if fact.kind == "weekday" and _SOME.search(view.text, max(fact.span.start - _NEAR, 0), fact.span.start):
        return True
    sentence = _sentence(fact, view)
    if sentence.of(view.text).rstrip("\"'”»)").endswith("?"):
        return True
    ends = [match.end() for match in _CLAUSE.finditer(view.text, sentence.start, fact.span.start)]
    after = _CLAUSE.search(view.text, fact.span.end, sentence.end)
    clause = view.text[ends[-1] if ends else sentence.start : after.start() if after else sentence.end]
    return known.planned.search(clause.lower().replace("’", "'")) is not None


@cache
def _of_a_team() -> re.Pattern[str]:
    """What stands before a part of the house."""
    teams = "|".join(sorted(word_lists()["teams"].split()))
    return re.compile(rf"(?<!\w)(?:{teams})\s(?:de\s|di\s|d[aeou]s?\s|del(?:la)?\s|für\s)?$")


def _sentence(fact: Fact, view: View) -> Span:
    """The sentence that a fact stands in."""
    return next((s for s in view.sentences if s.start <= fact.span.start < s.end), fact.span)


def _ordinary(fact: Fact, view: View) -> bool:
    """Whether a word with a capital is no name: the draft has it without one, too, or asks which of two it is."""
    name = fact.span.of(view.text)
    if re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", view.text):
        return True
    if _of_a_team().search(view.text[max(fact.span.start - _NEAR, 0) : fact.span.start].lower()):
        return True
    asked = _sentence(fact, view).of(view.text)
    return asked.endswith("?") and _EITHER.search(asked) is not None


def _misdated(facts: tuple[Fact, ...], place: int, view: View) -> bool:
    """Whether a weekday stands beside a date that is none: "Monday, 3 March" in a year when it is a Tuesday."""
    fact = facts[place]
    if fact.kind != "weekday":
        return False
    for other in facts[max(place - 1, 0) : place + 2]:
        if other.kind == "date" and isinstance(other.value, frozenset):
            between = view.text[min(fact.span.end, other.span.end) : max(fact.span.start, other.span.start)]
            if _DATED.fullmatch(between) and not agree(fact, other):
                return True
    return False


def _source(fact: Fact, view: View, known: Known) -> tuple[str | None, Parts]:
    """Where a fact comes from: one path, or ``derived`` with the paths of its parts."""
    if fact.kind in ("person", "name"):
        paths = known.named(str(fact.value)) or (known.derived_name(str(fact.value)) if fact.kind == "name" else ())
        return (paths[0], ()) if paths else _NOTHING
    quote = fact.span.of(view.text)
    if fact.kind == "link":
        return known.linked(quote), ()
    path = known.holding(fact)
    if path is None and fact.kind in _NUMBERED:
        path = known.spelling(_squeezed(quote))
        if (
            path is None
            and fact.kind in _ENDED
            and _ENDING.search(view.text, max(fact.span.start - 30, 0), fact.span.start)
        ):
            path = known.ending(_squeezed(quote))
    if path is None and fact.kind == "duration":
        path = known.roughly(quote)
    if path is None and fact.kind in _OF_MOMENTS:
        path = known.happened(fact)
    if path is None and fact.kind != "count":
        path = known.loosely(fact)
    if path is None and fact.kind in _SIZED:
        path = _rounded(fact, view, known)
    return (path, ()) if path else _derived(fact, known)


_SIZED = frozenset({"amount", "duration"})


def _rounded(fact: Fact, view: View, known: Known) -> str | None:
    """Where a figure comes from that the words before it make more or less: "almost an hour"."""
    low = view.text[max(fact.span.start - _NEAR, 0) : fact.span.start].lower()
    word = vocabulary_of(view.evidence.language).rounded.search(low)
    if word is None:
        return None
    return known.rounded(fact, less=word["less"] is not None, more=word["more"] is not None)


_NEAR = 24


def _squeezed(quote: str) -> str:
    return re.sub(r"[\W_]", "", quote).upper()


def _derived(fact: Fact, known: Known) -> tuple[str | None, Parts]:
    """Whether a figure is a sum, a difference or a count of known ones, and of which."""
    parts: Parts | None = None
    if isinstance(fact.value, Money):
        parts = known.summed(fact.value)
    elif isinstance(fact.value, tuple):
        if fact.kind == "count":
            return _counted(fact, *fact.value, known)
        parts = _lasted(fact, fact.value, known)
    return ("derived", parts) if parts else _NOTHING


def _counted(fact: Fact, thing: str, number: float, known: Known) -> tuple[str | None, Parts]:
    """Where a number of things comes from; another number of the same things contradicts it."""
    of_it = known.counted.get(stem(thing), {})
    if of_it and number not in of_it and thing not in _FREQUENCY:
        parts = next((_paths(of_it, a, b) for a, b in combinations(of_it, 2) if number in (a + b, abs(a - b))), ())
        parts = parts or known.fewer(number, of_it)
        return ("derived", parts) if parts else _NOTHING
    if number in known.counts:
        return "derived", known.counts[number]
    path = known.runs.get(f"{number:g}") or known.loosely(fact)
    return (path, ()) if path else _NOTHING


def _paths(numbers: Mapping[float, str], *chosen: float) -> Parts:
    return tuple(dict.fromkeys(numbers[number] for number in chosen))


def _lasted(fact: Fact, length: tuple[str, float], known: Known) -> Parts | None:
    """What a length of time follows from; a range needs both its ends, and working days are never worked out."""
    if not isinstance(fact.also, tuple):
        return known.spans_of_time.get(length)
    low, high = (known.holding(replace(fact, value=end, also=None)) for end in (fact.also, length))
    return tuple(dict.fromkeys((low, high))) if low and high else None
