"""Terms are the words that name something, whatever their form."""

from __future__ import annotations

import pytest

from service.terms import stem, stems, terms


def test_a_term_says_where_its_word_stands() -> None:
    text = "Sorry, your suitcase is in Lyon."

    found = [(term.stem, term.span.of(text)) for term in terms(text)]

    assert found == [("luggage", "suitcase"), ("lyon", "Lyon")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("delivered", "delivery"),
        ("deliveries", "courier"),
        ("cancelled", "cancellation"),
        ("delays", "late"),
        ("termination", "terminated"),
        ("my bag", "your luggage"),
        ("lost", "losing"),
        ("broken", "broke"),
        ("sign in", "login"),
        ("user name", "username"),
        ("PlayStation 4", "ps4"),
        ("batteries", "battery"),
        ("the driver's", "drivers"),
        ("gift cards", "Gift card’s"),
        ("wi-fi", "broadband"),
        ("calling", "call centre called"),
    ],
)
def test_forms_and_synonyms_share_a_stem(one: str, other: str) -> None:
    first, second = stems(one), stems(other)

    assert first & second or not first


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We're sorry for the trouble and hope we can help you with this issue soon.",
        "Please contact our support team.",
        "@acme https://acme.example/bags www.acme.example/bags <email> ⟦order:1⟧ {{bag}} ^Ana",
        "12 + 30",
        "x" * 41,
        "Bonjour, merci, je ne suis pas avec vous.",
    ],
)
def test_words_that_fit_every_complaint_are_no_terms(text: str) -> None:
    assert terms(text) == ()


def test_short_names_and_words_with_digits_are_terms() -> None:
    assert stems("my tv and the a320") == {"tv", "a320"}


@pytest.mark.parametrize(("word", "expected"), [("bus", "bus"), ("glass", "glas"), ("women", "woman"), ("ok", "ok")])
def test_stems_of_single_words(word: str, expected: str) -> None:
    assert stem(word) in {expected, word}


def test_two_words_that_are_one_term_have_one_span() -> None:
    text = "Your Wi-Fi is down; İstanbul too, and the bus"

    found = [(term.stem, term.span.of(text)) for term in terms(text)]

    assert found == [("internet", "Wi-Fi"), ("İstanbul", "İstanbul"), ("bus", "bus")]
