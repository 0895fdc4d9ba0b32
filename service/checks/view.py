"""What a check looks at: a draft together with all that its context proves, each thing worked out once."""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from service.checks.known import Known
from service.definitions import rule_severities_for, severities_for
from service.domain import (
    PRIVATE_CHANNELS,
    BrandRule,
    CheckResult,
    Context,
    Draft,
    Finding,
    Fix,
    Outcome,
    Severity,
    Span,
    StatedFact,
)
from service.errors import CannotTell
from service.folding import Folded, fold, smooth
from service.language import detect
from service.rules import RULES, Hit, Rule, RuleSet, compiled, load_rules
from service.sentences import sentences

if TYPE_CHECKING:
    from service.facts import Fact
    from service.privacy import Personal
    from service.terms import Term

if TYPE_CHECKING:
    from service.checks.promises import Promises, Record

LANGUAGES = frozenset(folder.name for folder in RULES.iterdir() if folder.is_dir())
"""Languages that there are wording rules for, ISO 639-1."""

_QUOTED = re.compile(r'"([^"\n]{2,})"|(?<![\w])\'([^\'\n]{2,})\'(?![\w])')
_SPACES = re.compile(r"\s+")


_SENTENCE_END = re.compile(r"[\n.!?;]+")
_LEAST_GUARDED = 24
"""A guarded line shorter than this may be anybody's words."""


def _guarded_lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Lines as a draft would show them; those that anybody may say by chance left out."""
    folded = map(_guarded_line, lines)
    return tuple([f for f in folded if f and (len(f) >= _LEAST_GUARDED or f.startswith("amends-"))])


@lru_cache(maxsize=1024)
def _guarded_line(line: str) -> str:
    return _SPACES.sub(" ", fold(line).text).strip(" .-*#")


@lru_cache(maxsize=64)
def rules_of(language: str) -> RuleSet:
    """The wording rules of a language; empty for one that has none. Raises: ``RuleInvalid``."""
    return load_rules(RULES / language) if language in LANGUAGES else _NO_RULES


@lru_cache(maxsize=64)
def families_of(language: str) -> frozenset[str]:
    """The families that there are rules of in a language."""
    return frozenset(rule.check for rule in rules_of(language).rules)


_NO_RULES = RuleSet(())
_EVERYWHERE = frozenset({"leak", "leftovers", "sarcasm"})
"""Families whose English words are out of place in a draft of any language."""


@lru_cache(maxsize=256)
def added(own: tuple[BrandRule, ...]) -> RuleSet:
    """The rules that a brand adds to ours. Raises: ``RuleInvalid``."""
    return RuleSet([rule for each in own if (rule := compiled(each)) is not None])


class Evidence:
    """What a context proves, worked out once a request and shared by the views of all its drafts."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._said: dict[str, bool] = {}
        self._last: View | None = None

    @classmethod
    def of(cls, context: Context) -> Evidence:
        """The evidence of a context; nothing is worked out before it is asked for."""
        return cls(context)

    def view(self, draft: Draft, context: Context | None = None) -> View:
        """The draft seen by this evidence, and by a context that may differ from its own in the siblings.

        What was worked out of a text stays while the next one is the same: a draft that comes in pieces is looked at
        before it is whole.
        """
        seen = context or self.context
        if self._last is not None and self._last.text == draft.text:
            view = copy(self._last)
            view.draft, view.context = draft, seen
        else:
            view = View(draft, seen, self)
        self._last = view
        return view

    @cached_property
    def public(self) -> bool:
        """Whether the draft will stand where others can read it."""
        complaint = self.context.complaint
        return complaint.public and complaint.channel not in PRIVATE_CHANNELS

    @cached_property
    def language(self) -> str:
        """The language whose wording rules judge the drafts."""
        return self.context.language or "en"

    @cached_property
    def customer_words(self) -> str:
        """All that the customer wrote in this thread, folded, its white space made one."""
        complaint = self.context.complaint
        said = [complaint.text, *(m.text for m in complaint.thread if m.sender == "customer")]
        return _SPACES.sub(" ", "\n".join(fold(text).text for text in said))

    def customer_said(self, family: str) -> bool:
        """Whether the customer's own words touch a family of rules."""
        known = self._said.get(family)
        if known is None:
            folded = Folded(self.customer_words, self.customer_words)
            rules = [rule for rule in rules_of(self.language).gate(folded) if rule.check == family]
            known = self._said[family] = any(rule.find(folded) for rule in rules)
        return known

    @cached_property
    def complaint_facts(self) -> tuple[Fact, ...]:
        """The concrete facts of the complaint."""
        return self.known.complaint_facts

    @cached_property
    def complaint_terms(self) -> tuple[Term, ...]:
        """The concrete words of the complaint."""
        from service.terms import terms

        return terms(self.context.complaint.text)

    @cached_property
    def known(self) -> Known:
        """Every fact and word that a draft may rely on."""
        return Known(self.context)

    @cached_property
    def actions(self) -> tuple[Record, ...]:
        """What was already done for this customer."""
        from service.checks.promises import records_of

        return records_of(self.context, self.context.actions)

    @cached_property
    def grievances(self) -> tuple[Record, ...]:
        """What the customer says was done."""
        from service.checks.promises import records_of

        return records_of(self.context, (self.customer_words,), said=True)

    @cached_property
    def incidents(self) -> tuple[Record, ...]:
        """What the known incidents say was done."""
        from service.checks.promises import records_of

        return records_of(self.context, self.context.incidents)

    @cached_property
    def topic(self) -> frozenset[str]:
        """The stems of what the customer complains about, the brand's own name apart."""
        from service.checks.specific import topic_of

        complaint, brand = self.context.complaint, self.context.brand
        said = (complaint.text, *(message.text for message in complaint.thread if message.sender == "customer"))
        return topic_of(said, f"{brand.name} {complaint.author.name or ''}")

    @cached_property
    def families(self) -> frozenset[str]:
        """The families that there are rules of in the language of the drafts."""
        return families_of(self.language)

    @cached_property
    def guarded(self) -> tuple[str, ...]:
        """The lines that no draft may show, folded: the instructions, the canary, sentences of the agent's notes."""
        notes = [line for line in _SENTENCE_END.split(self.context.notes) if len(line) >= 2 * _LEAST_GUARDED]
        return _guarded_lines((*self.context.guarded, *notes))

    @cached_property
    def passed(self) -> Mapping[str, CheckResult]:
        """Check id → its result when it notices nothing."""
        return {
            check: CheckResult(check=check, outcome=Outcome.PASSED, severity=severity)
            for check, severity in self.severities.items()
        }

    @cached_property
    def named(self) -> frozenset[str]:
        """The stems of what the complaint names, every name of the brand apart."""
        from service.terms import stems

        brand = self.context.brand
        return frozenset([term.stem for term in self.complaint_terms]) - stems(" ".join((*brand.names, brand.name)))

    @cached_property
    def rule_severities(self) -> Mapping[str, Severity]:
        """``family/name`` of a rule → what its findings weigh for this brand, where the brand says so."""
        return rule_severities_for(self.context.brand.voice)

    @cached_property
    def severities(self) -> Mapping[str, Severity]:
        """Check id → what its findings weigh for this brand."""
        return severities_for(self.context.brand.voice)


