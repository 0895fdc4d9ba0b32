"""Turns a customer's statement into ours, or says that it cannot.

The grammar is small on purpose: subject, verb, rest. What it does not understand it refuses, and the composer
names the thing instead of garbling the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.reading.tidy import BLOT
from service.reading.words import BE, DO, HAVE, MODALS, NEGATED, Words, english

TOKEN = re.compile(
    r"[£$€]\d[\d,]*(?:\.\d+)?[kKmM]?|\d+(?:[.,:/]\d+)*[%\w]*|[^\W\d_][\w'&+]*(?:[-/][^\W_][\w'+]*|\.[a-z0-9][\w'+]*)*|\S"
)
LONGEST = 18
"""Words of theirs that one sentence of ours repeats at most."""

_SELF = {"me": "you", "my": "your", "mine": "yours", "myself": "yourself", "us": "you", "our": "your", "ours": "yours",
         "ourselves": "yourselves", "i'm": "you're", "i've": "you've", "i'd": "you'd", "i'll": "you'll", "i": "you",
         "we": "you", "we're": "you're", "we've": "you've", "we'd": "you'd", "we'll": "you'll"}  # fmt: skip
_OURS = {"your": "our", "yours": "ours", "you're": "we're", "you've": "we've", "you'd": "we'd", "you'll": "we'll",
         "yourself": "ourselves"}  # fmt: skip
_DANGLING = frozenset(
    [
        "a",
        "an",
        "the",
        "my",
        "your",
        "our",
        "his",
        "her",
        "their",
        "its",
        "this",
        "these",
        "those",
        "every",
        "each",
        "and",
        "or",
        "but",
        "so",
        "because",
        "if",
        "when",
        "while",
        "as",
        "than",
        "to",
        "of",
        "for",
        "with",
        "from",
        "by",
        "into",
        "onto",
        "is",
        "are",
        "was",
        "were",
        "am",
        "be",
        "been",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "can",
        "could",
        "will",
        "would",
        "should",
        "i",
        "you",
        "we",
        "he",
        "she",
        "they",
        "who",
        "which",
        "that",
        "what",
        "how",
        "why",
        "where",
        "very",
        "too",
        "really",
        "such",
        "not",
        "n't",
        "some",
        "any",
        "another",
        "say",
        "says",
        "said",
        "saying",
        "get",
        "gets",
        "keep",
        "keeps",
        "between",
        "without",
        "during",
        "via",
        "per",
        "your's",
        "no",
        "at",
        "until",
    ]
)
_BEFORE_VERB = frozenset("to can can't cannot could couldn't not i please".split())
_SUBJECT_PRONOUNS = frozenset(["i", "we", "you", "he", "she", "it", "they"])
_CONTRACTED = ("'ve", "'m", "'re", "'ll", "'d", "n't")
_BARE_VERBS = frozenset("access use open get find change play do make have see".split())
_SCORN = frozenset(
    "stupid dumb damn shitty crappy useless pathetic ridiculous terrible horrible awful lousy trash".split()
)
_AFTER_ITS = frozenset("gone not been a an the so very down broken stuck my all too really".split())
_ALONE = frozenset(
    "crashed crashes crash froze freezes fails failed broke breaks stopped stops disappeared disappears expired vanished lags "
    "glitches disconnects closes closed dropped drops overheats flickers buffers".split()
)
"""Verbs that make a statement without another word."""
_VAGUE = frozenset("a an the very so just say really too".split())
_OWN_SLIP = frozenset("don't didn't haven't".split())
_NOT_A_SLIP = frozenset(
    "get got receive received hear heard have had order ordered authorize authorise authorized make made ask asked sign signed "
    "agree agreed owe see seen been work own request requested open opened subscribe subscribed able recognize find".split()
)
_RELATIVE = frozenset(
    [
        "that",
        "when",
        "if",
        "because",
        "since",
        "as",
        "while",
        "whenever",
        "after",
        "before",
        "time",
        "until",
        "although",
        "though",
        "than",
        "where",
    ]
)
_CUT = frozenset(
    [
        "because",
        "since",
        "so",
        "although",
        "though",
        "unless",
        "which",
        "who",
        "whose",
        "that",
        "whereas",
        "plus",
        "until",
        "while",
        "where",
    ]
)
_PHRASE = frozenset(
    [
        "in",
        "on",
        "at",
        "for",
        "from",
        "via",
        "through",
        "after",
        "before",
        "during",
        "by",
        "since",
        "into",
        "with",
        "about",
        "of",
    ]
)


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


def tokens(text: str, words: Words) -> list[str]:
    """The words and signs of a sentence, with shorthand spelt out."""
    out: list[str] = []
    for token in TOKEN.findall(text):
        bare = token.rstrip(".'") if len(token) > 1 else token
        spelt = words.spelling.get(bare.lower())
        if bare.lower() == "login" and out and out[-1].lower() in _BEFORE_VERB:
            out.extend(["log", "in"])
        elif spelt is None:
            out.append(bare)
        else:
            out.extend(spelt.split())
    return out


class Parser:
    """Reads the statements of one complaint, with the brand's names as "we"."""

    def __init__(self, words: Words, names: Sequence[str] = (), they_are_us: bool = False) -> None:
        self.words = words
        self.they_are_us = they_are_us
        self.names = frozenset(name.lower() for name in names if " " not in name.strip())

    def _cleaned(self, seg: Sequence[str]) -> list[str]:
        """The words without fillers and scornful adjectives, and with "its gone" spelt "it's gone"."""
        out: list[str] = []
        for i, word in enumerate(seg):
            low = word.lower()
            nxt = seg[i + 1].lower() if i + 1 < len(seg) else ""
            if low in self.words.droppable or (low in _SCORN and out and out[-1].lower() in self.words.determiners):
                continue
            again = low == "its" and (nxt in _AFTER_ITS or nxt in self.words.ing or nxt in self.words.adverbs)
            out.append("it's" if again else word)
        return out

    def statement(
        self, seg: Sequence[str], heir: str = "", antecedent: str = "", ask: bool = False
    ) -> Statement | None:
        """The statement that the words make, or ``None`` when they make none that can be told back.

        ``heir`` is the subject of the clause before (for "… and changed the password"); ``antecedent`` what "it" means;
        ``ask`` says that the words came after "why", which makes a problem of any of them.
        """
        words = self._cleaned(seg)
        while words and words[0].lower() in _LEADERS:
            words = words[1:]
        if not words or BLOT in words or len(words) > 60:
            return None
        low = words[0].lower()
        if (
            low != "i"
            and words[0] != low
            and (low in self.words.function or self.words.finite(low) or low in self.words.ing)
        ):
            words = [low, *words[1:]]
        words = self._with_subject(words, heir)
        found = self._subject(words)
        if found is None:
            return None
        end, subject, person = found
        parsed = self._predicate(words[end:], person)
        if parsed is None:
            return None
        adverbs, verb, rest = parsed
        rest = self._trim(rest)
        if rest is None or any(w.lower() in self.words.unsaid for w in (*subject, *verb, *rest, *adverbs)):
            return None
        return self._told(subject, person, adverbs, verb, rest, antecedent, ask)

    # subject

    def _with_subject(self, words: list[str], heir: str) -> list[str]:
        first = words[0].lower()
        lex = self.words
        owner = heir.split() or ["I"]
        if first in NEGATED and len(words) > 1 and words[1].lower() in lex.base | {"be", "been"} | set(lex.participle):
            if first in {"don't", "aren't", "isn't", "wasn't", "doesn't", "won't", "hasn't"} and not heir:
                return ["it", *words] if first in {"isn't", "wasn't", "doesn't", "won't", "hasn't"} else ["!"]
            return [*owner, *words]
        if first in {"been"} and len(words) > 1 and words[1].lower() in lex.ing:
            return ["I", "have", *words]
        if first in {"still", "not"} and not heir and len(words) > 2 and words[1].lower() in lex.ing:
            return ["I", "am", *words]
        if first in {"having", "getting", "waiting", "trying"} and len(words) > 2:
            return ["I", "am", *words]
        if (
            first in {"never", "still", "already"}
            and len(words) > 1
            and (words[1].lower() in lex.past or words[1].lower() in NEGATED)
        ):
            return ["I", *words]
        if first == "unable" and len(words) > 3 and words[1].lower() == "to":
            return ["I", "am", *words]
        if first == "locked" and len(words) > 2 and words[1].lower() == "out":
            return ["I", "am", *words]
        if len(words) > 1 and (
            (first in lex.past and first not in lex.base and first not in lex.adjectives)
            or (heir and first in HAVE | BE)
        ):
            return [*owner, *words]
        if heir and first in lex.third and first not in lex.nouns:
            return [*owner, *words]
        return words

    def _subject(self, words: list[str]) -> tuple[int, list[str], str] | None:
        """Where the subject ends, its words, and its person: I, you, we, it, they."""
        first = words[0].lower()
        lex = self.words
        if first in {"it's", "there's"} and len(words) > 1 and words[1].lower() in {"been", "got", "become"}:
            return None
        for short, parts in _SPLIT.items():
            if first == short:
                words[:1] = parts
                first = parts[0].lower()
        if first in {"i", "we"}:
            return 1, ["you"], "I"
        if first == "you":
            skip = 2 if len(words) > 1 and words[1].lower() in {"guys", "all"} else 1
            return skip, ["we"], "you"
        if first in self.names and len(words) > 1 and not self._nounish(words[1]):
            return 1, ["we"], "brand"
        if first == "they":
            return (1, ["we"], "you") if self.they_are_us else (1, ["they"], "they")
        if first in {"it", "this", "nothing", "nobody", "everything", "someone", "somebody", "none"}:
            return 1, [words[0].lower()], "it"
        if first == "no" and len(words) > 1 and words[1].lower() == "one":
            return 2, ["no", "one"], "it"
        if first == "there" and len(words) > 2:
            return 1, ["there"], "there"
        if first in lex.pronouns and first not in lex.determiners:
            return None
        return self._noun_subject(words)

    def _nounish(self, word: str) -> bool:
        low = word.lower()
        return low not in self.words.function and not self.words.finite(low)

    def _noun_subject(self, words: list[str]) -> tuple[int, list[str], str] | None:
        lex = self.words
        first = words[0].lower()
        has_det = first in lex.determiners
        i = 1 if has_det else 0
        if i and i < len(words) and words[i].lower() in {"all", "of"}:
            return None
        head = ""
        start = i
        while i < len(words) and i - start < 8:
            low = words[i].lower()
            if head and (
                low in NEGATED or low in BE | HAVE | DO | MODALS or (low in lex.adverbs and low not in lex.nouns)
            ):
                break
            if head and lex.finite(low) and self._verb_here(words, i, head):
                break
            if low in {"of", "for", "on", "in", "from", "with", "to", "at"}:
                if not head or i + 1 >= len(words):
                    return None
                nxt = words[i + 1].lower()
                if nxt in lex.pronouns and nxt not in lex.determiners:
                    return None
                i += 2 if nxt in lex.determiners else 1
                if i >= len(words):
                    return None
                low = words[i].lower()
                if low in lex.function:
                    return None
                i += 1
                continue
            if low in lex.function or not words[i][0].isalnum() or low.endswith(_CONTRACTED):
                return None
            head = low
            i += 1
        if not head or i >= len(words) or i - start >= 8:
            return None
        subject = [words[0].lower(), *words[1:i]] if has_det else words[:i]
        if not has_det:
            subject = self._bare(subject)
            if not subject:
                return None
        if first in {"a", "an"} and i < 3 and head in lex.hollow:
            return None
        plural = (
            (
                head.endswith("s")
                and not head.endswith("ss")
                and head not in {"news", "gps", "ios", "windows", "gas", "bus", "dropbox's"}
            )
            or first in {"these", "those"}
            or head in {"photos", "people", "pics", "children", "kids"}
        )
        return i, subject, "they" if plural else "it"

    def _verb_here(self, words: list[str], i: int, head: str) -> bool:
        lex = self.words
        low = words[i].lower()
        nxt = words[i + 1].lower() if i + 1 < len(words) else ""
        if nxt in NEGATED or nxt in BE | HAVE | DO | MODALS:
            return False
        plural = head.endswith("s") and not head.endswith("ss")
        if low in lex.third:
            return not plural and not (lex.finite(nxt) and nxt not in lex.base and low in lex.nouns)
        if low in lex.past:
            return not lex.finite(nxt) or nxt in {"to", "on", "down", "back"}
        return plural and low in lex.base and low not in lex.nouns

    def _bare(self, subject: list[str]) -> list[str]:
        """A subject without article: a name as it stands, a common noun with "the"; empty when unsure."""
        lex = self.words
        first = subject[0]
        low = first.lower()
        if low in lex.function or low in lex.adjectives or low in lex.ing or not first[0].isalpha():
            return []
        if first[1:] != first[1:].lower() or any(c.isdigit() for c in first) or first in lex.spelling.values():
            return subject
        if all(w.lower() in lex.nouns for w in subject):
            return ["the", low, *subject[1:]]
        if (
            first[0].isupper()
            and len(subject) <= 3
            and not lex.finite(low)
            and subject[-1].lower() not in lex.hollow
            and len(first) > 3
            and all(w[0].isupper() or w[0].isdigit() or w.lower() in lex.nouns for w in subject)
        ):
            return subject
        return []

    # predicate

    def _predicate(self, words: list[str], person: str) -> tuple[list[str], list[str], list[str]] | None:
        lex = self.words
        adverbs: list[str] = []
        i = 0
        while i < len(words) and words[i].lower() in lex.adverbs and words[i].lower() not in {"not", "even"}:
            adverbs.append(words[i].lower())
            i += 1
        if i >= len(words) or len(adverbs) > 2:
            return None
        low = words[i].lower()
        rest = words[i + 1 :]
        if low in lex.ing and person in {"I", "it"} and low not in lex.nouns and rest:  # "I trying", "it not letting"
            be = "am" if person == "I" else "is"
            return adverbs, [be, low], rest
        if low in NEGATED or low in MODALS or low in BE | HAVE | DO:
            return self._auxiliary(low, rest, adverbs, person)
        if not lex.finite(low):
            return None
        third, base = low in lex.third and low not in lex.base, low in lex.base and low not in lex.past
        if person == "it" and base and low not in lex.past:
            return None
        if person in {"I", "you", "they"} and third:
            return None
        if low in {
            "guess",
            "think",
            "hope",
            "wonder",
            "know",
            "thought",
            "mean",
            "believe",
            "see",
            "want",
            "need",
            "love",
            "like",
            "understand",
            "said",
            "say",
            "says",
            "asked",
            "appreciate",
            "look",
            "looks",
            "let",
            "suggest",
            "thank",
            "wish",
            "heard",
            "told",
            "tell",
            "realize",
        }:
            if low not in {"said", "told", "look", "looks", "need", "asked", "tell"} or person in {"I", "it"}:
                return None
        return adverbs, [low], rest

    def _auxiliary(
        self, low: str, rest: list[str], adverbs: list[str], person: str
    ) -> tuple[list[str], list[str], list[str]] | None:
        lex = self.words
        verb = [low]
        if rest and rest[0].lower() == "not":
            if low in {"am", "may", "might", "must"}:
                verb.append("not")
            else:
                verb = [_CONTRACT.get(low, low + "n't")]
            rest = rest[1:]
        mid: list[str] = []
        while rest and rest[0].lower() in lex.adverbs and len(mid) < 2:
            mid.append(rest[0].lower())
            rest = rest[1:]
        if not rest:
            return None
        nxt = rest[0].lower()
        kind = NEGATED.get(verb[0]) or (
            "be" if low in BE else "have" if low in HAVE else "do" if low in DO else "modal"
        )
        if kind in {"modal", "do"} and nxt not in lex.base and nxt != "be":
            if kind == "modal" or low in NEGATED or verb[0] in NEGATED or person == "there":
                return None
        if (
            kind == "be"
            and nxt in lex.base
            and nxt not in lex.participle
            and nxt not in lex.adjectives
            and nxt not in lex.nouns
        ):
            return None
        if person == "I" and low in {"would", "could", "should", "may", "might"}:
            return None
        if kind == "have" and (
            nxt in lex.base and nxt not in lex.participle and nxt not in lex.nouns and nxt not in {"to"}
        ):
            return None
        if person == "it" and verb[0] in {"are", "were", "have", "don't", "aren't", "haven't", "am", "do"}:
            return None
        if person == "they" and verb[0] in {"is", "was", "has", "doesn't", "isn't", "hasn't", "am", "does"}:
            return None
        if person == "I" and verb[0] in {"is", "are", "has", "doesn't", "isn't", "hasn't", "aren't", "does"}:
            return None
        if person == "you" and verb[0] in {"is", "was", "has", "doesn't", "isn't", "hasn't", "am", "does"}:
            return None
        return adverbs, [*verb, *mid], rest

    # rest

    def _trim(self, rest: list[str]) -> list[str] | None:
        """The rest of the sentence up to the last safe word; ``None`` when it cannot end well."""
        lex = self.words
        out: list[str] = []
        for i, word in enumerate(rest):
            low = word.lower()
            before = rest[i - 1].lower() if i else ""
            nxt = rest[i + 1].lower() if i + 1 < len(rest) else ""
            if not word[0].isalnum() and word[0] not in "£$€&":
                break
            if ord(word[0]) > 0x24F and word[0] not in "£€":
                return None
            runs_on = low in {
                "i",
                "it",
                "they",
                "he",
                "she",
                "we",
                "this",
                "there",
                "i'm",
                "i've",
                "it's",
                "i'll",
                "they're",
            }
            if (
                runs_on
                and i
                and before not in _RELATIVE
                and (
                    (lex.finite(nxt) and (low not in {"it", "this"} or nxt not in lex.base))
                    or nxt in lex.adverbs
                    or "'" in low
                    or nxt in NEGATED
                    or nxt in BE | HAVE | DO | MODALS
                    or nxt in lex.ing
                )
            ):
                break
            if low == "no" and nxt == "matter" and i:
                break
            if low in _CUT and i >= 2 or low in {"whether", "that"} and before in lex.ing:
                break
            if low == "to" and nxt == "be" and i + 2 < len(rest) and rest[i + 2].lower() in {"told", "informed"}:
                break
            if (
                i >= 2
                and nxt in lex.determiners
                and low in lex.past
                and low not in lex.base
                and before
                not in _RELATIVE | {"and", "or", "then", "i", "we", "you", "they", "it", "been", "be", "is", "was"}
            ):
                break
            if (
                low
                in {
                    "please",
                    "help",
                    "thanks",
                    "why",
                    "wtf",
                    "what",
                    "how",
                    "any",
                    "ideas",
                    "thoughts",
                    "hello",
                    "hi",
                    "lol",
                }
                and i >= 1
                and (
                    low not in {"what", "how", "help", "any", "why"}
                    or nxt in {"", "is", "are", "do", "can", "me", "please", "ideas", "help", "should", "idea"}
                )
            ):
                break
            if low in {"when", "if", "whenever", "after", "before"} and nxt in {"you", "your", "they", "he", "she"}:
                break
            out.append(word)
        out = self._shorten(out)
        if len(out) > 2 and out[-1].lower() in BE and out[-2].lower() in {"it", "they", "that", "this"}:
            return out
        while out and (
            out[-1].lower() in _DANGLING
            or out[-1].lower() in lex.adverbs & {"just", "even", "still", "also", "only", "then"}
        ):
            out.pop()
        if len(out) > 2 and out[-2].lower() == "and" and (out[-1].lower() in lex.adverbs or out[-1].lower() == "twice"):
            out = out[:-2]
        if len(out) > 2 and out[-2].lower() == "to" and out[-1].lower() in _BARE_VERBS:
            out = out[:-2]
        if (
            len(out) > 1
            and out[-1].lower() in {"it", "that", "this"}
            and out[-2].lower() in {"where", "how", "what", "why", "when", "if", "whether", "and"}
        ):
            return None
        return out

    def _shorten(self, out: list[str]) -> list[str]:
        if len(out) <= LONGEST - 4:
            return out
        for i in range(LONGEST - 5, 3, -1):
            if out[i].lower() in _PHRASE | {"and", "when", "while", "if", "but", "or", "as"}:
                return out[:i]
        return []

    # telling it back

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
        lex = self.words
        if not rest and len(verb) == 1 and (verb[0] in NEGATED or verb[0] in BE | HAVE | DO | MODALS):
            return None
        if not rest and (person in {"I", "you"} or (len(verb) == 1 and verb[0] not in _ALONE)):
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
        weight = self._weight(raw, person) or (1 if ask and person != "you" else 0)
        if (
            person == "it"
            and subject[0] in {"it", "this"}
            and not antecedent
            and {"happening", "happened", "like"} & set(raw)
        ):
            return None
        told_subject = (
            self._swap(subject, person_subject=True) if person not in {"I", "you", "brand"} else " ".join(subject)
        )
        if person == "it" and subject[0] in {"it", "this"}:
            told_subject = antecedent or subject[0]
            if told_subject == "this":
                told_subject = "this"
            if antecedent and _is_plural(antecedent):
                return None
        if person == "I" and antecedent and rest and rest[-1].lower() == "it" and not _is_plural(antecedent):
            rest = [*rest[:-1], *antecedent.split()]
        told_verb = self._agree(verb, person)
        tail = self._swap(rest)
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
                    if low in lex.function or low in lex.unsaid or low.endswith(_CONTRACTED):
                        break
                    take.append(follow)
                if take and take[-1].lower() not in lex.hollow | lex.adjectives and not _is_plural(take[-1]):
                    return _join(" ".join(["your" if word.lower() == "my" else "the", *take]))
                return ""
        return ""

    def _unfit(self, subject: list[str], person: str, verb: list[str], rest: list[str], antecedent: str) -> bool:
        """Whether the statement is the customer's own slip, or says nothing by itself."""
        if person == "I" and verb[0] in _OWN_SLIP:
            first = rest[0].lower() if rest else ""
            return first not in _NOT_A_SLIP or rest[1:2] == ["any"] or (first == "have" and len(rest) < 3)
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

    def _swap(self, words: Sequence[str], person_subject: bool = False) -> str | None:
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
            elif low in _SELF and word != "US":
                out.append(_SELF[low])
            elif low in _OURS:
                out.append(_OURS[low])
            elif low == "you":
                if nxt in MODALS or NEGATED.get(nxt) == "modal":
                    return None
                acts = before not in {
                    "to",
                    "from",
                    "with",
                    "for",
                    "by",
                    "between",
                    "of",
                    "on",
                    "at",
                    "about",
                    "than",
                } and (
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
                if flow.endswith(_CONTRACTED):
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
            if (
                i
                and word.lower()
                in {
                    "and",
                    "when",
                    "but",
                    "since",
                    "because",
                    "after",
                    "or",
                    "if",
                    "while",
                    "anymore",
                    "due",
                    "at",
                    "without",
                    "yet",
                }
            ) or word.lower() in {"anymore", "any", "yet", "either", "neither", "no"}:
                tail = rest[:i]
                break
        if (
            not tail
            or len(tail) > 9
            or person in {"they", "there", "you", "brand"}
            or subject in {"this", "it", "nobody", "no one", "someone", "nothing"}
        ):
            return ""
        swapped = self._swap(tail)
        if not swapped or tail[-1].lower() in _DANGLING:
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
    return text.replace(" & ", " and ")


_LOUD = re.compile(r"\b[A-Z]{4,}\b")
_SHORTER = re.compile(
    r"^(you|we|they) (are|have)(?= (?:not|been|waited|lost|paid|got|tried|stuck|locked|waiting|having|getting|unable|still|\w{3,}(?:ed|ing))\b)"
)
_CONTRACT = {"can": "can't", "will": "won't", "do": "don't", "does": "doesn't", "did": "didn't", "is": "isn't", "are": "aren't", "was": "wasn't", "were": "weren't", "has": "hasn't", "have": "haven't", "had": "hadn't", "could": "couldn't", "would": "wouldn't", "should": "shouldn't"}  # fmt: skip
_SPLIT = {"i'm": ["I", "am"], "i've": ["I", "have"], "it's": ["it", "is"], "you've": ["you", "have"], "you're": ["you", "are"], "they're": ["they", "are"], "they've": ["they", "have"], "there's": ["there", "is"], "we're": ["we", "are"], "we've": ["we", "have"], "i'd": ["I", "had"]}  # fmt: skip
_LEADERS = frozenset(
    [
        "hi",
        "hello",
        "hey",
        "dear",
        "and",
        "but",
        "so",
        "because",
        "or",
        "then",
        "however",
        "anyways",
        "also",
        "plus",
        "okay",
        "ok",
        "well",
        "oh",
        "sorry",
        "cuz",
        "yet",
        "now",
        "guys",
        "yes",
        "no,",
        "that",
        "though",
        "although",
        "while",
        "since",
        "when",
    ]
)
