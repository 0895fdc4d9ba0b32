"""The words of one language for promises, offers and claims: lexicon/commitments/<language>.yml, read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from service.folding import fold
from service.terms import stems

FOLDER: Final = Path(__file__).parent.parent / "lexicon" / "commitments"
"""One file a language, named after it."""

LANGUAGES: Final = frozenset(path.stem for path in FOLDER.glob("*.yml"))
"""Languages whose promises can be read, ISO 639-1."""

SECTIONS: Final = (
    "reach", "endings", "irregular", "verbs", "particles", "sets", "heads", "skip", "negations", "gifts",
    "answers", "nouns", "deeds", "idle", "subjects", "heard", "people", "reflexives", "that", "unsure", "later",
    "sorry", "reported", "joining", "modest", "past", "about", "forward", "deadlines", "loose", "waits",
    "faults", "slips", "neutral", "badly", "soon", "perfect", "remedy", "wrong", "astray", "charges", "lacking",
    "some", "relative", "who", "have", "this", "articles", "to_you", "them", "harmless", "entire", "whole",
    "kinds",
)  # fmt: skip
"""Every section that a language's file has."""

Trie = dict[str, Any]
"""Words that may follow, each with its own trie; under the empty word, what the phrase up to here means."""


class Verb(NamedTuple):
    """What doing this would bind us to, and which done things it belongs to."""

    kind: str
    """A kind of promise, or ``get`` and ``have`` (theirs; ``have`` promises only what it names), ``light`` (the next
    verb says what), ``never`` (only its denial is a promise), ``swap`` (a replacement where it is for the customer)."""
    group: str
    """The group of done things, the same in every language; empty for what leaves nothing done."""


@dataclass(frozen=True)
class Vocabulary:
    """The words of one language, turned round for looking up."""

    language: str
    tokens: re.Pattern[str]
    """A word, a number, or a sign that ends a clause."""
    far: bool
    """Whether the verb may stand at the end of the clause, far from what governs it."""
    forms: Mapping[str, Mapping[str, Verb]]
    """Word → the forms of verbs that it can be: ``do``, ``doing``, ``done``, ``will``, ``now``, ``finite``, ``did``,
    ``past``, ``theirs``."""
    heads: Trie
    skips: Trie
    gifts: Trie
    answers: Trie
    reported: Trie
    modest: Trie
    particles: Mapping[tuple[str, str], Verb]
    """Finite form and the particle at the clause's end → what they mean together."""
    groups: Mapping[str, frozenset[str]]
    """Word → the groups of done things that it speaks of."""
    deeds: Mapping[str, str]
    """Word → the group of done things that a line on record means by it."""
    words: Mapping[str, frozenset[str]]
    """Section → its single words."""
    starters: frozenset[str]
    """The first word of everything that can begin a promise or a claim."""
    telling: frozenset[str]
    """Words of which each promise and claim has one: verbs, gifts, the longest of a phrase that needs neither."""
    deadlines: tuple[str, ...]
    """What stands before a time that something is promised by, each with a space before it."""
    loose: tuple[str, ...]
    """What may stand before a time that only says when it happened, each with a space before it."""
    waits: Trie
    """Phrases that name a time by its week or its month, and within how many hours it ends."""
    astray: Trie
    """Phrases that, like the single words of ``wrong``, make of a claim an account of what went wrong."""
    relative: Trie
    """Words that make of a claim after them a question or a description: "what we changed"."""
    faults: frozenset[str]
    """Forms of the verbs that may also say what went wrong."""
    neutral: frozenset[str]
    """Forms of other verbs, which say what went wrong where the customer says the same."""
    slips: frozenset[str]
    """Of these, what nobody boasts of."""
    perfect: bool
    """Whether the perfect tense is the ordinary past, in which one tells what went wrong."""
    whole: frozenset[str]
    """The stems of words that measure or place a gift, and name no object of it."""
    kinds: frozenset[str]
    """The stems of words that name anything that one can buy: "the dish", "the item"."""

    def tokens_of(self, text: str) -> list[str]:
        """The words and clause signs of a folded text."""
        return self.tokens.findall(text)

    def walk(self, trie: Trie, words: list[str], at: int, end: int) -> tuple[str, int] | None:
        """The longest phrase of a trie that begins at a word: what it means, and where it ends."""
        found = None
        while at < end:
            word = words[at]
            if "*" in trie and word not in SIGNS:
                found = self.walk(trie["*"], words, at + 1, end) or found
            if word not in trie:
                break
            trie = trie[word]
            at += 1
            if "" in trie:
                found = (trie[""], at)
        return found

    def first(self, trie: Trie, words: list[str], start: int, end: int) -> str:
        """What the first phrase of a trie between two words means; empty without one."""
        for at in range(start, end):
            if words[at] in trie and (hit := self.walk(trie, words, at, end)):
                return hit[0]
        return ""

    def gift(self, words: list[str], start: int, end: int) -> str:
        """The kind of value that a stretch of words speaks of; empty when it speaks of none."""
        kinds = self._gifts(words, start, end, self.words["about"])
        return next((kind for kind in GIFTS if kind in kinds), "") if kinds else ""

    def went_wrong(self, words: list[str]) -> bool:
        """Whether the words of a claim say that the thing was done wrong."""
        return not self.words["wrong"].isdisjoint(words) or bool(self.first(self.astray, words, 0, len(words)))

    def _gifts(self, words: list[str], start: int, end: int, about: frozenset[str]) -> set[str]:
        gifts = self.gifts
        kinds = set()
        for at in range(start, end):
            hit = self.walk(gifts, words, at, end) if words[at] in gifts else None
            if hit and about.isdisjoint(words[max(at - _TOPIC, start) : at]):
                kinds.add(hit[0])
        return kinds

    def kinds_of(self, words: list[str]) -> frozenset[str]:
        """Every kind of value that words speak of, by verb and by name."""
        verbs = {_OFFERED.get(verb.kind, verb.kind) for word in words for verb in self.forms.get(word, {}).values()}
        return frozenset((verbs & set(GIFTS)) | self._gifts(words, 0, len(words), frozenset()))

    def kind_of(self, words: list[str]) -> str:
        """The kind of value that an offer gives, else the kind of promise that its first verb makes; empty for none."""
        verbs = [verb for word in words for form, verb in self.forms.get(word, {}).items() if form == "do"]
        first = (
            verbs[0].kind if verbs else next((v.kind for w in words[:1] for v in self.forms.get(w, {}).values()), "")
        )
        first = _OFFERED.get(first, first)
        if first in GIFTS:
            return first
        return self.gift(words, 0, len(words)) or first

    def groups_of(self, words: Iterable[str]) -> frozenset[str]:
        """The groups of done things that words speak of."""
        known = self.groups
        return frozenset([group for word in words if word in known for group in known[word]])

    def recorded(self, words: Iterable[str]) -> frozenset[str]:
        """The groups of done things that the words of a line on record speak of, by verb and by noun."""
        words = tuple(words)
        return self.groups_of(words) | {self.deeds[word] for word in words if word in self.deeds}


