"""Facts are found as values that can be compared."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import Money
from service.facts import KINDS, Value, agree, link_value, locate

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def found(text: str) -> list[tuple[str, Value, str]]:
    return [(fact.kind, fact.value, fact.span.of(text)) for fact in locate(text, now=NOW)]


@pytest.mark.parametrize(
    ("words", "minor", "currency"),
    [
        ("£20", 2000, "GBP"),
        ("20 pounds", 2000, "GBP"),
        ("20 quid", 2000, "GBP"),
        ("twenty pounds", 2000, "GBP"),
        ("20 EUR", 2000, "EUR"),
        ("EUR 20", 2000, "EUR"),
        ("20,00 €", 2000, "EUR"),
        ("1.250,50 €", 125050, "EUR"),
        ("$1,250.50", 125050, "USD"),
        ("$850.00", 85000, "USD"),
        ("£1.5k", 150000, "GBP"),
        ("50p", 50, "GBP"),
        ("50 cents", 50, "USD"),
        ("¥500", 500, "JPY"),
    ],
)
def test_sums_are_read_in_every_spelling(words: str, minor: int, currency: str) -> None:
    text = f"You took {words} from me"

    assert found(text) == [("amount", Money(minor, currency), words)]


@pytest.mark.parametrize(
    ("words", "unit", "number"),
    [
        ("3 hours", "seconds", 10800),
        ("three hours", "seconds", 10800),
        ("3h", "seconds", 10800),
        ("48hrs", "seconds", 172800),
        ("2 weeks", "seconds", 1209600),
        ("half an hour", "seconds", 1800),
        ("a couple of days", "seconds", 172800),
        ("twenty-five minutes", "seconds", 1500),
        ("3-5 days", "seconds", 432000),
        ("4 business days", "seconds", 345600),
        ("six months", "months", 6),
        ("2 years", "months", 24),
    ],
)
def test_lengths_of_time_are_read_in_every_spelling(words: str, unit: str, number: float) -> None:
    text = f"It took {words} to answer"

    assert found(text) == [("duration", (unit, float(number)), words)]


def test_a_week_counts_only_where_it_is_a_length() -> None:
    assert found("I waited for a week") == [("duration", ("seconds", 604800.0), "a week")]
    assert found("twenty a week") == []


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("2026-03-03", {(2026, 3, 3)}),
        ("3 March", {(None, 3, 3)}),
        ("March 3rd", {(None, 3, 3)}),
        ("3rd of March 2026", {(2026, 3, 3)}),
        ("03/03/2026", {(2026, 3, 3)}),
        ("03.04.26", {(2026, 3, 4), (2026, 4, 3)}),
        ("3/4", {(None, 3, 4), (None, 4, 3)}),
        ("yesterday", {(2026, 11, 21)}),
        ("tomorrow", {(2026, 11, 23)}),
    ],
)
def test_days_are_read_in_every_spelling(words: str, days: set[tuple[int | None, int, int]]) -> None:
    text = f"I wrote {words} already"

    assert found(text) == [("date", frozenset(days), words)]


@pytest.mark.parametrize(
    "text", ["open 24/7 for you", "see the rest 1/2", "@dana 2/2 and so on", "it was 31.13. then", "35/36 of us"]
)
def test_what_only_looks_like_a_day_is_none(text: str) -> None:
    assert not [fact for fact in locate(text, now=NOW) if fact.kind == "date"]


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("18:40", 1120), ("6.40 pm", 1120), ("6:40pm", 1120), ("5 pm", 1020), ("12 am", 0), ("noon", 720), ("midnight", 0),
     ("14h30", 870), ("5 o'clock", 300)],
)  # fmt: skip
def test_clock_times_are_minutes_since_midnight(words: str, minutes: int) -> None:
    assert found(f"gone at {words}, they said") == [("time", float(minutes), words)]


def test_counts_percents_weekdays_and_codes_are_told_apart() -> None:
    text = (
        "Flight HA 482 on Friday: two bags, three times, twice, 12% off, "
        "error #1006, ref AB12CD, in 2019, 3rd try, two things"
    )

    assert [(kind, words) for kind, _, words in found(text)] == [
        ("flight", "HA 482"),
        ("weekday", "Friday"),
        ("count", "two bags"),
        ("count", "three times"),
        ("count", "twice"),
        ("percent", "12%"),
        ("identifier", "#1006"),
        ("identifier", "AB12CD"),
        ("number", "2019"),
    ]


def test_links_addresses_and_numbers_of_people_are_found() -> None:
    text = (
        "See https://www.Acme.example/A/ or help.acme.example, mail me@acme.example, "
        "call +44 20 7946 0958. E.g. this.that"
    )

    assert [(kind, value) for kind, value, _ in found(text)] == [
        ("link", "acme.example/A"),
        ("link", "help.acme.example"),
        ("email", "me@acme.example"),
        ("phone", locate("+44 20 7946 0958")[0].value),
    ]


def test_order_numbers_are_identifiers() -> None:
    facts = locate("order number 123-456-789", now=NOW)

    assert [(fact.kind, fact.value) for fact in facts] == [("identifier", "123456789")]


def test_persons_and_names_are_found_where_they_are_sure() -> None:
    text = "My colleague Ana Ruiz saw it in Lyon on Monday, and Mr Smith's TV too. We OK it. — Kim\n^JS"

    names = [(kind, value) for kind, value, _ in found(text) if kind in ("person", "name")]

    assert names == [("person", "ana ruiz"), ("name", "lyon"), ("person", "smith"), ("person", "kim")]


def test_the_word_after_a_handle_begins_a_sentence() -> None:
    assert found("@dana Seriously, we are sorry") == []


def test_without_a_clock_yesterday_stays_a_word() -> None:
    assert locate("lost yesterday")[0].value == "yesterday"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("20:15", "8:15 pm", True),
        ("20:15", "8:20 pm", False),
        ("3 March", "2026-03-03", True),
        ("3 March", "4 March", False),
        ("Sunday", "2026-11-22", True),
        ("2026-11-22", "Sunday", True),
        ("2026-11-22", "Monday", False),
        ("#1006", "1006", True),
        ("£20", "20 pounds", True),
        ("£20", "20%", False),
        ("Sunday", "3 March", False),
        ("Sunday", "Sundays", True),
    ],
)
def test_facts_agree_across_spellings(one: str, other: str, same: bool) -> None:
    first, second = locate(f"x {one} x", now=NOW)[0], locate(f"x {other} x", now=NOW)[0]

    assert agree(first, second) is same


def test_a_link_is_compared_without_scheme_and_closing_slash() -> None:
    assert link_value("HTTPS://www.Acme.example/Path/") == "acme.example/Path"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_any_text_gives_facts_inside_it_that_do_not_overlap(text: str) -> None:
    facts = locate(text, now=NOW)

    assert all(fact.kind in KINDS and fact.span.end <= len(text) for fact in facts)
    assert all(a.span.end <= b.span.start for a, b in pairwise(facts))


@pytest.mark.parametrize(
    "text", ["1" * 20000, "a1-" * 5000, "£" * 20000, "1,000" * 4000, "x." * 8000, "A" + "a " * 8000, "three " * 3000]
)
def test_hostile_repetition_is_read_to_its_end(text: str) -> None:
    spans = [fact.span for fact in locate(text, now=NOW)]  # a pattern that backtracks would never come back

    assert all(span.end <= len(text) for span in spans)


def test_letters_that_grow_when_lowered_move_nothing() -> None:
    assert found("İİ on Friday, ann@acme.example")[0] == ("weekday", 4.0, "Friday")


def test_links_without_a_mailbox_are_found_beside_an_at() -> None:
    assert [kind for kind, _, _ in found("@dana see acme.example")] == ["link"]


def test_a_german_here_is_no_french_yesterday() -> None:
    assert [fact.kind for fact in locate("Wir melden uns hier bis morgen.", language="de")] == ["date"]
    assert [fact.kind for fact in locate("C'était hier soir.", language="fr")] == ["date"]
