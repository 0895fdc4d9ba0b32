"""What a complaint asks: questions, requests, and what the customer was trying to do."""

from __future__ import annotations

import re
from collections.abc import Callable

from service.domain import Span
from service.reading.clauses import Parser, tokens
from service.reading.parts import Part
from service.reading.sound import sound_question, sound_verb
from service.reading.statements import HARD, starts_clause, subject_end
from service.reading.tidy import BLOT
from service.reading.words import Words, listed

_HOW = re.compile(
    r"\bhow (?:do|can|could|would|should|may|might|am|are|did) (?:i|we|u|you) (?:able to |go about"
    r" )?(?P<rest>.+)|\bhow to (?P<rest2>.+)",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"(?:^|[,;:] ?|\b(?:hi|hey|hello|and|so|but) )(?:can|could|may|should) (?:i|we) (?:please |still |also"
    r" )?(?P<rest>.+)",
    re.IGNORECASE,
)
_WOULD = re.compile(
    r"\b(?:can|could|will|would|may) (?:you|u|someone|anyone|somebody)(?: guys| all)?,? (?:please |pls |plz "
    r"|kindly |at least |just |possibly |help me (?:to )?|help )*(?P<rest>.+)",
    re.IGNORECASE,
)
_PLEASE = re.compile(r"(?:^|[,;:-] ?|\b(?:so|and|but|can) )(?:please|pls|plz|kindly)[, ]+(?P<rest>.+)", re.IGNORECASE)
_WAY = re.compile(
    r"\b(?:is there|there) (?:a |any |another )?way (?:to |for me to |(?:that )?(?:i|we) can |(?:i|we) could"
    r" )(?P<rest>.+)|\bany way (?:to |(?:i|we) can )(?P<rest2>.+)",
    re.IGNORECASE,
)
_WHEN = re.compile(r"(?:^|\b)when (?P<aux>is|are|will|can|do|does) (?P<rest>.+)", re.IGNORECASE)
_TRY = re.compile(
    r"\b(?P<lead>trying|try|tried|attempting|attempted|(?<=need )help|having (?:trouble|issues|problems"
    r"|difficulty)|struggling"
    r"|unable|(?:(?<=^)|(?<=\bi )|(?<=\bwe )|(?<=\bjust )|(?<=\breally )|(?<=\bstill )|(?<=\bonly ))(?:want"
    r"|wanted|need|needed|would like)) "
    r"(?:to |in |with )?(?P<rest>.+)",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"\b(?:help|trouble|issues?|problems?|difficult(?:y|ies)|assistance|struggling)\b(?: is| are)? (?:me |us"
    r" )?(?:out )?(?:with|on|regarding|about|accessing|using|in) (?P<rest>.+)",
    re.IGNORECASE,
)
_STATE = re.compile(r"^(?:is|are|was|were|has|have) (?P<rest>.+)", re.IGNORECASE)
_NO_REQUEST = listed("know say ask do thank understand help see be have want need believe think hear apologize dm tell")
_STATES = listed("down up available coming back going working still be closed open out having gonna being")
_HELP = listed("help support answer answers someone hold through assistance")
_DOER = listed(
    "say send tell explain fix add refund cancel remove stop give bring unlock unblock restore return reset "
    "update change let make allow put open check look release respond reply investigate verify resolve correct "
    "delete provide credit replace review recover reinstate reactivate extend waive deliver ship confirm "
    "approve block close improve get take sort free transfer process reverse issue show include support block"
)


def asked(sentence: str, parser: Parser, span: Span) -> list[Part]:
    """What the sentence asks of us or says of an attempt, at most one part."""
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
            if t[0] in HARD
            or t in {"?", "!", ".", BLOT}
            or (i and t.lower() in {"but", "because", "so", "if", "since", "cuz"})
            or (i > 1 and t.lower() in {"and", "when"} and starts_clause(toks, i + 1, lex, t.lower()))
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
    if base in _NO_REQUEST and not (base in {"see", "have"} and len(toks) > 3):
        return None
    trimmed = parser.trimmed(toks[1:])
    if not trimmed or any(t.lower() in lex.unsaid for t in trimmed):
        return None
    swapped = parser.swapped(trimmed)
    if not swapped or (
        trimmed[0].lower() in {"it", "that", "this", "them", "something", "anything", "in"}
        and len(trimmed) < 2
        and base not in {"log"}
    ):
        return None
    if any(t.lower() in {"he", "she", "him", "her", "them", "they"} for t in trimmed) or len(trimmed) > 14:
        return None
    if not sound_verb(base, swapped):
        return None
    if base in {"get", "find", "need", "seek", "send", "give", "provide", "offer"} and any(
        t.lower() in _HELP for t in trimmed[:3]
    ):
        return None
    topic = parser.phrase(trimmed)
    return base, f"{swapped}\x00{topic}"


