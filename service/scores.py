"""How good a draft is, apart from what it must not do: empathy, specificity, plainness; each 0–1 with its evidence.

The formulas stand in the docstrings, their words in ``lexicon/scores.yml``. What the checks have found is taken from
their results, not looked for again. English only: for another language a score that rests on words is ``None``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import re2
import yaml

from service.domain import CheckResult, Context, Outcome, Reason, Score, Scores, Span
from service.facts import Fact, agree, locate
from service.folding import Folded, fold
from service.sentences import sentences
from service.terms import Term, stems, terms

DISMISSIVE: Final = ("only_one", "debate", "sarcasm", "quid_pro_quo", "review_ask")
"""The checks whose findings tell the customer that the problem is small, theirs or funny."""

_UNSURE: Final = Score(None)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NOISE: Final = re.compile(r"https?://\S+|<\w+>|\{\{\w+\}\}|(?<!\w)@\w+")
_NOMINAL: Final = re.compile(r"(?i)\b\w{3,}(?:tions?|ments?|ances?|ences?|ity|ities|isations?|izations?)\b")
_PASSIVE: Final = re.compile(
    r"(?i)\b(?:is|are|was|were|be|been|being|get|gets|got)\s(?:\w+ly\s)?\w{3,}(?:ed|own|iven|aken|ade|ent)\b"
)
_FIGURE: Final = re.compile(r"\d|day|hour|week|month|minute|half|tonight|tomorrow")
_SPOKEN: Final = frozenset("aeiouyl")
"""Letters after which a last e is spoken."""
_VOWELS: Final = re.compile(r"[aeiouy]+")
_LONGEST_WORD: Final = 60

Results = Mapping[str, CheckResult]


@dataclass(frozen=True, slots=True)
class Material:
    """What the scores of a draft are read from; the checks know all of it already."""

    folded: Folded
    sentences: tuple[Span, ...]
    terms: tuple[Term, ...]
    facts: tuple[Fact, ...]
    topic: frozenset[str]
    """The stems of what the complaint names, the brand's own names apart: they say nothing about this one."""
    theirs: tuple[Fact, ...]
    """The facts of the complaint."""

    @classmethod
    def of(cls, text: str, context: Context) -> Material:
        """The same, worked out anew."""
        complaint, brand = context.complaint, context.brand
        return cls(
            folded=fold(text),
            sentences=sentences(text),
            terms=terms(text),
            facts=locate(text, now=context.now),
            topic=stems(complaint.text) - stems(" ".join((*brand.names, brand.name))),
            theirs=locate(complaint.text, now=complaint.posted_at or context.now),
        )


def score(text: str, context: Context, results: tuple[CheckResult, ...], seen: Material | None = None) -> Scores:
    """Score a draft by its text, its context and what the checks said of it; ``seen`` is what they saw."""
    known = {result.check: result for result in results}
    seen = seen or Material.of(text, context)
    english = (context.language or "en") == "en"
    return Scores(
        empathy=_empathy(seen, known) if english and seen.sentences else _UNSURE,
        specificity=_specificity(text, seen) if context.complaint.text.strip() else _UNSURE,
        plainness=_plainness(text, seen.sentences, known, english),
    )


# Empathy

APOLOGY, FELT, EVENT, OWNED, STEP, DISMISSED = 0.35, 0.2, 0.15, 0.2, 0.1, 0.3


def _empathy(seen: Material, known: Results) -> Score:
    """Add up what a customer hears in the reply, and take off what belittles it.

    0.35 an apology (half of it when it is hollow or only sympathy) + 0.2 the feeling or the effort named (half when
    the customer is only heard) + 0.15 this event in the same breath as either + 0.2 responsibility taken + 0.1 a step
    toward repair − 0.3 for each dismissive check that fired; kept within 0–1.
    """
    words = _words()
    why: list[Reason] = []
    total = 0.0
    warm: list[Span] = []
    if (apology := seen.folded.first(words["apology"])) is not None:
        weak = _fired(known, "hollow_apology") or _fired(known, "secondhand")
        total += APOLOGY / 2 if weak else APOLOGY
        warm.append(apology)
        why.append(Reason(apology, "an apology that owns nothing" if weak else "an apology of ours"))
    felt = seen.folded.first(words["felt"])
    heard = felt or seen.folded.first(words["noticed"])
    if heard is not None:
        total += FELT if felt else FELT / 2
        warm.append(heard)
        why.append(Reason(heard, "names what the customer feels or went through" if felt else "hears the customer"))
    if (event := _event(seen, warm)) is not None:
        total += EVENT
        why.append(Reason(event, "says what happened to this customer"))
    if (owned := seen.folded.first(words["owned"])) is not None:
        total += OWNED
        why.append(Reason(owned, "takes responsibility"))
    if (step := seen.folded.first(words["step"])) is not None and not _fired(known, "next_step"):
        total += STEP
        why.append(Reason(step, "a step toward putting it right"))
    for check in DISMISSIVE:
        if _fired(known, check):
            total -= DISMISSED
            why.append(Reason(known[check].findings[0].span, "belittles the complaint"))
    return Score(_within(total), tuple(why))


