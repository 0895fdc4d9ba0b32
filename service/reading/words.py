"""The word lists by which a complaint is read, loaded once from ``service/lexicon``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LEXICON = Path(__file__).parent.parent / "lexicon"
"""The folder of word lists; each is a YAML file that anyone may edit."""

BE = {"am", "is", "are", "was", "were", "be", "been", "being"}
HAVE = {"has", "have", "had"}
DO = {"do", "does", "did"}
MODALS = {"can", "could", "will", "would", "should", "must", "may", "might"}
NEGATED = {
    "isn't": "be", "aren't": "be", "wasn't": "be", "weren't": "be", "haven't": "have", "hasn't": "have",
    "hadn't": "have", "don't": "do", "doesn't": "do", "didn't": "do", "can't": "modal", "couldn't": "modal",
    "won't": "modal", "wouldn't": "modal", "shouldn't": "modal",
}  # fmt: skip
"""Contracted negatives and the kind of verb that each is."""


def listed(words: str) -> frozenset[str]:
    """The words of a line as a set."""
    return frozenset(words.split())


@cache
def load(name: str) -> Mapping[str, Any]:
    """One YAML file of the lexicon, parsed once."""
    text = (LEXICON / name).read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: Mapping[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 - the safe loader, only faster
    return data


def third(base: str) -> str:
    """The verb's form after "he", "she" or "it"."""
    if base in {"have", "be"}:
        return {"have": "has", "be": "is"}[base]
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies"
    return base + "s"


def past_of(base: str) -> str:
    """The regular past of a verb."""
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    return base + "ed"


def ing_of(base: str, past: str) -> str:
    """The verb's form in -ing; a doubled consonant is taken over from the past."""
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "ye", "oe")) and base != "be":
        return base[:-1] + "ing"
    if len(past) > 3 and past == base + base[-1] + "ed":
        return base + base[-1] + "ing"
    if base in {"reset", "get", "put", "set", "let", "cut", "run", "win", "sit", "shut", "begin", "forget"}:
        return base + base[-1] + "ing"
    return base + "ing"


@dataclass(frozen=True)
class Words:
    """The English lists in the shape the parser asks for them."""

    base: frozenset[str]
    third: Mapping[str, str]
    """Third person → base."""
    past: Mapping[str, str]
    """Past → base."""
    participle: Mapping[str, str]
    """Participle → base."""
    ing: Mapping[str, str]
    participle_of: Mapping[str, str]
    past_of: Mapping[str, str]
    ing_of: Mapping[str, str]
    trouble: frozenset[str]
    weak: frozenset[str]
    unsaid: frozenset[str]
    droppable: frozenset[str]
    adverbs: frozenset[str]
    determiners: frozenset[str]
    possessives: frozenset[str]
    pronouns: frozenset[str]
    prepositions: frozenset[str]
    conjunctions: frozenset[str]
    adjectives: frozenset[str]
    hollow: frozenset[str]
    nouns: frozenset[str]
    spelling: Mapping[str, str]
    function: frozenset[str]
    """Words that are never a noun."""

    def finite(self, word: str) -> bool:
        """Whether the word can be the verb of a statement."""
        return word in self.base or word in self.third or word in self.past


@cache
def english() -> Words:
    """The English words."""
    data = load("en.yml")
    forms: dict[str, tuple[str, str]] = {base: (past_of(base), past_of(base)) for base in data["verbs"].split()}
    for line in data["irregular"]:
        base, past, participle = line.split()
        forms[base] = (past, participle)
    lists = {name: frozenset(str(value).split()) for name, value in data.items() if isinstance(value, str)}
    auxiliaries = BE | HAVE | DO | MODALS | set(NEGATED)
    return Words(
        base=frozenset(forms) - {"be"},
        third={third(base): base for base in forms if base not in {"be", "thank"}},
        past={past: base for base, (past, _) in forms.items() if base != "be"},
        participle={participle: base for base, (_, participle) in forms.items()},
        ing={ing_of(base, past): base for base, (past, _) in forms.items()},
        participle_of={base: participle for base, (_, participle) in forms.items()},
        past_of={base: past for base, (past, _) in forms.items()},
        ing_of={base: ing_of(base, past) for base, (past, _) in forms.items()},
        trouble=lists["trouble"],
        weak=lists["weak"],
        unsaid=lists["unsaid"],
        droppable=lists["droppable"],
        adverbs=lists["adverbs"],
        determiners=lists["determiners"],
        possessives=lists["possessives"],
        pronouns=lists["pronouns"],
        prepositions=lists["prepositions"],
        conjunctions=lists["conjunctions"],
        adjectives=lists["adjectives"],
        hollow=lists["hollow"],
        nouns=lists["nouns"],
        spelling={str(key): str(value) for key, value in data["spelling"].items()},
        function=lists["pronouns"] | lists["prepositions"] | lists["conjunctions"] | lists["determiners"]
        | lists["adverbs"] | lists["droppable"] | auxiliaries | frozenset({"to", "please", "hello", "hi", "hey", "dear",
        "thanks", "ok", "okay", "yes", "well", "why", "how", "what", "when", "who", "not", "very", "so", "too", "here",
        "there", "us", "me", "him", "them", "myself", "yourself", "yours", "mine", "ours", "let's", "got", "gotten",
        "been", "being", "done", "saying", "because", "having", "getting", "trying", "going", "doing", "wanna"}),
    )  # fmt: skip
