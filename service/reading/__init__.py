"""The complaint taken apart: what happened, to what, for how long, how much, what is asked, what is felt.

Nothing here guesses: a statement that the small grammar of ``clauses`` does not understand is left out, and the
reading then holds only the things and the theme that the words name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from service.domain import Span
from service.reading.clauses import Parser, Statement, tokens
from service.reading.tidy import BLOT, tidy
from service.reading.words import BE, DO, HAVE, MODALS, NEGATED, Words, english, load, third
from service.terms import stems, terms

__all__ = ["Kind", "Part", "Reading", "read"]

Kind = Literal["problem", "question", "request", "praise", "plea", "remark"]
"""What the customer came for; a plea asks for help and says no more, a remark asks for nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that the complaint says, in our words to the customer, and where it says it."""

    kind: Literal["happened", "trying", "question", "request"]
    text: str
    """Reads after "I'm sorry that": "your second bag didn't arrive"."""
    span: Span
    weight: int
    topic: str = ""
    """The thing that it is about: "your second bag"; empty when none is sure."""
    should: str = ""
    """What ought to have been: "your second bag should have arrived"; empty when it cannot be said surely."""
    bare: str = ""
    """Of a question or request, what is asked by itself: "how to combine your accounts"."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A complaint taken apart; every tuple may be empty."""

    kind: Kind
    parts: tuple[Part, ...] = ()
    """What happened and what is asked, the plainest problem first."""
    topics: tuple[str, ...] = ()
    """Things of the customer's or ours, as phrases, the surest first."""
    names: tuple[str, ...] = ()
    """Products, places and codes that the complaint names."""
    keywords: tuple[str, ...] = ()
    """Runs of content words, for a complaint that names nothing else."""
    quotes: tuple[str, ...] = ()
    """Short texts that the complaint quotes, such as an error message."""
    waits: tuple[str, ...] = ()
    """How long it has lasted, in the customer's words: "three weeks"."""
    amounts: tuple[str, ...] = ()
    feelings: tuple[str, ...] = ()
    efforts: tuple[str, ...] = ()
    stakes: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    """What it is about, the strongest first."""
    praise: bool = False
    question: bool = False
    words: int = 0


