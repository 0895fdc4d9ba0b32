"""Tells a parsed statement back to the customer: persons turned round, the thing named, what should have been."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.reading.tidy import BLOT
from service.reading.words import BE, DO, HAVE, MODALS, NEGATED, Words, english, listed

_SELF = {"me": "you", "my": "your", "mine": "yours", "myself": "yourself", "us": "you", "our": "your", "ours": "yours",
         "ourselves": "yourselves", "i'm": "you're", "i've": "you've", "i'd": "you'd", "i'll": "you'll", "i": "you",
         "we": "you", "we're": "you're", "we've": "you've", "we'd": "you'd", "we'll": "you'll"}  # fmt: skip
_OURS = {"your": "our", "yours": "ours", "you're": "we're", "you've": "we've", "you'd": "we'd", "you'll": "we'll",
         "yourself": "ourselves"}  # fmt: skip
LONGEST = 18
"""Words of theirs that one sentence of ours repeats at most."""
_SHOULD_ENDS = listed("and when but since because after or if while anymore due at without yet")
_BEFORE_US = listed("to from with for by between of on at about than")
_WISHING = listed("requesting asking writing looking hoping wondering thinking seeking filing disputing")
_LOST_BY_THEM = listed("phone card wallet purse keys key password passwords login mobile device authenticator")
_OWN_SLIP = listed("don't didn't haven't")
_NOT_A_SLIP = listed(
    "get got receive received hear heard have had order ordered authorize authorise authorized make made ask "
    "asked sign signed agree agreed owe see seen been work own request requested open opened subscribe "
    "subscribed able recognize find"
)
_VAGUE = listed("a an the very so just say really too")
_ALONE = listed(
    "crashed crashes crash froze freezes fails failed broke breaks stopped stops disappeared disappears "
    "expired vanished lags glitches disconnects closes closed dropped drops overheats flickers buffers"
)
"""Verbs that make a statement without another word."""
DANGLING = listed(
    "a an the my your our his her their its this these those every each and or but so because if when while as "
    "than to of for with from by into onto is are was were am be been has have had do does did can could will "
    "would should i you we he she they who which that what how why where very too really such not n't some any "
    "another say says said saying get gets keep keeps between without during via per your's no at until"
)
CONTRACTED = ("'ve", "'m", "'re", "'ll", "'d", "n't")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, told to the customer: "your bag didn't arrive"."""

    text: str
    subject: str
    """Our words for the subject: "your bag", "you", "we"."""
    topic: str
    """The thing that it is about, as a phrase: "your bag"; empty when none is sure."""
    should: str
    """What ought to have been, as a sentence without its full stop: "your bag should have arrived"; may be empty."""
    weight: int
    """How plainly it states a problem; 0 when it states none."""
    subject_tokens: tuple[str, ...] = ()
    thing: str = ""
    """The thing that "it" in the next clause would mean: "the F1 car"."""


