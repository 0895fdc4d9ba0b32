"""Private data stays out of public replies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.checks.public import privacy
from service.checks.view import View
from service.domain import Author, Brand, Channel, Complaint, Context, Customer, Draft, HistoryEvent, Message, Policy

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CONTEXT = Context(
    complaint=Complaint(
        text=(
            "My order number 482913375 never came, I wrote from me@mail.example. "
            "Card 4111 1111 1111 1111, born 3 March 1980."
        ),
        channel=Channel.X,
        author=Author(handle="@dana", name="Dana"),
        thread=(Message(sender="customer", text="My booking code is ABC123, call +44 20 7946 0958", public=False),),
    ),
    brand=Brand(id="a", name="Acme", facts=("Write to care@acme.example.",), policy=Policy()),
    now=NOW,
    language="en",
    customer=Customer(
        name="Dana Reyes",
        history=(
            HistoryEvent(kind="order", text="Bought a green toaster with a coupon for €45 on 2 May"),
            HistoryEvent(kind="post", text="Wrote about kettles", public=True),
        ),
    ),
)


def flagged(text: str, context: Context = CONTEXT) -> list[str]:
    return [finding.quote for finding in privacy(View(Draft(text=text), context))]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("We'll call +44 20 7946 0958.", "+44 20 7946 0958"),
        ("Is your card 4111 1111 1111 1111 still good?", "4111 1111 1111 1111"),
        ("Is your number still 020 7946 0222?", "020 7946 0222"),
        ("Mr Petrov lives next door, call 020 7946 0111.", "020 7946 0111"),
        ("Is GB82 WEST 1234 5698 7654 32 the one?", "GB82 WEST 1234 5698 7654 32"),
        ("Your new password is hunter22.", "hunter22."),
        ("You were born on 4 April 1981, right?", "4 April 1981"),
        ("Sorry, Dana Reyes.", "Dana Reyes"),
        ("Sorry, Ms Reyes.", "Reyes"),
        ("The €45 are yours.", "€45"),
        ("Sorry about the green toaster.", "Sorry about the green toaster."),
    ],
)
def test_what_was_not_posted_publicly_is_flagged(text: str, quote: str) -> None:
    assert quote in flagged(text)


@pytest.mark.parametrize(
    "text",
    [
        "We'll write to dana@mail.example.",
        "Your order number 111222333 is late.",
        "Sorry, Dana: call our desk on 020 7946 0111.",
        "Take it to 12 Station Road.",
    ],
)
def test_what_stands_nowhere_is_nobodys_and_left_to_grounding(text: str) -> None:
    assert not flagged(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, Dana. We are looking for 482913375, and write to me@mail.example.",
        "Write to care@acme.example.",
        "You were born on 3 March 1980.",
        "Were you born in Lyon? On Friday we look. And nothing else of note will be said here on 5 May",
        "Kettles are nice, and so is the toaster.",
    ],
)
def test_what_the_customer_posted_or_the_brand_says_of_itself_passes(text: str) -> None:
    assert not flagged(text)


def test_a_private_channel_may_show_the_customers_own_data() -> None:
    context = replace(CONTEXT, complaint=replace(CONTEXT.complaint, channel=Channel.EMAIL))

    assert not flagged("Dana Reyes, we call +44 20 7946 0958 about your €45, card 4111 1111 1111 1111.", context)
    assert flagged("We call Mr Petrov on +44 20 7946 0111.", context) == ["+44 20 7946 0111"]


@pytest.mark.parametrize("name", [None, "Dana", "Dana Dana"])
def test_a_name_that_stands_in_the_post_is_no_secret(name: str | None) -> None:
    context = replace(CONTEXT, customer=Customer(name=name))

    assert not flagged("Sorry, Dana.", context)