GIFTS: Final = ("refund", "credit", "replacement")
"""Kinds of value; where words speak of several, the first of these names the promise."""

_OFFERED: Final = {"swap": "replacement"}
"""What an offer is for the customer → the kind of value that it gives."""

_TOPIC: Final = 5
"""How many words stand at most between "about" and the gift that is only spoken of."""

SIGNS: Final = frozenset([*",;:!?\n", " - "])
"""What ends a clause."""


@cache
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a language. Raises: ``KeyError`` for one that has none."""
    if language not in LANGUAGES:
        raise KeyError(language)
    lists: dict[str, Any] = yaml.load(
        fold((FOLDER / f"{language}.yml").read_text(encoding="utf-8")).text, Loader=yaml.CSafeLoader
    )
    sets = lists["sets"]
    forms: dict[str, dict[str, Verb]] = {}
    groups: dict[str, set[str]] = {}
    for verb, written in _verbs(lists["verbs"]):
        for form, word in _conjugated(written, lists):
            forms.setdefault(word, {}).setdefault(form, verb)
            if verb.group and form in ("done", "did", "past", "yours"):
                groups.setdefault(word, set()).add(verb.group)
    for group, nouns in lists["nouns"].items():
        for word in nouns.split():
            groups.setdefault(word, set()).add(group)
    heads = _trie((phrase, role) for role, phrases in lists["heads"].items() for phrase in _expand(phrases, sets))
    finite = {word for word, known in forms.items() if not FINITE.isdisjoint(known)}
    hyphened = "|".join(sorted((word for word in forms if "-" in word), reverse=True))
    word = rf"{_LETTERS}'?" if language in _ELIDED else rf"{_LETTERS}(?:'{_LETTERS})*"
    if language in _HYPHENED:
        word = rf"{_LETTERS}(?:['-]{_LETTERS})*"
    elif hyphened:
        word = rf"(?:{hyphened})(?!{_LETTERS})|{word}"
    return Vocabulary(
        language=language,
        tokens=re.compile(word + r"|[,;:!?\n]| - "),
        far=lists["reach"] == "clause",
        forms=forms,
        heads=heads,
        skips=_trie((phrase, "skip") for phrase in _expand(lists["skip"], sets)),
        gifts=_trie((phrase, kind) for kind, phrases in lists["gifts"].items() for phrase in _expand(phrases, sets)),
        answers=_trie((phrase, "reply") for phrase in _expand(lists["answers"], sets)),
        reported=_trie((phrase, "said") for phrase in _expand(lists["reported"], sets)),
        modest=_trie((phrase, "modest") for phrase in _expand(lists["modest"], sets)),
        particles={
            (word, particle): Verb(meaning.partition(".")[0], meaning.partition(".")[2])
            for particle, meanings in lists["particles"].items()
            for meaning, words in meanings.items()
            for word in words.split()
        },
        deeds={word: group for group, nouns in lists["deeds"].items() for word in nouns.split()},
        groups={word: frozenset(names) for word, names in groups.items()},
        words={section: frozenset(lists[section].split()) for section in _SINGLE},
        starters=frozenset(heads) | finite,
        telling=frozenset(forms)
        | {phrase[0] for phrases in lists["gifts"].values() for phrase in _expand(phrases, sets)}
        | {
            max(reversed(phrase), key=len)
            for role, phrases in lists["heads"].items()
            if role in _COMPLETE or role.startswith("is_")
            for phrase in _expand(phrases, sets)
        },
        deadlines=tuple(" " + " ".join(words) for words in _expand(lists["deadlines"], sets)),
        loose=tuple(" " + " ".join(words) for words in _expand(lists["loose"], sets)),
        waits=_trie((phrase, str(hours)) for hours, some in lists["waits"].items() for phrase in _expand(some, sets)),
        astray=_trie((phrase, "astray") for phrase in _expand(lists["astray"], sets)),
        relative=_trie((phrase, "relative") for phrase in _expand(lists["relative"], sets)),
        faults=_told(lists["faults"], lists),
        neutral=_told(lists["neutral"], lists),
        slips=_told(lists["slips"], lists),
        perfect=lists["perfect"] == "past",
        whole=stems(lists["whole"]) | frozenset(lists["whole"].split()),
        kinds=stems(lists["kinds"]),
    )


FINITE: Final = frozenset({"will", "now", "finite", "did", "past", "theirs"})
"""Forms of verbs that are a sentence's own verb."""