class Teller:
    """Says a customer's words in ours, with the brand's names as "we"."""

    def __init__(self, words: Words, names: Sequence[str] = (), they_are_us: bool = False) -> None:
        self.words = words
        self.they_are_us = they_are_us
        self.names = frozenset(name.lower() for name in names if " " not in name.strip())

    def _nounish(self, word: str) -> bool:
        low = word.lower()
        return low not in self.words.function and not self.words.finite(low)

    def _told(
        self,
        subject: list[str],
        person: str,
        adverbs: list[str],
        verb: list[str],
        rest: list[str],
        antecedent: str,
        ask: bool,
    ) -> Statement | None:
        if not rest and len(verb) == 1 and (verb[0] in NEGATED or verb[0] in BE | HAVE | DO | MODALS):
            return None
        never = "never" in adverbs
        if not rest and not never and (person in {"I", "you"} or (len(verb) == 1 and verb[0] not in _ALONE)):
            return None
        raw = [w.lower() for w in (*adverbs, *verb, *rest)]
        if (
            person in {"it", "they"}
            and rest
            and rest[0].lower() in {"it", "that", "this", "something"}
            and len(rest) < 4
        ):
            return None
        if self._unfit(subject, person, verb, rest, antecedent):
            return None
        if (
            "happy" in raw
            or "impressed" in raw
            or ({"sure", "understand", "idea", "wondering", "figure"} & set(raw) and person == "I")
        ):
            return None
        weight = (3 if subject[0] in {"no", "nobody", "nothing", "none"} else 0) + self._weight(raw, person) or (
            1 if ask and person != "you" else 0
        )
        if (
            person == "it"
            and subject[0] in {"it", "this"}
            and not antecedent
            and {"happening", "happened", "like"} & set(raw)
        ):
            return None
        said = " ".join(subject)
        told_subject = said if person in {"I", "you", "brand"} else self.swapped(subject, person_subject=True) or said
        if person == "it" and subject[0] in {"it", "this"}:
            told_subject = antecedent or subject[0]
            if told_subject == "this":
                told_subject = "this"
            if antecedent and _is_plural(antecedent):
                return None
        if person == "I" and antecedent and rest and rest[-1].lower() == "it" and not _is_plural(antecedent):
            rest = [*rest[:-1], *antecedent.split()]
        told_verb = self._agree(verb, person)
        tail = self.swapped(rest)
        if tail is None:
            return None
        text = " ".join(part for part in (told_subject, " ".join(adverbs), " ".join(told_verb), tail) if part)
        text = _join(text)
        if len(text.split()) > LONGEST + 2:
            return None
        if person not in {"I", "you", "brand", "there"} and subject[0].lower() in self.words.possessives:
            named = self.phrase(subject)
        else:
            named = (
                told_subject
                if subject[0].lower() not in {"no", "some", "any", "a", "an", "every", "his", "her", "their"}
                else ""
            )
        topic = (
            self.phrase(rest)
            if person in {"I", "you", "brand", "there", "they"}
            or subject[0] in {"it", "this", "someone", "nobody", "no", "everything", "nothing"}
            else named
        )
        if person in {"it", "they"} and subject[0] in {"it", "this"} and antecedent:
            topic = antecedent
        should = self._should(told_subject, person, verb, rest) if weight else ""
        return Statement(
            text, told_subject, topic or "", should, weight, tuple(subject), self._thing(rest) if person == "I" else ""
        )

    def _thing(self, rest: list[str]) -> str:
        """The first thing among the words, as "it" would take it up again."""
        lex = self.words
        for i, word in enumerate(rest[:3]):
            if word.lower() in {"a", "an", "the", "my"}:
                take = []
                for follow in rest[i + 1 : i + 5]:
                    low = follow.lower()
                    if low in lex.function or low in lex.unsaid or low.endswith(CONTRACTED):
                        break
                    take.append(follow)
                if take and take[-1].lower() not in lex.hollow | lex.adjectives and not _is_plural(take[-1]):
                    return _join(" ".join(["your" if word.lower() == "my" else "the", *take]))
                return ""
        return ""

    def _unfit(self, subject: list[str], person: str, verb: list[str], rest: list[str], antecedent: str) -> bool:
        """Whether the statement is the customer's own slip, or says nothing by itself."""
        if person == "I" and rest and rest[0].lower() in _WISHING:
            return True
        if person == "I" and verb[0] == "lost" and rest[1:2] and rest[1].lower() in _LOST_BY_THEM:
            return True
        if person == "I" and verb[0] in _OWN_SLIP:
            first = rest[0].lower() if rest else ""
            return first not in _NOT_A_SLIP or rest[1:2] in (["any"], ["to"]) or (first == "have" and len(rest) < 3)
        if person == "you" and self.they_are_us and verb[0] in {"are", "were", "aren't"}:
            return True
        if (
            verb[0] in HAVE
            and rest
            and rest[-1].lower() in {"problem", "problems", "issue", "issues", "question", "questions"}
            and len(rest) < 4
        ):
            return True
        alone = person == "it" and subject[0] in {"it", "this"} and not antecedent
        if alone and subject[0] == "this" and len(rest) < 2:
            return True
        return alone and verb[0] in {"is", "was"} and bool(rest) and rest[0].lower() in _VAGUE

    def _weight(self, raw: list[str], person: str) -> int:
        lex = self.words
        weight = 0
        for i, word in enumerate(raw):
            if word in NEGATED or word in {"not", "never", "no", "nothing", "nobody", "unable", "without"}:
                weight += 3
            elif word in lex.trouble:
                weight += 3 if i < 4 else 2
            elif word in lex.weak:
                weight += 1
        if person == "it" and raw and raw[0] in {"is", "was"} and weight == 0:
            return 0
        return weight

    def _agree(self, verb: list[str], person: str) -> list[str]:
        first, *more = verb
        if person == "I":
            first = {"am": "are", "was": "were", "wasn't": "weren't"}.get(first, first)
            if first == "are" and more[:1] == ["not"]:
                return ["aren't", *more[1:]]
        if person == "brand":
            first = {
                "is": "are",
                "was": "were",
                "has": "have",
                "does": "do",
                "isn't": "aren't",
                "wasn't": "weren't",
                "hasn't": "haven't",
                "doesn't": "don't",
            }.get(first, self.words.third.get(first, first))
        if first in {"isnt"}:
            first = "isn't"
        return [first, *more]

    def swapped(self, words: Sequence[str], person_subject: bool = False) -> str | None:
        """The words with the persons turned round; ``None`` when "you" could mean anyone."""
        lex = self.words
        out: list[str] = []
        for i, word in enumerate(words):
            low = word.lower()
            nxt = words[i + 1].lower() if i + 1 < len(words) else ""
            before = words[i - 1].lower() if i else ""
            if low == "login" and before in {"to", "can't", "couldn't", "can", "cannot"}:
                out.append("log in")
            elif (
                low in {"friends", "daughters", "sons", "moms", "mums", "dads", "wifes", "husbands"}
                and nxt
                and self._nounish(nxt)
                and before in lex.possessives
            ):
                out.append(low[:-1] + "'s")
            elif low in {"am"} and before == "i":
                out.append("are")
            elif low in {"was", "wasn't"} and before == "i":
                out.append("were" if low == "was" else "weren't")
            elif low in _SELF and word != "US" and not (i and word in {"Me", "My", "Us", "Our", "Mine"}):
                out.append(_SELF[low])
            elif low in _OURS:
                out.append(_OURS[low])
            elif low == "you":
                if nxt in MODALS or NEGATED.get(nxt) == "modal":
                    return None
                acts = before not in _BEFORE_US and (
                    lex.finite(nxt)
                    or nxt in NEGATED
                    or nxt in BE | HAVE | DO | MODALS
                    or nxt in lex.adverbs
                    or nxt == "guys"
                )
                if acts and before in {"if", "when", "whenever", "where", "once", "unless", "how"}:
                    return None
                out.append("we" if acts else "us")
            elif low in {"guys"} and before == "you":
                continue
            elif i == 0 and person_subject and word[0].isupper() and low in lex.determiners:
                out.append(low)
            elif (
                low in self.names
                and before not in lex.determiners
                and not (nxt and self._nounish(nxt))
                and not person_subject
            ):
                out.append("us")
            else:
                out.append(word)
        return " ".join(out)

    def phrase(self, words: Sequence[str]) -> str:
        """The first thing of theirs or ours that the words name: "your account"; empty when there is none."""
        lex = self.words
        for i, word in enumerate(words):
            low = word.lower()
            if low not in {"my", "our", "your", "the"}:
                continue
            take: list[str] = []
            for follow in words[i + 1 : i + 6]:
                flow = follow.lower()
                if flow.endswith(CONTRACTED):
                    break
                if flow in lex.function or flow in lex.unsaid or not follow[0].isalnum() or BLOT in follow:
                    break
                if (
                    take
                    and (flow in lex.third or flow in lex.past or flow in lex.ing or flow in lex.base)
                    and flow not in lex.nouns
                ):
                    break
                take.append(follow)
            while take and (
                take[-1].lower() in lex.adjectives
                or (take[-1].lower() in lex.hollow and len(take) == 1)
                or (take[-1][0].isdigit() and len(take) == 1)
            ):
                take.pop()
            if (
                not take
                or take[-1].lower() in lex.hollow
                or any(t.lower().rstrip("'s") in lex.hollow and t.lower().endswith("'s") for t in take)
            ):
                continue
            if low == "the" and take[-1].lower() not in lex.nouns and not any(c.isupper() for c in "".join(take)):
                continue
            told = {"my": "your", "our": "your", "your": "our", "the": "the"}[low]
            return _join(" ".join([told, *take]))
        return ""

    def _should(self, subject: str, person: str, verb: list[str], rest: list[str]) -> str:
        """What ought to be instead; empty where it cannot be said surely."""
        tail = rest
        for i, word in enumerate(rest):
            if (i and word.lower() in _SHOULD_ENDS) or word.lower() in {
                "anymore",
                "any",
                "yet",
                "either",
                "neither",
                "no",
            }:
                tail = rest[:i]
                break
        if (
            not tail
            or len(tail) > 9
            or person in {"they", "there", "you", "brand"}
            or subject in {"this", "it", "nobody", "no one", "someone", "nothing"}
        ):
            return ""
        swapped = self.swapped(tail)
        if not swapped or tail[-1].lower() in DANGLING:
            return ""
        head, lex = verb[0], self.words
        first = tail[0].lower()
        said = ""
        if (
            head in {"can't", "couldn't"}
            and person == "I"
            and len(verb) == 1
            and first not in {"find", "figure", "believe", "understand", "seem", "afford", "do", "help"}
        ):
            said = f"you should be able to {swapped}"
        elif (
            head in {"won't", "doesn't", "don't"}
            and person == "it"
            and len(verb) == 1
            and first in lex.base
            and first not in {"have", "let", "say", "allow", "care", "want"}
        ):
            said = f"{subject} should {swapped}"
        elif head == "didn't" and person == "it" and len(verb) == 1 and first in lex.participle_of:
            said = f"{subject} should have {lex.participle_of[first]} {' '.join(swapped.split()[1:])}".strip()
        elif head in {"keeps", "keep"} and first in lex.ing and person in {"it"}:
            said = f"{subject} shouldn't keep {swapped}"
        elif (
            head in {"was", "got"}
            and person == "I"
            and first
            in {"charged", "billed", "locked", "overcharged", "kicked", "logged", "blocked", "banned", "suspended"}
        ):
            said = f"you shouldn't have been {swapped}"
        return _join(said)


def _is_plural(phrase: str) -> bool:
    last = phrase.split()[-1].lower()
    return last.endswith("s") and not last.endswith("ss") and last not in {"windows", "ios", "gps"}


def _join(text: str) -> str:
    text = re.sub(r"\s+([,.;:?!])", r"\1", " ".join(text.split()))
    text = _LOUD.sub(
        lambda m: m.group().lower() if m.group().lower() in english().nouns | english().hollow else m.group(), text
    )
    text = _SHORTER.sub(lambda m: m.group(1) + {"are": "'re", "have": "'ve"}[m.group(2)], text)
    text = re.sub(r"\b(log(?:ging|ged)?|sign(?:ing|ed)?) in (your|our|the)\b", r"\1 in to \2", text)
    return text.replace(" & ", " and ")


_LOUD = re.compile(r"\b[A-Z]{4,}\b")
_SHORTER = re.compile(
    r"^(you|we|they) (are|have)(?= (?:not|been|waited|lost|paid|got|tried|stuck|locked|waiting|having|getting"
    r"|unable|still|\w{3,}(?:ed|ing))\b)"
)
