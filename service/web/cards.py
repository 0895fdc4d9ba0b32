"""What the page shows of a draft: marked words, reasons, times and lengths in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from service import channels
from service.domain import Channel, CheckedDraft, Finding, Outcome, Reason, Score, Severity, Slot, Span, StatedFact

ANGLES = {"put_right": "Puts it right", "ask": "Asks what is missing", "own": "Owns it plainly"}
SEVERITIES = {Severity.BLOCK: "Must change", Severity.WARN: "Better changed", Severity.NOTE: "Note"}
SLOT = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text under the same findings."""

    text: str
    severity: str
    """``block``, ``warn``, ``note``, ``slot`` or empty."""
    ends: tuple[int, ...]
    """Numbers of the findings whose words end here."""


@dataclass(frozen=True, slots=True)
class Note:
    """A finding as the page lists it."""

    number: int
    severity: str
    label: str
    message: str
    quote: str
    check: str
    fix: str | None
    """The words that a click puts in; empty takes the old ones out; ``None`` when there is no safe fix."""
    fix_value: str


@dataclass(frozen=True, slots=True)
class Meter:
    """A score as the page draws it."""

    name: str
    percent: int | None
    why: tuple[tuple[str, str], ...]
    """Words of the text and what they show."""


@dataclass(frozen=True, slots=True)
class Bond:
    """A commitment as the page lists it."""

    kind: str
    text: str
    allowed: str


@dataclass(frozen=True, slots=True)
class Root:
    """A fact as the page lists it."""

    text: str
    whence: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that the page shows of one draft."""

    id: str
    angle: str
    text: str
    ready: bool
    obstacles: tuple[str, ...]
    """Why it is not ready, one sentence each."""
    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]
    meters: tuple[Meter, ...]
    bonds: tuple[Bond, ...]
    roots: tuple[Root, ...]
    slots: tuple[Slot, ...]
    length: int
    limit: int | None
    repaired: int
    model: str


def card(checked: CheckedDraft, channel: Channel, *, slots: tuple[Slot, ...] | None = None) -> Card:
    """The card of a draft; ``slots`` are those that its text may still hold."""
    draft = checked.draft
    text = draft.text
    open_slots = open_in(text, draft.needs_fill if slots is None else slots)
    findings = checked.findings
    scores = checked.scores
    named = (("Empathy", scores.empathy), ("Specificity", scores.specificity), ("Plainness", scores.plainness))
    return Card(
        id=draft.id or "d1",
        angle=ANGLES[draft.angle.value],
        text=text,
        ready=checked.ready and not open_slots,
        obstacles=obstacles(checked, open_slots),
        pieces=pieces(text, findings),
        notes=tuple(_note(number, finding) for number, finding in enumerate(findings, 1)),
        meters=tuple(_meter(name, score, text) for name, score in named),
        bonds=tuple(Bond(c.kind.replace("_", " "), c.text, _allowed(c.allowed_by)) for c in checked.commitments),
        roots=tuple(Root(fact.text, _whence(fact)) for fact in checked.facts),
        slots=open_slots,
        length=channels.length_of(text, channel),
        limit=channels.limit_of(channel),
        repaired=draft.repaired,
        model=draft.model,
    )


def open_in(text: str, slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The slots that the text still holds, each once, in its order."""
    questions = {slot.slot: slot.question for slot in slots}
    names = dict.fromkeys(SLOT.findall(text))
    return tuple(Slot(name, questions.get(name) or name.replace("_", " ").capitalize()) for name in names)


def obstacles(checked: CheckedDraft, slots: tuple[Slot, ...]) -> tuple[str, ...]:
    """Why a draft is not ready, in words."""
    found = []
    if slots:
        found.append(f"{_count(len(slots), 'fact')} must be filled in.")
    blocking = [f for f in checked.findings if f.severity is Severity.BLOCK and not (slots and f.check == "leftovers")]
    if blocking:
        found.append(f"{_count(len(blocking), 'finding')} must be put right.")
    found.extend(
        f"The check “{result.check.replace('_', ' ')}” could not run: {result.reason}"
        for result in checked.results
        if result.outcome is Outcome.NOT_RUN and result.blocks
    )
    return tuple(found)


