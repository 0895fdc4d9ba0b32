"""Makes a complaint readable without moving a character: what is dropped leaves blanks, so positions stay true."""

from __future__ import annotations

import re

READ = 2_400
"""Code points of a complaint that are read; the rest of a longer one adds nothing to a reply."""
WALL = "|"
"""Stands where something was taken out that a sentence must not run across."""
BLOT = "¤"
"""Stands where a redacted word, a mask or another person's handle was: no clause that holds one is echoed."""

_PLAIN = str.maketrans({
    "’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "|",
    "\u00a0": " ", "\u2009": " ", "\u202f": " ", "…": "|", "\t": " ", "\r": "\n", "\u2028": "\n", "\u2029": "\n",
    "\u200b": " ", "\u200c": " ", "\u200e": " ", "\u200f": " ", "\ufeff": " ", "\u2060": " ",
    "{": " ", "}": " ", "¿": " ", "¡": " ",
} | {chr(code): " " for code in (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F))})  # fmt: skip
_GONE = re.compile(
    r"(?P<wall>https?:\s?/\s?/\S+|\bwww\.\S+|<(?:url|email|phone|date|number)>|\blink\s*$|</?[a-zA-Z!][^<>\n]{0,200}>"
    r"|[\U0001F000-\U0001FAFF\u2600-\u27BF\u2190-\u21FF\u2B00-\u2BFF\uFE0F\u200D]+|\.{2,}|:[-']?[()D/|]|\s[xX]D\b)"
    r"|(?P<blot>⟦[^⟧\n]{0,40}⟧|\b[X]{2,}(?:[/\-][X\d]{1,4})*\b|\b\d{0,2}/?X{2}/\d{2,4}\b|@user\b|\b\S{1,64}@\S{1,64}\.\w+)"
    r"|(?P<entity>&(?:amp|lt|gt|quot|nbsp|\#\d{1,6});)"
    r"|(?P<tags>(?:[#]\w+[\s,.]*){2,}|[#]\w+\s*$)"
    r"|(?P<sign>[#@](?=\w))"
)
_LEAD = re.compile(r"(?:\s*\.?@\w+[,:.!]?)+")


def _blank(match: re.Match[str]) -> str:
    width = match.end() - match.start()
    kind = match.lastgroup
    if kind == "wall" or kind == "tags":
        return WALL + " " * (width - 1)
    if kind == "blot":
        return BLOT + " " * (width - 1)
    if kind == "entity":
        return ("&" if match.group() == "&amp;" else " ") + " " * (width - 1)
    return " "


def tidy(text: str) -> str:
    """The readable part of the text, each character where it was; links, handles, masks and emoji are blanked."""
    text = text[:READ].translate(_PLAIN)
    lead = _LEAD.match(text)
    if lead:
        text = " " * lead.end() + text[lead.end() :]
    return _GONE.sub(_blank, text)
