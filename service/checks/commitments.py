"""Finds what a draft binds the brand to: promises, offers, guarantees, and claims that something is already done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from service.checks.acts import CLAUSE, Act, Sentence
from service.checks.deeds import FINITE, SIGNS, Verb, Vocabulary
from service.checks.view import View
from service.domain import Span

VALUE: Final = frozenset({"refund", "credit", "replacement"})
"""Kinds of promises that cost something: only the policy's offers allow them."""
ANSWERS: Final = frozenset({"check", "reply"})
"""Kinds that only cost attention: always allowed, within the longest wait."""


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
    group: str = ""
    """The group of the claim's own verb."""
    owned: bool = False
    """Whether the words before it own a fault."""


def find(view: View, vocabulary: Vocabulary) -> list[Found]:
    """The commitments of a draft in one language, in the order of the text; words quoted from the customer left out."""
    folded, text = view.folded, _parted(view)
    found: list[Found] = []
    for sentence in view.sentences:
        start, end = folded.at(sentence.start), folded.at(sentence.end)
        words = vocabulary.tokens.findall(text, start, end)
        if not vocabulary.telling.isdisjoint(words) and not vocabulary.starters.isdisjoint(words):
            found += _found(Sentence(view, vocabulary, text, words, start, end))
    if found and view.quoted:
        return [one for one in found if not any(quote.start <= one.span.start < quote.end for quote in view.quoted)]
    return found


def _parted(view: View) -> str:
    """The folded text, its dashes as signs that end a clause: folded, they look like hyphens."""
    text = view.folded.text
    if view.folded.starts is None:
        for dash in _DASHES.finditer(view.text):
            text = f"{text[: dash.start()]};{text[dash.end() :]}"
    return text


_DASHES: Final = re.compile("[–—]")


def _found(sentence: Sentence) -> list[Found]:
    """The commitments, in the order of the text."""
    acts = sentence.read()
    found: list[Found] = []
    for index, act in enumerate(acts):
        if act.role == "claim":
            found += _claims(sentence, act)
        elif act.role == "guarantee":
            found += _guarantee(sentence, act)
        elif act.role != "none":
            following = acts[index + 1].start if index + 1 < len(acts) else sentence.last
            found += _promises(sentence, act, max(following, act.after), leads=index == 0)
    return found


def _guarantee(sentence: Sentence, act: Act) -> Iterator[Found]:
    vocabulary = sentence.vocabulary
    if not vocabulary.first(vocabulary.modest, sentence.words, 0, act.head):
        yield Found("guarantee", sentence.span(act.start, act.after))


def _promises(sentence: Sentence, act: Act, following: int, *, leads: bool) -> Iterator[Found]:
    vocabulary, words = sentence.vocabulary, sentence.words
    if _is_unsure(sentence, act):
        return
    start, end = act.start, min(sentence.last, following)
    while end < sentence.last and words[end - 1] in vocabulary.words["unsure"]:
        end -= 1
    if leads and words[0] in vocabulary.words["forward"]:
        start = 0  # A sentence that begins with the time of its promise.
    if not act.form:
        kind = act.verb.kind or vocabulary.gift(words, act.start, end)
        yield Found(kind, sentence.span(start, end))
        yield from _further(sentence, kind, act.head, end)
        return
    parts = [(start, act.verb_at, act.verb), *_parts(sentence, act, end)]
    for index, (begin, verb_at, verb) in enumerate(parts):
        stop = parts[index + 1][0] if index + 1 < len(parts) else end
        kind = _kind(sentence, act, verb, max(verb_at, act.head), stop)
        if kind:
            yield Found(kind, sentence.span(begin, stop))
        if kind in VALUE and verb.kind not in VALUE:
            yield from _further(sentence, kind, verb_at, stop)


