"""Whether a clause told back to the customer is English, complete, and says that something went wrong.

Better no clause than a bad one: what is refused here is named by its thing instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.reading.words import BE, DO, HAVE, MODALS, NEGATED, Words, english, listed, load

_WORDS = {key: listed(words) for key, words in load("sound.yml").items()}
MOST = 14
"""Words of one clause at most."""
_DANGLES = _WORDS["dangles"]
_NEVER = _WORDS["never"]
_FAILS = _WORDS["fails"]
_WRONGED_YOU = _WORDS["wronged_you"]
_TO_YOU = _WORDS["to_you"]
_BAD = _WORDS["bad"]
_ILL = _WORDS["ill"]
_GOOD_IF_NOT = _WORDS["good_if_not"]
_HAVE_NOT = _WORDS["have_not"]
_OWN_LACK = _WORDS["own_lack"]
_NOT_BAD = _WORDS["not_bad"]
_MASS = _WORDS["mass"]
_NUMBERS = _WORDS["numbers"]
_ALONE = _WORDS["alone"]
_PREPOSITIONS = _WORDS["prepositions"]
_ENDS = _WORDS["ends"]
_UNIT = re.compile(
    r"(?:second|minute|min|hour|hr|day|week|month|year|time|dollar|pound|euro|email|call|ticket|order|item|photo|song"
    r"|mile|people|person|gb|mb|%)s?$",
    re.IGNORECASE,
)
_MONEY = re.compile(r"[£$€]\d[\d,]*(?:\.\d\d)?[kKmM]?$")
_SPREAD = {"you've": ("you", "have"), "you're": ("you", "are"), "we've": ("we", "have"), "we're": ("we", "are")}
_ADVERBS = _WORDS["adverbs"]
_LET = re.compile(r"^(?:it|this) (?:still )?(?:won't|doesn't|isn't|wouldn't|didn't|will not|is not|never) (?:even )?"
                  r"(?:let|letting|allow|allowing|lets|allows) (?:you|us) (?:to )?(?P<rest>.+)$")  # fmt: skip


_CIRCUMSTANCE = re.compile(r" (?:when|while|after|since|whenever|every time|before) (?=you )")


def mended(text: str) -> str:
    """The clause with a blurred "it" taken out: "it won't let you log in" is "you can't log in"."""
    let = _LET.match(text)
    text = f"you can't {let.group('rest')}" if let else text
    text = re.sub(r"^(?:.{2,40} (?:won't|doesn't|isn't) let(?:ting)? you|you can't) in$", "you can't get in", text)
    return re.sub(r" (?:since (?:today|now)|today|anymore|as well|at all|and|or)$", "", text)


_CUTS = _WORDS["cuts"]


def shortened(text: str, subject: str) -> str:
    """The longest beginning of the clause that may be said; empty when there is none."""
    if sound(text, subject):
        return text
    words = text.split()
    for at in range(min(len(words) - 1, MOST), 2, -1):
        if words[at].lower() in _CUTS:
            start = " ".join(words[:at])
            if sound(start, subject):
                return start
    return ""


def sound(text: str, subject: str) -> bool:
    """Whether the clause may be said to a customer as it stands."""
    main = _CIRCUMSTANCE.split(text, maxsplit=1)
    if len(main) > 1 and (len(text.split()) > MOST or not sound_circumstance(main[1])):
        return False
    words = main[0].split()
    if not 2 < len(words) <= MOST or words[-1].lower() in _ENDS:
        return False
    head = _SPREAD.get(words[0].lower())
    if head is not None:
        subject, rest = head[0], [head[1], *words[1:]]
    else:
        if text.startswith("you ") and not subject.startswith("you"):
            subject = "you"
        count = len(subject.split())
        rest = words[count:]
    return _subject_ok(subject) and _predicate_ok(subject.lower(), rest)


def sound_verb(base: str, tail: str) -> bool:
    """Whether "to <base> <tail>" can be said: "to combine your accounts"."""
    return base not in {"be", "have", "do", "go", "know", "see"} and _tail_ok(tail.split(), english(), first=base)


def sound_question(subject: str, rest: str) -> bool:
    """Whether a question about the subject can be told: "your order", "shipped yet"."""
    lex, words = english(), rest.split()
    words = words[words[0] in {"be", "been"} :]
    if words and (words[0] in lex.participle or words[0] in lex.ing or words[0] in lex.adjectives):
        words = words[1:]
    return _subject_ok(subject) and len(words) < 9 and _tail_ok(words, lex)


def sound_circumstance(text: str) -> bool:
    """Whether the clause may follow "when" or "after": "you open the app"."""
    lex = english()
    words = text.split()
    verb = words[1].lower() if len(words) > 2 else ""
    plain = verb in lex.base or (verb in lex.past and verb not in HAVE)
    return words[0] == "you" and plain and _tail_ok(words[2:], lex, first=verb)


def _subject_ok(subject: str) -> bool:
    words = subject.split()
    low = [word.lower() for word in words]
    lex = english()
    if low in (["you"], ["we"], ["nobody"], ["no", "one"]):
        return True
    if not words or len(words) > 5 or any(word in lex.unsaid or word in _DANGLES for word in low):
        return False
    if any(word in _PREPOSITIONS for word in low[2:]) or low[-1] in lex.adjectives:
        return False
    if low[0] in {"your", "our"}:
        return len(words) > 1 and not (len(words) == 2 and words[1].isupper() and len(words[1]) > 4)
    if low[0] == "the":
        return low[-1] not in lex.hollow and (low[-1] in lex.nouns or not (lex.finite(low[-1]) or low[-1] in lex.ing))
    return low[0] not in lex.function and words[0] in lex.spelling.values() and len(words) < 4


def _predicate_ok(subject: str, rest: Sequence[str]) -> bool:
    lex = english()
    words = [word.lower() for word in rest]
    i = 0
    never = False
    while i < len(words) and words[i] in _ADVERBS:
        never = never or words[i] == "never"
        i += 1
    if i >= len(words):
        return False
    verb, after = words[i], list(rest[i + 1 :])
    while after and after[0].lower() in _ADVERBS:
        never = never or after[0].lower() == "never"
        after = after[1:]
    nxt = after[0].lower() if after else ""
    if verb in NEGATED or (verb in HAVE and never):
        return _negated_ok(subject, verb, nxt, after, lex)
    if subject in {"nobody", "no one"}:
        return verb in _UNANSWERED and _tail_ok(after, lex)
    if never:
        return verb in _NEVER and _tail_ok(after, lex)
    if verb in BE:
        return _state_ok(subject, nxt, after, lex)
    if verb in HAVE:
        return _have_ok(subject, nxt, after, lex)
    if verb in {"keeps", "keep"}:
        if subject == "you":
            return nxt in {"getting", "receiving", "losing"} and len(after) > 2 and _tail_ok(after[1:], lex)
        return nxt in lex.ing and nxt not in _NO_NEWS and _tail_ok(after[1:], lex, first=lex.ing[nxt])
    if subject == "you":
        return (
            (verb == "waited" and "for" in words)
            or (verb in {"got", "get"} and nxt in _TO_YOU and _tail_ok(after[1:], lex))
            or (verb == "lost" and (nxt in {"your", "all", "access"} or nxt[:1].isdigit()) and _tail_ok(after, lex))
        )
    if subject == "we" and verb in _MISSENT:
        return "wrong" in [word.lower() for word in after[:4]] and _tail_ok(after, lex)
    if subject == "we":
        return verb in _WRONGED_YOU and bool(after) and _tail_ok(after, lex, first=lex.past.get(verb, ""))
    if verb in _ARRIVES and nxt != "up":
        return nxt in _BAD and _tail_ok(after[1:], lex)
    if verb in {"got", "gets"}:
        return nxt in _BAD and _tail_ok(after[1:], lex)
    return verb in _FAILS and _tail_ok(after, lex, first=lex.past.get(verb, lex.third.get(verb, "")))


def _negated_ok(subject: str, verb: str, nxt: str, after: list[str], lex: Words) -> bool:
    kind = NEGATED.get(verb, "have")
    if kind in {"do", "modal"}:
        if subject == "we" and nxt in {"receive", "get", "see", "find", "hear", "need", "pay"}:
            return False
        if subject == "you" and kind == "do":
            return nxt in _OWN_LACK and len(after) > 1 and _tail_ok(after[1:], lex, first=nxt)
        if subject == "you" and len(after) == 1 and nxt not in _ALONE:
            return False
        bare = nxt in _NOT_BAD and not (nxt == "find" and after[1:2] and after[1].lower() in {"your", "the"})
        return nxt in lex.base and not bare and _tail_ok(after[1:], lex, first=nxt)
    if kind == "have":
        if nxt == "been" and len(after) > 1:
            second = after[1].lower()
            if second == "able":
                return after[2:3] == ["to"] and _tail_ok(after[4:], lex, first=after[3].lower() if after[3:] else "")
            return (second in lex.participle or second in _GOOD_IF_NOT) and _tail_ok(after[2:], lex)
        return (
            nxt in _HAVE_NOT
            and (subject != "you" or nxt in {"received", "heard", "gotten", "got", "seen"})
            and (_tail_ok(after[1:], lex))
        )
    if nxt == "able":
        return after[1:2] == ["to"] and len(after) > 2 and _tail_ok(after[3:], lex, first=after[2].lower())
    if subject == "you":
        return nxt in {"getting", "receiving", "seeing"} and len(after) > 1 and _tail_ok(after[1:], lex)
    return (nxt in _GOOD_IF_NOT or nxt in lex.participle) and _tail_ok(after[1:], lex)


def _state_ok(subject: str, nxt: str, after: list[str], lex: Words) -> bool:
    if nxt in {"being", "getting"} and len(after) > 1:
        return after[1].lower() in _TO_YOU | _BAD and _tail_ok(after[2:], lex)
    if subject == "you":
        if nxt in {"unable"}:
            return after[1:2] == ["to"] and len(after) > 3 and _tail_ok(after[3:], lex, first=after[2].lower())
        return (nxt in _TO_YOU or nxt in {"stuck", "stranded"}) and _tail_ok(after[1:], lex)
    if subject == "we":
        return nxt in {"charging", "blocking", "refusing", "ignoring", "billing", "holding"} and _tail_ok(
            after[1:], lex
        )
    if nxt in {"so", "very", "extremely", "too", "not", "completely"} and len(after) > 1:
        nxt, after = after[1].lower(), after[1:]
        return nxt in _BAD and _tail_ok(after[1:], lex)
    if nxt == "running" and after[1:2] != ["slow"]:
        return False
    return (nxt in _BAD or nxt in _ILL) and _tail_ok(after[1:], lex)


def _have_ok(subject: str, nxt: str, after: list[str], lex: Words) -> bool:
    if nxt == "been" and len(after) > 1:
        second = after[1].lower()
        if subject == "you":
            return second in _TO_YOU | {"waiting"} and _tail_ok(after[2:], lex)
        return second in _BAD | _ILL and _tail_ok(after[2:], lex)
    if nxt == "no" and len(after) > 1:
        return after[1].lower() in lex.nouns - {"problem"} and _tail_ok(after[2:], lex)
    if subject == "you":
        return nxt == "lost" and len(after) > 1 and _tail_ok(after[1:], lex)
    if subject == "we":
        return nxt in _WRONGED_YOU and len(after) > 1 and _tail_ok(after[1:], lex, first=lex.participle.get(nxt, ""))
    return nxt in {
        "crashed",
        "frozen",
        "failed",
        "broken",
        "stopped",
        "disappeared",
        "expired",
        "vanished",
        "died",
        "gone",
    } and (_tail_ok(after[1:], lex))


_NO_NEWS = _WORDS["no_news"]
_UNANSWERED = _WORDS["unanswered"]
_ARRIVES = _WORDS["arrives"]
_MISSENT = _WORDS["missent"]
_NEEDS_OBJECT = _WORDS["needs_object"]


def _tail_ok(tail: Sequence[str], lex: Words, first: str = "") -> bool:
    """Whether what follows the verb is made of whole phrases: articles where English wants them, no loose pronoun."""
    if not tail:
        return first not in _NEEDS_OBJECT
    if len(tail) > 11 or tail[-1].lower() in _ENDS:
        return False
    before = first
    open_phrase = False
    """Whether an article has been said and its noun has not come yet, or may go on."""
    needs = True
    for i, word in enumerate(tail):
        low = word.lower()
        nxt = tail[i + 1].lower() if i + 1 < len(tail) else ""
        if low == "this" and nxt in {"week", "month", "year", "morning", "evening", "time"}:
            needs, open_phrase = False, True
            continue
        if low in _DANGLES or low in lex.unsaid or low in lex.pronouns - {"you", "nobody", "we", "no-one"}:
            return False
        if not all(c.isalnum() or c in "'-/&.,$£€%+" for c in word):
            return False
        if any(c.isdigit() for c in word):
            if not (
                _MONEY.match(word)
                or (_UNIT.search(nxt) and nxt)
                or (i and tail[i - 1][:1].isupper())
                or word[0].isalpha()
            ):
                return False
            needs, open_phrase = False, True
            continue
        if low in lex.possessives or low in lex.determiners or low in _NUMBERS:
            if i == len(tail) - 1:
                return False
            open_phrase, needs = True, False
        elif low in {"you", "us", "yourself"}:
            if low == "you" and nxt and (nxt in BE | HAVE | DO | MODALS or nxt in NEGATED):
                return False
            open_phrase, needs = False, nxt not in lex.base
        elif low in _PREPOSITIONS or low in {"and", "or"}:
            needs, open_phrase = True, False
        elif (low in BE | HAVE | DO | MODALS and word != "May") or low in NEGATED or low in lex.conjunctions:
            return False
        elif open_phrase:
            if (
                (low in lex.third or (low in lex.past and low not in lex.adjectives))
                and low not in lex.nouns
                and i
                and (tail[i - 1].lower() not in lex.determiners and tail[i - 1].lower() not in lex.possessives)
            ):
                return False
            if (low in _MASS and not (low in _BAD and nxt)) or low in lex.adverbs:
                open_phrase, needs = False, True
        elif needs and not (
            low in _MASS
            or word[0].isupper()
            or low in lex.adverbs
            or (low.endswith("s") and not low.endswith("ss"))
            or low in lex.ing
            or (before == "to" and low in lex.base)
            or (low in lex.adjectives and nxt and nxt.endswith("s"))
            or low in _BAD
        ):
            return False
        before = low
    return True
