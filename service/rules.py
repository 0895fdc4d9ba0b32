"""Wording rules: words are data. A rule is a YAML file that carries its own examples; here it is read, proved and run.

fold → one RE2 set as a gate → locate → word edges → exceptions.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import re2

from service.definitions import DEFINITIONS
from service.domain import BrandRule, Fix, Severity, Span
from service.errors import RuleInvalid
from service.folding import UNANCHORED, Folded, fold
from service.phrases import gate_of, parse, pattern_of
from service.sentences import sentences


@dataclass(frozen=True)
class Rule:
    """One wording rule: which words, what to say about them, and what to write instead."""

    id: str
    check: str
    language: str
    message: str
    """One sentence that an agent understands and can act on."""
    why: str
    """The source: a guide, a law, a decision."""
    patterns: tuple[str, ...]
    """RE2 patterns over folded text."""
    gates: tuple[str, ...]
    """RE2 patterns without gaps, one of which matches wherever the rule does."""
    severity: Severity | None = None
    """``None`` leaves it to the check."""
    unless: tuple[str, ...] = ()
    """RE2 patterns; where one of them covers the words, they are not held against the text."""
    fix: Mapping[str, str] | str | None = None
    """Word → word, or ``delete`` (the words), or ``delete sentence`` (when it says nothing else)."""
    flagged: tuple[str, ...] = ()
    marked: Mapping[str, str] = field(default_factory=dict)
    """Flagged text → the very words that must be found in it, where the example marks them."""
    passed: tuple[str, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _finder(self) -> Any:
        return _compile("|".join(self.patterns), self.language)

    @cached_property
    def _excuse(self) -> Any:
        return _compile("|".join(self.unless), self.language) if self.unless else None

    def find(self, folded: Folded) -> tuple[tuple[int, int], ...]:
        """Where the rule's words stand in the folded text, excused ones left out."""
        return tuple(self.places(folded))

    def places(self, folded: Folded) -> Iterator[tuple[int, int]]:
        """The same, each looked for when it is asked for."""
        excused: tuple[tuple[int, int], ...] | None = None if self._excuse is not None else ()
        for start, end in _located(self._finder, folded):
            if excused is None:
                excused = tuple(_located(self._excuse, folded))
            if not excused or not _covered(excused, start, end):
                yield start, end

    def edit(self, text: str, span: Span) -> Fix | None:
        """The safe edit of the words at ``span``, if the rule has one that fits there."""
        if self.fix is None:
            return None
        if self.fix == "delete":
            return _without(text, span)
        if self.fix == "delete sentence":
            return _without_sentence(text, span)
        assert not isinstance(self.fix, str)  # noqa: S101  the reader lets no other word through
        word = span.of(text)
        new = self.fix.get(fold(word).text)
        if new is None:
            return None
        return Fix(span, new[:1].upper() + new[1:] if word[:1].isupper() else new)


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a text that a rule is about."""

    rule: Rule
    span: Span


def _options(megabytes: int) -> Any:
    options = re2.Options()
    options.max_mem = megabytes << 20
    options.log_errors = False
    return options


_OURS = _options(16)
"""What a rule of ours, or the gate of a language, may take with all that it learns of the texts it has seen."""
_THEIRS = _options(2)
"""What a pattern of a brand's may take; one that needs more is refused."""

RULES = Path(__file__).parent / "checks" / "rules"
"""One folder a language, one folder a family, one file a rule."""


def _compile(pattern: str, language: str) -> Any:
    """The compiled pattern, a brand's where there is no language; RE2's own cache would keep it for good.

    Raises: ``re2.error``.
    """
    return re2._Regexp(pattern, _OURS if language else _THEIRS)


MOST_MISSES = 500
"""So many matches that are no whole words end the search: a pattern must not read a long text from every letter on."""


def _covered(places: tuple[tuple[int, int], ...], start: int, end: int) -> bool:
    """Whether one of the places, which are in order and apart, covers the words."""
    at = bisect_right(places, (start, sys.maxsize)) - 1
    return at >= 0 and end <= places[at][1]