def _event(seen: Material, warm: list[Span]) -> Span | None:
    """Where a warm sentence, or the one after it, takes up what happened."""
    spans = seen.sentences
    near = [
        other
        for span, after in zip(spans, (*spans[1:], spans[-1]), strict=True)
        if any(span.overlaps(word) for word in warm)
        for other in (span, after)
    ]
    shared = (term.span for term in seen.terms if term.stem in seen.topic)
    return next((span for span in shared if any(span.overlaps(other) for other in near)), None)


# Specificity


TAKEN, OTHER, HALF = 1.0, 0.25, 5.0


def _specificity(text: str, seen: Material) -> Score:
    """How much of this complaint the draft takes up.

    Points: 1 for each different thing of the complaint that the draft names (a word's stem, a fact counts double), 0.25
    for each other concrete thing in it (at most eight count). Value = 1 − 2^(−points / half), where half is 5 points
    for a draft of ordinary length and grows with the root of the length beyond 40 words, so that padding does not pay.
    """
    named: dict[str, Span] = {}
    others: set[str] = set()
    for term in seen.terms:
        if term.stem not in seen.topic:
            others.add(term.stem)
        elif term.stem not in named:
            named[term.stem] = term.span
    facts = tuple(_shared(text, seen))
    points = TAKEN * (len(named) + 2 * len(facts)) + OTHER * min(len(others), 8)
    half = HALF * math.sqrt(max(1.0, len(text.split()) / 40))
    why = [Reason(span, "a thing that the complaint names") for span in named.values()]
    why += [Reason(span, "a fact of the complaint") for span in facts]
    return Score(_within(1 - 2 ** (-points / half)), tuple(sorted(why, key=lambda reason: reason.span)))


def _shared(text: str, seen: Material) -> Iterator[Span]:
    """The facts of the complaint that the draft repeats, in sentences with a figure or a day."""
    for fact in seen.facts:
        if any(agree(fact, other) for other in seen.theirs) and any(
            _FIGURE.search(span.of(text)) for span in seen.sentences if span.overlaps(fact.span)
        ):
            yield fact.span


# Plainness


def _plainness(text: str, spans: tuple[Span, ...], known: Results, english: bool) -> Score:
    """One, less what makes prose sound like an institution; ``None`` when there are no words or no rules for them.

    Taken off: 2 × the share of words inside ``corporate_speak`` findings, and 0.1 for each of them; in English also the
    share of abstract nouns beyond 6 % (× 1.5), 0.15 × passives a sentence, and 0.03 for each Flesch–Kincaid grade
    beyond 8 (at most 0.3).
    """
    noisy = "@" in text or "<" in text or "{{" in text or "://" in text
    words = _WORD.findall(_NOISE.sub(" ", text) if noisy else text)
    stock = known.get("corporate_speak")
    if not words or not spans or (stock is not None and stock.outcome is Outcome.NOT_RUN):
        return _UNSURE
    why: list[Reason] = []
    lost = 0.0
    for finding in stock.findings if stock else ():
        lost += 0.1 + 2 * len(_WORD.findall(finding.span.of(text))) / len(words)
        why.append(Reason(finding.span, "a stock phrase"))
    if english:
        nominal = [Span(*match.span()) for match in _NOMINAL.finditer(text)]
        passive = [Span(*match.span()) for match in _PASSIVE.finditer(text)]
        lost += 1.5 * max(0.0, len(nominal) / len(words) - 0.06) + 0.15 * len(passive) / len(spans)
        why += [Reason(span, "an abstract noun") for span in nominal if len(nominal) / len(words) > 0.06]
        why += [Reason(span, "nobody acts here") for span in passive]
        grade = _grade(words, len(spans))
        if grade > 8:
            lost += min(0.3, 0.03 * (grade - 8))
            why.append(Reason(max(spans, key=lambda span: span.end - span.start), f"reads at grade {grade:.0f}"))
    return Score(_within(1 - lost), tuple(why))


def _grade(words: list[str], sentence_count: int) -> float:
    """Flesch–Kincaid grade; syllables are runs of vowels, a silent final e aside."""
    syllables = max(len(words), sum(map(_syllables, words)))
    return 0.39 * len(words) / sentence_count + 11.8 * syllables / len(words) - 15.59


@lru_cache(maxsize=8192)
def _syllables(word: str) -> int:
    low = word.lower()[-_LONGEST_WORD:]  # a run of thousands of letters is no word, and would take seconds
    silent = low.endswith("e") and low[-2:-1] not in _SPOKEN and _VOWELS.search(low[:-2]) is not None
    return len(_VOWELS.findall(low)) - silent


# Words


@cache
def _words() -> Mapping[str, Any]:
    raw = yaml.load(
        Path(__file__).with_name("lexicon").joinpath("scores.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return {part: re2.compile(rf"\b(?:{'|'.join(forms)})\b") for part, forms in raw.items()}


def _fired(known: Results, check: str) -> bool:
    return check in known and bool(known[check].findings)


def _within(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 3)
