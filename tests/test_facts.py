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
        ("1\u202f234,50 €", 123450, "EUR"),
        ("20€50", 2050, "EUR"),
        ("five hundred dollars", 50000, "USD"),
        ("two thousand five hundred euros", 250000, "EUR"),
        ("5 US dollars", 500, "USD"),
        ("2 million yen", 2000000, "JPY"),
        ("Rs. 500", 50000, "INR"),
        ("TRY 20", 2000, "TRY"),
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
        ("two or three weeks", "seconds", 1814400),
        ("an hour and a half", "seconds", 5400),
        ("two and a half hours", "seconds", 9000),
        ("2½ hours", "seconds", 9000),
        ("1 hour 30 minutes", "seconds", 5400),
        ("a quarter of an hour", "seconds", 900),
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
        ("2026/03/03", {(2026, 3, 3)}),
        ("the third of March", {(None, 3, 3)}),
        ("March third", {(None, 3, 3)}),
        ("3 may", {(None, 5, 3)}),
        ("yesterday", {(2026, 11, 21)}),
        ("tomorrow", {(2026, 11, 23)}),
    ],
)
def test_days_are_read_in_every_spelling(words: str, days: set[tuple[int | None, int, int]]) -> None:
    text = f"I wrote {words} already"

    assert found(text) == [("date", frozenset(days), words)]


@pytest.mark.parametrize(
    "text",
    [
        "open 24/7 for you",
        "see the rest 1/2",
        "@dana 2/2 and so on",
        "it was 31.13. then",
        "35/36 of us",
        "that is 3/4 of it",
        "it may 2 be so",
        "those 3 may be late",
        "the second may wait",
    ],
)
def test_what_only_looks_like_a_day_is_none(text: str) -> None:
    assert not [fact for fact in locate(text, now=NOW) if fact.kind == "date"]


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("18:40", 1120), ("6.40 pm", 1120), ("6:40pm", 1120), ("5 pm", 1020), ("12 am", 0), ("noon", 720), ("midnight", 0),
     ("14h30", 870), ("5 o'clock", 300), ("half past nine", 570), ("3 p.m.", 900)],
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
        ("8:15", "8:15 pm", True),
        ("8:15", "8:15 am", True),
        ("8:15 pm", "8:15 am", False),
        ("08:15", "8:15 pm", False),
        ("12:30", "0:30", True),
        ("yesterday", "2026-11-21", True),
        ("last Friday", "20 November", True),
        ("20 November", "last Friday", True),
        ("27 November", "last Friday", False),
        ("30 November", "next Monday", True),
        ("6 March 2026", "Friday", False),
        ("48 hours", "two days", True),
        ("5 days", "5 business days", False),
        ("3-5 days", "3 to 5 days", True),
        ("5 days", "3-5 days", True),
        ("3-5 days", "5 days", False),
        ("$20", "20 CAD", True),
        ("20 AUD", "20 CAD", False),
        ("$20", "21 CAD", False),
        ("$20", "20 EUR", False),
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


def test_without_a_clock_a_word_for_a_day_is_only_itself() -> None:
    today, yesterday, friday = (locate(f"lost {word}")[0] for word in ("today", "yesterday", "on Friday"))

    assert agree(today, today)
    assert not agree(today, yesterday)
    assert agree(friday, locate("on 20 November 2026")[0])
    assert not agree(locate("on 20 November 2026")[0], friday)
    assert not agree(friday, locate("on 20 November")[0])


def test_a_leap_day_without_a_year_is_in_the_last_year_that_has_one() -> None:
    thursday, leap_day = locate("on Thursday", now=NOW)[0], locate("29 February", now=NOW)[0]

    assert agree(thursday, leap_day)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "it was on sat, and on wed too", []),
        ("en", "on Sat and on thurs", ["Sat", "thurs"]),
        ("de", "am Freitag um 8 am Montag", ["Freitag", "8 am", "Montag"]),
        ("de", "Guten Morgen, heute Morgen und morgen", ["heute", "morgen"]),
        ("es", "por la mañana, y mañana", ["mañana"]),
        ("it", "alle trenta, alle 18", ["18"]),
        ("nl", "on Friday", ["Friday"]),
        (None, "once upon a time, due in 20 an hour", []),
    ],
)
def test_words_are_days_and_times_only_where_the_language_says_so(
    language: str | None, text: str, words: list[str]
) -> None:
    facts = [fact for fact in locate(text, now=NOW, language=language) if fact.kind not in ("name", "number")]

    assert [fact.span.of(text) for fact in facts] == words


def test_number_words_are_added_up() -> None:
    assert [value for _, value, _ in found("two thousand and fifty messages")] == [("messages", 2050.0)]
    assert found("one messages") == []


def test_the_last_of_two_numbers_apart_counts() -> None:
    assert [value for _, value, _ in found("one two days")] == [("seconds", 172800.0)]


def test_the_day_before_yesterday_is_a_day_earlier() -> None:
    assert [value for _, value, _ in found("the day before yesterday")] == [frozenset({(2026, 11, 20)})]
