"""Reads a sentence for its acts of speech: where a promise, a gift, a claim or a guarantee begins, and what says so."""

from __future__ import annotations

from functools import cached_property
from typing import Final, NamedTuple

from service.checks.deeds import FINITE, SIGNS, Verb, Vocabulary
from service.checks.view import View
from service.domain import Span

THEIRS: Final = frozenset({"get", "have"})
"""Kinds of verbs whose subject is the customer."""


CLAUSE: Final = 40
"""No clause that a person would write has more words."""


class Act(NamedTuple):
    """Something that begins at a word: what it is, what says so, and where the next search begins."""

    role: str
    """``promise``, ``gift``, ``claim``, ``guarantee``; ``none`` only ends what stands before it."""
    start: int
    """Its first word, subject and pronouns included."""
    head: int
    """The word that says what it is."""
    verb_at: int
    verb: Verb
    form: str
    """The form of the verb; empty where the head alone makes the promise."""
    after: int
    denied: bool = False
    able: bool = False
    """Whether it only says that we can."""
    plain: bool = False
    """Whether a claim may also say what went wrong."""


_NO_VERB: Final = Verb("", "")
_FORM_OF: Final = {
    "do": "do", "able": "do", "let": "do", "you": "do", "managed": "do",
    "doing": "doing", "be": "done", "did": "done", "done": "done", "been": "done", "has": "done", "was": "done",
    "not": "do",
}  # fmt: skip
"""Role of a head → the form of the verb that it leads to."""
_CLAIMS: Final = frozenset({"did", "done", "been", "has", "was", "managed"})
_IS: Final = "is_"
"""What begins the role of words that claim a thing done without its verb; the group of the thing follows."""
_TREAT: Final = Verb("credit", "treat")
_LANDS: Final = Verb("action", "send")
_GIFTED: Final = frozenset({"gift", "grant", "offer", "treat"})
_LOOKED_BACK: Final = 4
"""How many words stand between a gift and the word that it is on its way."""
_NAMED_AFTER: Final = 6
"""Within how many words a gift is named after the words that grant it."""


_BEFORE: Final = 80
"""How many code points before a sentence still speak of the same thing."""


