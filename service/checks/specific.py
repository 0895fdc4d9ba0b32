"""Whether a draft is about this complaint, or would fit any other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from service.checks.view import View
from service.domain import Finding, Span
from service.errors import CannotTell
from service.folding import letters
from service.terms import terms

MESSAGE = "Nothing here shows which problem this is about; name what happened, to what, when or where."

_WAYS_TO_REACH = frozenset({"email", "phone", "chat", "call"})
_OURS_BEFORE = re.compile(r"\b(?:an|by|via|or|over|us|please|our)\s(?:the\s)?$", re.IGNORECASE)
_OURS_AFTER = re.compile(r"\s?(?:/|:|(?:support|us|or|team|at|agents?|here)\b)", re.IGNORECASE)
"""Around "e-mail" or "phone" where it is the way to reach us, and not something of the customer's."""
_TOLD = frozenset({
    "amount", "percent", "duration", "date", "weekday", "time", "count", "identifier", "flight", "number",
})  # fmt: skip


def specific(view: View) -> Iterator[Finding]:
    """Flag a draft that names no concrete thing of the complaint: no product, place, time, event or amount.

    Raises: ``CannotTell`` without a complaint.
    """
    complaint = view.context.complaint
    if not complaint.text.strip():
        raise CannotTell("There is no complaint to compare the draft with.")
    if not (_named(view) & view.evidence.topic) and not _told(view):
        end = view.sentences[0].end if view.sentences else len(view.text)
        yield view.finding("specific", MESSAGE, Span(0, end))


def _named(view: View) -> frozenset[str]:
    """Collect what the draft names; a way to reach us is none of it."""
    text = view.text
    return frozenset(
        [
            term.stem
            for term in view.terms
            if term.stem not in _WAYS_TO_REACH or not _our_way(text, term.start, term.end)
        ]
    )


def _our_way(text: str, start: int, end: int) -> bool:
    before = text[max(start - 16, 0) : start]
    return bool(_OURS_BEFORE.search(before) or _OURS_AFTER.match(text, end))


def _told(view: View) -> bool:
    """Whether a figure of the draft is one of the complaint's."""
    theirs = view.evidence.complaint_facts
    return any(fact.kind in _TOLD and any(fact.value == f.value for f in theirs) for fact in view.facts)


def topic_of(texts: Iterable[str], names: str) -> frozenset[str]:
    """Collect what the customer's texts are about; the brand's own name is in every complaint and names nothing.

    "Internet" still names something where the brand is called "Fern Broadband": only its very words are passed over.
    """
    own = letters(names)
    return frozenset(
        [term.stem for text in texts for term in terms(text) if text[term.start : term.end].lower() not in own]
    )