_PIECE = re.compile(r"[^.!?|\n]+(?:\.(?=[a-z0-9])[^.!?|\n]+)*[.!?]*")
_WAIT = re.compile(
    r"\b(?:for|after|waited|waiting|been|over|past|last|nearly|almost|wasted|spent|takes|took|lost)\s+(?:for\s+)?(?:like |about |at least |the past |the last |the |over |nearly |almost |around |roughly |more than )*"
    r"(?P<span>(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|several|a few|few|many|a couple of)\s?\+?\s?(?:full |whole |solid )?(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?))\b(?!\s*(?:ago|old|later))",
    re.IGNORECASE,
)
_LONG = re.compile(
    r"\bfor (?P<span>hours|days|weeks|months|years|ages)\b|\b(?P<span2>\d{1,2} (?:hours|days|weeks|months)) (?:now|already)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[£$€]\s?\d[\d,]*(?:\.\d{1,2})?(?![\dkKmM])|\b\d[\d,.]{0,9}\d? ?(?:euros?|dollars|pounds|usd|eur|gbp)\b",
    re.IGNORECASE,
)
_QUOTE = re.compile(r'"([^"|¤\n]{4,70})"')
_NAME = re.compile(
    r"\b(?:(?:[A-Z][a-z]+|[A-Z]{2,6}|i[A-Z][a-z]+) ){0,3}(?:[A-Z][A-Za-z]*\d+\w*|[A-Z]{2,6}\d*|i[A-Z][a-z]+|[A-Z][a-z]{2,}(?: \d{1,4}[a-zA-Z]?)?)\b"
)
_CODE = re.compile(r"\berror(?: code)?:?\s*(?P<code>(?=[\w-]*\d)[A-Za-z0-9][\w-]{2,15})\b", re.IGNORECASE)
_HOW = re.compile(
    r"\bhow (?:do|can|could|would|should|may|might|am|are|did) (?:i|we|u|you) (?:able to |go about )?(?P<rest>.+)|\bhow to (?P<rest2>.+)",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"(?:^|[,;:] ?|\b(?:hi|hey|hello|and|so|but) )(?:can|could|may|should) (?:i|we) (?:please |still |also )?(?P<rest>.+)",
    re.IGNORECASE,
)
_WOULD = re.compile(
    r"\b(?:can|could|will|would|may) (?:you|u|someone|anyone|somebody)(?: guys| all)?,? (?:please |pls |plz |kindly |at least |just |possibly |help me (?:to )?|help )*(?P<rest>.+)",
    re.IGNORECASE,
)
_PLEASE = re.compile(r"(?:^|[,;:-] ?|\b(?:so|and|but|can) )(?:please|pls|plz|kindly)[, ]+(?P<rest>.+)", re.IGNORECASE)
_WAY = re.compile(
    r"\b(?:is there|there) (?:a |any |another )?way (?:to |for me to |(?:that )?(?:i|we) can |(?:i|we) could )(?P<rest>.+)|\bany way (?:to |(?:i|we) can )(?P<rest2>.+)",
    re.IGNORECASE,
)
_WHEN = re.compile(r"(?:^|\b)when (?P<aux>is|are|will|can|do|does) (?P<rest>.+)", re.IGNORECASE)
_TRY = re.compile(
    r"\b(?P<lead>trying|try|tried|attempting|attempted|(?<=need )help|having (?:trouble|issues|problems|difficulty)|struggling"
    r"|unable|(?:(?<=^)|(?<=\bi )|(?<=\bwe )|(?<=\bjust )|(?<=\breally )|(?<=\bstill )|(?<=\bonly ))(?:want|wanted|need|needed|would like)) "
    r"(?:to |in |with )?(?P<rest>.+)",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"\b(?:help|trouble|issues?|problems?|difficult(?:y|ies)|assistance|struggling)\b(?: is| are)? (?:me |us )?(?:out )?(?:with|on|regarding|about|accessing|using|in) (?P<rest>.+)",
    re.IGNORECASE,
)
_STATE = re.compile(r"^(?:is|are|was|were|has|have) (?P<rest>.+)", re.IGNORECASE)
_HELP = frozenset("help support answer answers someone hold through assistance".split())
_THIRD_PARTIES = re.compile(
    r"\b(?:seller|buyer|hacker|thief|thieves|scammer|people|someone|friend|teacher|student|neighbo|police|landlord|gouger|creditor|bureau)"
)
_GREETINGS = frozenset("not hello hi hey dear thanks thank thx ok good so also please pls just got since after".split())
_DOER = frozenset(
    "say send tell explain fix add refund cancel remove stop give bring unlock unblock restore return reset update change let make allow put open check look release respond reply investigate verify "
    "resolve correct delete provide credit replace review recover reinstate reactivate extend waive deliver ship confirm approve block close improve get take sort free transfer process reverse issue show include support block".split()
)


def read(text: str, language: str | None = "en", *, names: Sequence[str] = ()) -> Reading:
    """Take a complaint apart; ``names`` are the brand's own, which the customer's "you" may hide behind.

    Only English is taken apart into parts; of any other language the reading keeps amounts and names.
    """
    flat = _unshout(tidy(text))
    low = flat.lower()
    words = len(re.findall(r"\w+", flat))
    if language not in {"en", None}:
        return Reading(kind="remark", amounts=_amounts(flat), words=words)
    parts, topics = _parts(_unquoted(flat), names)
    feelings, efforts, stakes, praise = _found(low)
    question = "?" in text
    kind = _kind(parts, praise, question, words)
    return Reading(
        kind=kind,
        parts=tuple(sorted(parts, key=lambda part: -part.weight)),
        topics=topics,
        names=_names(flat, names),
        keywords=_keywords(flat),
        quotes=tuple(dict.fromkeys(q.strip(" ,.;:") for q in _QUOTE.findall(flat) if _quotable(q))),
        waits=_waits(flat),
        amounts=_amounts(flat),
        feelings=feelings,
        efforts=efforts,
        stakes=stakes,
        themes=themes_of(low),
        praise=praise,
        question=question,
        words=words,
    )


def _unquoted(flat: str) -> str:
    """The text with longer quotations blanked: what someone else said is no statement of the customer's."""
    return re.sub(
        r'"[^"\n]{1,200}"',
        lambda m: "|" + " " * (len(m.group()) - 1) if " " in m.group().strip('" ') else m.group().replace('"', " "),
        flat,
    )


