"""Every fact of a draft stands somewhere, or follows from what stands somewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.checks.grounding import NAMES, grounding
from service.checks.view import View
from service.domain import (
    Author,
    Brand,
    BrandVoice,
    Complaint,
    Context,
    Customer,
    Draft,
    HistoryEvent,
    Message,
    Money,
    Offer,
    Policy,
    PromiseLimits,
)
from service.errors import CannotTell
from service.facts import KINDS

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CONTEXT = Context(
    complaint=Complaint(
        text="@acme flight HA 482 from lyon was due on Friday at 18:40, left at 9:40 pm, three hours late. I paid £20 "
        "and £15.50, for 2 bags. Order number 482-913-375. See https://pics.example/a1",
        posted_at=datetime(2026, 11, 21, 9, tzinfo=UTC),
        author=Author(handle="@DanaReyes", name=None),
        thread=(Message(sender="brand", text="We said 12%.", at=datetime(2026, 11, 20, 9, tzinfo=UTC)),),
    ),
    brand=Brand(
        id="a",
        name="Harbour Air",
        names=("HarbourGo",),
        facts=("The desk is open from 06:00 to 22:00.",),
        voice=BrandVoice(sign_off="— Ana, Harbour Air"),
        policy=Policy(
            offers=(Offer(id="o", text="refund your fee", max_amount=Money(6000, "EUR")),),
            promise_limits=PromiseLimits(max_reply_hours=24),
            links=("help.harbour.example/returns",),
        ),
    ),
    now=NOW,
    language="en",
    customer=Customer(name="Dana Reyes", history=(HistoryEvent(kind="trip", text="Flew to Oslo", at=NOW),)),
    actions=("Refunded 7 EUR on 19 November",),
    notes="The bag is with Tom in Porto.",
)


def flagged(text: str, context: Context = CONTEXT) -> list[str]:
    return [finding.quote for finding in grounding(View(Draft(text=text), context))]


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, Dana: HA482 was 3h late, and 20 pounds is a lot.",
        "You were in Lyon on Friday, then Oslo, with two bags and the bag is in Porto with Tom.",
        "Three hours late, at 6:40 pm; that is 180 minutes.",
        "Together £35.50, a difference of £4.50, or £40 for both.",
        "You told us of order 482913375.",
        "We are open from 6 am. See help.harbour.example/returns/bags or pics.example/a1.",
        "You posted this on 21 November, and we answered on 20 November with 12%. It is 22 November today.",
        "You carried 482 things and two flights.",
        "We sent 7 EUR. The limit is 60 EUR. The HarbourGo app knows.\n— Ana, Harbour Air",
        "Your code is {{booking_number}} or ⟦order:1⟧, @someone77.",
        "Sorry.",
    ],
)
def test_known_and_derived_facts_pass(text: str) -> None:
    assert not flagged(text)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("You lost £99.", "£99"),
        ("It was 4 hours late.", "4 hours"),
        ("It took 14 months.", "14 months"),
        ("On Wednesday the 14th.", "Wednesday"),
        ("That was on 3 May.", "3 May"),
        ("It left at 7:15 pm.", "7:15 pm"),
        ("All nine bags.", "nine bags"),
        ("That is 50% of it.", "50%"),
        ("Flight HA 999 was late.", "HA 999"),
        ("Your order 111-222-333 is here.", "111-222-333"),
        ("See evil.example/x now.", "evil.example/x"),
        ("Mail help@evil.example now.", "help@evil.example"),
        ("Call +44 20 7946 0958.", "+44 20 7946 0958"),
        ("My colleague Maria will know.", "Maria"),
        ("Sorry about your trip to Bergen.", "Bergen"),
        ("Seen yesterday morning at 11:11.", "11:11"),
    ],
)
def test_invented_facts_are_flagged(text: str, quote: str) -> None:
    assert flagged(text) == [quote]


def test_deadlines_and_sums_of_promises_are_left_to_promises() -> None:
    assert not flagged("I'll refund 99 EUR of your fee. We'll call you within 5 hours.")


def test_a_language_that_capitalises_nouns_has_no_names_by_capital() -> None:
    assert not flagged("Es tut uns leid, dass der Koffer fehlt.", replace(CONTEXT, language="de"))


def test_a_word_with_a_capital_that_names_nothing_passes() -> None:
    assert not flagged("Sorry for the Trouble here.")


def test_without_any_material_nothing_can_be_told() -> None:
    context = Context(complaint=Complaint(text=""), brand=Brand(id="a", name=""), now=NOW, language="en")

    with pytest.raises(CannotTell):
        flagged("It was £20.", context)


def test_a_complaint_without_text_leaves_the_brand_to_prove_facts() -> None:
    context = replace(CONTEXT, complaint=Complaint(text=""), notes="", actions=())

    assert flagged("We open at 06:00, and owe you £20.", context) == ["£20"]


def test_every_kind_of_fact_has_a_name_in_messages() -> None:
    assert set(NAMES) == set(KINDS)
