"""The outer form of a draft: how long it is, where it links to, and whether it is a copy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from service.channels import length_of, limit_of
from service.checks.view import View
from service.domain import Channel, Finding, Span

_ALIKE = 88.0
"""Two texts of which this share (0-100) is the same, in the same order, read as one text twice."""
_SHORTEST = 25
"""Shorter texts are alike by nature."""
_SIGNED = re.compile(r"(?:[\s.!?]|^)[-–—^~*]\s?[^\W\d_]{1,20}(?:,? [^\W\d_]{1,20}){0,3}\s*$")
_ADDRESS = re.compile(r"^\s*(?:\.?@\w+[\s,:]*)+|\s+")


def length(view: View) -> Iterator[Finding]:
    """Flag what goes beyond the channel's limit.

    Source: ``channels.LIMITS``.
    """
    channel = view.context.complaint.channel
    limit = limit_of(channel)
    if limit is None:
        return
    long = length_of(view.draft.text, channel)
    if long > limit:
        over = f"{long - limit} character{'s' if long - limit > 1 else ''}"
        message = f"This is {over} over the {limit} that {_name(channel)} takes; shorten it."
        yield view.finding(
            "length", message, Span(view.smooth.at(_cut(view.draft.text, channel, limit)), len(view.text))
        )


def _name(channel: Channel) -> str:
    return "X" if channel is Channel.X else channel.value.replace("_", " ").title()


def _cut(text: str, channel: Channel, limit: int) -> int:
    """Find the longest start of the text that still fits."""
    fits, bursts = 0, len(text)
    while bursts - fits > 1:
        middle = (fits + bursts) // 2
        if length_of(text[:middle], channel) <= limit:
            fits = middle
        else:
            bursts = middle
    return fits


def links(view: View) -> Iterator[Finding]:
    """Flag each link that the brand's allow-list does not cover and the context does not hold.

    Source: ``Policy.links``.
    """
    known = view.evidence.known
    for fact in view.facts:
        if fact.kind == "link" and not known.covers_link(fact.span.of(view.text)):
            message = "This link is not on the brand's list and not in the complaint; use a listed one or take it out."
            yield view.finding("links", message, fact.span)


def sameness(view: View) -> Iterator[Finding]:
    """Flag a near-copy of a recent reply of the brand or of another draft of this reply."""
    context = view.context
    if not context.recent_replies and not context.siblings:
        return
    sign_off = context.brand.voice.sign_off
    text = _body(view.text, sign_off)
    if len(text) < _SHORTEST:
        return
    for others, what in ((context.siblings, "another draft"), (context.recent_replies, "one of our last replies")):
        if any(fuzz.ratio(text, _body(other, sign_off), score_cutoff=_ALIKE) for other in others):
            message = f"This is nearly word for word {what}; say it for this person."
            yield view.finding("sameness", message, Span(0, len(view.text)))
            return


def _body(text: str, sign_off: str | None) -> str:
    """Strip the text of whom it greets and who signs it: those may be the same."""
    body = text.strip()
    if sign_off and body.endswith(sign_off.strip()):
        body = body[: -len(sign_off.strip())]
    return _ADDRESS.sub(" ", _SIGNED.sub("", body)).strip().casefold()
