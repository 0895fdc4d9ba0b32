"""Finds what a draft binds the brand to: promises, offers, guarantees, and claims that something is already done."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from service.checks.view import View
from service.checks.vocabulary import FINITE, SIGNS, Verb, Vocabulary
from service.domain import Span

VALUE: Final = frozenset({"refund", "credit", "replacement"})
"""Kinds of promises that cost something: only the policy's offers allow them."""
ANSWERS: Final = frozenset({"check", "reply"})
"""Kinds that only cost attention: always allowed, within the longest wait."""


THEIRS: Final = frozenset({"get", "have"})
"""Kinds of verbs whose subject is the customer."""


class Found(NamedTuple):
    """One promise, guarantee or claim, and its words."""

    kind: str
    """A kind of ``Commitment``, or ``guarantee``."""
    span: Span
    verb: str = ""
    """The word of a claim that says what is done."""
    words: tuple[str, ...] = ()
    """The folded words of a claim."""
    groups: frozenset[str] = frozenset()
    """The groups of done things that a claim speaks of."""
    plain: bool = False
    """Whether a claim may also say what went wrong: "we sent", "was cancelled", and not "we have sent"."""


class _Event(NamedTuple):
    """Something that begins at a word: what it is, what says so, and where the next search begins."""

    role: str
    """``promise``, ``gift``, ``claim``, ``guarantee``; ``none`` only ends what stands before it."""
    start: int
    head: int
    verb_at: int
    verb: Verb
    form: str
    after: int
    denied: bool = False
    able: bool = False
    plain: bool = False


_NO_VERB: Final = Verb("", "")
_FORM_OF: Final = {
    "do": "do", "able": "do", "let": "do", "you": "do", "managed": "do",
    "doing": "doing", "be": "done", "did": "done", "done": "done", "been": "done", "not": "do",
}  # fmt: skip
"""Role of a head → the form of the verb that it leads to."""
_CLAIMS: Final = frozenset({"did", "done", "been", "managed"})
_GIFTED: Final = frozenset({"gift", "grant", "offer", "treat"})
_LOOKED_BACK: Final = 4
"""How many words stand between a gift and the word that it is on its way."""
_NAMED_AFTER: Final = 6
"""Within how many words a gift is named after the words that grant it."""


def find(view: View, vocabulary: Vocabulary) -> list[Found]:
    """The commitments of a draft in one language, in the order of the text; words quoted from the customer left out."""
    folded = view.folded
    found: list[Found] = []
    for sentence in view.sentences:
        start, end = folded.at(sentence.start), folded.at(sentence.end)
        words = vocabulary.tokens.findall(folded.text, start, end)
        if not vocabulary.telling.isdisjoint(words) and not vocabulary.starters.isdisjoint(words):
            found += _Sentence(view, vocabulary, words, start, end).found()
    if found and view.quoted:
        return [one for one in found if not any(quote.start <= one.span.start < quote.end for quote in view.quoted)]
    return found


