"""The checks that are words: what they look for stands in the rule files, and here only what excuses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from service.checks.view import View
from service.domain import Finding, Severity, Span
from service.folding import Folded, fold

STOCK_LIMIT = 3
"""From so many stock phrases on, corporate speak blocks."""

_SPACES = re.compile(r"\s+")


def corporate_speak(view: View) -> Iterator[Finding]:
    """Flag stock phrases that the brand's voice guide does not allow; from three on they block.

    Source: S3.4, a human voice; S2, "lip service".
    """
    view.must_know("corporate_speak")
    if not view.touched("corporate_speak"):
        return
    allowed = [fold(phrase).text for phrase in view.context.brand.voice.allowed_phrases]
    found = [f for f in view.findings("corporate_speak") if not _allowed(fold(f.quote).text, allowed)]
    default = "corporate_speak" not in view.context.brand.voice.severities
    if len(found) >= STOCK_LIMIT and default:
        found = [replace(finding, severity=Severity.BLOCK) for finding in found]
    yield from found


def _allowed(quote: str, allowed: list[str]) -> bool:
    return any(phrase in quote or quote in phrase for phrase in allowed if phrase.strip())


def only_one(view: View) -> Iterator[Finding]:
    """Flag words that tell the customer to be alone, or the event to be rare. Source: S3.5."""
    return _by_words(view, "only_one")


def debate(view: View) -> Iterator[Finding]:
    """Flag words that contradict, correct or blame the customer. Source: S1, do not debate."""
    return _by_words(view, "debate")


def sarcasm(view: View) -> Iterator[Finding]:
    """Flag jokes, puns and laughs on a complaint; an emoji that the voice guide allows is none. Source: S1."""
    allowed = view.context.brand.voice.emoji
    for finding in _by_words(view, "sarcasm"):
        if finding.quote not in allowed:
            yield finding


def offline_push(view: View) -> Iterator[Finding]:
    """Flag a public complaint sent to a private channel, as a fallback too.

    Fine where private data is named and a return to the thread is promised, where the customer asked for a contact,
    and where the brand's policy moves complaints to a private channel first. Source: S3.6; S4.
    """
    if not view.evidence.public or view.context.brand.policy.private_first:
        return
    view.must_know("offline_push")
    if not view.touched("offline_push"):
        return
    if view.holds("private_data") and view.holds("thread_return"):
        return
    if view.evidence.customer_said("contact_request"):
        return
    yield from view.findings("offline_push")


def quid_pro_quo(view: View) -> Iterator[Finding]:
    """Flag help or a gift that depends on a post or a review. Source: S4, no retraction, no blackmail."""
    return _by_words(view, "quid_pro_quo")


def review_ask(view: View) -> Iterator[Finding]:
    """Flag a request for a review, a survey or more business while the complaint is unsolved. Source: S4."""
    if view.context.complaint.solved:
        return
    yield from _by_words(view, "review_ask")


def admission(view: View) -> Iterator[Finding]:
    """Flag an admission of legal fault; it blocks where the policy says so. Source: S1, S2."""
    blocks = view.context.brand.policy.block_admission
    for finding in _by_words(view, "admission"):
        yield replace(finding, severity=Severity.BLOCK) if blocks else finding


def abuse(view: View) -> Iterator[Finding]:
    """Flag profanity, insults, slurs and threats, whoever said them first. Source: S1."""
    return _by_words(view, "abuse")


def leak(view: View) -> Iterator[Finding]:
    """Flag the instructions' words, the agent's internal notes, the canary, and a text that speaks as a machine."""
    if view.touched("leak"):
        yield from view.findings("leak")
    guarded = view.evidence.guarded
    if guarded:
        said = _SPACES.sub(" ", view.folded.text)
        shown = [line for line in guarded if line in said and line not in view.evidence.customer_words]
        if shown:
            flat = _flat(view.folded)
            for line in shown:
                at = flat.text.find(line)
                yield view.finding("leak", INTERNAL, flat.span(at, at + len(line)), rule="internal_words")
    token = view.text.find("⟦")
    if token >= 0:
        yield view.finding("leak", MASKED, Span(token, min(len(view.text), token + 12)), rule="mask_token")


INTERNAL = "These words are internal (instructions or notes) and must not be shown; say it in your own words."
MASKED = "A mask for personal data stands here instead of the data; take it out."


def _flat(folded: Folded) -> Folded:
    """The folded text with each run of white space as one blank."""
    starts: list[int] = []
    chars: list[str] = []
    for index, char in enumerate(folded.text):
        if char.isspace() and chars and chars[-1] == " ":
            continue
        chars.append(" " if char.isspace() else char)
        starts.append(folded.span(index, index + 1).start)
    return Folded("".join(chars), folded.original, (*starts, len(folded.original)))


def leftovers(view: View) -> Iterator[Finding]:
    """Flag placeholders and scaffold of the drafting, not brackets of the customer's own words. Source: S1."""
    for finding in view.findings("leftovers"):
        if _SPACES.sub(" ", fold(finding.quote).text).strip() not in view.evidence.customer_words:
            yield finding


def _by_words(view: View, check: str) -> Iterator[Finding]:
    """The findings of a family that there are rules for in the draft's language."""
    view.must_know(check)
    return view.findings(check) if view.touched(check) else iter(())
