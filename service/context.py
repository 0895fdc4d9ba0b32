"""Complaint → Context: all that a prompt or a check may see besides the draft."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import datetime

from service import language
from service.domain import Brand, Brief, Complaint, Context


def gather(brief: Brief, brand: Brand, now: datetime) -> Context:
    """The context of one brief, its texts cleaned and the language of the reply settled.

    The language is the one asked for, else the brand's only one, else the complaint's as declared or detected, else
    ``None``. Known incidents and accepted replies come from the brief alone.
    """
    complaint = _cleaned(brief.complaint)
    return Context(
        complaint=complaint,
        brand=brand,
        now=now,
        language=_language(brief, brand, complaint),
        customer=brief.customer,
        actions=tuple(clean(action) for action in brief.actions if action.strip()),
        notes=clean(brief.notes),
        incidents=tuple(clean(incident) for incident in brief.incidents if incident.strip()),
        rewrite=brief.rewrite,
    )


def clean(text: str) -> str:
    """The text without control characters; every line break is a newline, every tab a space."""
    if text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.strip()


def has_words(text: str) -> bool:
    """Whether anything in the text can be answered: a letter, a digit or a symbol such as an emoji."""
    return any(unicodedata.category(c)[0] in "LN" or unicodedata.category(c) == "So" for c in text)


def _cleaned(complaint: Complaint) -> Complaint:
    thread = tuple(replace(message, text=clean(message.text)) for message in complaint.thread)
    return replace(complaint, text=clean(complaint.text), thread=thread)


def _language(brief: Brief, brand: Brand, complaint: Complaint) -> str | None:
    if brief.language:
        return brief.language
    if len(brand.policy.languages) == 1:
        return brand.policy.languages[0]
    return complaint.language or language.detect(complaint.text)
