"""Rewrites: the same facts said anew, as an agent wishes or as findings demand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from service.composer.voice import capital, fits
from service.domain import Context, Draft
from service.reading.words import load

_FORMAL = re.compile(r"\bformal|profession|official|serious", re.IGNORECASE)
_SHORT = re.compile(r"\bshort|brief|concise|trim|cut\b|less text|too long", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z\"'(—])")

Writer = Callable[[Context, int, int], tuple[Draft, ...]]


def redone(context: Context, count: int, write: Writer) -> tuple[Draft, ...]:
    """New drafts for a text that someone wants changed; what the wish leaves open is composed afresh."""
    rewrite = context.rewrite
    wish = rewrite.instruction if rewrite else ""
    drafts = write(context, count, 1)
    if _SHORT.search(wish):
        drafts = tuple(replace(d, text=shortened(d.text, context)) for d in drafts)
    if _FORMAL.search(wish):
        drafts = tuple(replace(d, text=formal(d.text, context)) for d in drafts)
    return drafts


def shortened(text: str, context: Context) -> str:
    """The text without its second sentence, where at least an apology and a next step are left."""
    sign = context.brand.voice.sign_off or ""
    body = text.removesuffix(sign).rstrip() if sign else text
    sentences = _SENTENCE.split(body)
    if len(sentences) < 3:
        return text
    gap = "\n\n" if "\n\n" in text else " "
    return " ".join([sentences[0], *sentences[2:]]) + (gap + sign if sign else "")


def formal(text: str, context: Context) -> str:
    """The text with contractions spelt out, as far as the channel still takes it."""
    said = text
    for short, full in load("sentences.yml")["formal"].items():
        said = re.sub(rf"\b{re.escape(short)}\b", full, said)
        said = re.sub(rf"\b{re.escape(capital(short))}\b", capital(full), said)
    return said if fits(said, context.complaint.channel) else text
