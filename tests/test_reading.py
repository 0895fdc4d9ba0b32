import json
from pathlib import Path

import pytest

from service.reading import read
from service.reading.tidy import READ, tidy

REAL = Path(__file__).parent.parent.parent / "shared" / "data" / "complaints"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("My second bag didn't come off the flight", "your second bag didn't come off the flight"),
        ("You charged me twice for the same ticket", "we charged you twice for the same ticket"),
        ("I waited 3 hours for my parcel", "you waited 3 hours for your parcel"),
        ("Why won't my router connect to the new modem?", "your router won't connect to the new modem"),
        ("why does your app keep crashing?", "our app keeps crashing"),
        ("How come the heater is not working", "the heater isn't working"),
        ("cant log into my account", "you can't log into your account"),
        ("I bought a toaster from you and it doesn't heat", "the toaster doesn't heat"),
        ("the app keeps crashing when I open my messages", "the app keeps crashing when you open your messages"),
        ("You guys cancelled my booking without telling me", "we cancelled your booking without telling you"),
        ("Still no internet after 4 days", "you still have no internet after 4 days"),
        ("I was charged $49.99 for a subscription", "you were charged $49.99 for a subscription"),
        ("they promised me a call back and never called", "we never called"),
        ("Your useless site won't let me pay", "our site won't let you pay"),
        ("My order never arrived", "your order never arrived"),
        ("My internet has been down since Monday", "your internet has been down since Monday"),
        ("been waiting three weeks for my refund", "you've been waiting three weeks for your refund"),
        ("I lost my phone and can't get into my email", "you can't get into your email"),
        ("WHY IS MY INTERNET SO SLOW", "your internet is so slow"),
        ("No one answered my letters", "no one answered your letters"),
    ],
)
def test_what_happened_is_told_in_our_words(text: str, told: str) -> None:
    assert told in [part.text for part in read(text).parts if part.kind == "happened"]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("How do I merge my two accounts?", "how to merge your two accounts"),
        ("Can I move my booking to May?", "whether you can move your booking to May"),
        ("Is there a way to export my notes?", "whether there's a way to export your notes"),
        ("When will my order be shipped?", "when your order will be shipped"),
        ("Is the website down?", "whether the website is down"),
        ("Can you please fix the heating in my room?", "fix the heating in your room"),
        ("I want my money back", "get your money back"),
        ("how do i login?", "how to log in"),
        ("I need to change my number plate", "change your number plate"),
    ],
)
def test_what_is_asked_is_told_in_our_words(text: str, bare: str) -> None:
    assert bare in [part.bare for part in read(text).parts]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Trying to set up my daughters tablet", "setting up your daughter's tablet has been such a struggle"),
        ("I am unable to open my mail", "you haven't been able to open your mail"),
        ("having problems with updating my router", "updating your router has been such a struggle"),
        ("I want to speak with a manager", "you haven't been able to speak with a manager"),
    ],
)
def test_what_was_tried_is_told_in_our_words(text: str, told: str) -> None:
    assert told in [part.text for part in read(text).parts]


@pytest.mark.parametrize(
    "text",
    [
        "AppleSupport is there any way how my disabled iPhone can be solved",
        "The space game has hasn't appeared",
        "it won't let me for 30 days",
        "even when there is 60-70% battery",
        "I don't have any barriers",
        "I've been paying my mortgage every 2 weeks",
        "I don't have to buy them again",
        "it keeps saying the same thing",
        "my bank charge it again and it",
        "need help refunding game",
        "I can't view",
        "my playlist doesn't know",
    ],
)
def test_what_is_no_whole_english_sentence_about_trouble_is_never_told_back(text: str) -> None:
    assert [part.text for part in read(text).parts] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("It won't let me log in to my account", "you can't log in to your account"),
        ("the app won't let me in", "you can't get in"),
        ("I can't open my mail and it says the same over and over", "you can't open your mail"),
        ("My camera is broken since today", "your camera is broken"),
        ("I can't see my photos when I open the app", "you can't see your photos when you open the app"),
        ("Nobody answered my email", "nobody answered your email"),
        ("I never received the parcel", "you never received the parcel"),
        ("My router has been crashing for 3 days", "your router has been crashing for 3 days"),
        ("My account was locked on Monday", "your account was locked on Monday"),
        ("I keep getting calls every day", "you keep getting calls every day"),
    ],
)
def test_what_is_sure_is_told_back_mended_and_cut_where_it_goes_astray(text: str, told: str) -> None:
    assert told in [part.text for part in read(text).parts]


