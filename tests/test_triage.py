from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.domain import (
    Author,
    Brand,
    Channel,
    Complaint,
    Context,
    Customer,
    Gate,
    HistoryEvent,
    Message,
    Policy,
)
from service.triage import gate_of, sentiment_of, triage

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BRAND = Brand(id="acme", name="Acme", policy=Policy(authorities={"safety": "Jo Hale", "default": "Ruth Okafor"}))


def context(text: str = "My bag is lost", **complaint: Any) -> Context:
    return Context(complaint=Complaint(text=text, **complaint), brand=BRAND, now=NOW, language="en")


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("I will take legal action against you", Gate.LEGAL),
        ("You will hear from my lawyer", Gate.LEGAL),
        ("my next mail goes to the ombudsman", Gate.LEGAL),
        ("we all got food poisoning from the chicken", Gate.HEALTH),
        ("my son had an allergic reaction to the sauce", Gate.HEALTH),
        ("the charger caught fire last night", Gate.SAFETY),
        ("your driver threatened me with a knife", Gate.SAFETY),
        ("the clerk was racist to my wife", Gate.DISCRIMINATION),
        ("I'm a journalist at the Evening Post", Gate.PRESS),
        ("I can't go on, I want to die", Gate.SELF_HARM),
        ("this makes me want to kill myself and sue you", Gate.SELF_HARM),
    ],
)
def test_the_gate_opens_for_what_a_human_must_answer(text: str, gate: Gate) -> None:
    assert gate_of(text) is gate


@pytest.mark.parametrize(
    "text",
    [
        "I'm dying to see the new season",
        "this lineup is on fire",
        "your sale is to die for",
        "my Fire TV shows an error, is the fire stick broken",
        "I watch local news on your app",
        "the app killed my battery",
        "I'm sick of waiting",
        "please send me your court side seats",
        "",
    ],
)
def test_the_gate_stays_shut_for_ordinary_complaints(text: str) -> None:
    assert gate_of(text) is None


def test_a_gated_complaint_names_its_authority_and_why() -> None:
    found = triage(context("the charger caught fire"))

    assert found.gate is Gate.SAFETY
    assert found.authority == "Jo Hale"
    assert "safety" in found.reasons[0]


def test_other_gates_go_to_the_default_authority() -> None:
    assert triage(context("my lawyer will write")).authority == "Ruth Okafor"


def test_without_a_gate_there_is_no_authority() -> None:
    assert triage(context()).authority is None


def test_the_first_answer_is_due_hours_after_it_was_posted() -> None:
    posted = NOW - timedelta(hours=1)

    assert triage(context(posted_at=posted)).due_at == posted + timedelta(hours=3)
    assert triage(context()).due_at == NOW + timedelta(hours=3)


@pytest.mark.parametrize(
    ("harder", "reason"),
    [
        ({"author": Author(followers=50_000)}, "It is public, and the author has 50,000 followers."),
        ({"author": Author(followers=2_000)}, "It is public, and the author has 2,000 followers."),
        ({"posted_at": NOW - timedelta(hours=5)}, "It has waited 5 hours; the first answer was due after 3 hours."),
        ({"posted_at": NOW - timedelta(days=4)}, "It has waited 4 days; the first answer was due after 3 hours."),
        (
            {"posted_at": NOW - timedelta(hours=2)},
            "More than half of the 3 hours until the first answer is due have passed.",
        ),
        ({"thread": (Message(sender="customer", text="hello?"),)}, "The customer has written 2 times in this thread."),
    ],
)
def test_reach_wait_and_repetition_raise_the_priority(harder: dict[str, Any], reason: str) -> None:
    plain, found = triage(context()), triage(context(**harder))

    assert reason in found.reasons
    assert found.priority > plain.priority


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I'm stranded, help", "What happened is serious or cannot wait."),
        ("I am switching to another bank", "The customer is about to leave."),
        ("I called several times about it", "The customer has asked before, or waits for an answer."),
        ("worst service ever, disgusting, pathetic, ridiculous and rude", "The customer is very upset."),
    ],
)
def test_severity_and_mood_raise_the_priority(text: str, reason: str) -> None:
    assert reason in triage(context(text)).reasons


def test_earlier_complaints_raise_the_priority() -> None:
    history = (HistoryEvent(kind="complaint", text="late"), HistoryEvent(kind="complaint", text="late again"))
    known = replace(context(), customer=Customer(history=history))

    assert "The customer's history holds 2 earlier complaints." in triage(known).reasons


def test_a_private_complaint_has_no_reach_and_a_short_wait_is_said_in_minutes() -> None:
    brand = replace(BRAND, policy=Policy(first_answer_hours=0.25))
    asked = replace(context(channel=Channel.EMAIL, public=False, posted_at=NOW - timedelta(hours=1)), brand=brand)

    assert triage(asked).reasons == ("It has waited 1 hour; the first answer was due after 15 minutes.",)


def test_solved_and_friendly_complaints_weigh_less() -> None:
    plain = triage(context("My bag was late"))
    found = triage(context("thanks, great work, love it", solved=True))

    assert found.priority < plain.priority
    assert "The complaint is marked as solved." in found.reasons
    assert "The customer is in good spirits." in found.reasons


def test_similar_complaints_are_not_counted_and_it_says_why() -> None:
    found = triage(context())

    assert found.similar is None
    assert found.similar_reason


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("WORST! AWFUL! NEVER AGAIN!", -1, -0.7), ("thanks, I love it", 0.5, 1), ("problem, but thanks", -0.2, 0.2)],
)
def test_sentiment_follows_the_words(text: str, low: float, high: float) -> None:
    mood = sentiment_of(text)

    assert mood is not None
    assert low <= mood <= high


def test_sentiment_is_unknown_where_no_word_tells() -> None:
    assert sentiment_of("the blue one on the left") is None


def test_themes_are_named_strongest_first() -> None:
    assert triage(context("my refund, I want my money back, the router is slow")).themes[0] == "refund"


def test_a_word_inside_a_word_of_another_alphabet_opens_no_gate() -> None:
    assert gate_of("Une école élawsuit, très bien.") is None
    assert gate_of("C'est très grave: élawsuit or lawsuit, you choose.") is Gate.LEGAL
