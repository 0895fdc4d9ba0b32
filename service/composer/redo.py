"""Rewrites: the same facts said anew, as an agent wishes or as findings demand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from service.composer.hold import LANGUAGES, foreign
from service.composer.voice import capital, fits, say
from service.domain import Angle, Context, Draft
from service.reading import Reading
from service.reading.words import load
from service.terms import stems

_FORMAL = re.compile(r"\bformal|profession|official", re.IGNORECASE)
_SHORT = re.compile(r"\bshort|brief|concise|\btrim|\bcut\b|less text|too long", re.IGNORECASE)
_WARM = re.compile(r"\bwarm|friendl|empath|kinder|\bhuman|caring|heart", re.IGNORECASE)
_MENTION = re.compile(
    r"\b(?:mention|name|include|acknowledge|address|refer to|say something about)\b (.{3,80})", re.IGNORECASE
)
_WAITING = re.compile(r"\b(?:delay|wait\w*|how long|late)\b", re.IGNORECASE)
_TONGUES = {
    "es": re.compile(r"\b(?:spanish|español)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:french|français)\b", re.IGNORECASE),
    "de": re.compile(r"\b(?:german|deutsch)\b", re.IGNORECASE),
    "pt": re.compile(r"\b(?:portuguese|português)\b", re.IGNORECASE),
    "it": re.compile(r"\b(?:italian|italiano)\b", re.IGNORECASE),
}
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z\"'(])")

Writer = Callable[[Context, int, int], tuple[Draft, ...]]


def redone(context: Context, reading: Reading, count: int, write: Writer) -> tuple[Draft, ...]:
    """New drafts for a text that someone wants changed; what the wish leaves open is composed afresh."""
    rewrite = context.rewrite
    wish = rewrite.instruction if rewrite else ""
    tongue = next((language for language in LANGUAGES if _TONGUES[language].search(wish)), None)
    if tongue is not None:
        return foreign(replace(context, language=tongue), count)
    drafts = write(context, count, 1)
    if rewrite and not context.complaint.text.strip():
        drafts = (Draft(text=owned(rewrite.text, context), angle=Angle.OWN, model=drafts[0].model), *drafts[1:])
    extra = _wished(wish, context, reading)
    if extra:
        drafts = tuple(_put(draft, extra, context) for draft in drafts)
    if _SHORT.search(wish):
        drafts = tuple(_put(draft, "", context, drop=True) for draft in drafts)
    if _FORMAL.search(wish):
        drafts = tuple(replace(draft, text=formal(draft.text, context)) for draft in drafts)
    return drafts


def owned(text: str, context: Context) -> str:
    """The text as it stands, led by an apology where it has none."""
    first = _SENTENCE.split(text.strip())[0].lower()
    if "sorry" in first or "apolog" in first:
        return text.strip()
    return f"{say(load('sentences.yml')['openers']['nothing']['own'][0], context)} {text.strip()}"


def _wished(wish: str, context: Context, reading: Reading) -> str:
    """The sentence that a wish calls for; empty when the complaint holds nothing to say."""
    asked = _MENTION.search(wish)
    if asked and _WAITING.search(asked.group(1)) and reading.waits:
        wait = reading.waits[0]
        return say(load("sentences.yml")["feel"]["wait"][0], context, w=wait, W=wait.capitalize())
    if asked:
        wanted = stems(asked.group(1))
        part = next((p for p in reading.parts if p.kind == "happened" and stems(p.text) & wanted), None)
        return say("{I} haven't lost sight of it: {c}.", context, c=part.text) if part else ""
    if _WARM.search(wish):
        return say("{I} can see how much this matters to you.", context)
    return ""


def _put(draft: Draft, sentence: str, context: Context, *, drop: bool = False) -> Draft:
    """The draft with a sentence after its apology, or without its second; unchanged where that does not fit."""
    sign = context.brand.voice.sign_off or ""
    signed = bool(sign) and draft.text.endswith(sign)
    body = draft.text.removesuffix(sign).rstrip() if signed else draft.text
    sentences = _SENTENCE.split(body)
    if drop:
        kept = sentences if len(sentences) < 3 else [sentences[0], *sentences[2:]]
    else:
        kept = sentences if sentence in body else [sentences[0], sentence, *sentences[1:]]
        if not fits(" ".join([*kept, sign]), context.complaint.channel) and len(sentences) > 2:
            kept = [sentences[0], sentence, *sentences[2:]]
    gap = "\n\n" if "\n\n" in draft.text else " "
    text = " ".join(kept) + (gap + sign if signed else "")
    return replace(draft, text=text) if fits(text, context.complaint.channel) else draft


def formal(text: str, context: Context) -> str:
    """The text with contractions spelt out, as far as the channel still takes it."""
    said = text
    for short, full in load("sentences.yml")["formal"].items():
        said = re.sub(rf"\b{re.escape(short)}\b", full, said)
        said = re.sub(rf"\b{re.escape(capital(short))}\b", capital(full), said)
    return said if fits(said, context.complaint.channel) else text