def _kind(parts: Sequence[Part], praise: bool, question: bool, words: int) -> Kind:
    if any(part.kind in {"happened", "trying"} for part in parts):
        return "problem"
    if any(part.kind == "request" for part in parts):
        return "request"
    if any(part.kind == "question" for part in parts):
        return "question"
    if praise and not question:
        return "praise"
    if question:
        return "question"
    return "plea" if words <= 8 else "remark"


def _unshout(flat: str) -> str:
    letters = [c for c in flat if c.isalpha()]
    if len(letters) > 12 and sum(c.isupper() for c in letters) > 0.6 * len(letters):
        return flat.lower()
    heads = re.findall(r"\b[A-Za-z]", flat)
    if len(heads) > 7 and sum(c.isupper() for c in heads) > 0.75 * len(heads):
        return flat.lower()
    return flat


# statements


def _parts(flat: str, names: Sequence[str]) -> tuple[list[Part], tuple[str, ...]]:
    lex = english()
    parser = Parser(lex, names, they_are_us=not _THIRD_PARTIES.search(flat.lower()))
    parts: list[Part] = []
    topics: dict[str, int] = {}
    antecedent = ""
    for count, match in enumerate(_PIECE.finditer(flat)):
        if count > 60:
            break
        sentence = match.group().strip()
        if len(sentence) < 3 or len(sentence) > 900:
            continue
        span = Span(match.start(), match.end())
        asked = _asked(sentence, parser, span)
        parts.extend(asked)
        found = _statements(sentence, parser, antecedent, skip=any(p.kind == "question" for p in asked))
        for statement, aside in found:
            if statement.topic and statement.topic not in {"you", "we"}:
                topics[statement.topic] = topics.get(statement.topic, 0) + 2
            if statement.weight and not aside:
                weight = (
                    statement.weight * 2
                    + (2 if statement.topic else 0)
                    + min(4, 2 * len(stems(statement.text)))
                    - 4
                    - max(0, len(statement.text.split()) - 13)
                )
                parts.append(Part("happened", statement.text, span, max(1, weight), statement.topic, statement.should))
        antecedent = _meant_by_it(found[-1][0]) if found else ""
        toks = tokens(sentence, lex)
        for i in range(len(toks)):
            if toks[i].lower() in {"my", "your", "our", "the"}:
                phrase = parser.phrase(toks[i : i + 7])
                if phrase:
                    topics[phrase] = topics.get(phrase, 0) + (2 if toks[i].lower() == "my" else 1)
    unique: dict[str, Part] = {}
    for part in parts:
        if part.text not in unique or unique[part.text].weight < part.weight:
            unique[part.text] = part
    ordered = sorted(topics, key=lambda t: -topics[t])
    return list(unique.values()), tuple(ordered[:6])


def _meant_by_it(statement: Statement) -> str:
    """What "it" in the next clause stands for; empty when that is not sure."""
    return statement.topic if statement.topic and statement.topic == statement.subject else statement.thing


def _statements(sentence: str, parser: Parser, antecedent: str, skip: bool) -> list[tuple[Statement, bool]]:
    toks = tokens(sentence, parser.words)
    question = sentence.endswith("?")
    found: list[tuple[Statement, bool]] = []
    heir = ""
    segments = list(_segments(toks, parser.words))
    for at, (lead, seg) in enumerate(segments):
        why = _inverted(seg, parser.words)
        statement = None
        if why is not None:
            statement = parser.statement(why, "", antecedent, ask=True)
        elif not (question and _opens_question(seg, at)) and lead not in {"if", "unless", "whether", "or"}:
            statement = parser.statement(seg, heir, antecedent)
        if statement is None:
            heir = ""
            continue
        if skip and question and statement.weight < 3:
            continue
        tail = segments[at + 1] if at + 1 < len(segments) else None
        if tail and tail[0] in {"when", "while", "after", "since", "whenever", "every", "before"} and statement.weight:
            second = parser.statement(tail[1], "", statement.topic)
            joined = (
                f"{statement.text} {'every time' if tail[0] == 'every' else tail[0]} {second.text}" if second else ""
            )
            if second and len(joined.split()) <= 18 and second.subject not in {"we"}:
                statement = Statement(
                    joined,
                    statement.subject,
                    statement.topic or second.topic,
                    statement.should,
                    statement.weight,
                    statement.subject_tokens,
                )
        heir = {"you": "I", "we": "you"}.get(statement.subject, "")
        if not heir and statement.subject_tokens and statement.subject_tokens[0] not in {"there", "no"}:
            heir = " ".join(statement.subject_tokens)
        antecedent = _meant_by_it(statement) or antecedent
        found.append((statement, lead in _ASIDE))
    return found


