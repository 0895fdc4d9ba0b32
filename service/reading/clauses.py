"""Turns a customer's statement into ours, or says that it cannot.

The grammar is small on purpose: subject, verb, rest. What it does not understand it refuses, and the composer
names the thing instead of garbling the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.reading.telling import CONTRACTED, DANGLING, LONGEST, Statement, Teller
from service.reading.tidy import BLOT
from service.reading.words import BE, DO, HAVE, MODALS, NEGATED, Words, listed

TOKEN = re.compile(
    r"[£$€]\d[\d,]*(?:\.\d+)?[kKmM]?|\d+(?:[.,:/]\d+)*[%\w]*|[^\W\d_][\w'&+]*(?:[-/][^\W_][\w'+]*|\.[a-z0-9][\w'+]*)*|\S"
)

_OPINIONS = listed(
    "guess think hope wonder know thought mean believe see want need love like understand said say says asked "
    "appreciate look looks let suggest thank wish heard told tell realize"
)
_REPORTS = listed("said told look looks need asked tell")
_DAYS = listed(
    "monday tuesday wednesday thursday friday saturday sunday yesterday last this january february march april "
    "may june july august september october november december"
)
_SAYS = listed("say says said tells shows")
_NEW_CLAUSE = listed("i it they he she we this there i'm i've it's i'll they're")
_TAIL = listed("please help thanks why wtf what how any ideas thoughts hello hi lol")
_BEFORE_VERB = listed("to can can't cannot could couldn't not i please")
_SUBJECT_PRONOUNS = listed("i we you he she it they")
_BARE_VERBS = listed("access use open get find change play do make have see")
_SCORN = listed("stupid dumb damn shitty crappy useless pathetic ridiculous terrible horrible awful lousy trash")
_AFTER_ITS = listed("gone not been a an the so very down broken stuck my all too really")
_RELATIVE = listed("that when if because since as while whenever after before time until although though than where")
_CUT = listed("whether because since so although though unless which who whose that whereas plus until while where")
_PHRASE = listed("in on at for from via through after before during by since into with about of")


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


class Parser(Teller):
    """Reads the statements of one complaint."""

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
        ending = self.trimmed(rest)
        if ending is None or any(w.lower() in self.words.unsaid for w in (*subject, *verb, *ending, *adverbs)):
            return None
        return self._told(subject, person, adverbs, verb, ending, antecedent, ask)

    # subject

    def _with_subject(self, words: list[str], heir: str) -> list[str]:
        first = words[0].lower()
        lex = self.words
        owner = heir.split() or ["I"]
        if heir == "!" and first not in lex.determiners and first not in lex.pronouns:
            return ["!"]
        if first in NEGATED and len(words) > 1 and words[1].lower() in lex.base | {"be", "been"} | set(lex.participle):
            if first in {"don't", "aren't", "isn't", "wasn't", "doesn't", "won't", "hasn't"} and not heir:
                return ["it", *words] if first in {"isn't", "wasn't", "doesn't", "won't", "hasn't"} else ["!"]
            return [*owner, *words]
        if first == "still" and len(words) > 2 and words[1].lower() == "no":
            return ["I", "still", "have", *words[1:]]
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
            return [*owner, *words]
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
            if low in lex.function or not words[i][0].isalnum() or low.endswith(CONTRACTED):
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
        if low in _OPINIONS and (low not in _REPORTS or person in {"I", "it"}):
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
        needs_base = kind == "modal" or (kind == "do" and (verb[0] in NEGATED or person == "there"))
        if needs_base and nxt not in lex.base and nxt != "be":
            return None
        if (
            kind == "be"
            and nxt in lex.base
            and nxt not in lex.participle
            and nxt not in lex.adjectives
            and nxt not in lex.nouns
        ):
            return None
        if low in {"would", "should", "may", "might"} or (person == "I" and low == "could"):
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

    def trimmed(self, rest: list[str]) -> list[str] | None:
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
            runs_on = low in _NEW_CLAUSE
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
            if (low == "no" and nxt == "matter" and i) or (low in _SAYS and i >= 2 and before != "to"):
                break
            if (low in _CUT and i >= 2 and not (low == "since" and (nxt in _DAYS or nxt[:1].isdigit()))) or (
                low in {"whether", "that"} and before in lex.ing
            ):
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
                low in _TAIL
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
            out[-1].lower() in DANGLING
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


_CONTRACT = {
    "can": "can't", "will": "won't", "do": "don't", "does": "doesn't", "did": "didn't", "is": "isn't", "are":
    "aren't", "was": "wasn't", "were": "weren't", "has": "hasn't", "have": "haven't", "had": "hadn't", "could":
    "couldn't", "would": "wouldn't", "should": "shouldn't",
}  # fmt: skip
_SPLIT = {
    "i'm": ["I", "am"], "i've": ["I", "have"], "it's": ["it", "is"], "you've": ["you", "have"], "you're":
    ["you", "are"], "they're": ["they", "are"], "they've": ["they", "have"], "there's": ["there", "is"],
    "we're": ["we", "are"], "we've": ["we", "have"], "i'd": ["I", "had"],
}  # fmt: skip
_LEADERS = listed(
    "hi hello hey dear and but so because or then however anyways also plus okay ok well oh sorry cuz yet now "
    "guys yes no, that though although while since when"
)