_COMPLETE: Final = ("never", "mine", "treat", "grant", "yours", "lands")
"""Roles of heads that need no verb and no gift after them."""

_LETTERS: Final = "[a-z0-9à-ÿœ]+"
"""The letters of the six languages, folded; a range is twice as fast as any letter."""

_ELIDED: Final = frozenset({"fr", "it"})
"""Languages that write an article or a pronoun and the next word as one."""

_HYPHENED: Final = frozenset({"pt"})
"""Languages that hang a pronoun on a verb by a hyphen; in the others a hyphen parts words."""

_SINGLE: Final = (
    "negations", "idle", "subjects", "heard", "people", "reflexives", "that", "unsure", "later", "sorry",
    "joining", "past", "about", "forward", "remedy", "wrong", "badly", "soon", "charges", "lacking", "some",
    "who", "have", "this", "articles", "to_you", "them", "harmless", "entire",
)  # fmt: skip


def _told(verbs: str, lists: Mapping[str, Any]) -> frozenset[str]:
    """The forms of verbs in which one tells what happened."""
    told = ("done", "did", "past")
    return frozenset([word for written in verbs.split() for form, word in _conjugated(written, lists) if form in told])


def _verbs(kinds: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[Verb, str]]:
    for kind, groups in kinds.items():
        for group, verbs in groups.items():
            for written in verbs.split():
                yield Verb(kind, "" if group == "none" else group), written


def _conjugated(written: str, lists: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the words of each form of a verb: "reembols/ar" by its ending, another by its list or the default."""
    own = lists["irregular"].get(written)
    stem, slash, ending = written.rpartition("/")
    forms = own or lists["endings"][ending if slash else "default"]
    for form, words in forms.items():
        for word in words.split():
            yield form, word if own else word.replace("*", stem or written) if "*" in word else stem + word


def _expand(phrases: Iterable[str], sets: Mapping[str, str]) -> Iterator[list[str]]:
    """Give the words of each phrase that "we|i <will>" stands for; "~" joins words, "?" marks what may be left out."""
    for phrase in phrases:
        choices: list[list[str]] = []
        for item in phrase.split():
            optional = item.endswith("?") and len(item) > 1
            names = item.rstrip("?").split("|") if len(item) > 1 else [item]
            chosen = [word for name in names for word in (sets[name[1:-1]].split() if name.startswith("<") else [name])]
            choices.append([*chosen, ""] if optional else chosen)
        for picked in product(*choices):
            yield " ".join(picked).replace("~", " ").split()


def _trie(phrases: Iterable[tuple[list[str], str]]) -> Trie:
    trie: Trie = {}
    for words, meaning in phrases:
        node = trie
        for word in words:
            node = node.setdefault(word, {})
        node.setdefault("", meaning)
    return trie
