"""The engine for wording rules: fold → one RE2 set as a gate → locate → word edges → exceptions.

Words are data: a rule is a YAML file that carries its own examples, and this module reads, compiles and runs them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import re2

from service.domain import Fix, Severity, Span
from service.errors import RuleInvalid

# Folding: one spelling of everything that looks the same, and the way back to the text as it was written

_SAME = {
    **dict.fromkeys(map(ord, "‘’‚‛′ʼ´`＇"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
}
_ALIKE = dict(
    zip(
        map(ord, "авсԁеһіјԛорѕтухѵԝкмн" + "αβεικνορτυχγω" + "ɑɡıⅼ"),
        "abcdehijqopstyxvwkmh" + "abeikvoptuxyw" + "agil",
        strict=True,
    )
)
"""Letters of other alphabets that read as Latin ones; used only in a text that is mostly Latin."""


class _FoldTable(dict[int, str]):
    """Code point → its folded spelling, worked out once for each code point that is met."""

    def __init__(self, alike: Mapping[int, str]) -> None:
        super().__init__(_SAME)
        self.alike = alike

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = unicodedata.normalize("NFKC", char).casefold()
        if unicodedata.category(char) == "Cf" or 0xFE00 <= code <= 0xFE0F:
            folded = ""
        folded = "".join(_SAME.get(ord(c), self.alike.get(ord(c), c)) for c in folded)
        if len(self) < 20_000:
            self[code] = folded
        return folded


_PLAIN = _FoldTable({})
_LATIN = _FoldTable(_ALIKE)
_OTHER_ALPHABET = re.compile("[\u0370-\u052f]")
_LATIN_LETTER = re.compile("[a-zA-Z]")
_MARKS = re.compile("[\u0300-\u036f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True)
class Folded:
    """A text in its folded spelling, which remembers where each piece came from."""

    text: str
    original: str
    starts: tuple[int, ...] | None = None
    """Original offset of each folded code point, and the original length last; ``None`` when nothing moved."""

    @cached_property
    def data(self) -> bytes:
        """The folded text as RE2 reads it."""
        return self.text.encode()

    def first(self, pattern: Any) -> Span | None:
        """The original's words where an RE2 pattern first matches."""
        data = self.data
        start, end = pattern._regexp.Match(_UNANCHORED, data, 0, len(data))[0]
        if start < 0:
            return None
        if len(data) == len(self.text):
            return self.span(start, end)
        return self.span(len(data[:start].decode()), len(data[:end].decode()))

    def span(self, start: int, end: int) -> Span:
        """The original's code points that the folded ``[start, end)`` was made from."""
        if self.starts is None:
            return Span(start, end)
        if end <= start:
            return Span(self.starts[start], self.starts[start])
        return Span(self.starts[start], self.starts[end - 1] + 1)

    def at(self, position: int) -> int:
        """Where the original's position went: the folded code point that starts there or after it."""
        if self.starts is None:
            return position
        return bisect_right(self.starts, position - 1) if position else 0


def fold(text: str) -> Folded:
    """Casefolded, compatibility forms and look-alike letters made one, quotes straight, invisible characters gone."""
    if text.isascii():
        return Folded(text.lower(), text)
    swaps = _swaps("".join(set(_NOT_ASCII.findall(text))))
    if swaps is not None:
        folded = text
        for char, same in swaps:
            folded = folded.replace(char, same)
        return Folded(folded.lower(), text)
    table = _PLAIN
    if _OTHER_ALPHABET.search(text) and 2 * len(_OTHER_ALPHABET.findall(text)) <= len(_LATIN_LETTER.findall(text)):
        table = _LATIN
    if _MARKS.search(text):
        return _fold_clusters(text, table)
    folded = text.translate(table)
    if len(folded) == len(text) and all(len(table[ord(c)]) == 1 for c in set(text)):
        return Folded(folded, text)
    starts = [index for index, char in enumerate(text) for _ in table[ord(char)]]
    return Folded(folded, text, (*starts, len(text)))


