"""The text of a draft that is still being written, read from an answer that is cut anywhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import Beginning, Brand, Complaint, Context, Draft
from service.model.answer import Answer
from service.model.growing import FARTHEST, LONGEST_TEXT, MOST_LOOKS, Growing
from service.prompt import Prompts
from service.sentences import sentences

CONTEXT = Context(
    complaint=Complaint(text="You lost my bag."),
    brand=Brand(id="b", name="B"),
    now=datetime(2026, 11, 22, tzinfo=UTC),
    language="en",
)
PROMPT = Prompts().render("draft", CONTEXT, drafts=3)

WORDS = st.sampled_from(
    [
        "We",
        "lost",
        "it",
        "Mr",
        "5 p.m",
        "e.g",
        "3.5",
        "a.Ba",
        "😀",
        "é",
        "好",
        '"so"',
        "\\",
        "{}",
        "⟦email:1⟧",
        "\ud83d",
    ]
)
ENDS = st.sampled_from([". ", "! ", "?” ", "… ", "\n", "。", " ", ".", '."', "\n\n- ", "\t", "\x07", ".^Kim"])
TEXTS = st.lists(st.tuples(WORDS, ENDS), max_size=12).map(lambda parts: "".join(map("".join, parts))) | st.text()
OTHERS = st.dictionaries(
    st.sampled_from(["angle", "facts", "n", "te"]), st.text() | st.integers() | st.lists(st.text())
)


def told(answer: str, cuts: list[int]) -> list[Draft | Beginning]:
    """What an answer tells when it comes in pieces."""
    reader = Answer(PROMPT, "m")
    edges = [0, *sorted(cut % (len(answer) + 1) for cut in cuts), len(answer)]
    return [item for start, end in pairwise(edges) for item in reader.feed(answer[start:end])]


@given(
    texts=st.lists(TEXTS, min_size=1, max_size=3),
    others=OTHERS,
    first=st.booleans(),
    escaped=st.booleans(),
    cuts=st.lists(st.integers(0, 5_000), max_size=60),
)
def test_beginnings_are_whole_sentences_of_the_draft_that_follows_however_an_answer_is_cut(
    texts: list[str], others: dict[str, object], first: bool, escaped: bool, cuts: list[int]
) -> None:
    named = [text if any(map(str.isalpha, text)) else f"{text}Oh" for text in texts]
    items = [{"text": text, **others} if first else {**others, "text": text} for text in named]
    answer = json.dumps({"drafts": items}, ensure_ascii=escaped).encode("utf-8", "replace").decode()

    begun: list[str] = []
    for item in told(answer, cuts):
        if isinstance(item, Beginning):
            begun.append(item.text)
            continue
        ends = {0, *(span.end for span in sentences(item.text))}
        assert all(item.text.startswith(text) for text in begun)
        assert sorted(set(begun), key=len) == begun
        assert {len(text) for text in begun} <= ends
        begun = []


@given(text=TEXTS)
def test_a_sentence_that_something_follows_stays_a_sentence_whatever_comes(text: str) -> None:
    final = sentences(text)

    for cut in range(len(text)):
        so_far = sentences(text[:cut])[:-1]
        assert so_far == final[: len(so_far)]


def read(*pieces: str) -> list[str]:
    """The text after each piece of an object."""
    growing, answer, seen = Growing(0), "", []
    for piece in pieces:
        answer += piece
        growing.read(answer)
        seen.append(growing.whole)
    return seen


def test_a_sentence_is_whole_when_the_next_one_begins_or_the_text_ends() -> None:
    assert read('{"text": "Sorry', ". ", "We", ' did it."') == ["", "", "Sorry.", "Sorry. We did it."]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert read('{"text": "We saw it at 5 p.m. on Friday', ". We") == ["", "We saw it at 5 p.m. on Friday."]


def test_half_an_escape_and_half_a_surrogate_pair_wait_for_the_rest() -> None:
    pieces = ['{"text": "Oh. No \\', "n\\u20", "26 \\ud8", "3d", "\\ude", '00. \\ud83d. Ah"']

    growing, answer, texts = Growing(0), "", []
    for piece in pieces:
        answer += piece
        growing.read(answer)
        texts.append(growing.text)

    assert texts == ["Oh. No ", "Oh. No \n", "Oh. No \n… ", "Oh. No \n… ", "Oh. No \n… ", "Oh. No \n… 😀. . Ah"]


def test_members_before_the_text_are_passed_over_as_they_come() -> None:
    assert read('{"angle": "own", "facts": ["a', '"], "n": 1', '2 , "text": "Ah. B')[-1] == "Ah."


@pytest.mark.parametrize(
    "answer",
    [
        '{"text": 7, "more": "Ah. Bo. Co"}',
        '{"text": ["Ah. Bo. Co',
        '{"text": "\\x. Ah. Bo. Co',
        '{"text": "\\u12x4. Ah. Bo. Co',
        '{"text": "' + "x" * LONGEST_TEXT + "y. Ah. Bo. Co",
        '{"n": 1; "text": "Ah. Bo. Co',
        '{"n": }, "text": "Ah. Bo. Co',
    ],
    ids=["a number", "a list", "no escape", "no digits", "too long", "no comma", "no value"],
)
def test_what_is_no_text_is_left_until_it_is_whole(answer: str) -> None:
    assert read(answer, " Do. E", " Fa. G") == ["", "", ""]


def test_a_text_that_is_slow_to_begin_is_left_until_it_is_whole() -> None:
    assert read('{"facts": ["' + "x" * FARTHEST, '"], "text": "Ah. Bo. Co')[-1] == ""


def test_a_text_of_endless_sentences_is_not_searched_for_ever() -> None:
    seen = read('{"text": "', *["Ah. "] * (3 * MOST_LOOKS))

    assert MOST_LOOKS / 2 < len(set(seen)) <= MOST_LOOKS + 1


def test_nothing_is_told_of_drafts_that_nobody_asked_for() -> None:
    answer = json.dumps({"drafts": [{"text": "Sorry. Yes."}] * 4})

    items = told(answer, list(range(len(answer))))

    assert [type(item) for item in items].count(Draft) == 3
    assert [type(item) for item in items][-1] is Draft


def test_the_same_text_is_told_once() -> None:
    answer = json.dumps({"drafts": [{"text": "Sorry. Yes."}]})

    items = told(answer, list(range(len(answer))))

    assert [item.text for item in items] == ["", "Sorry.", "Sorry. Yes.", "Sorry. Yes."]