class _Sentence:
    """One sentence, word by word, in one language."""

    def __init__(self, view: View, vocabulary: Vocabulary, words: list[str], start: int, end: int) -> None:
        self.view = view
        self.vocabulary = vocabulary
        self.words = words
        self.last = len(words)
        self.start = start
        self.end = end
        self.events: list[_Event] = []
        """Everything that begins a promise or a claim, in order, as far as it was read."""

    # Places

    def clause_start(self, at: int) -> int:
        """Where the clause around a word begins: after a sign."""
        start = at
        while start and self.words[start - 1] not in SIGNS:
            start -= 1
        return start

    def clause_end(self, at: int) -> int:
        """Where the clause around a word ends: at a sign, or at "and" before a subject."""
        words, known = self.words, self.vocabulary.words
        for index in range(at, self.last):
            if words[index] in SIGNS:
                return index
            joined = index > at and words[index] in known["joining"]
            if joined and not known["subjects"].isdisjoint(words[index + 1 : index + 2]):
                return index
        return self.last

    @cached_property
    def starts(self) -> list[int]:
        """Where each word stands in the folded text."""
        text, at = self.view.folded.text, self.start
        starts = []
        for word in self.words:
            at = text.index(word, at)  # only signs stand between a word and the next
            starts.append(at)
            at += len(word)
        return starts

    def span(self, start: int, end: int) -> Span:
        """The words from one to before another, closing signs and joining words left out."""
        words, joining = self.words, self.vocabulary.words["joining"]
        while end > start + 1 and (words[end - 1] in SIGNS or words[end - 1] in joining):
            end -= 1
        begin = self.starts[start]
        stop = self.starts[end] if end < self.last else self.end
        text = self.view.folded.text[begin:stop].rstrip(" \n,;.!?-—–(")
        return self.view.folded.span(begin, begin + len(text))

    # Events

    def read(self) -> list[_Event]:
        """Read on to the end."""
        events, words, vocabulary = self.events, self.words, self.vocabulary
        starters, heads, forms = vocabulary.starters, vocabulary.heads, vocabulary.forms
        past = 0
        for at, word in enumerate(words):
            if word not in starters or at < past:
                continue
            event = None
            branch = heads.get(word)
            if branch is not None:
                follows = words[at + 1] if at + 1 < self.last else ""
                # Most words that could begin something begin nothing: the next word tells.
                if "" in branch or follows in branch or "*" in branch:
                    hit = vocabulary.walk(heads, words, at, self.last)
                    event = self._headed(hit[0], at, hit[1]) if hit else None
            if event is None and (known := forms.get(word)) and not FINITE.isdisjoint(known):
                event = self._finite(at)
            if event is not None and not self._repeats(event):
                events.append(event)
                past = event.after
        return events

    def _repeats(self, event: _Event) -> bool:
        """Whether an event belongs to the one before: a gift named inside a promise, a claim's second auxiliary."""
        if not self.events:
            return False
        before = self.events[-1]
        if event.role == "gift":
            between = self.words[before.head : event.start]
            apart = not SIGNS.isdisjoint(between) or not self.vocabulary.words["joining"].isdisjoint(between)
            return bool(before.verb.kind) and (before.role == "promise" or (before.role == "claim" and not apart))
        return event.role == "claim" and before.verb_at == event.verb_at

    def _headed(self, role: str, at: int, after: int) -> _Event | None:
        """What a head that ends before ``after`` makes of the words that follow it."""
        if role == "never":
            return _Event("guarantee", at, at, at, _NO_VERB, "", after)
        if role == "none":
            return _Event("none", at, at, at, _NO_VERB, "", after)
        if role == "mine":
            return _Event("promise", at, at, at, Verb("check", ""), "", after)
        if role == "yours":
            return _Event("promise", at, at, after - 1, Verb("get", ""), "finite", after)
        if role == "coming":
            return self._coming(at, after)
        if role == "closing":
            return self._closing(at)
        if role in _GIFTED:
            return self._gifted(role, at, after)
        verb_at, verb, denied = self._verb(_FORM_OF[role], after)
        if verb is None and role == "not":
            verb_at, verb, denied = self._verb("done", after)
        if verb is None and role in _CLAIMS and self.vocabulary.far:
            return self._closing(at)
        if verb is None:
            # "We'll make sure you get …": the words passed over hold the verb.
            verb_at, verb = after, self._form(after, _FORM_OF[role])
            if verb is None or role in _CLAIMS:
                if role == "be":
                    return self._coming(at, after)
                if role != "do" or after >= self.last or self.vocabulary.far:
                    return None
                verb = _NO_VERB  # A verb that we do not know may be followed by one that we do.
        form = "done" if role in ("be", *_CLAIMS) and role != "managed" else _FORM_OF[role]
        if role in _CLAIMS:
            return self._claim(role, at, verb_at, verb, form, denied)
        if role == "you" and verb.kind not in THEIRS and not self._is_ours(at, at):
            return None
        start = self._begin(at) if role == "be" else self._own_start(at)
        if role == "you" and verb.kind not in THEIRS:
            start = self._begin(at)
        denied = denied or role == "not" or self._denied_before(at)
        return _Event("promise", start, at, verb_at, verb, form, verb_at + 1, denied, role == "able")

    def _form(self, at: int, form: str) -> Verb | None:
        return self.vocabulary.forms.get(self.words[at], {}).get(form) if at < self.last else None

    def _verb(self, form: str, at: int) -> tuple[int, Verb | None, bool]:
        """The verb of a form that a head leads to, and whether it is denied on the way."""
        vocabulary, words = self.vocabulary, self.words
        forms, negations = vocabulary.forms, vocabulary.words["negations"]
        denied = False
        if vocabulary.far:
            return self._far_verb(form, at)
        while at < self.last:
            skipped = vocabulary.walk(vocabulary.skips, words, at, self.last)
            known = forms.get(words[at])
            if known and form in known and not (skipped and skipped[1] > at + 1):
                return at, known[form], denied
            if skipped is None:
                break
            denied = denied or not negations.isdisjoint(words[at : skipped[1]])
            at = skipped[1]
        return at, None, denied

    def _far_verb(self, form: str, at: int) -> tuple[int, Verb | None, bool]:
        """The verb at the end of its clause; a comma before it is passed over once."""
        words, forms = self.words, self.vocabulary.forms
        negations = self.vocabulary.words["negations"]
        for index in range(at, self.last):
            word = words[index]
            if word in SIGNS and word != ",":
                break
            if index > at and word in self.vocabulary.starters and self.vocabulary.walk(
                self.vocabulary.heads, words, index, self.last
            ):  # fmt: skip
                break
            known = forms.get(word)
            if known and form in known:
                return index, known[form], not negations.isdisjoint(words[at:index])
        return at, None, False

    def _coming(self, at: int, after: int) -> _Event | None:
        """A gift just before the words, on its way."""
        vocabulary, words = self.vocabulary, self.words
        first = self.clause_start(at)
        for start in range(max(at - _LOOKED_BACK, first), at):
            if words[start] in vocabulary.gifts and vocabulary.walk(vocabulary.gifts, words, start, at):
                if not vocabulary.words["negations"].isdisjoint(words[first:start]):
                    return None
                return _Event("gift", start, at, start, _NO_VERB, "", after)
        return None

    def _gifted(self, role: str, at: int, after: int) -> _Event | None:
        """A gift that is named after the words."""
        vocabulary, words = self.vocabulary, self.words
        if role == "treat":
            sorry = not vocabulary.words["sorry"].isdisjoint(words)
            owning = after < self.last and words[after] in vocabulary.words["that"]
            return None if sorry or owning else _Event("gift", at, at, at, Verb("credit", ""), "", after)
        stop = self.last if role == "offer" else min(self.clause_end(after), after + _NAMED_AFTER)
        kind = vocabulary.gift(words, at if role == "gift" else after, stop)
        if not kind and role == "grant" and self._sum_between(after, stop):
            kind = "credit"
        return _Event("gift" if role == "gift" else "promise", at, at, at, Verb(kind, ""), "", after) if kind else None

    def _sum_between(self, start: int, end: int) -> bool:
        span = self.span(start, end) if start < end else None
        return span is not None and any(fact.kind == "amount" and fact.span.overlaps(span) for fact in self.view.facts)

    def _claim(self, role: str, at: int, verb_at: int, verb: Verb, form: str, denied: bool) -> _Event | None:
        if denied or not (verb.group or verb.kind == "light") or self._denied_before(at):
            return None
        plain = role in ("did", "been")
        start = self._own_start(at) if role != "been" else self._begin(at)
        return _Event("claim", start, at, verb_at, verb, form, verb_at + 1, plain=plain)

    def _closing(self, at: int) -> _Event | None:
        """A claim whose participle stands right before the words: "dass wir Ihnen 20 € erstattet haben"."""
        verb = self.vocabulary.forms.get(self.words[at - 1], {}).get("done") if at else None
        start = self.clause_start(at)
        if verb is None or not self.vocabulary.words["negations"].isdisjoint(self.words[start:at]):
            return None
        return self._claim("been", at - 1, at - 1, verb, "done", denied=False)

    def _begin(self, at: int) -> int:
        """Where the subject of a passive begins: after a sign or a joining word."""
        first = self.clause_start(at)
        joining = self.vocabulary.words["joining"]
        start = at
        while start > first and self.words[start - 1] not in joining:
            start -= 1
        return start

    def _denied_before(self, at: int) -> bool:
        """Whether the words just before a verb deny it: "no podemos", "nous ne vous facturerons plus"."""
        vocabulary, words = self.vocabulary, self.words
        negations = vocabulary.words["negations"]
        while at:
            at -= 1
            if words[at] in negations:
                return True
            if words[at] not in vocabulary.skips and words[at] not in vocabulary.words["reflexives"]:
                return False
        return False

    # Verbs that are a sentence's own

    def _finite(self, at: int) -> _Event | None:
        """What a finite verb promises or claims, by its own form and by who does it."""
        vocabulary, words = self.vocabulary, self.words
        forms = vocabulary.forms[words[at]]
        start = self._own_start(at)
        if vocabulary.far:
            denied = not vocabulary.words["negations"].isdisjoint(words[at : self._stop(at)])
        else:
            denied = self._denied_before(at)
        if "did" in forms and self._is_past(forms, at):
            verb = forms["did"]
            return None if denied else _Event("claim", start, at, at, verb, "did", at + 1, plain=True)
        for form in ("will", "now"):
            if form in forms and forms[form].kind not in THEIRS:
                return _Event("promise", start, at, at, forms[form], form, at + 1, denied)
        if "finite" in forms and self._spoken_by(at, start):
            verb = forms["finite"]
            first = self.clause_start(at)
            start = first if words[first] in vocabulary.words["that"] else start
            if vocabulary.particles:
                closing = words[self._stop(at) - 1]
                verb = vocabulary.particles.get((words[at], closing), verb)
            return _Event("promise", start, at, at, verb, "finite", at + 1, denied)
        if self._is_ours(at, start):
            start = self._begin(start)
        if "theirs" in forms:
            return self._others(at, start, forms["theirs"], denied)
        if "past" in forms and not denied and self._is_ours(at, start):
            return _Event("claim", start, at, at, forms["past"], "past", at + 1, plain=True)
        return None

    def _is_ours(self, at: int, start: int) -> bool:
        """Whether a verb in the third person is done by our people, or without a name."""
        known, words = self.vocabulary.words, self.words
        first = self.clause_start(at)
        return not (known["people"].isdisjoint(words[first:at]) and known["reflexives"].isdisjoint(words[start:at]))

    def _others(self, at: int, start: int, verb: Verb, denied: bool) -> _Event | None:
        """What a verb in the third person binds us to: theirs to get, done by our people, done without a name."""
        if not (verb.kind in THEIRS or self._is_ours(at, start)):
            return self._coming(at, at + 1) if not denied else None
        return _Event("promise", start, at, at, verb, "theirs", at + 1, denied)

    def _is_past(self, forms: object, at: int) -> bool:
        """Whether a word that may be past or present is past: nothing else, or a word says so."""
        known = self.vocabulary.words["past"]
        near = self.words[max(at - 3, 0) :]
        return FINITE.isdisjoint(set(forms) - {"did"}) or not known.isdisjoint(near)  # type: ignore[call-overload]

    def _spoken_by(self, at: int, start: int) -> bool:
        known, words = self.vocabulary.words, self.words
        first = self.clause_start(at)
        if not known["subjects"].isdisjoint(words[start:at]) or (
            at + 1 < self.last and words[at + 1] in known["subjects"]
        ):
            return True
        if start > first and words[start - 1] in known["joining"]:
            return bool(self.events) and self.events[-1].role == "promise"
        opening = words[first]
        return opening in known["that"] and not known["subjects"].isdisjoint(words[first:at])

    def _own_start(self, at: int) -> int:
        """Where the subject and the pronouns before a finite verb begin."""
        known, skips = self.vocabulary.words, self.vocabulary.skips
        if self.words[at] in known["people"]:
            return self._begin(at)
        first = self.clause_start(at)
        start = at
        while start > first and (
            self.words[start - 1] in skips
            or self.words[start - 1] in known["subjects"]
            or self.words[start - 1] in known["reflexives"]
        ):
            start -= 1
        return start

    def _stop(self, at: int) -> int:
        for index in range(at, self.last):
            if self.words[index] in SIGNS:
                return index
        return self.last

    # Commitments

    def found(self) -> list[Found]:
        """The commitments, in the order of the text."""
        events = self.read()
        found: list[Found] = []
        for index, event in enumerate(events):
            if event.role == "claim":
                found += self._claims(event)
            elif event.role == "guarantee":
                found += self._guarantee(event)
            elif event.role != "none":
                following = events[index + 1].start if index + 1 < len(events) else self.last
                found += self._promises(event, max(following, event.after), leads=index == 0)
        return found

    def _guarantee(self, event: _Event) -> Iterator[Found]:
        vocabulary = self.vocabulary
        if not vocabulary.first(vocabulary.modest, self.words, 0, event.head):
            yield Found("guarantee", self.span(event.start, event.after))

    def _promises(self, event: _Event, following: int, *, leads: bool) -> Iterator[Found]:
        vocabulary, words = self.vocabulary, self.words
        if self._is_unsure(event):
            return
        start, end = event.start, min(self.last, following)
        while end < self.last and words[end - 1] in vocabulary.words["unsure"]:
            end -= 1
        if leads and words[0] in vocabulary.words["forward"]:
            start = 0  # A sentence that begins with the time of its promise.
        if not event.form:
            kind = event.verb.kind or vocabulary.gift(words, event.start, end)
            yield Found(kind, self.span(start, end))
            yield from self._further(kind, event.head, end)
            return
        parts = [(start, event.verb_at, event.verb), *self._parts(event, end)]
        for index, (begin, verb_at, verb) in enumerate(parts):
            stop = parts[index + 1][0] if index + 1 < len(parts) else end
            kind = self._kind(event, verb, max(verb_at, event.head), stop)
            if kind:
                yield Found(kind, self.span(begin, stop))
            if kind in VALUE and verb.kind not in VALUE:
                yield from self._further(kind, verb_at, stop)

    def _further(self, kind: str, start: int, end: int) -> Iterator[Found]:
        """The gifts of another kind that are named beside the first: "a refund or a voucher"."""
        vocabulary, words = self.vocabulary, self.words
        joining = vocabulary.words["joining"]
        for at in range(start + 1, end):
            if words[at] in vocabulary.gifts and not joining.isdisjoint(words[max(at - 3, start) : at]):
                hit = vocabulary.walk(vocabulary.gifts, words, at, end)
                if hit and hit[0] != kind and not vocabulary.first(vocabulary.gifts, words, at - 1, at):
                    yield Found(hit[0], self.span(at, end))

    def _parts(self, event: _Event, end: int) -> Iterator[tuple[int, int, Verb]]:
        """The further promises of "I'll check it and refund you": where they begin, their verbs."""
        vocabulary, words = self.vocabulary, self.words
        if event.form in FINITE:
            return
        joining = vocabulary.words["joining"]
        for at in range(event.verb_at + 1, end):
            known = vocabulary.forms.get(words[at])
            if known is None or event.form not in known:
                continue
            begin = at
            if vocabulary.far:
                while begin > event.verb_at + 1 and words[begin - 1] not in joining and words[begin - 1] not in SIGNS:
                    begin -= 1
            else:
                while begin > event.verb_at + 1 and words[begin - 1] in vocabulary.skips:
                    begin -= 1
            if words[begin - 1] in joining or words[begin - 1] == ",":
                yield begin, at, known[event.form]

    def _is_unsure(self, event: _Event) -> bool:
        """Whether what stands before a promise makes it a question, a condition or another's words."""
        vocabulary, words = self.vocabulary, self.words
        unsure = vocabulary.words["unsure"]
        start = event.start
        if start and words[start - 1] in unsure:
            return True
        opening = self.clause_start(event.head)
        if vocabulary.far and words[opening] in unsure:
            return True
        return bool(vocabulary.first(vocabulary.reported, words, opening, event.head))

    def _kind(self, event: _Event, verb: Verb, start: int, end: int) -> str:
        """What a verb and the words after it promise; empty when nothing."""
        vocabulary, words = self.vocabulary, self.words
        if verb.kind == "never":
            return "action" if event.denied else ""
        if event.denied or not verb.kind:
            return ""
        if verb.kind in ANSWERS:
            return "" if event.able and words[start] in vocabulary.words["idle"] else verb.kind
        if verb.kind in VALUE:
            return verb.kind
        gift = vocabulary.gift(words, event.start if event.form == "done" else start, end)
        if gift:
            return gift
        if verb.kind == "light":
            return next(
                (known["do"].kind for at in range(start + 1, end)
                 if (known := vocabulary.forms.get(words[at])) and "do" in known), "",
            )  # fmt: skip
        if vocabulary.first(vocabulary.answers, words, start, end):
            return "reply"
        return "" if verb.kind == "have" else "action"

    # Claims of done things

    def _claims(self, event: _Event) -> Iterator[Found]:
        vocabulary, words = self.vocabulary, self.words
        if self._is_no_claim(event):
            return
        end = max(self.clause_end(event.verb_at), event.verb_at + 1)
        parts = [
            (event.start, event.verb_at),
            *((begin, at) for begin, at, verb in self._parts(event, end) if verb.group),
        ]
        for (begin, verb_at), stop in zip(parts, [*(part[0] for part in parts[1:]), end], strict=True):
            clause = tuple(words[begin:stop])
            groups = vocabulary.groups_of(clause)
            if event.verb.kind == "light":
                groups |= self._governed(verb_at, stop)
            if groups:
                yield Found("done", self.span(begin, stop), words[verb_at], clause, groups, event.plain)

    def _governed(self, start: int, end: int) -> frozenset[str]:
        """The group of the verb that "we've proceeded to" leads to."""
        verbs = [self._form(at, "do") for at in range(start + 1, end)]
        return frozenset([verb.group for verb in verbs if verb and verb.group])

    def _is_no_claim(self, event: _Event) -> bool:
        """Whether a claim is a question, a condition, another's words, or says what we are sorry for."""
        vocabulary, words = self.vocabulary, self.words
        known = vocabulary.words
        if words[-1] == "?" or (event.start and words[event.start - 1] in known["unsure"]):
            return True
        opening = self.clause_start(event.head)
        before = words[opening : event.head]
        joined = max((i for i, word in enumerate(before) if word in known["joining"]), default=-1)
        before = before[joined + 1 :]
        if not known["later"].isdisjoint(before) or not known["sorry"].isdisjoint(before):
            return True
        if before and before[0] in known["that"] and not known["sorry"].isdisjoint(words[:opening]):
            return True
        if vocabulary.first(vocabulary.reported, words, 0, event.head):
            return True
        told = bool(before) and before[-1] in known["heard"] and event.plain and event.form == "done"
        return told and event.verb.kind not in VALUE and event.start < event.head
