"""Promises stay inside the policy, and claims stand on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.checks.promises import commitments, promises, unbacked_action
from service.checks.view import View
from service.domain import Brand, Commitment, Complaint, Context, Draft, Money, Offer, Policy, PromiseLimits

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
OFFERS = (
    Offer(id="fee", text="refund your bag fee", max_amount=Money(6000, "EUR")),
    Offer(id="rebook", text="move you to our next flight with free seats at no charge"),
    Offer(id="meal", text="send you a voucher for a meal", max_amount=Money(2000, "EUR")),
    Offer(id="half", text="refund 50% of your seat"),
    Offer(id="empty", text=""),
)
CONTEXT = Context(
    complaint=Complaint(
        text="You sent me the wrong case and cancelled my flight on Friday. Waited 3 hours. I paid a 45 EUR bag fee. "
        "Your driver said 'we have refunded you'."
    ),
    brand=Brand(
        id="b",
        name="Acme",
        policy=Policy(offers=OFFERS, promise_limits=PromiseLimits(max_reply_hours=24, max_amount=Money(25000, "EUR"))),
    ),
    now=NOW,
    language="en",
)


def view(text: str, context: Context = CONTEXT) -> View:
    return View(Draft(text=text), context)


def flagged(text: str, context: Context = CONTEXT) -> list[tuple[str, str]]:
    return [(finding.rule, finding.quote) for finding in promises(view(text, context))]


def made(text: str, context: Context = CONTEXT) -> Commitment:
    return commitments(view(text, context))[0]


@pytest.mark.parametrize(
    ("text", "kind", "allowed_by"),
    [
        ("I'll refund your bag fee of 45 EUR.", "refund", "fee"),
        ("We'd like to offer you a meal voucher of 20 EUR.", "credit", "meal"),
        ("We'll move you to our next flight at no charge.", "credit", "rebook"),
        ("We'll refund 50% of your seat.", "refund", "half"),
        ("We will call you within 2 hours.", "reply", "promise_limits"),
        ("By 5 pm today we'll tell you where it is.", "reply", "promise_limits"),
        ("You'll have an answer by tomorrow.", "reply", "promise_limits"),
        ("I'm checking this now.", "check", "promise_limits"),
        ("I'll ask about your flight on Friday.", "check", "promise_limits"),
        ("Let me look at your flight.", "check", "promise_limits"),
        ("If you send me your number, I'll trace the bag.", "check", "promise_limits"),
        ("Someone will collect it today.", "action", "promise_limits"),
        ("I'm tracing the bag that took 3 hours.", "check", "promise_limits"),
    ],
)
def test_what_the_policy_allows_passes(text: str, kind: str, allowed_by: str) -> None:
    commitment = made(text)

    assert (commitment.kind, commitment.allowed_by) == (kind, allowed_by)
    assert not flagged(text)


@pytest.mark.parametrize(
    ("text", "rule", "quote"),
    [
        ("I'll refund your bag fee of 75 EUR.", "amount", "75 EUR"),
        ("I'll refund your bag fee of $20.", "amount", "$20"),
        ("We'll refund you 500 euros.", "offer", "We'll refund you 500 euros"),
        ("I'm refunding you today.", "offer", "I'm refunding you today"),
        ("I'll check with the desk and refund you.", "offer", "refund you"),
        ("Here's a free month on us.", "offer", "Here's a free month on us"),
        ("You'll receive a full refund.", "offer", "You'll receive a full refund"),
        ("We're sending a replacement.", "offer", "We're sending a replacement"),
        ("A refund is on its way.", "offer", "refund is on its way"),
        ("Please accept a voucher.", "offer", "Please accept a voucher"),
        ("We'll refund 80% of your seat.", "amount", "80%"),
        ("We'll give you 30 EUR.", "amount", "30 EUR"),
        ("We'll call you within 3 days.", "deadline", "3 days"),
        ("You'll hear our answer within 2 months.", "deadline", "2 months"),
        ("We'll reply by Tuesday.", "deadline", "Tuesday"),
        ("We'll reply by 3 March.", "deadline", "3 March"),
        ("We'll reply by 2027-03-03.", "deadline", "2027-03-03"),
        ("An engineer will visit by Tuesday.", "deadline", "Tuesday"),
        ("We will get this fixed by Friday.", "deadline", "Friday"),
        ("This will never happen again.", "guarantee", "will never happen"),
        ("It won't happen again.", "guarantee", "won't happen again"),
        ("I guarantee it.", "guarantee", "I guarantee"),
    ],
)
def test_what_goes_further_is_flagged(text: str, rule: str, quote: str) -> None:
    assert (rule, quote) in flagged(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry. That's on us.",
        "We can't promise it won't happen again.",
        "I'll let you know whether we can refund you.",
        "Please check your inbox.",
        "Some credit will not work here.",
        "You can expect better. I can see why.",
        "I'll be honest with you.",
        "We're sorry for how we handled it.",
    ],
)
def test_what_is_no_promise_of_value_passes(text: str) -> None:
    assert not flagged(text)


def test_without_a_policy_only_our_attention_may_be_promised() -> None:
    context = replace(CONTEXT, brand=Brand(id="b", name="Acme"))

    assert [rule for rule, _ in flagged("We'll refund your bag fee.", context)] == ["offer"]
    assert not flagged("We'll call you within 9 days.", context)


def test_an_action_on_record_allows_its_promise() -> None:
    context = replace(CONTEXT, actions=("Refund of 500 EUR approved",))

    assert made("We'll refund you 500 euros.", context).allowed_by == "actions"


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("We'll call you within 2 hours.", "2026-11-22T12:00"),
        ("We'll call you by 9 am.", "2026-11-23T09:00"),
        ("We'll call you tomorrow by 5 pm.", "2026-11-23T17:00"),
        ("We'll call you by Tuesday.", "2026-11-24T23:59"),
        ("We'll call you by 3 March.", "2027-03-03T23:59"),
        ("We'll call you by 29 February.", "2028-02-29T23:59"),
    ],
)
def test_a_deadline_is_worked_out(text: str, due: str) -> None:
    at = made(text).due_at

    assert at is not None
    assert at.isoformat()[:16] == due


@pytest.mark.parametrize(
    "text",
    [
        "We've refunded you.",
        "Your refund has been issued.",
        "We've spoken to the driver.",
        "I have escalated this to the manager.",
        "I checked with the crew.",
        "You have been refunded.",
        "We've sent you a new case.",
        "It is now fixed.",
        "We sent you a voucher.",
    ],
)
def test_a_claim_that_nothing_backs_is_flagged(text: str) -> None:
    assert [finding.check for finding in unbacked_action(view(text))] == ["unbacked_action"]
    assert made(text).allowed_by is None


@pytest.mark.parametrize(
    "text",
    [
        "I've read your message, and you've waited 3 hours.",
        "I'm sorry we sent you the wrong case.",
        "We sent you the wrong case.",
        "We cancelled your flight.",
        "Once we've checked, we'll write.",
        "Nobody called you.",
        "Have we refunded you?",
        "The bag should have been sent.",
        "You were told nothing.",
        "He said 'we have refunded you'.",
    ],
)
def test_what_claims_no_remedy_passes(text: str) -> None:
    assert not list(unbacked_action(view(text)))


def test_actions_on_record_back_their_claims() -> None:
    context = replace(CONTEXT, actions=("Refunded 20.00 EUR on 21 November", "Spoke to the crew in Lyon"))

    assert not list(unbacked_action(view("We've refunded you 20 euros and I've spoken to the crew.", context)))
    assert list(unbacked_action(view("We've refunded you 30 euros.", context)))
    assert list(unbacked_action(view("We've spoken to the mechanics.", context)))
    assert made("We've refunded you 20 euros.", context).allowed_by == "actions"


def test_a_promise_too_far_and_a_claim_unbacked_are_told_apart() -> None:
    seen = view("We've refunded you. This will never happen again.")

    assert [finding.rule for finding in promises(seen)] == ["guarantee"]
    assert [finding.check for finding in unbacked_action(seen)] == ["unbacked_action"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Lo sentimos. Le reembolsaremos 500 euros, y el reembolso llega hoy."),
        ("de", "Es tut uns leid. Wir erstatten Ihnen 500 Euro."),
        ("fr", "Nous sommes désolés. Nous vous remboursons demain."),
    ],
)
def test_value_promised_in_another_language_needs_an_offer_too(language: str, text: str) -> None:
    context = replace(CONTEXT, language=language)

    assert "offer" in {rule for rule, _ in flagged(text, context)}
    assert not flagged("Lo sentimos mucho.", context)


@pytest.mark.parametrize(
    "text",
    [
        "We promise you 500 euros.",
        "We gladly offer you another €50.",
        "I owe you 20 EUR.",
        "A free laptop is on its way to you.",
        "Two complimentary nights are waiting for you.",
        "Expect your money back by Monday.",
        "Expect a full refund.",
    ],
)
def test_value_is_a_promise_however_it_is_dressed(text: str) -> None:
    assert flagged(text)


@pytest.mark.parametrize(
    "text",
    [
        "We owe you an answer, and a better flight than that.",
        "We offer you our apologies.",
        "I'm sorry that a free trial has been such a struggle.",
        "Feel free to write here.",
        "You have every right to expect an answer.",
    ],
)
def test_kind_words_are_no_promise_of_value(text: str) -> None:
    assert flagged(text) == []