class View:
    """One draft, seen with its context."""

    def __init__(self, draft: Draft, context: Context, evidence: Evidence | None = None) -> None:
        self.draft = draft
        self.smooth = smooth(draft.text)
        self.text = self.smooth.text
        """The draft as it reads, which every check looks at; findings point into the draft as it was written."""
        self.context = context
        self.evidence = evidence or Evidence(context)
        self._hits: dict[str, tuple[Hit, ...]] = {}

    @cached_property
    def folded(self) -> Folded:
        """The text in its folded spelling."""
        return fold(self.text)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences of the text."""
        return sentences(self.text)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The concrete facts of the text."""
        from service.facts import locate

        return locate(self.text, now=self.context.now, language=self.context.language, personal=self.personal)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The concrete words of the text."""
        from service.terms import terms

        return terms(self.text)

    @cached_property
    def personal(self) -> tuple[Personal, ...]:
        """The personal data of the text."""
        from service.privacy import find

        return find(self.text)

    @cached_property
    def quoted(self) -> tuple[Span, ...]:
        """Words between quotation marks that the customer wrote."""
        folded = self.folded
        if '"' not in folded.text and " '" not in folded.text and folded.text[:1] != "'":
            return ()
        spans = []
        for match in _QUOTED.finditer(folded.text):
            said = _SPACES.sub(" ", match.group(1) or match.group(2)).strip(" .,!?")
            if said and said in self.evidence.customer_words:
                spans.append(folded.span(match.start(), match.end()))
        return tuple(spans)

    @cached_property
    def promised(self) -> Promises:
        """What the text binds the brand to, judged by the context."""
        from service.checks.promises import read_promises

        return read_promises(self)

    @cached_property
    def stated(self) -> tuple[StatedFact, ...]:
        """The concrete facts of the text with where they come from."""
        from service.checks.grounding import stated

        return tuple(stated(self))

    @cached_property
    def _matched(self) -> Mapping[str, tuple[Rule, ...]]:
        matched: dict[str, list[Rule]] = {}
        own = self.context.brand.voice.rules
        # A draft in another language than the one asked for is stopped by `language`, and its words are judged too.
        languages = dict.fromkeys((self.evidence.language, detect(self.text) or self.evidence.language))
        found = [rules_of(language).gate(self.folded) for language in languages]
        if "en" not in languages:
            found.append([rule for rule in rules_of("en").gate(self.folded) if rule.check in _EVERYWHERE])
        if own:
            found.append(added(own).gate(self.folded))
        for rule in chain.from_iterable(found):
            matched.setdefault(rule.check, []).append(rule)
        return {check: tuple(rules) for check, rules in matched.items()}

    def must_know(self, family: str) -> None:
        """Make sure that there are rules of a family in the draft's language. Raises: ``CannotTell``."""
        if family not in self.evidence.families:
            raise CannotTell(f"There are no wording rules for the language {self.evidence.language!r} yet.")

    def touched(self, check: str) -> bool:
        """Whether any rule of the family may match: no place is looked up."""
        return check in self._matched

    def holds(self, check: str) -> bool:
        """Whether the rules of a family are about any place: no more are looked for than that takes."""
        return next(self.each(check), None) is not None

    def each(self, check: str) -> Iterator[Hit]:
        """The same places as ``hits``, rule by rule, each looked for when it is asked for."""
        known = self._hits.get(check)
        return iter(known) if known is not None else self._located(self._matched.get(check, ()), check)

    def ordered(self, *checks: str) -> Iterator[Hit]:
        """The places of several families in the order of the text, each looked for when it is asked for."""
        found = [self._located((rule,), check) for check in checks for rule in self._matched.get(check, ())]
        return found[0] if len(found) == 1 else heapq.merge(*found, key=_place)

    def hits(self, check: str) -> tuple[Hit, ...]:
        """The places that the rules of one family are about, words quoted from the customer left out."""
        rules = self._matched.get(check)
        if rules is None:
            return ()
        known = self._hits.get(check)
        if known is None:
            found = sorted(self._located(rules, check), key=_place)
            known = self._hits[check] = tuple(found)
        return known

    def _located(self, rules: tuple[Rule, ...], check: str) -> Iterator[Hit]:
        folded = self.folded
        for rule in rules:
            for start, end in rule.places(folded):
                span = folded.span(start, end)
                if check in HELD_EVEN_IN_QUOTES or not any(covers(quote, span) for quote in self.quoted):
                    yield Hit(rule, span)

    def _weight(self, check: str, rule: Rule) -> Severity | None:
        """What a rule's finding weighs where that differs from its check."""
        chosen = self.evidence.rule_severities.get(f"{rule.check}/{rule.id}")
        if chosen is not None or check in self.context.brand.voice.severities:
            return chosen
        return rule.severity

    def written(self, span: Span) -> Span:
        """Where words of the text stand in the draft as it was written."""
        return self.smooth.span(span.start, span.end)

    def severity(self, check: str) -> Severity:
        """What the findings of a check weigh for this brand."""
        return self.evidence.severities[check]

    def finding(
        self,
        check: str,
        message: str,
        span: Span,
        *,
        rule: str = "",
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """A finding of a check at a span of the text."""
        placed = self.written(span)
        return Finding(
            check=check,
            severity=self.severity(check) if severity is None else severity,
            message=message,
            span=placed,
            rule=rule or check,
            quote=placed.of(self.draft.text),
            fix=None if fix is None else Fix(self.written(fix.span), fix.text),
        )

    def findings(self, check: str, family: str = "") -> Iterator[Finding]:
        """One finding for each place that the rules of a family (the check's own by default) are about."""
        if (family or check) not in self._matched:
            return
        end = -1
        for hit in self.hits(family or check):
            if hit.span.start < end:
                continue
            end = hit.span.end
            yield self.finding(
                check,
                hit.rule.message,
                hit.span,
                rule=hit.rule.id,
                severity=self._weight(check, hit.rule),
                fix=hit.rule.edit(self.text, hit.span),
            )


def _place(hit: Hit) -> tuple[int, int]:
    return hit.span.start, -hit.span.end


HELD_EVEN_IN_QUOTES = frozenset({"abuse", "privacy"})
"""Families that do not care who said the words first."""

Check = Callable[[View], Iterator[Finding]]
"""A check: what it noticed in one view; ``CannotTell`` when it has nothing to judge by."""


def covers(outer: Span, inner: Span) -> bool:
    """Whether one span lies wholly inside another."""
    return outer.start <= inner.start and inner.end <= outer.end