def _located(pattern: Any, folded: Folded) -> Iterator[tuple[int, int]]:
    """Matches that begin and end at the edges of words, as offsets into the folded text."""
    text, data = folded.text, folded.data
    length = len(data)
    plain = length == len(text)
    seen = told = 0  # bytes and code points up to the last match
    misses = 0
    find = pattern._regexp.Match  # the wrapper's own match object costs more than the search
    position = 0
    while position <= length:
        start, end = find(UNANCHORED, data, position, length)[0]
        if start < 0:
            return
        at = (start, end)
        if not plain:
            first = told + len(data[seen:start].decode())
            at = (first, first + len(data[start:end].decode()))
            seen, told = start, first
        if _at_edges(text, *at):
            yield at
            position = end
        else:
            misses += 1
            if misses > MOST_MISSES:
                return
            position = start + 1
            while position < length and data[position] & 0xC0 == 0x80:
                position += 1


def _at_edges(text: str, start: int, end: int) -> bool:
    if start >= end:
        return False
    if start and text[start].isalnum() and _in_word(text[start - 1]):
        return False
    return not (end < len(text) and text[end - 1].isalnum() and _in_word(text[end]))


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


_DANGLING = re.compile(r"[\s,;:–—-]*")
_REST = re.compile(r"^(?:and|we|i|so|very|really|just|again|today|here|with us|to us)?[\s,.!]*$", re.IGNORECASE)


def _without(text: str, span: Span) -> Fix | None:
    """Delete the words; what follows takes their place and their capital."""
    end = _DANGLING.match(text, span.end).end()  # type: ignore[union-attr]
    if end >= len(text) or not text[end].isalpha():
        return None
    begins = any(sentence.start == span.start for sentence in sentences(text))
    if not begins:
        return Fix(Span(span.start, end), "")
    return Fix(Span(span.start, end + 1), text[end].upper())


def _without_sentence(text: str, span: Span) -> Fix | None:
    """Delete the sentence when it says little else and is not the only one."""
    spans = sentences(text)
    at = next((i for i, s in enumerate(spans) if s.start <= span.start and span.end <= s.end), None)
    if at is None or len(spans) == 1:
        return None
    sentence = spans[at]
    before, after = text[sentence.start : span.start], text[span.end : sentence.end]
    if not (_REST.match(before) and _REST.match(after)):
        return None
    if at + 1 < len(spans):
        return Fix(Span(sentence.start, spans[at + 1].start), "")
    return Fix(Span(spans[at - 1].end, sentence.end), "")


class RuleSet:
    """The rules of one language, compiled into one gate: an RE2 set.

    Gaps would multiply the set's states, so a phrase with gaps stands in it with its rarest stretch alone.
    """

    def __init__(self, rules: Sequence[Rule], digest: str = "") -> None:
        self.rules = tuple(rules)
        self.digest = digest
        """sha256 of the rule files."""
        owners: dict[str, set[int]] = {}
        for index, rule in enumerate(self.rules):
            for gate in rule.gates:
                owners.setdefault(gate, set()).add(index)
        self._owners = tuple(owners.values())
        self._set = re2.Set.SearchSet(_OURS if all(rule.language for rule in self.rules) else _THEIRS)
        for gate in owners:
            self._set.Add(gate)
        if owners:
            self._set.Compile()

    def gate(self, folded: Folded) -> list[Rule]:
        """The rules that may match; gaps, edges of words outside ASCII and exceptions are not looked at yet."""
        if not folded.text or not self._owners:
            return []
        found: set[int] = set()
        for at in self._set.Match(folded.data) or ():
            found |= self._owners[at]
        return [self.rules[index] for index in sorted(found)]

    def scan(self, folded: Folded) -> tuple[Hit, ...]:
        """Every place that a rule is about, in the order of the text."""
        hits = [Hit(rule, folded.span(*at)) for rule in self.gate(folded) for at in rule.find(folded)]
        hits.sort(key=lambda hit: (hit.span.start, -hit.span.end))
        return tuple(hits)


_FIELDS = {"message", "why", "severity", "any_of", "unless", "fix", "flagged", "passed", "fixed", "check"}
WORDS_FILE = "_words.yml"
"""The file of a language's lists; every other one is a rule."""


@lru_cache(maxsize=32)
def load_rules(folder: Path) -> RuleSet:
    """The rules of a folder, read once a process and proved by their own examples.

    Raises: ``RuleInvalid`` naming the rule file and what is wrong with it, or the example that it gets wrong.
    """
    rules = read_rules(folder)
    for wrong in disagreements(rules):
        raise RuleInvalid(f"{folder.name}/{wrong}")
    return rules