def _question(asked: str) -> Callable[[re.Match[str], Parser, Span], Part | None]:
    """A reader of questions that are told back as ``asked`` and the verb: "how to reset your password"."""

    def part(match: re.Match[str], parser: Parser, span: Span) -> Part | None:
        found = _verb_phrase(_rest(match), parser)
        if found is None:
            return None
        base, rest = found
        told, topic = rest.split("\x00")
        bare = f"{asked} {'log in' if base == 'login' else base} {told}"
        return Part("question", f"you've had to ask {bare}", span, 4, topic, "", bare)

    return part


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
        return Part(
            "trying",
            f"{ing} {text} has been such a struggle",
            span,
            3,
            topic,
            f"{ing} {text} should be easier than this",
            bare,
        )
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
        f"{ing} {text} has been such a struggle",
        span,
        6,
        topic,
        f"{ing} {text} should be easier than this",
        f"{base} {text}",
    )


def _wanted(rest: str, parser: Parser, span: Span) -> Part | None:
    """Tell "I want my money back" as a request for the thing."""
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
            f"{ing} {text} has been such a struggle",
            span,
            6,
            topic,
            f"{ing} {text} should be easier than this",
            f"{verb[0]} {text}",
        )
    return None


def _question_when(match: re.Match[str], parser: Parser, span: Span) -> Part | None:
    lex = parser.words
    toks = [match.group("aux"), *tokens(match.group("rest"), lex)]
    at = subject_end(toks, lex) or _long_subject(toks, lex)
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
    rest_ok = parser.trimmed(rest)
    if not rest_ok or len(rest_ok) > 10:
        return None
    told = parser.swapped(
        [*subject, aux if subject[0].lower() != "i" or aux != "am" else "are", *rest_ok], person_subject=True
    )
    head = parser.swapped(subject, person_subject=True) or ""
    if told is None or not sound_question(head, parser.swapped(rest_ok) or ""):
        return None
    bare = f"when {told}"
    return Part("question", f"you've had to ask {bare}", span, 4, parser.phrase(toks), "", bare)


def _question_state(match: re.Match[str], parser: Parser, span: Span) -> Part | None:
    lex = parser.words
    toks = tokens(match.group(), lex)
    at = subject_end(toks, lex) or _long_subject(toks, lex)
    if at is None or at >= len(toks):
        return None
    subject, rest = toks[1:at], toks[at:]
    if subject[0].lower() in {"it", "this", "that", "there", "these", "those", "i", "he", "she", "they"} or any(
        t.lower() in lex.unsaid for t in toks
    ):
        return None
    trimmed = parser.trimmed(rest)
    if not trimmed or len(trimmed) > 12:
        return None
    told = parser.swapped([*subject, toks[0].lower(), *trimmed], person_subject=True)
    head = parser.swapped(subject, person_subject=True) or ""
    if told is None or not sound_question(head, parser.swapped(trimmed) or ""):
        return None
    bare = f"whether {told}"
    return Part("question", f"you've had to ask {bare}", span, 4, parser.phrase(toks), "", bare)


def _long_subject(toks: list[str], lex: Words) -> int | None:
    if len(toks) < 3 or toks[1].lower() in lex.function - lex.determiners:
        return None
    for i in range(2, min(len(toks), 7)):
        low = toks[i].lower()
        if low in _STATES:
            return i
        if low in lex.function:
            return None
    return None


_ASKS = (
    (_HOW, _question("how to")),
    (_WAY, _question("whether there's a way to")),
    (_MAY, _question("whether you can")),
    (_WITH, _trouble),
    (_TRY, _trying),
    (_WOULD, _request),
    (_PLEASE, _request),
    (re.compile(r"^(?P<rest>[A-Za-z]+ .+)"), _request),
    (_WHEN, _question_when),
    (_STATE, _question_state),
)