_ASIDE = frozenset("when while whenever after before since every until".split())
"""Words that lead a circumstance, which is told only behind the statement that it belongs to."""
_HARD = set(',;:()|/-*=[]"~^_<>+\\')
_SOFT = {
    "and",
    "but",
    "because",
    "so",
    "when",
    "while",
    "after",
    "since",
    "whenever",
    "although",
    "though",
    "before",
    "if",
    "then",
    "or",
    "however",
    "yet",
    "cause",
    "unless",
    "even",
    "until",
    "that",
}


def _segments(toks: list[str], lex: Words) -> Iterable[tuple[str, list[str]]]:
    """The clauses of a sentence with the word that leads each; broken at signs and before a new subject or verb."""
    seg: list[str] = []
    lead = ""
    i = 0
    while i < len(toks):
        low = toks[i].lower()
        nxt = toks[i + 1].lower() if i + 1 < len(toks) else ""
        if (low[0] in _HARD and len(low) == 1) or low in {"?", "!", "."}:
            if seg:
                yield lead, seg
            seg, lead = [], ""
        elif low in _SOFT and seg and _starts_clause(toks, i + 1, lex, low):
            yield lead, seg
            seg, lead = [], low
        elif (
            low == "every" and nxt == "time" and seg and i + 2 < len(toks) and toks[i + 2].lower() in {"i", "we", "it"}
        ):
            yield lead, seg
            seg, lead = [], "every"
            i += 1
        else:
            if not seg and low in _SOFT:
                lead = low
            else:
                seg.append(toks[i])
        i += 1
    if seg:
        yield lead, seg


def _starts_clause(toks: list[str], i: int, lex: Words, conj: str) -> bool:
    if i >= len(toks):
        return True
    low = toks[i].lower()
    if conj == "that":
        return low in {"i", "we", "my", "our"} and toks[i - 2].lower() in {
            "said",
            "told",
            "mean",
            "see",
            "noticed",
            "found",
            "is",
            "know",
            "think",
            "says",
            "seems",
        }
    if (
        low
        in {
            "i",
            "we",
            "he",
            "she",
            "it",
            "they",
            "this",
            "there",
            "you",
            "i'm",
            "i've",
            "it's",
            "they're",
            "you're",
            "there's",
            "i'd",
            "i'll",
        }
        or low in NEGATED
    ):
        return True
    if conj in {"and", "but", "then", "or"} and (
        (low in lex.past and low not in lex.base and low not in lex.adjectives)
        or low in BE | HAVE | DO | MODALS
        or low in {"still", "now", "never", "also", "then", "when", "because"}
    ):
        return True
    if conj in {"and", "but", "or"} and low in lex.third and low not in lex.nouns:
        return True
    if low in {"my", "your", "our", "the", "no", "nothing", "nobody", "every", "everything", "not"}:
        return (
            any(
                t.lower() in NEGATED or t.lower() in BE | HAVE | DO or t.lower() in lex.third or t.lower() in lex.past
                for t in toks[i + 2 : i + 8]
            )
            and conj != "or"
        )
    return conj in {"but", "because", "however", "when", "even", "if", "while"} and low in lex.function


def _opens_question(seg: list[str], at: int) -> bool:
    low = seg[0].lower()
    return low in BE | HAVE | DO | MODALS or low in {
        "what",
        "how",
        "where",
        "who",
        "when",
        "which",
        "why",
        "any",
        "anyone",
    }