@pytest.mark.parametrize(
    ("text", "should"),
    [
        ("My bag didn't arrive in Oslo", "your bag should have arrived in Oslo"),
        ("I can't open my account", "you should be able to open your account"),
        ("My kettle won't turn on", "your kettle should turn on"),
        ("My screen keeps freezing", "your screen shouldn't keep freezing"),
        ("I was charged twice for one night", "you shouldn't have been charged twice for one night"),
    ],
)
def test_what_should_have_been_is_said_where_it_is_sure(text: str, should: str) -> None:
    assert should in [part.should for part in read(text).parts]


@pytest.mark.parametrize(
    "text",
    [
        "You are a bunch of lying thieves who stole my money",
        "I forgot my password",
        "he said she knows what they did with it",
        "XXXX told me XXXX that my XX/XX/2019 payment was late with XXXX",
        "this is a problem",
        "I don't know",
        'it just says "your card was declined"',
        "I love my new phone",
    ],
)
def test_what_cannot_or_should_not_be_told_back_is_left_out(text: str) -> None:
    assert [part.text for part in read(text).parts if part.kind == "happened"] == []


def test_the_brands_own_name_becomes_we() -> None:
    parts = read("Acme has locked my account", names=("Acme",)).parts

    assert parts[0].text == "we've locked your account"


def test_waits_amounts_names_and_quotations_are_found() -> None:
    reading = read('I waited for 3 weeks, paid £20 and my PS4 says "please try again later". Error code CE-4377')

    assert "3 weeks" in reading.waits
    assert reading.amounts == ("£20",)
    assert "error CE-4377" in reading.names
    assert reading.quotes == ("please try again later",)


def test_feelings_efforts_stakes_and_themes_are_named_by_key() -> None:
    reading = read("I'm so frustrated, I called 5 times about my bill and nobody answered. My job depends on it.")

    assert "frustrated" in reading.feelings
    assert {"repeated", "unanswered"} <= set(reading.efforts)
    assert "work" in reading.stakes
    assert "billing" in reading.themes


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("My bag is lost", "problem"),
        ("How do I merge my two accounts?", "question"),
        ("why?", "question"),
        ("Please refund my ticket", "request"),
        ("Thank you so much, amazing service", "praise"),
        ("wow great job losing my suitcase again, truly amazing", "remark"),
        ("help", "plea"),
        ("", "plea"),
    ],
)
def test_the_kind_says_what_the_customer_came_for(text: str, kind: str) -> None:
    assert read(text).kind == kind


def test_another_language_keeps_only_what_needs_no_grammar() -> None:
    reading = read("Meine Rechnung über 20 EUR ist falsch", "de")

    assert reading.amounts == ("20 EUR",)
    assert reading.parts == ()


def test_links_masks_handles_and_redactions_are_blanked_in_place() -> None:
    text = "@acme see https://x.example/a ⟦email:1⟧ XX/XX/2019 {$850.00} #fail #angry 😭 &amp; @user me@x.example"

    flat = tidy(text)

    assert len(flat) == len(text)
    assert "http" not in flat
    assert "email" not in flat
    assert "fail" not in flat
    assert "$850.00" in flat


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "😭" * 3_000,
        "שלום " * 2_000,
        "<b>" * 3_000,
        "\x00\u200b\u202e" * 3_000,
        "my my my " * 1_500,
        "why " * 3_000,
        "can you please " * 1_000,
        "for for for 3 3 3 " * 1_000,
        "A B " * 3_000,
        '"' * 9_000,
        "&#" * 5_000,
        "⟦" * 5_000,
    ],
)
def test_hostile_text_is_read_to_its_end_without_error(text: str) -> None:
    reading = read(text)  # a pattern that backtracks would never come back

    assert all(part.span.end <= READ for part in reading.parts)


@pytest.mark.skipif(not REAL.is_dir(), reason="the collection of real complaints is not here")
@pytest.mark.parametrize("name", ["x_pairs", "cfpb"])
def test_nothing_told_back_from_real_complaints_is_long_rude_or_masked(name: str) -> None:
    for line in (REAL / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        for part in read(json.loads(line)["customer"]).parts:
            assert len(part.text.split()) <= 26
            assert not {"XXXX", "¤", "fuck", "shit", "scam"} & set(part.text.split())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("My pizza arrived cold after two hours.", "your pizza arrived cold after two hours"),
        ("You sent the wrong order twice this month.", "we sent the wrong order twice this month"),
        ("Your engineer never turned up on Tuesday.", "our engineer never turned up on Tuesday"),
        ("The waiter was rude to my mother.", "the waiter was rude to your mother"),
        ("Nobody answered me for three days.", "nobody answered you for three days"),
    ],
)
def test_everyday_failures_are_told_back(text: str, told: str) -> None:
    assert [part.text for part in read(text).parts][:1] == [told]
