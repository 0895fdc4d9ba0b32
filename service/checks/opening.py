"""How a draft begins: the apology, whether it is first, whose it is, and whether it is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.checks.view import View, covers
from service.domain import Finding, Span

_NOT_YET_SAID = re.compile(r"(?:@\w+[\s,:]*|[(\[]?\d\s?/\s?\d[)\]]?[\s:.-]*|[^\w@⟦{<(\[]+)*")
_PLACEHOLDER = r"\[[^\]\[\n]{1,40}\]|\{\{\w+\}\}|⟦[^⟦⟧]*⟧|@\w+"
_NAMES = re.compile(rf"\W*(?:(?:{_PLACEHOLDER}|[^\W\d_a-zà-ÿ][\w'’.-]*)(?:\W+|$)){{0,4}}")
_ONE_NAME = re.compile(rf"(?<!\w)({_PLACEHOLDER}|[^\W\d_a-zà-ÿ][\w'’.-]*)\s*[,:–—-]\W*")
_NAME_AFTER = re.compile(rf"(?<!\w)({_PLACEHOLDER}|[^\W\d_a-zà-ÿ][\w'’-]*)\s*[,:.!–—-]\W*")

MISSING = "Open with a plain apology that we own, before thanks, sympathy, greetings of the team or explanations."
LATE = "Move the apology to the very start: it is the first thing this person should read."


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a draft really begins."""

    start: int
    """Where the first words stand that are neither a handle, a greeting nor a cry of dismay."""
    greeted: bool = False
    """Whether a greeting stands right before them, so that a name may follow."""
    answered: bool = False
    """Whether a cry or a yes stands right before them: "You're right, Nuria." """


def opening(view: View) -> Opening:
    """Find where the draft begins, past whom it addresses."""
    found = Opening(_skip(view.text, 0))
    if not view.touched("greeting") and not view.touched("interjection"):
        return found
    for hit in view.ordered("greeting", "interjection"):
        if hit.span.end <= found.start:
            continue
        if hit.span.start > found.start and not _is_vocative(view, found, hit.span.start):
            break
        greets = hit.rule.check == "greeting"
        found = Opening(_skip(view.text, hit.span.end), greeted=greets, answered=not greets)
    return found


_FINISHED = re.compile(r"[.!?…。！？][\"'’”)\]]*\s*$")


def opened(view: View) -> bool:
    """Whether a sentence is said that is more than handles, greetings, cries and names: no apology can be first now."""
    return _FINISHED.search(view.text) is not None and not _is_vocative(view, opening(view), len(view.text))


def _skip(text: str, position: int) -> int:
    return _NOT_YET_SAID.match(text, position).end()  # type: ignore[union-attr]


def _is_vocative(view: View, opened: Opening, end: int) -> bool:
    """Whether nothing but a name stands between the opening and a place."""
    if opened.start >= end:
        return opened.start == end
    between = view.text[opened.start : end]
    if opened.greeted:
        return _NAMES.fullmatch(between) is not None
    one = (_NAME_AFTER if opened.answered else _ONE_NAME).fullmatch(between)
    if one is None:
        return False
    place = Span(opened.start, end)
    return not any(hit.span.overlaps(place) for hit in view.each("not_a_name"))


def apologies(view: View) -> tuple[Span, ...]:
    """The apologies that own something, in the order of the text."""
    others = [*_spans(view, "secondhand"), *_spans(view, "hollow_apology")]
    return tuple(span for span in _spans(view, "apology") if not any(span.overlaps(other) for other in others))


def _spans(view: View, family: str) -> list[Span]:
    return [hit.span for hit in view.hits(family)]


def _stands_first(view: View, opened: Opening, family: str) -> bool:
    """Whether words of a family are the first that a draft says."""
    spans = (hit.span for hit in view.each(family))
    return any(span.start <= opened.start or _is_vocative(view, opened, span.start) for span in spans)


def _apologised(view: View) -> bool:
    """Whether anything in the draft is meant as an apology, sympathy apart: it stands in for one where none is."""
    return bool(apologies(view)) or view.holds("hollow_apology")


def apology_first(view: View) -> Iterator[Finding]:
    """Flag a draft whose first sentence is no apology.

    Source: S0, an apology "before anything else happens"; S3.3.
    """
    view.must_know("apology")
    opened = opening(view)
    start = opened.start
    if any(_stands_first(view, opened, family) for family in ("apology", "secondhand", "hollow_apology")):
        return
    if _stands_first(view, opened, "sympathy") and not _apologised(view):
        return
    sentence = next((s for s in view.sentences if start < s.end), Span(start, len(view.text)))
    span = Span(min(start, sentence.end), sentence.end)
    yield view.finding("apology_first", LATE if apologies(view) else MISSING, span)


def secondhand(view: View) -> Iterator[Finding]:
    """Flag sympathy, with the news or with the feeling, where nothing of ours is owned.

    Source: S2, "we're so very sorry to learn of this, mush".
    """
    view.must_know("secondhand")
    if not (view.touched("secondhand") or view.touched("sympathy")) or apologies(view):
        return
    hollow = _spans(view, "hollow_apology")
    news = (f for f in view.findings("secondhand") if not any(covers(span, f.span) for span in hollow))
    feelings = () if hollow else view.findings("secondhand", "sympathy")
    found = min((*news, *feelings), key=lambda finding: finding.span, default=None)
    if found is not None:
        yield found


def hollow_apology(view: View) -> Iterator[Finding]:
    """Flag an apology that is conditional or deflects.

    Source: S0, the non-apology apology.
    """
    view.must_know("hollow_apology")
    yield from view.findings("hollow_apology")
