"""Personal data that must not stand where everyone can read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from service import privacy as personal
from service.checks.known import Known
from service.checks.view import View
from service.domain import Finding, Span
from service.facts import Fact, locate
from service.terms import stems

NAMES: Final = {
    "email": "An e-mail address",
    "phone": "A phone number",
    "card": "A card number",
    "iban": "A bank account number",
    "address": "A street address",
    "postcode": "A postcode",
    "order": "An order number",
    "booking": "A booking number",
    "account": "An account number",
}
"""Kind of personal data → how a message speaks of it."""

_NEVER: Final = frozenset({"card", "iban"})
"""What is not repeated even where the customer posted it."""
_SECRET = re.compile(
    r"\b(?:password|passcode|passphrase|pin|security code|verification code|one-time code|otp|cvv|cvc|code)\b"
    r"(?: is|:| was|\s?=)\s*(?P<secret>\S*\d\S*|\"\S+\")",
    re.IGNORECASE,
)
_SECRET_WORDS: Final = ("code", "pin", "pass", "otp", "cvv", "cvc")
"""One of these stands in each secret's announcement."""
_BORN = re.compile(r"\b(?:born|date of birth|birth ?date|dob|birthday)\b", re.IGNORECASE)
_NEAR = 30
"""A date this near to "born", in code points, is a date of birth."""
_TELLING = frozenset({"amount", "date", "weekday", "time", "duration", "identifier", "flight", "number", "percent"})
_ENOUGH = 2
"""So many words that only the records hold tell the event."""


def privacy(view: View) -> Iterator[Finding]:
    """Flag personal data that the customer did not post publicly in this thread; cards, IBANs and codes always."""
    known = view.evidence.known
    public = view.evidence.public
    low = view.folded.text
    for match in _SECRET.finditer(view.text) if any(word in low for word in _SECRET_WORDS) else ():
        span = Span(*match.span("secret"))
        yield view.finding("privacy", "A password or code must never stand in a reply; take it out.", span)
    for datum in view.personal:
        if not _may_show(datum, known, public) and not _invented(datum, view, known):
            name = NAMES[datum.kind]
            message = f"{name} must not stand in a {'public' if public else ''} reply; take it out.".replace("  ", " ")
            yield view.finding("privacy", message, datum.span)
    if public:
        yield from _births(view, known)
        yield from _full_name(view, known)
        yield from _history(view, known)


def _may_show(datum: personal.Personal, known: Known, public: bool) -> bool:
    same = (datum.kind, datum.value)
    if not public and datum.kind not in _NEVER and known.spelling(datum.value) is not None:
        return True
    if datum.kind in _NEVER:
        return not public and same in _data(known.texts)
    return same in _data(known.own) or same in _data(known.said_publicly if public else known.texts)


def _invented(datum: personal.Personal, view: View, known: Known) -> bool:
    """Whether nothing that we know has the datum, and it is nobody's: ``grounding`` judges it alone.

    What stands beside the name of a person whom nothing that we know names is that person's; "your number" is theirs.
    """
    if datum.kind in _NEVER or (datum.kind, datum.value) in _data(known.texts):
        return False
    if known.spelling(re.sub(r"[\W_]", "", datum.value)) is not None:
        return False
    if datum.kind in _ONES_OWN and _YOURS.search(view.text, max(datum.span.start - _BESIDE, 0), datum.span.start):
        return False
    near = range(datum.span.start - _BESIDE, datum.span.end + _BESIDE)
    return not any(
        fact.kind == "person" and fact.span.start in near and not known.named(str(fact.value)) for fact in view.facts
    )


_ONES_OWN: Final = frozenset({"email", "phone", "address", "postcode"})
_YOURS: Final = re.compile(
    r"(?<!\w)(?:your|ihre?[rnm]?|deine?[rnm]?|votre|vos|tus?|sus?|tua|teu|sua|seu|suo|tuo)(?!\w)[^.!?;\n]{0,30}$",
    re.IGNORECASE,
)
_BESIDE: Final = 60
"""A person's data stands within so many code points of the name."""


@lru_cache(maxsize=64)
def _data(texts: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    return frozenset((datum.kind, datum.value) for text in texts for datum in personal.find(text))


def _posted(known: Known) -> str:
    author = known.context.complaint.author
    return " ".join((*known.said_publicly, *known.own, author.name or "", author.handle or "")).casefold()


def _births(view: View, known: Known) -> Iterator[Finding]:
    if not any(word in view.folded.text for word in ("born", "birth", "dob")):
        return
    for match in _BORN.finditer(view.text):
        for fact in view.facts:
            near = -_NEAR < fact.span.start - match.end() < _NEAR
            if fact.kind == "date" and near and fact.span.of(view.text).casefold() not in _posted(known):
                yield view.finding("privacy", "A date of birth must not stand in a public reply.", fact.span)


def _full_name(view: View, known: Known) -> Iterator[Finding]:
    """Flag the name that only the records hold; a first name is fine, and so is the name posted under."""
    name = known.context.customer.name
    if not name or len(name.split()) < 2 or name.casefold() in _posted(known):
        return
    surname = name.split()[-1]
    for wanted in (name, surname):
        if wanted.casefold() in _posted(known):
            continue
        match = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", view.text, re.IGNORECASE)
        if match:
            message = "The customer did not post this name publicly; use the first name or the handle."
            yield view.finding("privacy", message, Span(*match.span()))
            return


def _history(view: View, known: Known) -> Iterator[Finding]:
    """Flag what only the brand's records of this customer hold."""
    events = [event for event in known.context.customer.history if not event.public]
    if not events:
        return
    posted = _posted(known)
    shown = _facts(known.said_publicly, known) + _facts(known.own, known)
    said = stems(posted) | stems(" ".join(known.context.actions))
    own = stems(view.text)
    message = "Only our records say this, the customer did not post it; keep it out of a public reply."
    for event in events:
        secret = [
            f for f in _facts((event.text,), known) if not any(f.kind == g.kind and f.value == g.value for g in shown)
        ]
        for fact in view.facts:
            if fact.kind in _TELLING and any(fact.kind == f.kind and fact.value == f.value for f in secret):
                yield view.finding("privacy", message, fact.span)
        only_there = stems(event.text) - said
        if len(only_there & own) >= _ENOUGH:
            yield view.finding("privacy", message, Span(0, len(view.text)))


def _facts(texts: tuple[str, ...], known: Known) -> tuple[Fact, ...]:
    return tuple(fact for text in texts for fact in locate(text, now=known.context.now))