def _inverted(seg: list[str], lex: Words) -> list[str] | None:
    """ "why can't I log in" as "I can't log in"; ``None`` when it is no such question."""
    words = list(seg)
    while words and words[0].lower() in {
        "but",
        "and",
        "so",
        "hi",
        "hey",
        "hello",
        "wtf",
        "ok",
        "please",
        "then",
        "tell",
        "me",
        "explain",
        "wondering",
        "now",
    }:
        words = words[1:]
    if not words or words[0].lower() not in {"why", "y", "how"}:
        return None
    if words[0].lower() == "how":
        if len(words) < 4 or words[1].lower() != "come":
            return None
        return words[2:]
    words = words[1:]
    words = [w for w in words if w.lower() not in lex.droppable]
    if len(words) < 3:
        return None
    low = words[0].lower()
    if low in {"i", "my", "it", "you", "your", "the", "this", "they", "there"} and low not in NEGATED:
        return words
    if (low not in NEGATED and low not in BE | HAVE | DO | MODALS) or low in {"would", "should"}:
        return None
    at = _subject_end(words, lex)
    if at is None:
        return None
    subject, rest = words[1:at], words[at:]
    if not rest:
        return None
    if low in {"do", "does", "did"}:
        base = rest[0].lower()
        if base in lex.adverbs and len(rest) > 1:
            subject, rest, base = [*subject, rest[0]], rest[1:], rest[1].lower()
        if base not in lex.base and base != "be":
            return None
        if low == "does":
            rest = [third(base), *rest[1:]]
        elif low == "did":
            rest = [lex.past_of[base], *rest[1:]]
        return [*subject, *rest]
    return [*subject, low, *rest]


def _subject_end(words: list[str], lex: Words) -> int | None:
    low = words[1].lower()
    if low in {"you", "u"} and len(words) > 2 and words[2].lower() in {"guys", "all"}:
        return 3
    if low in {"i", "you", "it", "they", "we", "this", "there", "u"}:
        return 2
    if low in lex.determiners:
        for i in range(3, min(len(words), 8)):
            word = words[i].lower()
            before = words[i - 1].lower()
            if (
                (word in lex.function and word not in {"of"})
                or word in lex.ing
                or word in lex.adjectives
                or word in lex.trouble
                or (word in lex.base and before in lex.nouns)
            ):
                return i
    return None


# questions and requests


def _asked(sentence: str, parser: Parser, span: Span) -> list[Part]:
    """What the sentence asks of us, at most one part, and what the customer was trying to do."""
    out: list[Part] = []
    question = sentence.endswith("?")
    body = sentence.rstrip("?!. ")
    for pattern, make in _ASKS:
        match = pattern.search(body)
        if match is None:
            continue
        if pattern is _STATE and not question:
            continue
        part = make(match, parser, span)
        if part is not None:
            out.append(part)
            break
    return out


def _rest(match: re.Match[str]) -> str:
    return next((value for key, value in match.groupdict().items() if key.startswith("rest") and value), "")


def _verb_phrase(rest: str, parser: Parser, ing: bool = False) -> tuple[str, str] | None:
    """A verb phrase told to the customer with its topic, or ``None``; it starts with a base verb (or one in -ing)."""
    lex = parser.words
    toks = tokens(rest, lex)
    toks = [t for t in toks if t.lower() not in lex.droppable]
    if toks and toks[0].lower() == "to":
        toks = toks[1:]
    cut = next(
        (
            i
            for i, t in enumerate(toks)
            if t[0] in _HARD
            or t in {"?", "!", ".", BLOT}
            or (i and t.lower() in {"but", "because", "so", "if", "since", "cuz"})
            or (i > 1 and t.lower() in {"and", "when"} and _starts_clause(toks, i + 1, lex, t.lower()))
        ),
        len(toks),
    )
    if cut < len(toks) and toks[cut] == BLOT:
        return None
    toks = toks[:cut]
    if len(toks) == 1 and toks[0].lower() == "login":
        toks = ["log", "in"]
    if len(toks) < 2:
        return None
    if toks[0].lower() == "login":
        toks = ["log", "in", *toks[1:]]
    head = toks[0].lower()
    if ing and head in lex.ing:
        base = lex.ing[head]
    elif head in lex.base:
        base = head
    else:
        return None
    if base in {
        "know",
        "say",
        "ask",
        "do",
        "thank",
        "understand",
        "help",
        "see",
        "be",
        "have",
        "want",
        "need",
        "believe",
        "think",
        "hear",
        "apologize",
        "dm",
        "tell",
    } and not (base in {"see", "have"} and len(toks) > 3):
        return None
    trimmed = parser._trim(toks[1:])
    if not trimmed or any(t.lower() in lex.unsaid for t in trimmed):
        return None
    swapped = parser._swap(trimmed)
    if not swapped or (
        trimmed[0].lower() in {"it", "that", "this", "them", "something", "anything", "in"}
        and len(trimmed) < 2
        and base not in {"log"}
    ):
        return None
    if any(t.lower() in {"he", "she", "him", "her", "them", "they"} for t in trimmed) or len(trimmed) > 14:
        return None
    if base in {"get", "find", "need", "seek"} and any(t.lower() in _HELP for t in trimmed[:3]):
        return None
    topic = parser.phrase(trimmed)
    return base, f"{swapped}\x00{topic}"