def digest_of(folder: Path) -> str:
    """sha256 over the names and bytes of a folder's rule files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yml")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def read_rules(folder: Path) -> RuleSet:
    """The rules of a folder, read anew and not proved. Raises: ``RuleInvalid``."""
    words: Mapping[str, Sequence[str]] = {}
    rules: list[Rule] = []
    for path in sorted(folder.rglob("*.yml")):
        content = read_file(path)
        if path.name == WORDS_FILE:
            words = content
            continue
        rules.append(rule_of(content, name=path.stem, check=path.parent.name, language=folder.name, words=words))
    return RuleSet(rules, digest_of(folder))


def read_file(path: Path) -> dict[str, Any]:
    """The fields of a rule file, or the lists of a file of words. Raises: ``RuleInvalid``."""
    import yaml

    try:
        content = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe
    except yaml.YAMLError as exc:
        raise RuleInvalid(f"{path.name}: not YAML: {' '.join(str(exc).split())}") from exc
    if not isinstance(content, dict):
        raise RuleInvalid(f"{path.name}: a rule file is a mapping of fields")
    return content


def rule_of(
    content: Mapping[str, Any],
    *,
    name: str,
    check: str,
    language: str,
    words: Mapping[str, Sequence[str]] | None = None,
) -> Rule:
    """One rule from the fields of its file; ``words`` are the lists that its phrases may name.

    Raises: ``RuleInvalid`` for a field that is unknown, missing or of the wrong shape, and for a pattern that RE2
    cannot take.
    """
    unknown = sorted(set(content) - _FIELDS)
    if unknown:
        raise RuleInvalid(f"{name}: no field of a rule is named {unknown[0]!r}")
    for key in ("message", "why"):
        if not isinstance(content.get(key), str) or not content[key].strip():
            raise RuleInvalid(f"{name}: {key} must be a sentence")
    severity = content.get("severity")
    if severity is not None and str(severity).upper() not in Severity.__members__:
        raise RuleInvalid(f"{name}: severity is note, warn or block, not {severity!r}")
    compiled = _compiled(name, content, "any_of", words or {})
    if not compiled:
        raise RuleInvalid(f"{name}: any_of holds no phrase")
    patterns = tuple(pattern for pattern, _ in compiled)
    unless = tuple(pattern for pattern, _ in _compiled(name, content, "unless", words or {}))
    _proved(name, patterns, language)
    _proved(name, unless, language)
    fix = content.get("fix")
    if isinstance(fix, dict):
        fix = {fold(str(old)).text: str(new) for old, new in fix.items()}
    elif fix not in (None, "delete", "delete sentence"):
        raise RuleInvalid(f"{name}: fix is a mapping of words, 'delete' or 'delete sentence'")
    fixed = content.get("fixed") or {}
    if not isinstance(fixed, dict) or not all(isinstance(text, str) for pair in fixed.items() for text in pair):
        raise RuleInvalid(f"{name}: fixed maps each text to the text that the fix makes of it")
    flagged = _texts(name, content, "flagged")
    return Rule(
        id=name,
        check=str(content.get("check", check)),
        language=language,
        message=content["message"].strip(),
        why=content["why"].strip(),
        patterns=patterns,
        gates=tuple(gate for _, gate in compiled),
        severity=None if severity is None else Severity[str(severity).upper()],
        unless=unless,
        fix=fix,
        flagged=tuple(_MARK.sub(r"\1", text) for text in flagged),
        marked={_MARK.sub(r"\1", text): mark[1] for text in flagged if (mark := _MARK.search(text))},
        passed=_texts(name, content, "passed"),
        fixed=fixed,
    )


_MARK = re.compile(r"<<([^<>]+)>>")
"""In a flagged example, the very words that must be found: ``We <<take this seriously>>.``"""


def compiled(own: BrandRule) -> Rule | None:
    """The rule that a brand adds, proved by its own examples; ``None`` for one that only weighs a rule of ours anew.

    Raises: ``RuleInvalid``: as ``rule_of``, and where the rule gets an example wrong, names a family that a brand
    cannot add to, or weighs a rule that does not exist.
    """
    family, _, name = own.id.partition("/")
    ours = any((folder / family / f"{name}.yml").is_file() for folder in RULES.iterdir())
    if own.content is None:
        if not ours:
            raise RuleInvalid(f"{own.id}: we have no such rule to weigh anew; a rule of your own needs any_of")
        if family not in DEFINITIONS and family not in _LENT:
            raise RuleInvalid(f"{own.id}: this rule only helps others to see and weighs nothing")
        return None
    if ours:
        raise RuleInvalid(f"{own.id}: we have a rule of this name; give yours another, or change only its severity")
    if family not in FAMILIES:
        raise RuleInvalid(f"{own.id}: a rule of yours belongs to one of {', '.join(sorted(FAMILIES))}")
    rule = rule_of(json.loads(own.content), name=name, check=family, language="")
    for wrong in disagreements_of(rule):
        raise RuleInvalid(wrong)
    return rule


_LENT = frozenset({"sympathy"})
"""Families whose findings another check makes its own."""

FAMILIES = frozenset({
    "abuse", "admission", "corporate_speak", "debate", "distance", "hollow_apology", "leak", "leftovers",
    "offline_push", "only_one", "quid_pro_quo", "review_ask", "sarcasm", "secondhand", "voice",
})  # fmt: skip
"""The checks that a brand may add rules to: those whose findings are words."""


def _proved(name: str, patterns: tuple[str, ...], language: str) -> None:
    """Make sure that RE2 takes the patterns and that none matches nothing. Raises: ``RuleInvalid``."""
    if not patterns:
        return
    try:
        empty = _compile("|".join(patterns), language).search(b"") is not None
    except re2.error as exc:
        raise RuleInvalid(f"{name}: RE2 cannot take a pattern: {_words_of(exc)}") from exc
    if empty:
        raise RuleInvalid(f"{name}: a pattern matches the empty text")


def _words_of(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def _texts(name: str, content: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = content.get(key) or []
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise RuleInvalid(f"{name}: {key} is a list of texts")
    return tuple(value)


def _compiled(
    name: str, content: Mapping[str, Any], key: str, words: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, str], ...]:
    entries = content.get(key) or []
    if not isinstance(entries, list):
        raise RuleInvalid(f"{name}: {key} is a list of phrases")
    return tuple(_pattern(name, entry, words) for entry in entries)


def _pattern(name: str, entry: object, words: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """The pattern and the gate of one entry: a phrase, or ``re:`` with a pattern as it is."""
    try:
        if isinstance(entry, dict) and set(entry) == {"re"}:
            return str(entry["re"]), str(entry["re"])
        if isinstance(entry, str):
            tree = parse(fold(entry).text, words)
            return pattern_of(tree), gate_of(tree)
        raise ValueError(f"an entry is a phrase or re: pattern, not {entry!r}")
    except ValueError as exc:
        raise RuleInvalid(f"{name}: {exc}") from exc


def disagreements(rules: RuleSet) -> Iterator[str]:
    """Each example that its own rule file gets wrong, as a sentence; none is the proof that the rules are sound."""
    for rule in rules.rules:
        yield from disagreements_of(replace(rule))  # a copy: what RE2 remembers of the examples goes with it


def disagreements_of(rule: Rule) -> Iterator[str]:
    """Each example that a rule gets wrong, as a sentence."""
    if not rule.flagged or not rule.passed:
        yield f"{rule.id}: a rule shows at least one flagged and one passed example"
    if rule.fix is not None and not rule.fixed:
        yield f"{rule.id}: a rule with a fix shows at least one fixed example"
    for text in rule.flagged:
        folded = fold(text)
        found = [folded.span(*at).of(text) for at in rule.find(folded)]
        if not found:
            yield f"{rule.id}: does not flag {text!r}"
        elif text in rule.marked and rule.marked[text] not in found:
            yield f"{rule.id}: flags {found} and not {rule.marked[text]!r} in {text!r}"
    for text in rule.passed:
        if rule.find(fold(text)):
            yield f"{rule.id}: flags {text!r}"
    for before, after in rule.fixed.items():
        if (made := applied(rule, before)) != after:
            yield f"{rule.id}: makes {made!r} of {before!r}, not {after!r}"


def applied(rule: Rule, text: str) -> str:
    """The text after the rule's safe edits."""
    folded = fold(text)
    for start, end in reversed(rule.find(folded)):
        fix = rule.edit(text, folded.span(start, end))
        if fix is not None:
            text = text[: fix.span.start] + fix.text + text[fix.span.end :]
    return text
