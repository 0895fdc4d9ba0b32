"""The phrase form that rules are written in: what a person writes → a small tree → the RE2 pattern.

Words stand as they are. ``(a|b c)`` is one of several, ``word?`` and ``(a|b)?`` may be missing, ``word~`` takes any
ending, ``*3`` is up to three words of the same sentence, ``<name>`` is a list of words that a file names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

_GAP = re.compile(r"\*(\d*)")
_NAMED = re.compile(r"<([a-z_]+)>")
_SPACE = r"[\s,]*\s"
_GAP_WORD = r"[^\s.!?;:]+"
_ENDING = r"[a-zß-ÿ'-]*"
_EDGE = r"\b"
LONGEST_GAP = 12
"""Words that stand farther apart say nothing together."""
DEEPEST = 12
"""So deep may brackets and lists stand in one another; a list that names itself is deeper."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to so many words of the same sentence."""

    most: int


@dataclass(frozen=True, slots=True)
class Ending:
    """Any ending of a word."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences."""

    branches: tuple[Sequence_, ...]
    optional: bool = False
    """Whether a choice inside a word may be missing."""
    name: str = ""
    """The list that the branches stand in; empty where the phrase itself lists them."""


Part = str | Ending | Choice


@dataclass(frozen=True, slots=True)
class Item:
    """One word, of parts without white space between them."""

    parts: tuple[Part, ...]
    optional: bool = False


Sequence_ = tuple[Item | Gap, ...]


def parse(phrase: str, words: Mapping[str, Sequence[str]], depth: int = 0) -> Choice:
    """The tree of a phrase; ``words`` are the lists that it may name.

    Raises: ``ValueError`` for a bracket without its partner, an unknown list, a list that names itself, and a phrase
    that begins with a gap or may be missing altogether.
    """
    choice, rest = _choice(phrase, 0, words, depth)
    if rest != len(phrase):
        raise ValueError(f"a closing bracket too many in {phrase!r}")
    return choice


def _choice(phrase: str, at: int, words: Mapping[str, Sequence[str]], depth: int) -> tuple[Choice, int]:
    """Alternatives from ``at`` up to a closing bracket or the end, and where they stopped."""
    if depth > DEEPEST:
        raise ValueError(f"brackets and lists stand more than {DEEPEST} deep in one another")
    branches: list[Sequence_] = []
    while True:
        branch, at = _sequence(phrase, at, words, depth)
        branches.append(branch)
        if at >= len(phrase) or phrase[at] == ")":
            return Choice(tuple(branches)), at
        at += 1


def _sequence(phrase: str, at: int, words: Mapping[str, Sequence[str]], depth: int) -> tuple[Sequence_, int]:
    items: list[Item | Gap] = []
    while at < len(phrase) and phrase[at] not in "|)":
        if phrase[at].isspace():
            at += 1
        elif gap := _GAP.match(phrase, at):
            items.append(Gap(_most(gap.group(1))))
            at = gap.end()
        else:
            item, at = _item(phrase, at, words, depth)
            items.append(item)
    if not items or isinstance(items[0], Gap):
        raise ValueError(f"a phrase begins with a word: {phrase!r}")
    if all(isinstance(item, Gap) or item.optional for item in items):
        raise ValueError(f"every word may be missing in {phrase!r}")
    return tuple(items), at


def _most(digits: str) -> int:
    most = int(digits[:4] or 1)
    if not 0 < most <= LONGEST_GAP:
        raise ValueError(f"a gap is of 1 to {LONGEST_GAP} words, not {most}")
    return most


def _item(phrase: str, at: int, words: Mapping[str, Sequence[str]], depth: int) -> tuple[Item, int]:
    """One item without white space, and where it ends."""
    parts: list[Part] = []
    while at < len(phrase) and not phrase[at].isspace() and phrase[at] not in "|)":
        char = phrase[at]
        if char == "(":
            inner, at = _choice(phrase, at + 1, words, depth + 1)
            if at >= len(phrase):
                raise ValueError(f"a bracket is not closed in {phrase!r}")
            at += 1
            glued = bool(parts) or (at + 1 < len(phrase) and phrase[at + 1] not in " |)")
            if at < len(phrase) and phrase[at] == "?" and glued:
                inner = replace(inner, optional=True)
                at += 1
            parts.append(inner)
        elif char == "?":
            return Item(_whole(parts, phrase), optional=True), at + 1
        elif char == "~":
            parts.append(Ending())
            at += 1
        elif named := _NAMED.match(phrase, at):
            parts.append(_listed(named.group(1), words, depth))
            at = named.end()
        else:
            if parts and isinstance(parts[-1], str):
                parts[-1] += char
            else:
                parts.append(char)
            at += 1
    return Item(_whole(parts, phrase)), at


