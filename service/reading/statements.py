"""What a sentence states: its clauses, each told to the customer or left out."""

from __future__ import annotations

from collections.abc import Iterator

from service.reading.clauses import Parser
from service.reading.sound import MOST, sound_circumstance
from service.reading.telling import Statement
from service.reading.words import BE, DO, HAVE, MODALS, NEGATED, Words, listed, third

_REPORTED = listed("said told mean see noticed found is know think says seems")
_CLAUSE_HEADS = listed("i we he she it they this there you i'm i've it's they're you're there's i'd i'll")
_QUESTION_WORDS = listed("what how where who when which why any anyone")
_BEFORE_WHY = listed("but and so hi hey hello wtf ok please then tell me explain wondering now")


def meant_by_it(statement: Statement) -> str:
    """What "it" in the next clause stands for; empty when that is not sure."""
    return statement.topic if statement.topic and statement.topic == statement.subject else statement.thing


def statements(
    sentence: str, toks: list[str], parser: Parser, antecedent: str, skip: bool
) -> list[tuple[Statement, bool]]:
    """What a sentence states, each with whether it is only the circumstance of another.

    ``skip`` leaves out the weak ones, for a sentence that is a question already told.
    """
    question = sentence.endswith("?")
    found: list[tuple[Statement, bool]] = []
    heir = ""
    segments = list(_segments(toks, parser.words))
    for at, (lead, seg) in enumerate(segments):
        why = _inverted(seg, parser.words)
        statement = None
        if why is not None:
            statement = parser.statement(why, "", antecedent, ask=True)
        elif not (question and _opens_question(seg, at)) and lead not in {"if", "unless", "whether", "or", "then"}:
            statement = parser.statement(seg, heir if heir != "!" or lead in _JOINING else "", antecedent)
        if statement is None:
            heir = "I" if seg[0].lower() in _CUSTOMER else "!"
            continue
        if skip and question and statement.weight < 3:
            continue
        tail = segments[at + 1] if at + 1 < len(segments) else None
        told_often = tail is not None and tail[0] == "every" and "can't" in statement.text
        if (
            tail
            and not told_often
            and tail[0] in {"when", "while", "after", "since", "whenever", "every", "before"}
            and statement.weight
        ):
            second = parser.statement(tail[1], "", statement.topic)
            joined = (
                f"{statement.text} {'every time' if tail[0] == 'every' else tail[0]} {second.text}" if second else ""
            )
            if second and len(joined.split()) <= MOST and sound_circumstance(second.text):
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
        antecedent = meant_by_it(statement) or antecedent
        found.append((statement, lead in _ASIDE))
    return found


_CUSTOMER = frozenset({"i", "i'm", "i've", "we"})
_JOINING = frozenset({"and", "but", "then", "or"})
_ASIDE = listed("when while whenever after before since every until")
"""Words that lead a circumstance, which is told only behind the statement that it belongs to."""


HARD = frozenset(',;:()|/-*=[]"~^_<>+\\')
"""Signs that no clause runs across."""
_SOFT = listed(
    "and but because so when while after since whenever although though before if then or however yet cause "
    "unless even until that where"
)


def _segments(toks: list[str], lex: Words) -> Iterator[tuple[str, list[str]]]:
    """The clauses of a sentence with the word that leads each; broken at signs and before a new subject or verb."""
    seg: list[str] = []
    lead = ""
    i = 0
    while i < len(toks):
        low = toks[i].lower()
        nxt = toks[i + 1].lower() if i + 1 < len(toks) else ""
        if (low[0] in HARD and len(low) == 1) or low in {"?", "!", "."}:
            if seg:
                yield lead, seg
            seg, lead = [], ""
        elif low in _SOFT and seg and starts_clause(toks, i + 1, lex, low):
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


def starts_clause(toks: list[str], i: int, lex: Words, conj: str) -> bool:
    """Whether a new clause begins at the word after a conjunction."""
    if i >= len(toks):
        return True
    low = toks[i].lower()
    if conj == "that":
        return low in {"i", "we", "my", "our"} and toks[i - 2].lower() in _REPORTED
    if low in _CLAUSE_HEADS or low in NEGATED:
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
    return low in BE | HAVE | DO | MODALS or low in _QUESTION_WORDS


def _inverted(seg: list[str], lex: Words) -> list[str] | None:
    """The words "why can't I log in" as "I can't log in"; ``None`` when it is no such question."""
    words = list(seg)
    while words and words[0].lower() in _BEFORE_WHY:
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
    at = subject_end(words, lex)
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


def subject_end(words: list[str], lex: Words) -> int | None:
    """Where the subject ends in an inverted question ("is my order late"); ``None`` when unsure."""
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