def pieces(text: str, findings: tuple[Finding, ...]) -> tuple[Piece, ...]:
    """The text cut where findings and slots begin and end; the heaviest finding colours a piece."""
    slots = [Span(*match.span()) for match in SLOT.finditer(text)]
    edges = {0, len(text)}
    for span in [*slots, *(finding.span for finding in findings)]:
        edges.update((min(span.start, len(text)), min(span.end, len(text))))
    cuts = sorted(edges)
    return tuple(_piece(text, Span(*cut), findings, slots) for cut in pairwise(cuts))


def _piece(text: str, part: Span, findings: tuple[Finding, ...], slots: list[Span]) -> Piece:
    over = [finding for finding in findings if finding.span.overlaps(part)]
    ends = tuple(
        number
        for number, finding in enumerate(findings, 1)
        if finding.span.end == part.end and finding.span.start < finding.span.end
    )
    severity = max(over, key=lambda finding: finding.severity).severity.name.lower() if over else ""
    if any(slot.overlaps(part) for slot in slots):
        severity = "slot"
    return Piece(part.of(text), severity, ends)


def _note(number: int, finding: Finding) -> Note:
    fix = finding.fix
    return Note(
        number=number,
        severity=finding.severity.name.lower(),
        label=SEVERITIES[finding.severity],
        message=finding.message,
        quote=finding.quote,
        check=finding.check.replace("_", " "),
        fix=fix.text if fix else None,
        fix_value=f"{fix.span.start}:{fix.span.end}:{fix.text}" if fix else "",
    )


def _meter(name: str, score: Score, text: str) -> Meter:
    why = tuple((_words(reason, text), reason.reason) for reason in score.why)
    return Meter(name, None if score.value is None else round(score.value * 100), why)


def _words(reason: Reason, text: str) -> str:
    return reason.span.of(text)


def _allowed(by: str | None) -> str:
    if by is None:
        return "nothing in the policy allows it"
    return {"promise_limits": "within the promise limits", "actions": "done already"}.get(by, f"offer “{by}”")


_PLACES = (
    ("complaint.text", "the complaint"),
    ("complaint.thread", "the thread"),
    ("complaint.url", "the link to the complaint"),
    ("complaint.author", "whom it is from"),
    ("complaint.posted_at", "when it was posted"),
    ("customer.name", "our records"),
    ("customer.history", "our records"),
    ("actions", "what was done"),
    ("notes", "your notes"),
    ("incidents", "a known incident"),
    ("brand.policy.offers", "an offer of the policy"),
    ("brand", "the brand's guide"),
    ("now", "today's date"),
)


def _whence(fact: StatedFact) -> str:
    """Where a fact comes from, in words."""
    if fact.source is None:
        return "nothing that we know says so"
    if fact.source == "promise":
        return "a promise, judged as one"
    paths = fact.sources or (fact.source,)
    places = dict.fromkeys(next(words for start, words in _PLACES if path.startswith(start)) for path in paths)
    return ("follows from " if fact.sources else "from ") + " and ".join(places)


def _count(number: int, noun: str) -> str:
    words = {1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five"}
    return f"{words.get(number, str(number))} {noun}{'' if number == 1 else 's'}"


def fixed(text: str, order: str) -> str:
    """The text after the fix that a button orders as ``start:end:words``; as it is when the order makes no sense."""
    match = re.fullmatch(r"(\d{1,6}):(\d{1,6}):(.*)", order, re.DOTALL)
    if match is None or int(match[1]) > int(match[2]) or int(match[2]) > len(text):
        return text
    return text[: int(match[1])] + match[3] + text[int(match[2]) :]


def due_in_words(due: datetime, now: datetime) -> str:
    """How far away a due time is, as a person says it."""
    minutes = round((due - now).total_seconds() / 60)
    span = _span(abs(minutes))
    if minutes > 0:
        return f"Answer within {span}"
    return f"Overdue by {span}" if minutes < 0 else "Answer now"


def _span(minutes: int) -> str:
    if minutes < 90:
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} hours"
    return f"{round(minutes / 1440)} days"