def _whole(parts: list[Part], phrase: str) -> tuple[Part, ...]:
    if not any(isinstance(part, str) or (isinstance(part, Choice) and not part.optional) for part in parts):
        raise ValueError(f"an empty word in {phrase!r}")
    return tuple(parts)


def _listed(name: str, words: Mapping[str, Sequence[str]], depth: int) -> Choice:
    if name not in words:
        raise ValueError(f"no list of words is named <{name}>")
    branches = [branch for entry in words[name] for branch in parse(entry, words, depth + 1).branches]
    return Choice(tuple(branches), name=name)


# The pattern of a tree


def pattern_of(phrase: Choice, *, starts: bool = True, ends: bool = True) -> str:
    """The RE2 pattern over folded text.

    Words of ASCII letters at its ends are held by RE2's own word edges, so that "i" is never taken where "it" stands;
    ``starts`` and ``ends`` tell where the phrase is an end of something larger.
    """
    branches = [_joined(branch, starts, ends) for branch in phrase.branches]
    return branches[0] if len(branches) == 1 else "(?:" + "|".join(branches) + ")"


def _joined(sequence: Sequence_, starts: bool = True, ends: bool = True) -> str:
    pattern, begun = "", False
    needed = [at for at, item in enumerate(sequence) if isinstance(item, Item) and not item.optional]
    for at, item in enumerate(sequence):
        if isinstance(item, Gap):
            pattern += f"(?:{_SPACE}{_GAP_WORD}){{0,{item.most}}}{'' if at == len(sequence) - 1 else '?'}"
            continue
        word = _spelt(item, starts and at <= needed[0], ends and at >= needed[-1])
        if item.optional:
            pattern += f"(?:{_SPACE}{word})?" if begun else f"(?:{word}{_SPACE})?"
        else:
            pattern += (_SPACE if begun else "") + word
            begun = True
    return pattern


def _spelt(item: Item, starts: bool, ends: bool) -> str:
    last = len(item.parts) - 1
    return "".join(_part(part, starts and at == 0, ends and at == last) for at, part in enumerate(item.parts))


def _part(part: Part, starts: bool, ends: bool) -> str:
    if isinstance(part, str):
        plain = "".join(char if char.isalnum() else re.escape(char) for char in part)
        return (_EDGE if starts and _plain(part[0]) else "") + plain + (_EDGE if ends and _plain(part[-1]) else "")
    if isinstance(part, Ending):
        return _ENDING
    inner = pattern_of(part, starts=starts, ends=ends)
    grouped = inner if len(part.branches) > 1 else f"(?:{inner})"
    return grouped + "?" if part.optional else grouped


def _plain(char: str) -> bool:
    return char.isascii() and char.isalnum()


# The gate of a tree: gaps would multiply the states of a set of patterns


def gate_of(phrase: Choice) -> str:
    """A pattern without gaps that matches wherever the phrase does, and in few other places."""
    return _gate_of(phrase)[1]


def _gate_of(phrase: Choice) -> tuple[int, str]:
    """The letters that the gate of a choice holds at least, and its pattern."""
    gates = [_gate(branch) for branch in phrase.branches]
    patterns = tuple(dict.fromkeys(pattern for _, pattern in gates))
    fewest = min(letters for letters, _ in gates)
    return fewest, patterns[0] if len(patterns) == 1 else "(?:" + "|".join(patterns) + ")"


def _gate(sequence: Sequence_) -> tuple[int, str]:
    """The rarest stretch that a sequence cannot do without: the letters it holds at least, and its pattern."""
    stretches: list[tuple[int, str]] = []
    run: list[Item | Gap] = []
    for item in (*sequence, Gap(0)):
        if not isinstance(item, Gap) and not _gapped(item):
            run.append(item)
            continue
        if any(isinstance(each, Item) and not each.optional for each in run):
            stretches.append((sum(map(_letters, run)), _joined(tuple(run))))
        run = []
        if isinstance(item, Item) and not item.optional:
            inside = (part for part in item.parts if isinstance(part, Choice) and not part.optional)
            stretches.append(max(map(_gate_of, inside)))
    return max(stretches, key=lambda stretch: stretch[0])


def _gapped(item: Item) -> bool:
    return any(
        isinstance(part, Choice) and any(isinstance(i, Gap) or _gapped(i) for branch in part.branches for i in branch)
        for part in item.parts
    )


def _letters(item: Item | Gap) -> int:
    """How many letters an item holds at the least."""
    if isinstance(item, Gap) or item.optional:
        return 0
    return sum(
        len(part)
        if isinstance(part, str)
        else 0
        if isinstance(part, Ending) or part.optional
        else min(sum(map(_letters, branch)) for branch in part.branches)
        for part in item.parts
    )
