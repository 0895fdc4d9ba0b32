from dataclasses import replace

import pytest

from service.context import clean, gather, has_words
from service.domain import Message, Policy
from tests.examples import BRAND, BRIEF, COMPLAINT
from tests.fakes import NOW


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" plain ", "plain"),
        ("a\x00b\x07c", "abc"),
        ("one\r\ntwo\rthree\tfour", "one\ntwo\nthree four"),
        ("half \ud800 a pair", "half  a pair"),
        ("family 👨\u200d👩\u200d👧", "family 👨\u200d👩\u200d👧"),
    ],
)
def test_control_characters_go_and_all_else_stays(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("😡", True), ("7", True), ("é", True), ("‼?…", False), ("\u200b", False)]
)
def test_what_can_be_answered_has_words(text: str, expected: bool) -> None:
    assert has_words(text) is expected


def test_the_language_asked_for_wins() -> None:
    assert gather(replace(BRIEF, language="fr"), BRAND, NOW).language == "fr"


def test_a_brand_of_one_language_answers_in_it() -> None:
    brand = replace(BRAND, policy=Policy(languages=("de",)))

    assert gather(BRIEF, brand, NOW).language == "de"


def test_a_declared_language_is_believed_before_a_detected_one() -> None:
    assert gather(replace(BRIEF, complaint=replace(COMPLAINT, language="it")), BRAND, NOW).language == "it"


def test_the_complaints_language_is_detected() -> None:
    complaint = replace(COMPLAINT, text="Mi maleta lleva tres días perdida y nadie me contesta al teléfono.")

    assert gather(replace(BRIEF, complaint=complaint), BRAND, NOW).language == "es"


def test_every_text_of_the_brief_arrives_cleaned() -> None:
    thread = (Message(sender="brand", text="Hello\x00"),)
    complaint = replace(COMPLAINT, text="a\x00 bag", thread=thread)
    brief = replace(
        BRIEF, complaint=complaint, actions=("Refunded\x07", " "), notes="vip\x00", incidents=("Storm\r\n", "")
    )

    context = gather(brief, BRAND, NOW)

    assert context.complaint.text == "a bag"
    assert context.complaint.thread[0].text == "Hello"
    assert (context.actions, context.notes, context.incidents) == (("Refunded",), "vip", ("Storm",))
