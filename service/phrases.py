"""The phrase form that rules are written in: what a person writes → a small tree → the RE2 pattern.

Words stand as they are. ``(a|b c)`` is one of several, ``word?`` and ``(a|b)?`` may be missing, ``word~`` takes any
ending, ``*3`` is up to three words of the same sentence, ``<name>`` is a list of words that a file names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

_GAP = re.compile(r"\*(\d*)")
_NAMED = re.compile(r"<([a-z_]+)>")
_SPACE = r"[\s,]*\s"
_GAP_WORD = r"[^\s.!?;:]+"
_ENDING = r"[a-zß-ÿ'-]*"
_EDGED = re.compile(r"[a-z0-9(<][a-z0-9 '()|?~*<>_/-]*")
"""Phrases that begin and end with ASCII words: RE2's own word edges keep them from matching inside others."""
LONGEST_GAP = 12
"""Words that stand farther apart say nothing together."""
_DEEPEST = 8
"""So many lists may name one another; more is a circle."""


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
            inner, at = _choice(phrase, at + 1, words, depth)
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
    if depth >= _DEEPEST:
        raise ValueError(f"the list <{name}> names itself")
    branches = [branch for entry in words[name] for branch in parse(entry, words, depth + 1).branches]
    return Choice(tuple(branches), name=name)


# The pattern of a tree


def pattern_of(phrase: Choice) -> str:
    """The RE2 pattern over folded text."""
    branches = [_joined(branch) for branch in phrase.branches]
    return branches[0] if len(branches) == 1 else "(?:" + "|".join(branches) + ")"


def edged(pattern: str, phrase: str) -> str:
    """The pattern with RE2's own word edges where the phrase is of ASCII words."""
    return rf"\b(?:{pattern})\b" if pattern.isascii() and _EDGED.fullmatch(phrase) else pattern


def _joined(sequence: Sequence_) -> str:
    pattern, begun = "", False
    last = len(sequence) - 1
    for at, item in enumerate(sequence):
        if isinstance(item, Gap):
            pattern += f"(?:{_SPACE}{_GAP_WORD}){{0,{item.most}}}{'' if at == last else '?'}"
        elif item.optional:
            word = _spelt(item)
            pattern += f"(?:{_SPACE}{word})?" if begun else f"(?:{word}{_SPACE})?"
        else:
            pattern += (_SPACE if begun else "") + _spelt(item)
            begun = True
    return pattern


def _spelt(item: Item) -> str:
    return "".join(map(_part, item.parts))


def _part(part: Part) -> str:
    if isinstance(part, str):
        return "".join(char if char.isalnum() else re.escape(char) for char in part)
    if isinstance(part, Ending):
        return _ENDING
    inner = pattern_of(part)
    grouped = inner if len(part.branches) > 1 else f"(?:{inner})"
    return grouped + "?" if part.optional else grouped


# The gate of a tree: gaps would multiply the states of a set of patterns


def gate_of(phrase: Choice) -> str:
    """A pattern without gaps that matches wherever the phrase does, and in few other places."""
    branches = dict.fromkeys(_gate(branch)[1] for branch in phrase.branches)
    return next(iter(branches)) if len(branches) == 1 else "(?:" + "|".join(branches) + ")"


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
            inside = [part for part in item.parts if isinstance(part, Choice) and not part.optional]
            gates = [(min(_gate(branch)[0] for branch in choice.branches), gate_of(choice)) for choice in inside]
            stretches.append(max(gates))
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


# What a phrase would be with one thing less


def mutants(phrase: Choice) -> Iterator[tuple[str, Choice]]:
    """Each phrase with one alternative, word, optional or gap less, and what is missing, in words.

    The branches of named lists stay; a list is cut where it stands.
    """
    if len(phrase.branches) > 1:
        for at, branch in enumerate(phrase.branches):
            rest = (*phrase.branches[:at], *phrase.branches[at + 1 :])
            yield f"the alternative {_shown(branch)!r}", replace(phrase, branches=rest)
    for at, branch in enumerate(phrase.branches):
        for what, cut in _cuts(branch):
            yield what, replace(phrase, branches=(*phrase.branches[:at], cut, *phrase.branches[at + 1 :]))


def _cuts(sequence: Sequence_) -> Iterator[tuple[str, Sequence_]]:
    for at, item in enumerate(sequence):
        rest = (*sequence[:at], *sequence[at + 1 :])
        while rest and isinstance(rest[0], Gap):
            rest = rest[1:]
        if any(isinstance(each, Item) and not each.optional for each in rest):
            yield f"{_shown((item,))!r} of {_shown(sequence)!r}", rest
        if isinstance(item, Gap):
            continue
        for place, part in enumerate(item.parts):
            if not isinstance(part, Choice):
                continue
            before, after = item.parts[:place], item.parts[place + 1 :]
            if part.optional:
                yield (
                    f"the ending {_shown_part(part)!r} of {_shown(sequence)!r}",
                    _with(sequence, at, item, (*before, *after)),
                )
            if not part.name:
                for what, cut in mutants(part):
                    yield what, _with(sequence, at, item, (*before, cut, *after))


def _with(sequence: Sequence_, at: int, item: Item, parts: tuple[Part, ...]) -> Sequence_:
    return (*sequence[:at], replace(item, parts=parts), *sequence[at + 1 :])


def written(phrase: Choice) -> str:
    """The phrase that a tree was read from."""
    return "|".join(map(_shown, phrase.branches))


def _shown(sequence: Sequence_) -> str:
    return " ".join(
        f"*{item.most}"
        if isinstance(item, Gap)
        else "".join(map(_shown_part, item.parts)) + ("?" if item.optional else "")
        for item in sequence
    )


def _shown_part(part: Part) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Ending):
        return "~"
    if part.name:
        return f"<{part.name}>"
    return f"({written(part)})" + ("?" if part.optional else "")
