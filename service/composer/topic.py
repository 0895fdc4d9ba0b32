"""Which thing of the complaint a draft names: the customer's own, else the plain noun of what it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from service.reading import Part, Reading, themes_of
from service.reading.words import english, listed, load
from service.terms import stems

_WAYS = listed("email phone chat call dm dms mail")
_NOT_A_THING = listed(
    "application problem issue question post posts tweet tweets regards fault opinion option info information details "
    "data side site store mic guy name year years old credit card's son daughter condition situation needs use claim "
    "concern concerns rights right work job letter letters documents document intention interest name's social end"
)
_PLATFORMS = listed("pc ps3 ps4 ps5 xbox one console switch computer laptop phone")
_HAS_ACCOUNTS = listed(
    "Gmail Google YouTube Spotify Netflix Yahoo eBay PayPal Dropbox Adobe Amazon PlayStation Facebook Instagram"
    " Minecraft Xbox iTunes WhatsApp Twitter"
)
LETTER = 80
"""Words from which a complaint is a letter, in which the theme tells more than any one thing."""
_STATE = re.compile(r"\b(?:hacked|suspended|terminated|deactivated|disabled|locked|banned|blocked)\b")
_WORD = re.compile(r"(?<![@#\w])[a-z][a-z-]+")
_BIG = re.compile(r"\b[A-Z]{4,}\b")


def named(reading: Reading, part: Part | None, low: str, unfit: Callable[[str], bool], own: Sequence[str]) -> str:
    """The thing to name, as a phrase: "your second bag"; empty where none is sure."""
    if part is not None and _fit(part.topic, own) and not unfit(part.topic):
        return part.topic
    words = english()
    theirs = [t for t in reading.topics if t.startswith("your ") and _fit(t, own) and not unfit(t)]
    if reading.themes[:1] == ("game",):
        theirs = [t for t in theirs if t.split()[-1].lower() not in _PLATFORMS]
    surest = [t for t in theirs if t.split()[-1].lower() in words.nouns]
    concrete = [t for t in surest if stems(t)]
    near = [t for t in concrete if set(themes_of(t.lower())) & set(reading.themes[:2])]
    by_theme = plain_thing(reading.themes, low)
    if unfit(by_theme):
        by_theme = ""
    ours = [t for t in reading.topics if t.startswith(("our ", "the ")) and _fit(t, own) and not unfit(t)]
    if reading.words > LETTER:
        choices = (*near, by_theme, *concrete, *surest)
    else:
        choices = (*near, *concrete, by_theme if stems(by_theme) else "", *ours, *surest, by_theme, *theirs)
    return _told(next((choice for choice in choices if choice), "") or _any_thing(low, unfit), reading, low)


def _any_thing(low: str, unfit: Callable[[str], bool]) -> str:
    """The first plain noun of the text that can be named with "the", where nothing says whose it is."""
    lex = english()
    for word in _WORD.findall(low[:400]):
        name = lex.spelling.get(word, word)
        if (
            word in lex.nouns
            and word not in lex.hollow | lex.ing.keys() | lex.base | _NOT_A_THING
            and stems(word)
            and not unfit(word)
        ):
            return f"the {name}"
    return ""


def _told(topic: str, reading: Reading, low: str) -> str:
    """The phrase, with the product that makes a bare "your account" telling."""
    if topic not in {"your account", "your password", "your old account", "your username"}:
        return topic
    known = english().spelling.values()
    name = next((n for n in reading.names if n in known and n in _HAS_ACCOUNTS), "")
    if name:
        return topic.replace("account", f"{name} account").replace("password", f"{name} password")
    state = _STATE.search(low) if topic == "your account" else None
    return f"your {state.group()} account" if state else topic


def _fit(topic: str, own: Sequence[str]) -> bool:
    """Whether the phrase can stand as the thing that went wrong."""
    words = topic.split()
    if len(words) > 2 and words[1].lower() in {"entire", "whole", "current", "other", "last"}:
        return False
    if not 2 <= len(words) <= 5 or len(topic) > 45 or _BIG.search(topic):
        return False
    first, last = words[0], words[-1]
    low = last.lower()
    lex = english()
    if first not in {"your", "our", "the"} or low in _WAYS or low in _NOT_A_THING or low in lex.hollow | lex.adjectives:
        return False
    if any(not word[0].isalnum() or word.lower() in lex.trouble | lex.unsaid | lex.adverbs for word in words[1:]):
        return False
    if any(w.lower() in lex.hollow or (w == w.lower() and w.endswith("s") and w in lex.nouns) for w in words[1:-1]):
        return False
    if low.endswith(("ing", "ed", "ly")) or any(word.lower() in own for word in words):
        return False
    if first in {"the", "our"}:
        return low in lex.nouns and topic == topic.lower() and len(words) < 5
    return (
        low in lex.nouns
        or last in lex.spelling.values()
        or low.endswith(("tion", "ment"))
        or (len(words) > 2 and words[1].lower() in lex.nouns)
    )


def plain_thing(themes: Sequence[str], low: str) -> str:
    """What the first telling theme is about, in plain words that the complaint holds too."""
    for theme in themes[:3]:
        for found, phrase in _things().get(theme, ()):
            if found is None or found.search(low):
                return phrase
    return ""


@cache
def _things() -> dict[str, tuple[tuple[re.Pattern[str] | None, str], ...]]:
    return {
        theme: tuple((None if word == "-" else re.compile(rf"\b{re.escape(word)}\b"), phrase) for word, phrase in rows)
        for theme, rows in load("things.yml").items()
    }


def plural(phrase: str) -> bool:
    """Whether the phrase takes "have" rather than "has"."""
    words = phrase.split()
    if words[0] in {"how", "what"} or words[0].endswith("ing"):
        return False
    head = re.split(r" (?:of|on|at|with|for|from|you) ", f"{phrase} ")[0].split()[-1].lower()
    return (
        head.endswith("s") and not head.endswith(("ss", "us", "'s")) and head not in {"windows", "ios", "gps", "news"}
    )


def details(
    reading: Reading, topic: str, low: str, unfit: Callable[[str], bool], own: Sequence[str]
) -> tuple[str, ...]:
    """Up to two more things that the complaint names; a reply takes them up without saying what happened to them."""
    lex = english()
    known = lex.spelling.values()
    choices = [t for t in reading.topics if _fit(t, own)]
    choices += [
        f"your {n}" if n in _OWNED else n
        for n in reading.names
        if not _BIG.search(n)
        and (
            (n in known and n not in _COMPANIES)
            or re.search(r"[A-Za-z] ?\d", n)
            or (1 < len(n.split()) < 4 and all(w[0].isupper() for w in n.split()))
        )
        and not any(w.lower() in own or w.lower() in _NOT_NAMES for w in n.split())
    ]
    choices += [
        f"the {run}"
        for run in reading.keywords
        if len(run.split()) == 2
        and run == run.lower()
        and run.split()[-1] in lex.nouns
        and not lex.finite(run.split()[0])
        and run.split()[0] not in lex.trouble | lex.ing.keys()
    ]
    choices += [phrase for phrase in (plain_thing((theme,), low) for theme in reading.themes[:3]) if _fit(phrase, own)]
    out: list[str] = []
    said = stems(topic)
    for choice in choices:
        about = stems(choice)
        if (
            about
            and not about & said
            and not unfit(choice)
            and len(choice) < 32
            and choice.split()[-1].lower() not in _PLAIN
        ):
            out.append(choice)
            said |= about
    return tuple(out[:2])


_OWNED = listed("iPhone iPad iPod iMac Xbox PS3 PS4 PS5 PC TV PlayStation Android AirPods")
_COMPANIES = listed(
    "Adobe Apple Google Yahoo Spotify eBay PayPal Amazon Netflix Facebook Twitter Instagram HP YouTube Dropbox"
    " USA UK US URL SMS VAT ATM"
)
_NOT_NAMES = listed("i the why how please hi hello and but my your not no ok mr mrs ms dear sir madam bank")
_DAYS = listed("monday tuesday wednesday thursday friday saturday sunday january february march april june july august")
_PLAIN = listed("twitter facebook instagram us usa uk")