@lru_cache(maxsize=2048)
def _swaps(odd: str) -> tuple[tuple[str, str], ...] | None:
    """What to replace in a text with these characters beyond ASCII; ``None`` when that is not all there is to do."""
    if _OTHER_ALPHABET.search(odd) or _MARKS.search(odd):
        return None
    swaps = [(char, _PLAIN[ord(char)]) for char in odd]
    if any(len(same) != 1 or same.lower() != same or _PLAIN[ord(same)] != same for _, same in swaps):
        return None
    return tuple((char, same) for char, same in swaps if char != same)


def _fold_clusters(text: str, table: _FoldTable) -> Folded:
    """Fold a text with combining marks: a letter and its marks become one."""
    pieces: list[str] = []
    starts: list[int] = []
    index = 0
    while index < len(text):
        end = index + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        piece = unicodedata.normalize("NFKC", text[index:end]).translate(table)
        pieces.append(piece)
        starts.extend([index] * len(piece))
        index = end
    return Folded("".join(pieces), text, (*starts, len(text)))


# Sentences

_END = re.compile(r"[.!?…]+[\"'’”)\]]*(?=\s|$|[A-Z^~*][a-z])|[。！？]+|\n\s*")
_MAYBE_END = re.compile(r"[.!?…。！？\n]")
_ABBREVIATED = frozenset({
    "prof", "nos", "vs", "etc", "inc", "ltd", "corp", "dept", "approx", "bzw", "tel", "sra", "dra", "núm", "art", "mrs",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
})  # fmt: skip
"""The longer ones of the abbreviations."""
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|no|nos|vs|etc|inc|ltd|co|corp|dept|approx|ca|bzw|ca|nr|tel|sr|sra|dra|núm|art|"
    r"z\. ?b|d\. ?h|u\. ?a|e\.g|i\.e|p\.ej|a\.m|p\.m|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|\b[A-Z]|(?:^|\n)\s*\d{1,2})\.$",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text, trimmed of white space; a line break ends one, an abbreviation or a URL does not."""
    spans: list[Span] = []
    start = 0
    at = 0
    while (sign := _MAYBE_END.search(text, at)) is not None:
        match = _END.match(text, sign.start())
        if match is None:
            at = sign.end()
            continue
        at = end = match.end()
        if match.group() == "." and _goes_on(text, start, end):
            continue
        _append(spans, text, start, end)
        start = end
    _append(spans, text, start, len(text))
    return tuple(spans)


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether the full stop before ``end`` belongs to an abbreviation and the sentence goes on."""
    first = end - 1
    while first > start and end - first < 8 and text[first - 1].isalnum():
        first -= 1
    word = text[first : end - 1]
    if len(word) > 2 and word.lower() not in _ABBREVIATED:
        return False
    if not _ABBREVIATION.search(text, max(start, end - 8), end):
        return False
    rest = text[end:].lstrip(" ")
    last = text[:end].split()[-1].lower()
    if last in {"a.m.", "p.m.", "etc.", "inc.", "ltd.", "co."}:
        return bool(rest) and not rest[0].isupper()
    return bool(rest)


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append(Span(start, end))


# The phrase form: words, (one|other), optional?, beginn~ing, *3 for up to three words between, <name> for a list

_ITEM = re.compile(r"\s+")
_GAP = re.compile(r"\*(\d*)")
_NAMED = re.compile(r"<([a-z_]+)>")
_SPACE = r"[\s,]*\s"
_GAP_WORD = r"[^\s.!?;:]+"


def phrase_pattern(phrase: str, words: Mapping[str, str]) -> str:
    """The RE2 pattern of a phrase.

    ``(a|b c)`` is one of several, ``word?`` and ``(a|b)?`` may be missing, ``word~`` takes any ending, ``*3`` is up to
    three words of the same sentence, ``<name>`` is a list of ``words``.

    Raises: ``ValueError`` for a bracket without its partner, an unknown list or a gap at its beginning.
    """
    for _ in range(4):
        phrase = _NAMED.sub(lambda found: "(" + _listed(words, found.group(1)) + ")", phrase)
    alternatives, rest = _alternatives(phrase, 0)
    if rest != len(phrase):
        raise ValueError(f"a closing bracket too many in {phrase!r}")
    return alternatives


def _listed(words: Mapping[str, str], name: str) -> str:
    if name not in words:
        raise ValueError(f"no list of words is named <{name}>")
    return words[name]


