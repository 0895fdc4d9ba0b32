"""Promises, offers, guarantees and claims are found in six languages, and what only sounds like one is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.checks.deeds import FOLDER, LANGUAGES, SECTIONS, vocabulary
from service.checks.promises import commitments, promises, unbacked_action
from service.checks.view import View
from service.domain import Brand, Complaint, Context, Draft, Money, Offer, Policy, PromiseLimits
from service.errors import CannotTell

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
OFFERS = (
    Offer(id="fee", text="refund your bag fee", max_amount=Money(6000, "EUR")),
    Offer(id="meal", text="send you a voucher for a meal", max_amount=Money(2000, "EUR")),
)
CONTEXT = Context(
    complaint=Complaint(text="My bag never came."),
    brand=Brand(
        id="b",
        name="Acme",
        policy=Policy(offers=OFFERS, promise_limits=PromiseLimits(max_reply_hours=24, max_amount=Money(25000, "EUR"))),
    ),
    now=NOW,
    language="en",
)


def view(language: str, text: str, context: Context = CONTEXT) -> View:
    return View(Draft(text=text), replace(context, language=language))


def read(language: str, text: str) -> list[str]:
    """Each commitment as "kind | quote | amount | due | allowed by", each guarantee as "guarantee | quote"."""
    seen = view(language, text)
    found = []
    for made in commitments(seen):
        amount = f"{made.amount.amount}" if made.amount else "-"
        due = f"{made.due_at:%d %H:%M}" if made.due_at else "-"
        assert made.text == made.span.of(text)
        found.append(f"{made.kind} | {made.text} | {amount} | {due} | {made.allowed_by or '-'}")
    return found + [f"guarantee | {f.quote}" for f in promises(seen) if f.rule == "guarantee"]


TABLES = yaml.safe_load(Path(__file__).with_name("commitments.yml").read_text(encoding="utf-8"))


def rows(table: str) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in TABLES[table].items() for text in texts]


@pytest.mark.parametrize(("language", "text"), rows("made"))
def test_a_promise_is_found_with_its_words_sum_time_and_ground(language: str, text: str) -> None:
    found = read(language, text)

    assert found == TABLES["made"][language][text]


@pytest.mark.parametrize(("language", "text"), rows("nothing"))
def test_what_only_sounds_like_a_promise_or_a_claim_is_neither(language: str, text: str) -> None:
    assert read(language, text) == []


RECORDS = {
    "en": "Refunded 20.00 EUR on 21 November",
    "es": "Reembolso de 20 EUR el 21 de noviembre",
    "fr": "Remboursement de 20 EUR le 21 novembre",
    "de": "20 EUR am 21. November erstattet",
    "pt": "Reembolso de 20 EUR",
    "it": "Rimborso di 20 EUR",
}


@pytest.mark.parametrize(("language", "text"), rows("claims"))
def test_a_claim_needs_an_action_of_its_group_and_figures(language: str, text: str) -> None:
    bare = view(language, text)
    other = view(language, text, replace(CONTEXT, actions=("Refunded 30.00 EUR", "Sent 20.00 EUR worth of food")))
    english = view(language, text, replace(CONTEXT, actions=(RECORDS["en"],)))
    own = view(language, text, replace(CONTEXT, actions=(RECORDS[language],)))

    assert [made.kind for made in commitments(bare)] == ["done"]
    assert list(unbacked_action(bare))
    assert list(unbacked_action(other))
    assert not list(unbacked_action(english))
    assert not list(unbacked_action(own))
    assert [made.allowed_by for made in commitments(own)] == ["actions"]


def test_each_of_two_claims_in_one_breath_needs_its_own_action() -> None:
    context = replace(CONTEXT, actions=("Refunded 20.00 EUR",))

    seen = view("en", "We've refunded you 20 EUR and sent you a new case.", context)

    assert [(made.text, made.allowed_by) for made in commitments(seen)] == [
        ("We've refunded you 20 EUR", "actions"),
        ("sent you a new case", None),
    ]


def test_what_a_claim_names_is_compared_with_an_action_in_the_same_language_only() -> None:
    text = "Hemos hablado con el conductor."

    assert not list(unbacked_action(view("es", text, replace(CONTEXT, actions=("Hablamos con el conductor",)))))
    assert list(unbacked_action(view("es", text, replace(CONTEXT, actions=("Hablamos con la tripulación",)))))
    assert not list(unbacked_action(view("es", text, replace(CONTEXT, actions=("Spoke to the crew",)))))


def test_what_went_wrong_may_be_said_when_the_complaint_says_it() -> None:
    english = replace(CONTEXT, complaint=Complaint(text="You cancelled my order."))
    spanish = replace(CONTEXT, complaint=Complaint(text="Cancelaron mi pedido."))

    assert not list(unbacked_action(view("en", "Your order was cancelled.", english)))
    assert list(unbacked_action(view("en", "Your order was cancelled.")))
    assert not list(unbacked_action(view("es", "Su pedido fue cancelado.", spanish)))
    assert list(unbacked_action(view("es", "Su pedido fue cancelado.")))
    assert list(unbacked_action(view("es", "Su billete fue cancelado.", spanish)))


def test_an_offer_in_another_language_allows_only_what_no_second_offer_of_its_kind_could_mean() -> None:
    two = Policy(offers=(*OFFERS, Offer(id="seat", text="refund your seat fee")))
    own = Policy(offers=(Offer(id="tasa", text="reembolsarle la tasa de equipaje"),))
    doubtful = replace(CONTEXT, brand=Brand(id="b", name="Acme", policy=two))
    spanish = replace(CONTEXT, brand=Brand(id="b", name="Acme", policy=own))

    assert [made.allowed_by for made in commitments(view("es", "Le reembolsaremos la tasa.", doubtful))] == [None]
    assert [made.allowed_by for made in commitments(view("es", "Le reembolsaremos la tasa de equipaje.", spanish))] == [
        "tasa"
    ]
    assert [made.allowed_by for made in commitments(view("es", "Le reembolsaremos el billete.", spanish))] == [None]
    assert [f.rule for f in promises(view("es", "Le reembolsaremos 75 EUR."))] == ["amount"]


def test_a_sentence_of_english_in_another_language_binds_as_well() -> None:
    apart = view("es", "Lo sentimos. We'll refund you 500 EUR.")
    inside = view("es", "Lo revisaremos, and we'll refund you 500 EUR.")
    twice = view("es", "Le reembolsaremos, we'll refund you.")

    assert [made.text for made in commitments(apart)] == ["We'll refund you 500 EUR"]
    assert [made.kind for made in commitments(inside)] == ["check", "refund"]
    assert [made.kind for made in commitments(twice)] == ["refund"]


def test_words_quoted_from_the_customer_bind_nobody() -> None:
    context = replace(CONTEXT, complaint=Complaint(text="Your driver said: we'll refund you. Nothing came."))

    assert not commitments(view("en", '"We\'ll refund you" came to nothing.', context))


def test_a_language_without_words_cannot_be_judged() -> None:
    seen = view("nl", "Wij betalen u 500 euro terug.")

    with pytest.raises(CannotTell):
        list(promises(seen))
    with pytest.raises(CannotTell):
        list(unbacked_action(seen))
    assert commitments(seen) == ()


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_words_of_a_language_have_every_section_and_every_kind(language: str) -> None:
    lists = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    english = yaml.safe_load((FOLDER / "en.yml").read_text(encoding="utf-8"))

    assert set(lists) == set(SECTIONS)
    assert set(lists["verbs"]) == set(english["verbs"]) | {"light"}
    assert {"do", "you", "be", "coming", "gift", "grant", "offer", "mine", "done", "been", "never"} <= set(
        lists["heads"]
    )
    assert set(lists["gifts"]) == {"refund", "credit", "replacement"}
    assert set(lists["nouns"]) == set(english["nouns"])
    assert {group for verbs in lists["verbs"].values() for group in verbs} <= {
        group for verbs in english["verbs"].values() for group in verbs
    }


def test_the_six_languages_have_words() -> None:
    assert {"en", "es", "fr", "de", "pt", "it"} == LANGUAGES
    with pytest.raises(KeyError):
        vocabulary("nl")


def about(language: str, complaint: str, offers: dict[str, int | None], text: str) -> View:
    """A draft to a complaint under a policy of these offers, each with its most in euros."""
    own = tuple(
        Offer(id=offer, text=offer, max_amount=Money(100 * most, "EUR") if most else None)
        for offer, most in offers.items()
    )
    brand = Brand(id="b", name="Acme", policy=Policy(offers=own))
    return view(language, text, replace(CONTEXT, complaint=Complaint(text=complaint), brand=brand))


def cases(table: str) -> list[tuple[Any, ...]]:
    return [(language, *case) for language, some in TABLES[table].items() for case in some]


@pytest.mark.parametrize(("language", "complaint", "text"), cases("own_faults"))
def test_an_account_of_what_went_wrong_claims_and_promises_nothing(language: str, complaint: str, text: str) -> None:
    seen = about(language, complaint, {}, text)

    assert [f.quote for f in unbacked_action(seen)] == []
    assert [f.quote for f in promises(seen)] == []


@pytest.mark.parametrize(("language", "complaint", "text"), cases("remedies"))
def test_a_remedy_said_to_be_done_needs_an_action(language: str, complaint: str, text: str) -> None:
    assert list(unbacked_action(about(language, complaint, {}, text)))


@pytest.mark.parametrize(("language", "action", "text"), cases("backed"))
def test_an_action_backs_its_claim_in_whatever_words_and_language(language: str, action: str, text: str) -> None:
    assert list(unbacked_action(view(language, text)))
    assert not list(unbacked_action(view(language, text, replace(CONTEXT, actions=(action,)))))


@pytest.mark.parametrize(("language", "offers", "complaint", "text"), cases("allowed"))
def test_an_offer_allows_what_means_it_in_other_words(
    language: str, offers: dict[str, int | None], complaint: str, text: str
) -> None:
    seen = about(language, complaint, offers, text)

    assert [f.quote for f in promises(seen)] == []
    assert {made.kind for made in commitments(seen)} & {"refund", "credit", "replacement"}


@pytest.mark.parametrize(("language", "offers", "complaint", "text"), cases("beyond"))
def test_an_offer_allows_nothing_of_another_kind_object_or_sum(
    language: str, offers: dict[str, int | None], complaint: str, text: str
) -> None:
    assert list(promises(about(language, complaint, offers, text)))


SLOW = replace(
    CONTEXT,
    complaint=Complaint(
        text="My flight on Friday was late. Vuelo del viernes, vol de vendredi, Flug am Freitag, voo de sexta-feira, "
        "volo di venerdì."
    ),
    brand=Brand(id="b", name="Acme", policy=Policy(offers=OFFERS, promise_limits=PromiseLimits(max_reply_hours=48))),
)


@pytest.mark.parametrize(("language", "text"), rows("timely"))
def test_a_time_within_the_longest_wait_may_be_promised_and_a_day_of_something_else_told(
    language: str, text: str
) -> None:
    assert [f.quote for f in promises(view(language, text, SLOW))] == []


@pytest.mark.parametrize(("language", "text"), rows("late"))
def test_a_time_beyond_the_longest_wait_is_flagged_in_words_too(language: str, text: str) -> None:
    assert "deadline" in {f.rule for f in promises(view(language, text, SLOW))}


@pytest.mark.parametrize(("language", "text"), rows("harmless"))
def test_changing_our_own_things_or_data_gives_nothing_of_value(language: str, text: str) -> None:
    assert [f.quote for f in promises(about(language, "No.", {}, text))] == []


@pytest.mark.parametrize(("language", "offers", "complaint", "text"), cases("offered"))
def test_a_draft_may_promise_what_is_offered_in_its_own_words(
    language: str, offers: dict[str, int | None], complaint: str, text: str
) -> None:
    assert [f.quote for f in promises(about(language, complaint, offers, text))] == []


NOTHING = replace(
    SLOW, brand=Brand(id="b", name="Acme", policy=Policy(promise_limits=PromiseLimits(max_reply_hours=48)))
)


@pytest.mark.parametrize(("language", "text"), rows("unallowed"))
def test_value_a_guarantee_and_a_long_wait_are_seen_in_everyday_words(language: str, text: str) -> None:
    assert list(promises(view(language, text, NOTHING)))
