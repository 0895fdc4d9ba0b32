"""Each wording rule with one thing less, and which of them the rule's own examples do not notice.

python -m tests.mutants en                    # what survives in a language, file by file
python -m tests.mutants en/debate             # in one family, or in one file: en/debate/blame
python -m tests.mutants en/debate --suggest   # with words that would tell each survivor from its rule
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from service.errors import RuleInvalid
from service.folding import fold
from service.phrases import Choice, Ending, Gap, Item, Part, Sequence_, parse, pattern_of
from service.rules import RULES, WORDS_FILE, Rule, disagreements_of, read_file, rule_of


@dataclass(frozen=True)
class Proof:
    """A rule with its examples, so looked at that a mutant of one entry is judged without the others."""

    rule: Rule

    @cached_property
    def carried(self) -> dict[int, list[str]]:
        """Entry → the flagged examples that only this entry finds."""
        carried: dict[int, list[str]] = {}
        alone = [replace(self.rule, patterns=(pattern,)) for pattern in self.rule.patterns]
        for text in self.rule.flagged:
            finders = [at for at, rule in enumerate(alone) if rule.find(fold(text))]
            if len(finders) == 1:
                carried.setdefault(finders[0], []).append(text)
        return carried

    def kills(self, at: int, pattern: str) -> bool:
        """Whether an example tells the rule from the one whose entry ``at`` is this pattern."""
        alone = replace(self.rule, patterns=(pattern,))
        if any(not alone.find(fold(text)) for text in self.carried.get(at, ())):
            return True
        if any(alone.find(fold(text)) for text in self.rule.passed):
            return True
        patterns = (*self.rule.patterns[:at], pattern, *self.rule.patterns[at + 1 :])
        return refuted(replace(self.rule, patterns=patterns))


def refuted(rule: Rule) -> bool:
    """Whether an example of the rule fails."""
    return next(disagreements_of(rule), None) is not None


@dataclass(frozen=True)
class Survivor:
    """A rule or a list with one thing less, which no example notices."""

    owner: str
    """Language, family and file."""
    missing: str
    hint: str = ""
    """Words that the rule and the mutant judge differently, where some were found."""


def rule_files(language: str, family: str = "") -> Iterator[tuple[Path, dict[str, Any]]]:
    """The rule files of a language, of one family or of one file, with their fields."""
    place = RULES / language / family
    files = [place.with_suffix(".yml")] if place.with_suffix(".yml").is_file() else sorted(place.rglob("*.yml"))
    for path in files:
        if path.name != WORDS_FILE:
            yield path, read_file(path)


def words_of(language: str) -> dict[str, Sequence[str]]:
    """The lists of a language."""
    path = RULES / language / WORDS_FILE
    return read_file(path) if path.exists() else {}


def judged_rules(language: str, family: str = "") -> Iterator[Survivor | None]:
    """Every rule with one entry, alternative, word, optional, gap, exception or fix less: ``None`` for a killed one."""
    words = words_of(language)
    for path, content in rule_files(language, family):
        owner = f"{language}/{path.parent.name}/{path.stem}"
        rule = _made(content, path, language, words)
        if (wrong := next(disagreements_of(rule), None)) is not None:
            yield Survivor(owner, f"the rule itself: {wrong}")
            continue
        proof = Proof(rule)
        for at, entry in enumerate(content["any_of"]):
            if len(content["any_of"]) > 1:
                less = replace(rule, patterns=(*rule.patterns[:at], *rule.patterns[at + 1 :]))
                hint = next(_instances(parse(fold(entry).text, words)), "") if isinstance(entry, str) else ""
                yield None if refuted(less) else Survivor(owner, f"the entry {entry!r}", hint)
            for what, tree, pattern in _cuts(entry, words):
                hint = (
                    "" if proof.kills(at, pattern) else _hint(rule, at, pattern, parse(fold(entry).text, words), tree)
                )
                yield Survivor(owner, what, hint) if hint else None
        for at, entry in enumerate(content.get("unless") or ()):
            others = (*rule.unless[:at], *rule.unless[at + 1 :])
            cuts = [(f"the entry {entry!r}", "", others), *((w, p, (*others, p)) for w, _, p in _cuts(entry, words))]
            for what, _, unless in cuts:
                yield None if refuted(replace(rule, unless=unless)) else Survivor(owner, f"{what} of unless")
        fix = rule.fix if isinstance(rule.fix, Mapping) else {}
        for word in fix:
            less = replace(rule, fix={old: new for old, new in fix.items() if old != word})
            yield None if refuted(less) else Survivor(owner, f"the fix of {word!r}")


def judged_lists(language: str) -> Iterator[Survivor | None]:
    """Every list of words with one entry or one thing of an entry less."""
    words = words_of(language)
    rules = list(rule_files(language))
    for name, entries in words.items():
        users = [(path, content) for path, content in rules if _uses(content, name, words)]
        for at, entry in enumerate(entries):
            cuts: list[tuple[str, Sequence[str]]] = [(f"the entry {entry!r}", [*entries[:at], *entries[at + 1 :]])]
            for what, tree in mutants(parse(fold(entry).text, words)):
                cuts.append((what, [*entries[:at], written(tree), *entries[at + 1 :]]))
            for what, cut in cuts:
                fewer = {**words, name: cut}
                killed = any(_refutes(content, path, language, fewer) for path, content in users)
                yield None if killed else Survivor(f"{language}/<{name}>", what)


def _refutes(content: dict[str, Any], path: Path, language: str, words: Mapping[str, Sequence[str]]) -> bool:
    """Whether a rule is none any more with these lists, or its examples fail."""
    try:
        return refuted(_made(content, path, language, words))
    except RuleInvalid:
        return True


def _cuts(entry: object, words: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Choice, str]]:
    """What is missing, the tree that is left and its pattern, for each mutant of an entry."""
    if isinstance(entry, str):
        for what, tree in mutants(parse(fold(entry).text, words)):
            yield what, tree, pattern_of(tree)


def _uses(content: Mapping[str, Any], name: str, words: Mapping[str, Sequence[str]]) -> bool:
    """Whether a rule names a list, itself or by other lists."""
    names = {name}
    for _ in words:
        names |= {other for other, entries in words.items() if any(f"<{n}>" in e for e in entries for n in names)}
    said = " ".join(str(entry) for key in ("any_of", "unless") for entry in content.get(key) or ())
    return any(f"<{each}>" in said for each in names)


def _made(content: Mapping[str, Any], path: Path, language: str, words: Mapping[str, Sequence[str]]) -> Rule:
    return rule_of(content, name=path.stem, check=path.parent.name, language=language, words=words)


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
        for what, cut in _less(branch):
            yield what, replace(phrase, branches=(*phrase.branches[:at], cut, *phrase.branches[at + 1 :]))


def _less(sequence: Sequence_) -> Iterator[tuple[str, Sequence_]]:
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


# Words that tell a mutant from its rule


def _hint(rule: Rule, at: int, pattern: str, tree: Choice, cut: Choice) -> str:
    """Words that would kill a survivor, or a remark that none were found."""
    less = replace(rule, patterns=(*rule.patterns[:at], pattern, *rule.patterns[at + 1 :]))
    for text in _instances(tree):
        if rule.find(fold(text)) and not less.find(fold(text)):
            return f"flagged: {text}"
    for text in _instances(cut):
        if less.find(fold(text)) and not rule.find(fold(text)):
            return f"passed: {text}"
    for text in _instances(tree):
        if (found := _first(rule, text)) and found != _first(less, text):
            return f"marked: {text.replace(found, f'<<{found}>>')}"
    return "the same rule without it?"


def _first(rule: Rule, text: str) -> str:
    folded = fold(text)
    return next((folded.span(*at).of(text) for at in rule.find(folded)), "")


def _instances(tree: Choice) -> Iterator[str]:
    """Words that the tree stands for, until each of its alternatives, optionals and gaps was said once."""
    for branch in tree.branches:
        plain = [_said(item) for item in branch]
        yield " ".join(word for word, item in zip(plain, branch, strict=True) if word and not _missing(item))
        for at, item in enumerate(branch):
            for said in _ways(item):
                words = [
                    said if place == at else word
                    for place, (word, other) in enumerate(zip(plain, branch, strict=True))
                    if place == at or not _missing(other)
                ]
                yield " ".join(word for word in words if word)


def _missing(item: Item | Gap) -> bool:
    return isinstance(item, Gap) or item.optional


def _said(item: Item | Gap) -> str:
    return next(_ways(item), "")


def _ways(item: Item | Gap) -> Iterator[str]:
    """Each way to say an item."""
    if isinstance(item, Gap):
        yield " ".join("soon" for _ in range(item.most))
        return
    ways = [
        [part] if isinstance(part, str) else list(_instances(part)) if isinstance(part, Choice) else [""]
        for part in item.parts
    ]
    yield "".join(way[0] for way in ways)
    for at, way in enumerate(ways):
        for other in way[1:]:
            yield "".join(other if place == at else each[0] for place, each in enumerate(ways))
    for at, part in enumerate(item.parts):
        if isinstance(part, Choice) and part.optional:
            yield "".join("" if place == at else each[0] for place, each in enumerate(ways))


def main() -> None:
    """Print what survives."""
    where, suggest = (sys.argv[1:] or ["en"])[0], "--suggest" in sys.argv
    language, _, family = where.partition("/")
    judged = [*judged_rules(language, family), *(() if family else judged_lists(language))]
    survivors = [survivor for survivor in judged if survivor is not None]
    for survivor in survivors:
        hint = f"\n    {survivor.hint}" if suggest and survivor.hint else ""
        sys.stdout.write(f"{survivor.owner}: {survivor.missing}{hint}\n")
    sys.stdout.write(f"{len(judged)} mutants, {len(survivors)} survived\n")


if __name__ == "__main__":
    main()