def _question_how(match: re.Match[str], parser: Parser, span: Span) -> Part | None:
    found = _verb_phrase(_rest(match), parser)
    if found is None:
        return None
    base, rest = found
    told, topic = rest.split("\x00")
    base = "log in" if base == "login" else base
    bare = f"how to {base} {told}"
    return Part("question", f"you've had to ask {bare}", span, 4, topic, "", bare)


def _question_may(match: re.Match[str], parser: Parser, span: Span) -> Part | None:
    found = _verb_phrase(_rest(match), parser)
    if found is None:
        return None
    base, rest = found
    told, topic = rest.split("\x00")
    bare = f"whether you can {base} {told}"
    return Part("question", f"you've had to ask {bare}", span, 4, topic, "", bare)


def _question_way(match: re.Match[str], parser: Parser, span: Span) -> Part | None:
    found = _verb_phrase(_rest(match), parser)
    if found is None:
        return None
    base, rest = found
    told, topic = rest.split("\x00")
    bare = f"whether there's a way to {base} {told}"
    return Part("question", f"you've had to ask {bare}", span, 4, topic, "", bare)


def _request(match: re.Match[str], parser: Parser, span: Span) -> Part | None:
    rest = _rest(match)
    with_match = re.match(r"(?:help )?(?:me |us )?(?:with|on) (?P<rest>.+)", rest, re.IGNORECASE)
    if with_match:
        return _trouble(with_match, parser, span)
    found = _verb_phrase(rest, parser)
    if found is None or found[0] not in _DOER:
        return None
    base, told = found
    text, topic = told.split("\x00")
    bare = f"{base} {text}"
    if base in {"tell", "explain"} or "let you" in bare:
        return None
    return Part("request", f"us to {bare}", span, 3, topic, "", bare)


def _trying(match: re.Match[str], parser: Parser, span: Span) -> Part | None:
    rest = _rest(match)
    lead = match.group("lead").split()[0].lower()
    found = _verb_phrase(rest, parser, ing=True)
    if found is None:
        return _wanted(rest, parser, span) if lead in {"want", "wanted", "need", "needed", "would"} else None
    base, told = found
    text, topic = told.split("\x00")
    ing = parser.words.ing_of[base]
    if lead in {"want", "wanted", "need", "needed", "would"}:
        bare = f"{base} {text}"
        if text.startswith(("that ", "how ", "what ", "why ", "if ")):
            return None
        if base in {"speak", "talk", "contact", "call"}:
            return Part("trying", f"you haven't been able to {bare}", span, 4, topic, "", bare)
        return Part("request", f"for help {ing} {text}", span, 3, topic, "", bare)
    if lead == "unable":
        return Part(
            "trying",
            f"you haven't been able to {base} {text}",
            span,
            7,
            topic,
            f"you should be able to {base} {text}",
            f"{base} {text}",
        )
    return Part(
        "trying",
        f"we've left you with such trouble {ing} {text}",
        span,
        6,
        topic,
        f"{ing} {text} shouldn't be this hard",
        f"{base} {text}",
    )


def _wanted(rest: str, parser: Parser, span: Span) -> Part | None:
    """ "I want my money back" as a request for the thing."""
    lex = parser.words
    toks = [t for t in tokens(rest, lex) if t.lower() not in lex.droppable][:7]
    if not toks or toks[0].lower() not in {"my", "the", "your", "our"}:
        return None
    phrase = parser.phrase(toks)
    if not phrase:
        return None
    told = f"{phrase} back" if "back" in [t.lower() for t in toks] else phrase
    return Part("request", f"us for {told}", span, 3, phrase, "", f"get {told}")