def _further(sentence: Sentence, kind: str, start: int, end: int) -> Iterator[Found]:
    """The gifts of another kind that are named beside the first: "a refund or a voucher"."""
    vocabulary, words = sentence.vocabulary, sentence.words
    joining = vocabulary.words["joining"]
    for at in range(start + 1, end):
        if words[at] in vocabulary.gifts and not joining.isdisjoint(words[max(at - 3, start) : at]):
            hit = vocabulary.walk(vocabulary.gifts, words, at, end)
            if hit and hit[0] != kind and not vocabulary.first(vocabulary.gifts, words, at - 1, at):
                yield Found(hit[0], sentence.span(at, end))


def _parts(sentence: Sentence, act: Act, end: int) -> Iterator[tuple[int, int, Verb]]:
    """The further promises of "I'll check it and refund you": where they begin, their verbs."""
    vocabulary, words = sentence.vocabulary, sentence.words
    if act.form in FINITE:
        return
    joining = vocabulary.words["joining"]
    for at in range(act.verb_at + 1, end):
        known = vocabulary.forms.get(words[at])
        if known is None or act.form not in known:
            continue
        begin = at
        if vocabulary.far:
            while begin > act.verb_at + 1 and words[begin - 1] not in joining and words[begin - 1] not in SIGNS:
                begin -= 1
        else:
            while begin > act.verb_at + 1 and words[begin - 1] in vocabulary.skips:
                begin -= 1
        if words[begin - 1] in joining or words[begin - 1] == ",":
            yield begin, at, known[act.form]


def _is_unsure(sentence: Sentence, act: Act) -> bool:
    """Whether what stands before a promise makes it a question, a condition or another's words."""
    vocabulary, words = sentence.vocabulary, sentence.words
    unsure = vocabulary.words["unsure"]
    start = act.start
    if start and words[start - 1] in unsure:
        return True
    opening = sentence.clause_start(act.head)
    if vocabulary.far and words[opening] in unsure:
        return True
    return bool(vocabulary.first(vocabulary.reported, words, opening, act.head))


def _kind(sentence: Sentence, act: Act, verb: Verb, start: int, end: int) -> str:
    """What a verb and the words after it promise; empty when nothing."""
    vocabulary, words = sentence.vocabulary, sentence.words
    if verb.kind == "never":
        return "action" if act.denied else ""
    if act.denied or not verb.kind:
        return ""
    if verb.kind in ANSWERS:
        return "" if act.able and words[start] in vocabulary.words["idle"] else verb.kind
    if verb.kind in ("swap", "replacement"):
        return "replacement" if _is_for_customer(sentence, act, verb, start, end) else "action"
    if verb.kind in VALUE:
        return "" if not vocabulary.words["sorry"].isdisjoint(words[start:end]) else verb.kind  # "offer our apologies"
    gift = vocabulary.gift(words, act.start if act.form == "done" else start, end)
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


def _is_for_customer(sentence: Sentence, act: Act, verb: Verb, start: int, end: int) -> bool:
    """Whether something is replaced for the customer, and no thing of ours and no entry of theirs is changed."""
    vocabulary, words = sentence.vocabulary, sentence.words
    known = vocabulary.words
    if not known["harmless"].isdisjoint(words[act.start : sentence.clause_end(start)]):
        return False
    if verb.kind != "swap" or not known["to_you"].isdisjoint(words[act.start : end]):
        return True
    hung = act.form in ("do", "doing") and words[start].endswith(_HUNG)
    return hung or not known["them"].isdisjoint(words[act.start : start])


_HUNG: Final = ("le", "les", "te", "ti", "lo", "la", "los", "las", "li", "gli", "lhe", "lhes")
"""Pronouns that are written as the end of a verb."""


# Claims of done things


def _claims(sentence: Sentence, act: Act) -> Iterator[Found]:
    vocabulary, words = sentence.vocabulary, sentence.words
    if _is_no_claim(sentence, act):
        return
    end = max(sentence.clause_end(act.verb_at), act.verb_at + 1)
    parts = [
        (act.start, act.verb_at),
        *((begin, at) for begin, at, verb in _parts(sentence, act, end) if verb.group),
    ]
    for (begin, verb_at), stop in zip(parts, [*(part[0] for part in parts[1:]), end], strict=True):
        clause = tuple(words[begin:stop])
        groups = vocabulary.groups_of(clause)
        if act.verb.kind == "light":
            groups |= _governed(sentence, verb_at, stop)
        if act.form in ("said", "do") and begin == act.start and act.verb.group:
            groups |= {act.verb.group}
        if groups:
            verb = vocabulary.forms.get(words[verb_at], {})
            group = (
                act.verb.group
                if begin == act.start
                else next((known.group for form, known in verb.items() if form in ("done", "did", "past")), "")
            )
            owned = sentence.owns(act.start)
            yield Found("done", sentence.span(begin, stop), words[verb_at], clause, groups, act.plain, group, owned)