class Sentence:
    """One sentence, word by word, in one language."""

    def __init__(self, view: View, vocabulary: Vocabulary, text: str, words: list[str], start: int, end: int) -> None:
        self.view = view
        self.text = text
        self.vocabulary = vocabulary
        self.words = words
        self.last = len(words)
        self.start = start
        self.end = end
        self.acts: list[Act] = []
        """Everything that begins a promise or a claim, in order, as far as it was read."""

    # Places

    def clause_start(self, at: int) -> int:
        """Where the clause around a word begins: after a sign, and no farther back than a clause is long."""
        start, least = at, max(at - CLAUSE, 0)
        while start > least and self.words[start - 1] not in SIGNS:
            start -= 1
        return start

    def clause_end(self, at: int) -> int:
        """Where the clause around a word ends: at a sign, or at "and" before a subject."""
        words, known = self.words, self.vocabulary.words
        for index in range(at, min(at + CLAUSE, self.last)):
            if words[index] in SIGNS:
                return index
            joined = index > at and words[index] in known["joining"]
            if joined and not known["subjects"].isdisjoint(words[index + 1 : index + 2]):
                return index
        return min(at + CLAUSE, self.last)

    @cached_property
    def starts(self) -> list[int]:
        """Where each word stands in the folded text."""
        text, at = self.text, self.start
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
        text = self.text[begin:stop].rstrip(" \n,;.!?-—–(")
        return self.view.folded.span(begin, begin + len(text))

    # Acts

    def read(self) -> list[Act]:
        """Read on to the end."""
        acts, words, vocabulary = self.acts, self.words, self.vocabulary
        starters, heads, forms = vocabulary.starters, vocabulary.heads, vocabulary.forms
        past = 0
        for at, word in enumerate(words):
            if word not in starters or at < past:
                continue
            act = None
            branch = heads.get(word)
            if branch is not None:
                follows = words[at + 1] if at + 1 < self.last else ""
                # Most words that could begin something begin nothing: the next word tells.
                if "" in branch or follows in branch or "*" in branch:
                    hit = vocabulary.walk(heads, words, at, self.last)
                    act = self._headed(hit[0], at, hit[1]) if hit else None
            if act is None and (known := forms.get(word)) and not FINITE.isdisjoint(known):
                act = self._finite(at)
            if act is not None and not self._repeats(act):
                acts.append(act)
                past = act.after
        return acts

    def _repeats(self, act: Act) -> bool:
        """Whether an act belongs to the one before: a gift named inside a promise, a claim's second auxiliary."""
        if not self.acts:
            return False
        before = self.acts[-1]
        if act.role == "gift":
            between = self.words[before.head : act.start]
            apart = not SIGNS.isdisjoint(between) or not self.vocabulary.words["joining"].isdisjoint(between)
            if before.role == "promise" and apart and act.verb == _TREAT:
                return False  # "We'll refund you, and you ride free all year."
            return bool(before.verb.kind) and (before.role == "promise" or (before.role == "claim" and not apart))
        return act.role == "claim" and before.verb_at == act.verb_at

    def _headed(self, role: str, at: int, after: int) -> Act | None:
        """What a head that ends before ``after`` makes of the words that follow it."""
        if role == "never":
            return Act("guarantee", at, at, at, _NO_VERB, "", after)
        if role == "none":
            return Act("none", at, at, at, _NO_VERB, "", after)
        if role == "mine":
            return Act("promise", at, at, at, Verb("check", ""), "", after)
        if role.startswith(_IS):
            return self._stated(role.removeprefix(_IS), at, after)
        if role == "lands":
            return Act("promise", self._begin(at), at, at, _LANDS, "", after)
        if role == "yours":
            return Act("promise", at, at, after - 1, Verb("get", ""), "finite", after)
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
        if role == "has" and not self._is_ours(at, at) and self.vocabulary.words["reflexives"].isdisjoint(
            self.words[max(at - 3, 0) : verb_at]
        ):  # fmt: skip
            return None  # "Ha pagado la vista": the customer's own past, or somebody else's.
        if verb is None:
            # "We'll make sure you get …": the words passed over hold the verb.
            verb_at, verb = after, self.form(after, _FORM_OF[role])
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
        return Act("promise", start, at, verb_at, verb, form, verb_at + 1, denied, role == "able")

    def form(self, at: int, form: str) -> Verb | None:
        """The verb that a word is a form of; ``None`` for another form and at the sentence's end."""
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

    def _coming(self, at: int, after: int) -> Act | None:
        """A gift just before the words, on its way."""
        vocabulary, words = self.vocabulary, self.words
        first = self.clause_start(at)
        for start in range(max(at - _LOOKED_BACK, first), at):
            if words[start] in vocabulary.gifts and vocabulary.walk(vocabulary.gifts, words, start, at):
                if not vocabulary.words["negations"].isdisjoint(words[first:start]):
                    return None
                return Act("gift", start, at, start, _NO_VERB, "", after)
        return None

    def _gifted(self, role: str, at: int, after: int) -> Act | None:
        """A gift that is named after the words."""
        vocabulary, words = self.vocabulary, self.words
        if role == "treat":
            sorry = not vocabulary.words["sorry"].isdisjoint(words)
            owning = after < self.last and words[after] in vocabulary.words["that"]
            # "Nobody came, that's on us" owns what stands before it.
            owning = owning or (at > 1 and words[at - 1] in vocabulary.words["this"] and words[at - 2] in SIGNS)
            return None if sorry or owning else Act("gift", at, at, at, _TREAT, "", after)
        stop = self.last if role == "offer" else min(self.clause_end(after), after + _NAMED_AFTER)
        kind = vocabulary.gift(words, at if role == "gift" else after, stop)
        if not kind and role == "grant" and self._sum_between(after, stop):
            kind = "credit"
        return Act("gift" if role == "gift" else "promise", at, at, at, Verb(kind, ""), "", after) if kind else None

    def _sum_between(self, start: int, end: int) -> bool:
        span = self.span(start, end) if start < end else None
        return span is not None and any(fact.kind == "amount" and fact.span.overlaps(span) for fact in self.view.facts)

    def _claim(self, role: str, at: int, verb_at: int, verb: Verb, form: str, denied: bool) -> Act | None:
        if denied or not (verb.group or verb.kind == "light") or self._denied_before(at):
            return None
        plain = role in ("did", "has", "was") or (role in ("been", "done") and self.vocabulary.perfect)
        start = self._own_start(at) if role not in ("been", "has", "was") else self._begin(at)
        return Act("claim", start, at, verb_at, verb, form, verb_at + 1, plain=plain)

    def _stated(self, group: str, at: int, after: int) -> Act | None:
        """A claim without a verb of doing: "the money is back on your card"."""
        if not self.vocabulary.words["later"].isdisjoint(self.words[self.clause_start(at) : at]):
            return None
        return Act("claim", self._begin(at), at, after - 1, Verb("action", group), "said", after)

    def _closing(self, at: int) -> Act | None:
        """A claim whose participle stands right before the words: "dass wir Ihnen 20 € erstattet haben"."""
        verb = self.vocabulary.forms.get(self.words[at - 1], {}).get("done") if at else None
        start = self.clause_start(at)
        if verb is None or not self.vocabulary.words["negations"].isdisjoint(self.words[start:at]):
            return None
        known = self.vocabulary.words
        if self.words[at] in known["have"] and (known["subjects"] | known["people"]).isdisjoint(
            self.words[start : self._stop(at)]
        ):  # fmt: skip
            return None  # "…, dass Sie die Karte bezahlt haben": the customer's own past.
        return self._claim("been", at - 1, at - 1, verb, "done", denied=False)

    def _begin(self, at: int) -> int:
        """Where the subject of a passive begins: after a sign or a joining word."""
        words, joining = self.words, self.vocabulary.words["joining"]
        start, least = at, max(at - CLAUSE, 0)
        while start > least and words[start - 1] not in SIGNS and words[start - 1] not in joining:
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

    def _finite(self, at: int) -> Act | None:
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
            return None if denied else Act("claim", start, at, at, verb, "did", at + 1, plain=True)
        for form in ("will", "now"):
            if form in forms and forms[form].kind not in THEIRS:
                return Act("promise", start, at, at, forms[form], form, at + 1, denied)
        if "finite" in forms and self._spoken_by(at, start):
            verb = forms["finite"]
            first = self.clause_start(at)
            start = first if words[first] in vocabulary.words["that"] else start
            if vocabulary.particles:
                closing = words[self._stop(at) - 1]
                verb = vocabulary.particles.get((words[at], closing), verb)
            return Act("promise", start, at, at, verb, "finite", at + 1, denied)
        if self._is_ours(at, start):
            start = self._begin(start)
        if "theirs" in forms:
            return self._others(at, start, forms["theirs"], denied)
        if "past" in forms and not denied and self._is_ours(at, start):
            return Act("claim", start, at, at, forms["past"], "past", at + 1, plain=True)
        return None

    def _is_ours(self, at: int, start: int) -> bool:
        """Whether a verb in the third person is done by our people, or without a name."""
        known, words = self.vocabulary.words, self.words
        first = self.clause_start(at)
        return not (known["people"].isdisjoint(words[first:at]) and known["reflexives"].isdisjoint(words[start:at]))

    def _others(self, at: int, start: int, verb: Verb, denied: bool) -> Act | None:
        """What a verb in the third person binds us to: theirs to get, done by our people, done without a name."""
        if not (verb.kind in THEIRS or self._is_ours(at, start)):
            return self._coming(at, at + 1) if not denied else None
        return Act("promise", start, at, at, verb, "theirs", at + 1, denied)

    def _is_past(self, forms: object, at: int) -> bool:
        """Whether a word that may be past or present is past: nothing else, or a word says so."""
        known, known_soon = self.vocabulary.words["past"], self.vocabulary.words["soon"]
        near = self.words[max(at - 3, 0) : self._stop(at)]
        if FINITE.isdisjoint(set(forms) - {"did"}) or not known.isdisjoint(near):  # type: ignore[call-overload]
            return "now" not in forms or known_soon.isdisjoint(near)  # type: ignore[operator]
        return self.words[at] in self.vocabulary.faults and self._tells_of_fault(at, forms["did"])  # type: ignore[index]

    def _tells_of_fault(self, at: int, verb: Verb) -> bool:
        """Whether a verb stands in words that own a fault, and says what the customer says was done, or done wrong."""
        known = self.vocabulary.words
        end = self.clause_end(at)
        clause = self.words[at:end]
        if self.vocabulary.gift(self.words, at, end) or not self.owns(at):
            return False
        if self.vocabulary.went_wrong(clause):
            return True
        if not known["remedy"].isdisjoint(clause):
            return False
        return any(verb.group in record.groups for record in self.view.evidence.grievances)

    def owns(self, at: int) -> bool:
        """Whether the words before one, in its sentence or right before it, own a fault."""
        sorry = self.vocabulary.words["sorry"]
        if not sorry.isdisjoint(self.words[:at]):
            return True
        before = self.text[max(self.start - _BEFORE, 0) : self.start]
        return not sorry.isdisjoint(self.vocabulary.tokens_of(before))

    def _spoken_by(self, at: int, start: int) -> bool:
        known, words = self.vocabulary.words, self.words
        first = self.clause_start(at)
        if not known["subjects"].isdisjoint(words[start:at]) or (
            at + 1 < self.last and words[at + 1] in known["subjects"]
        ):
            return True
        if start > first and words[start - 1] in known["joining"]:
            return bool(self.acts) and self.acts[-1].role == "promise"
        opening = words[first]
        return opening in known["that"] and not known["subjects"].isdisjoint(words[first:at])

    def _own_start(self, at: int) -> int:
        """Where the subject and the pronouns before a finite verb begin."""
        words, known, skips = self.words, self.vocabulary.words, self.vocabulary.skips
        if words[at] in known["people"]:
            return self._begin(at)
        subjects, reflexives = known["subjects"], known["reflexives"]
        start = at
        while start and ((word := words[start - 1]) in skips or word in subjects or word in reflexives):
            start -= 1
        return start

    def _stop(self, at: int) -> int:
        for index in range(at, self.last):
            if self.words[index] in SIGNS:
                return index
        return self.last