def _alternatives(phrase: str, at: int) -> tuple[str, int]:
    """Alternatives from ``at`` up to a closing bracket or the end, and where they stopped."""
    branches: list[str] = []
    while True:
        branch, at = _branch(phrase, at)
        branches.append(branch)
        if at >= len(phrase) or phrase[at] == ")":
            break
        at += 1
    return (branches[0] if len(branches) == 1 else "(?:" + "|".join(branches) + ")"), at


def _branch(phrase: str, at: int) -> tuple[str, int]:
    """One alternative: items between white space."""
    items: list[tuple[str, bool, int | None]] = []
    while at < len(phrase) and phrase[at] not in "|)":
        if phrase[at].isspace():
            at += 1
            continue
        gap = _GAP.match(phrase, at)
        if gap:
            items.append(("", True, int(gap.group(1) or 1)))
            at = gap.end()
            continue
        pattern, optional, at = _word(phrase, at)
        items.append((pattern, optional, None))
    return _joined(items, phrase), at


def _word(phrase: str, at: int) -> tuple[str, bool, int]:
    """One item without white space: its pattern, whether it may be missing, and where it ends."""
    parts: list[str] = []
    alone = True
    while at < len(phrase) and not phrase[at].isspace() and phrase[at] not in "|)":
        char = phrase[at]
        if char == "(":
            inner, at = _alternatives(phrase, at + 1)
            if at >= len(phrase):
                raise ValueError(f"a bracket is not closed in {phrase!r}")
            at += 1
            parts.append(inner if inner.startswith("(?:") and inner.endswith(")") else f"(?:{inner})")
            glued = len(parts) > 1 or (at + 1 < len(phrase) and phrase[at + 1] not in " |)")
            if at < len(phrase) and phrase[at] == "?" and glued:
                parts[-1] += "?"
                at += 1
        elif char == "?":
            at += 1
            return "".join(parts), True, at
        elif char == "~":
            parts.append(r"[a-zß-ÿ'-]*")
            at += 1
        else:
            parts.append(re.escape(char) if not char.isalnum() else char)
            at += 1
        alone = False
    if alone:
        raise ValueError(f"an empty word in {phrase!r}")
    return "".join(parts), False, at


def _joined(items: Sequence[tuple[str, bool, int | None]], phrase: str) -> str:
    if not items or items[0][2] is not None:
        raise ValueError(f"a phrase begins with a word: {phrase!r}")
    pattern, begun = "", False
    for at, (word, optional, gap) in enumerate(items):
        if gap is not None:
            least = "" if at == len(items) - 1 else "?"
            pattern += f"(?:{_SPACE}{_GAP_WORD}){{0,{gap}}}{least}"
        elif optional:
            pattern += f"(?:{_SPACE}{word})?" if begun else f"(?:{word}{_SPACE})?"
        else:
            pattern += (_SPACE if begun else "") + word
            begun = True
    if not begun:
        raise ValueError(f"every word may be missing in {phrase!r}")
    return pattern


# Rules


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
    severity: Severity | None = None
    """``None`` leaves it to the check."""
    unless: tuple[str, ...] = ()
    """RE2 patterns; where one of them covers the words, they are not held against the text."""
    fix: Mapping[str, str] | str | None = None
    """Word → word, or ``delete`` (the words), or ``delete sentence`` (when it says nothing else)."""
    flagged: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _finder(self) -> Any:
        return _compile("|".join(self.patterns))

    @cached_property
    def _excuse(self) -> Any:
        return _compile("|".join(self.unless)) if self.unless else None

    def find(self, folded: Folded) -> tuple[tuple[int, int], ...]:
        """Where the rule's words stand in the folded text, excused ones left out."""
        return tuple(self.places(folded))

    def places(self, folded: Folded) -> Iterator[tuple[int, int]]:
        """The same, each looked for when it is asked for."""
        excused: tuple[tuple[int, int], ...] | None = None if self._excuse is not None else ()
        for start, end in _located(self._finder, folded):
            if excused is None:
                excused = tuple(_located(self._excuse, folded))
            if not excused or not any(s <= start and end <= e for s, e in excused):
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


def _options() -> Any:
    options = re2.Options()
    options.max_mem = 64 << 20
    options.log_errors = False
    return options