def _governed(sentence: Sentence, start: int, end: int) -> frozenset[str]:
    """The group of the verb that "we've proceeded to" leads to."""
    verbs = [sentence.form(at, "do") for at in range(start + 1, end)]
    return frozenset([verb.group for verb in verbs if verb and verb.group])


def _is_no_claim(sentence: Sentence, act: Act) -> bool:
    """Whether a claim is a question, a condition, another's words, or says what we are sorry for."""
    vocabulary, words = sentence.vocabulary, sentence.words
    known = vocabulary.words
    if words[-1] == "?" or (act.start and words[act.start - 1] in known["unsure"]):
        return True
    opening = sentence.clause_start(act.head)
    if _is_told_of(sentence, act, opening):
        return True
    before = words[opening : act.head]
    joined = max((i for i, word in enumerate(before) if word in known["joining"]), default=-1)
    before = before[joined + 1 :]
    if not known["later"].isdisjoint(before) or not known["sorry"].isdisjoint(before):
        return True
    if (
        before
        and before[0] in known["that"]
        and not known["sorry"].isdisjoint(words[max(opening - CLAUSE, 0) : opening])
    ):
        return True
    if vocabulary.first(vocabulary.reported, words, max(act.head - CLAUSE, 0), act.head):
        return True
    if not before and joined >= 0 and act.plain and act.form == "done" and words[opening] in known["heard"]:
        return not vocabulary.gift(words, act.verb_at, sentence.clause_end(act.verb_at))  # "You asked and were sent …"
    told = bool(before) and before[-1] in known["heard"] and act.plain and act.form == "done"
    return told and act.verb.kind not in VALUE and act.start < act.head


def _is_told_of(sentence: Sentence, act: Act, opening: int) -> bool:
    """Whether the words before a claim make of it a question or a description: "what we changed"."""
    vocabulary, words = sentence.vocabulary, sentence.words
    if vocabulary.far and words[opening] in vocabulary.words["unsure"]:
        return True
    if words[act.verb_at] in vocabulary.faults and _is_described(sentence, act, opening):
        return True
    for start in range(max(act.start - _LONGEST_RELATIVE, 0), act.head):
        hit = (
            vocabulary.walk(vocabulary.relative, words, start, act.head)
            if words[start] in vocabulary.relative
            else None
        )
        if hit and hit[1] in (act.start, act.head) and act.head - hit[1] <= _LONGEST_RELATIVE:
            return True
    return False


_LONGEST_RELATIVE: Final = 3
"""No words that open a question within a sentence, and no pronouns after them, are more."""


def _is_described(sentence: Sentence, act: Act, opening: int) -> bool:
    """Whether a claim only says which thing is meant: "the letter (that) we sent", and no remedy."""
    vocabulary, words = sentence.vocabulary, sentence.words
    known = vocabulary.words
    if act.verb.kind in VALUE or act.start - 1 <= opening:
        return False
    at = act.start - 1
    if words[at] in known["who"]:
        at -= 1
    elif (
        vocabulary.language != "en"
        or act.form != "done"
        or words[at] in known["that"] | known["joining"] | known["unsure"]
    ):
        return False
    named = words[max(at - _NAMED_WITHIN, opening) : at]
    if known["articles"].isdisjoint(named) or not known["people"].isdisjoint(words[opening : at + 1]):
        return False
    return known["remedy"].isdisjoint(words[act.start : sentence.clause_end(act.verb_at)])


_NAMED_WITHIN: Final = 3
"""How many words an article and what describes a thing are before its name, at most."""