def _trouble(match: re.Match[str], parser: Parser, span: Span) -> Part | None:
    lex = parser.words
    toks = [t for t in tokens(_rest(match), lex) if t.lower() not in lex.droppable]
    if not toks:
        return None
    verb = _verb_phrase(" ".join(toks), parser, ing=True) if toks[0].lower() in lex.ing else None
    if verb is not None:
        text, topic = verb[1].split("\x00")
        ing = lex.ing_of[verb[0]]
        return Part(
            "trying",
            f"we've left you with this trouble {ing} {text}",
            span,
            6,
            topic,
            f"{ing} {text} shouldn't be this hard",
            f"{verb[0]} {text}",
        )
    if toks[0].lower() not in lex.determiners - {
        "that",
        "this",
        "it",
        "these",
        "those",
        "any",
        "some",
        "a",
        "an",
        "his",
        "her",
        "their",
    }:
        return None
    phrase = parser.phrase(toks[:7])
    if not phrase:
        return None
    return Part("trying", f"we've left you with this trouble over {phrase}", span, 6, phrase, "", phrase)


def _question_when(match: re.Match[str], parser: Parser, span: Span) -> Part | None:
    lex = parser.words
    toks = [match.group("aux"), *tokens(match.group("rest"), lex)]
    at = _subject_end(toks, lex) or _long_subject(toks, lex)
    if at is None or at > len(toks):
        return None
    subject, rest = toks[1:at], toks[at:]
    aux = toks[0].lower()
    if (
        not rest
        or aux in {"do", "does"}
        or any(t.lower() in lex.unsaid for t in toks)
        or subject[0].lower() in {"it", "this", "that"}
    ):
        return None
    rest_ok = parser._trim(rest)
    if not rest_ok or len(rest_ok) > 10:
        return None
    told = parser._swap(
        [*subject, aux if subject[0].lower() != "i" or aux != "am" else "are", *rest_ok], person_subject=True
    )
    if told is None:
        return None
    bare = f"when {told}"
    return Part("question", f"you've had to ask {bare}", span, 4, parser.phrase(toks), "", bare)


def _question_state(match: re.Match[str], parser: Parser, span: Span) -> Part | None:
    lex = parser.words
    toks = tokens(match.group(), lex)
    at = _subject_end(toks, lex) or _long_subject(toks, lex)
    if at is None or at >= len(toks):
        return None
    subject, rest = toks[1:at], toks[at:]
    if subject[0].lower() in {"it", "this", "that", "there", "these", "those", "i", "he", "she", "they"} or any(
        t.lower() in lex.unsaid for t in toks
    ):
        return None
    trimmed = parser._trim(rest)
    if not trimmed or len(trimmed) > 12:
        return None
    told = parser._swap([*subject, toks[0].lower(), *trimmed], person_subject=True)
    if told is None:
        return None
    bare = f"whether {told}"
    return Part("question", f"you've had to ask {bare}", span, 4, parser.phrase(toks), "", bare)


def _long_subject(toks: list[str], lex: Words) -> int | None:
    if len(toks) < 3 or toks[1].lower() in lex.function - lex.determiners:
        return None
    for i in range(2, min(len(toks), 7)):
        low = toks[i].lower()
        if low in {
            "down",
            "up",
            "available",
            "coming",
            "back",
            "going",
            "working",
            "still",
            "be",
            "closed",
            "open",
            "out",
            "having",
            "gonna",
            "being",
        }:
            return i
        if low in lex.function:
            return None
    return None


_ASKS = (
    (_HOW, _question_how),
    (_WAY, _question_way),
    (_MAY, _question_may),
    (_WITH, _trouble),
    (_TRY, _trying),
    (_WOULD, _request),
    (_PLEASE, _request),
    (re.compile(r"^(?P<rest>[A-Za-z]+ .+)"), _request),
    (_WHEN, _question_when),
    (_STATE, _question_state),
)


# what else it says


def _waits(flat: str) -> tuple[str, ...]:
    found = [m.group("span") for m in _WAIT.finditer(flat)] + [
        m.group("span") or m.group("span2") for m in _LONG.finditer(flat)
    ]
    return tuple(
        dict.fromkeys(
            " ".join(
                span.lower()
                .replace("hrs", "hours")
                .replace("mins", "minutes")
                .replace("hr ", "hour ")
                .replace("+", "")
                .split()
            )
            for span in found
        )
    )


def _amounts(flat: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.group().strip() for m in _MONEY.finditer(flat)))


def _quotable(quote: str) -> bool:
    lex = english()
    toks = [t.lower() for t in tokens(quote, lex)]
    return (
        2 <= len(toks) <= 9
        and not any(t in lex.unsaid for t in toks)
        and all(ord(c) < 0x250 for c in quote)
        and not any(t in {"i", "me", "my"} for t in toks)
    )