_OPTIONS = _options()
_UNANCHORED = re2._re2.RE2.Anchor.UNANCHORED


@lru_cache(maxsize=4096)
def _compile(pattern: str) -> Any:
    """The compiled pattern; RE2's own cache holds too few."""
    return re2._Regexp(pattern, _OPTIONS)


def forget_patterns() -> None:
    """Let go of compiled patterns that no rule in use holds."""
    _compile.cache_clear()


def _located(pattern: Any, folded: Folded) -> Iterator[tuple[int, int]]:
    """Matches that begin and end at the edges of words, as offsets into the folded text."""
    text, data = folded.text, folded.data
    length = len(data)
    plain = length == len(text)
    find = pattern._regexp.Match  # the wrapper's own match object costs more than the search
    position = 0
    while position <= length:
        start, end = find(_UNANCHORED, data, position, length)[0]
        if start < 0:
            return
        at = (start, end) if plain else (len(data[:start].decode()), len(data[:end].decode()))
        if _at_edges(text, *at):
            yield at
            position = end
        else:
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


_HAS_GAP = re.compile(r"\{0,\d+\}")


class RuleSet:
    """The rules of one language, compiled into one gate.

    Phrases without gaps stand in one RE2 set. Gaps would multiply the set's states, so phrases with gaps stand behind
    RE2's own filter: a second set of the words that they cannot do without, and only those that may match are tried.
    """

    def __init__(self, rules: Sequence[Rule], digest: str = "") -> None:
        self.rules = tuple(rules)
        self.digest = digest
        """sha256 of the rule files."""
        self._plain: list[int] = []
        self._gapped: list[int] = []
        self._set = re2.Set.SearchSet(_OPTIONS)
        self._filter = re2.Filter()
        for index, rule in enumerate(self.rules):
            for pattern in rule.patterns:
                if _HAS_GAP.search(pattern):
                    self._filter.Add(pattern, _OPTIONS)
                    self._gapped.append(index)
                else:
                    self._set.Add(pattern)
                    self._plain.append(index)
        if self._plain:
            self._set.Compile()
        if self._gapped:
            self._filter.Compile()

    @classmethod
    def load(cls, folder: Path) -> RuleSet:
        """Read every rule file of a folder; its name is the language.

        Raises: ``RuleInvalid`` naming the file and the reason.
        """
        return load_rules(folder)

    def gate(self, folded: Folded) -> list[Rule]:
        """The rules that may match; edges of words outside ASCII and exceptions are not looked at yet."""
        if not folded.text:
            return []
        data = folded.data
        found: set[int] = set()
        if self._plain:
            found.update([self._plain[at] for at in self._set.Match(data) or ()])
        if self._gapped:
            found.update([self._gapped[at] for at in self._filter.Match(data, False) or ()])
        return [self.rules[index] for index in sorted(found)]

    def scan(self, folded: Folded) -> tuple[Hit, ...]:
        """Every place that a rule is about, in the order of the text."""
        hits = [Hit(rule, folded.span(*at)) for rule in self.gate(folded) for at in rule.find(folded)]
        hits.sort(key=lambda hit: (hit.span.start, -hit.span.end))
        return tuple(hits)


_FIELDS = {"message", "why", "severity", "any_of", "patterns", "unless", "fix", "flagged", "passed", "fixed", "check"}
_WORDS_FILE = "_words.yml"


@lru_cache(maxsize=32)
def load_rules(folder: Path) -> RuleSet:
    """The rules of a folder, read once a process. Raises: ``RuleInvalid``."""
    return read_rules(folder)