def _names(flat: str, own: Sequence[str]) -> tuple[str, ...]:
    lex = english()
    out: dict[str, None] = {}
    for match in _CODE.finditer(flat):
        out[f"error {match.group('code')}"] = None
    for match in _NAME.finditer(flat):
        name = match.group()
        while name and (name.split()[0].lower() in lex.function or name.split()[0].lower() in _GREETINGS):
            name = " ".join(name.split()[1:])
        if (
            not name
            or name.isdigit()
            or not flat[match.end() :].strip(" .!,|\n")
            and "\n" in flat[: match.start()][-3:]
        ):
            continue
        starts = match.start() == 0 or flat[: match.start()].rstrip(" \"'(")[-1:] in {"", ".", "!", "?", "|", "\n", ":"}
        if (
            name.lower() in lex.function
            or name.lower() in lex.unsaid
            or name.lower() in lex.hollow
            or any(w.lower() in lex.unsaid for w in name.split())
        ):
            continue
        if (
            starts
            and " " not in name
            and name[1:] == name[1:].lower()
            and not any(c.isdigit() for c in name)
            and name.lower() not in lex.spelling
        ):
            continue
        out[lex.spelling.get(name.lower(), name)] = None
    own_low = {n.lower() for n in own}
    return tuple(n for n in out if n.lower() not in own_low)[:8]


def _names_a_thing(word: str) -> bool:
    low = word.lower()
    plural = low.endswith("s") and not low.endswith(("ss", "us", "is")) and low not in english().third
    return low in english().nouns or word != low or plural or low.endswith(("tion", "ment", "ity"))


def _keywords(flat: str) -> tuple[str, ...]:
    lex = english()
    runs: list[list[str]] = []
    end = -2
    for term in terms(flat[:600]):
        word = term.span.of(flat)
        low = word.lower()
        if (
            low in lex.unsaid
            or low in lex.hollow
            or low in lex.adverbs
            or low.endswith(("'t", "'s", "ly"))
            or not low.isalnum()
            or ord(low[0]) > 0x24F
            or len(low) < 3
            or low in lex.function
        ):
            end = -2
            continue
        low_ok = word if word != low and not word.isupper() else lex.spelling.get(low, low if len(low) > 4 else word)
        if term.span.start == end + 1 and len(runs[-1]) < 3:
            runs[-1].append(low_ok)
        else:
            runs.append([low_ok])
        end = term.span.end
    good = []
    for run in runs:
        while run and (
            (lex.finite(run[-1].lower()) and run[-1].lower() not in lex.nouns)
            or run[-1].lower() in lex.ing
            or run[-1].lower() in lex.adjectives
            or run[-1].lower() in lex.participle
        ):
            run.pop()
        while run and ((lex.finite(run[0].lower()) and run[0].lower() not in lex.nouns) or run[0].lower() in lex.ing):
            run.pop(0)
        if any(_names_a_thing(word) for word in run):
            good.append(" ".join(run))
    return tuple(dict.fromkeys(good))[:5]


@cache
def _signs() -> tuple[tuple[str, tuple[tuple[str, re.Pattern[str]], ...]], ...]:
    data = load("feelings.yml")
    groups = []
    for group in ("feelings", "efforts", "stakes"):
        groups.append((group, tuple((key, _any(words)) for key, words in data[group].items())))
    groups.append(("praise", (("praise", _any(data["praise"])),)))
    return tuple(groups)


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join((r"\b" if word[0].isalnum() else "") + re.escape(word) for word in words))


def _found(low: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], bool]:
    found = {group: tuple(key for key, pattern in keys if pattern.search(low)) for group, keys in _signs()}
    return found["feelings"], found["efforts"], found["stakes"], bool(found["praise"])


@cache
def _themes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    out = []
    for theme, words in load("themes.yml").items():
        alternatives = "|".join(re.escape(w.rstrip("*")) + (r"\w*" if w.endswith("*") else "") for w in map(str, words))
        out.append((theme, re.compile(rf"\b(?:{alternatives})\b")))
    return tuple(out)


def themes_of(low: str) -> tuple[str, ...]:
    """The themes of a lower-cased text, the strongest first; empty when nothing tells."""
    counts = {theme: len({m.group() for m in pattern.finditer(low)}) for theme, pattern in _themes()}
    return tuple(sorted((t for t in counts if counts[t]), key=lambda t: -counts[t]))