def digest_of(folder: Path) -> str:
    """sha256 over the names and bytes of a folder's rule files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yml")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def read_rules(folder: Path) -> RuleSet:
    """The rules of a folder, read anew. Raises: ``RuleInvalid``."""
    words: Mapping[str, str] = {}
    rules: list[Rule] = []
    for path in sorted(folder.rglob("*.yml")):
        content = _read(path, path.read_bytes())
        if path.name == _WORDS_FILE:
            words = {name: "|".join(entry) for name, entry in content.items()}
            continue
        rules.append(rule_of(content, name=path.stem, check=path.parent.name, language=folder.name, words=words))
    return RuleSet(rules, digest_of(folder))


def _read(path: Path, data: bytes) -> dict[str, Any]:
    import yaml

    try:
        content = yaml.load(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe
    except yaml.YAMLError as exc:
        raise RuleInvalid(f"{path.name}: not YAML: {' '.join(str(exc).split())}") from exc
    if not isinstance(content, dict):
        raise RuleInvalid(f"{path.name}: a rule file is a mapping of fields")
    return content


def rule_of(
    content: Mapping[str, Any], *, name: str, check: str, language: str, words: Mapping[str, str] | None = None
) -> Rule:
    """One rule from the fields of its file.

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
    patterns = _compiled(name, content, "any_of", words or {})
    if not patterns:
        raise RuleInvalid(f"{name}: any_of holds no phrase")
    unless = _compiled(name, content, "unless", words or {})
    _proved(name, patterns)
    _proved(name, unless)
    fix = content.get("fix")
    if isinstance(fix, dict):
        fix = {fold(str(old)).text: str(new) for old, new in fix.items()}
    elif fix not in (None, "delete", "delete sentence"):
        raise RuleInvalid(f"{name}: fix is a mapping of words, 'delete' or 'delete sentence'")
    return Rule(
        id=name,
        check=str(content.get("check", check)),
        language=language,
        message=content["message"].strip(),
        why=content["why"].strip(),
        patterns=patterns,
        severity=None if severity is None else Severity[str(severity).upper()],
        unless=unless,
        fix=fix,
        flagged=_texts(name, content, "flagged"),
        passed=_texts(name, content, "passed"),
        fixed=content.get("fixed") or {},
    )


def _proved(name: str, patterns: tuple[str, ...]) -> None:
    """Make sure that RE2 takes the patterns and that none matches nothing. Raises: ``RuleInvalid``."""
    if not patterns:
        return
    try:
        empty = _compile("|".join(patterns)).search(b"") is not None
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


def _compiled(name: str, content: Mapping[str, Any], key: str, words: Mapping[str, str]) -> tuple[str, ...]:
    entries = content.get(key) or []
    if not isinstance(entries, list):
        raise RuleInvalid(f"{name}: {key} is a list of phrases")
    return tuple(_pattern(name, entry, words) for entry in entries)


_PLAIN_PHRASE = re.compile(r"[a-z0-9(][a-z0-9 '()|?~*<>_/-]*")
"""Phrases that begin and end with ASCII words: RE2's own word edges keep them from matching inside others."""


def _pattern(name: str, entry: object, words: Mapping[str, str]) -> str:
    """The pattern of one entry: a phrase, or ``re:`` with a pattern as it is."""
    try:
        if isinstance(entry, dict) and set(entry) == {"re"}:
            pattern = str(entry["re"])
        elif isinstance(entry, str):
            phrase = fold(entry).text
            pattern = phrase_pattern(phrase, words)
            if pattern.isascii() and _PLAIN_PHRASE.fullmatch(phrase):
                pattern = rf"\b(?:{pattern})\b"
        else:
            raise ValueError(f"an entry is a phrase or re: pattern, not {entry!r}")
    except ValueError as exc:
        raise RuleInvalid(f"{name}: {exc}") from exc
    return pattern


def disagreements(rules: RuleSet) -> Iterator[str]:
    """Each example that its own rule file gets wrong, as a sentence; none is the proof that the rules are sound."""
    for rule in rules.rules:
        if not rule.flagged or not rule.passed:
            yield f"{rule.id}: a rule shows at least one flagged and one passed example"
        for text in rule.flagged:
            if not rule.find(fold(text)):
                yield f"{rule.id}: does not flag {text!r}"
        for text in rule.passed:
            if rule.find(fold(text)):
                yield f"{rule.id}: flags {text!r}"
        for before, after in rule.fixed.items():
            if applied(rule, before) != after:
                yield f"{rule.id}: makes {applied(rule, before)!r} of {before!r}"


def applied(rule: Rule, text: str) -> str:
    """The text after the rule's safe edits."""
    folded = fold(text)
    for start, end in reversed(rule.find(folded)):
        fix = rule.edit(text, folded.span(start, end))
        if fix is not None:
            text = text[: fix.span.start] + fix.text + text[fix.span.end :]
    return text
