"""Personal data is found, kept from the model and put back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import (
    Author,
    Brand,
    Complaint,
    Context,
    Customer,
    HistoryEvent,
    Message,
    Policy,
    Rewrite,
)
from service.privacy import KINDS, Vault, find, mask

BRAND = Brand(id="acme", name="Acme", facts=("Call us on 0800 123 4567 or write to help@acme.example.",))
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def context_of(text: str, **fields: object) -> Context:
    given_ = {"brand": BRAND, "now": NOW, "language": "en", **fields}
    return Context(complaint=Complaint(text=text), **given_)  # type: ignore[arg-type]


FOUND = [
    ("Mail me at dana.r+x@mail.example.com, please.", [("email", "dana.r+x@mail.example.com")]),
    ("dana (at) example (dot) org", [("email", "dana (at) example (dot) org")]),
    ("my email is dana @ example.com", [("email", "dana @ example.com")]),
    ("dana at gmail dot com", [("email", "dana at gmail dot com")]),
    ("write to d.r @ example.com", [("email", "d.r @ example.com")]),
    ("or +44 7700 900123", [("phone", "+44 7700 900123")]),
    ("Call me on 4155550123", [("phone", "4155550123")]),
    ("(415) 555-0123 is mine", [("phone", "(415) 555-0123")]),
    ("rang 020 7946 0958 at 10:30 on 2026-11-22", [("phone", "020 7946 0958")]),
    ("card 4111 1111 1111 1111 12/27", [("card", "4111 1111 1111 1111")]),
    ("7 5500-0000-0000-0004", [("card", "5500-0000-0000-0004")]),
    ("DE89 3704 0044 0532 0130 00 is my IBAN", [("iban", "DE89 3704 0044 0532 0130 00")]),
    ("GB82WEST12345698765432", [("iban", "GB82WEST12345698765432")]),
    ("I live at Flat 3, 12 Rosewood Lane, LS1 4AP", [("address", "Flat 3, 12 Rosewood Lane"), ("postcode", "LS1 4AP")]),
    ("to 12 rosewood lane", [("address", "12 rosewood lane")]),
    ("Hauptstraße 5, 10115 Berlin", [("address", "Hauptstraße 5"), ("postcode", "10115")]),
    ("Berliner Straße 12a", [("address", "Berliner Straße 12a")]),
    ("12 rue de la Paix, 75002 Paris", [("address", "12 rue de la Paix"), ("postcode", "75002")]),
    ("calle Mayor 5, 28013 Madrid", [("address", "calle Mayor 5"), ("postcode", "28013")]),
    ("abito in via Roma 12.", [("address", "via Roma 12")]),
    ("rua Augusta 100", [("address", "rua Augusta 100")]),
    ("Springfield, IL 62704", [("postcode", "62704")]),
    ("zip 90210", [("postcode", "90210")]),
    ("K1A 0B1", [("postcode", "K1A 0B1")]),
    ("Postcode 1012 AB", [("postcode", "1012 AB")]),
    ("order #A-12345 and booking ref ABC123", [("order", "A-12345"), ("booking", "ABC123")]),
    ("my booking QW7RT2", [("booking", "QW7RT2")]),
    ("PNR QWERTY", [("booking", "QWERTY")]),
    ("booking reference is QWERTZ, 2 bags", [("booking", "QWERTZ")]),
    ("ticket #55512, policy no. PX-99-1234", [("account", "55512"), ("account", "PX-99-1234")]),
    ("customer id: cus_9A8b7C", [("account", "cus_9A8b7C")]),
    ("Kundennummer: 998877", [("account", "998877")]),
    ("commande n° 55443322", [("order", "55443322")]),
    ("İ order A-12345", [("order", "A-12345")]),
    ("see #123456", [("order", "123456")]),
    ("order no: 4155550123", [("order", "4155550123")]),
    ("https://acme.example/?mail=a@b.example", [("email", "a@b.example")]),
]


@pytest.mark.parametrize(("text", "found"), FOUND)
def test_personal_data_is_found_with_its_kind_and_place(text: str, found: list[tuple[str, str]]) -> None:
    assert [(p.kind, p.span.of(text)) for p in find(text)] == found


def test_every_kind_has_an_example() -> None:
    assert {kind for _, found in FOUND for kind, _ in found} == set(KINDS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nothing here at all, @acme.help!",
        "I follow @acme@mastodon.example since 2019",
        "meet us @ acme.example or @ home",
        "waiting at gate (at) 5",
        "flight BA2490, error code E4031, £1,234.50 in 2019",
        "order $12345, order 2 weeks ago, order 404",
        "account 10000 USD, order from 12/10/2026, ref: 2024",
        "order 12.50, order abc1234",
        "booking BA2490",
        "BROKEN BOOKING",
        "Galaxy S21 Ultra, Xbox 360, seat 23A, gate B12, 50% off",
        "The S23 5GB plan, M1 2TB drive",
        "192.168.100.200 and 1 000 000 views",
        "2019 2020 2021 were good; 2026-11-22 10 was not",
        "4111 1111 1111 1112 and 0000 0000 0000 0000",
        "DE89 3704 0044 0532 0130 02, XX12 3456 7890 12, DE89 3704",
        "(at) example.com",
        "2 hours on the road, 4 way street, 12 main road",
        "Sitzplatz 12, Platz 3, Spring 2026",
        "via Heathrow 2 days ago, content via Apple TV 4",
        "12345 Kunden, ZZ1 1AA, IX 12345 and 123 rue",
        "https://acme.example/status/1234567890123456789",
        "4155550123 people and 10000000 days",
        "15551234567890123",
        "an order, reorder 123456 and xK1A 0B1",
    ],
)
def test_prices_dates_flights_and_models_are_not_personal_data(text: str) -> None:
    assert find(text) == ()


def test_a_national_number_is_known_by_its_country() -> None:
    text = "it is 2079460958 or 12345678"

    assert [p.span.of(text) for p in find(text, region="GB")] == ["2079460958"]


@pytest.mark.parametrize("run", ["+00000000", "00999 99999999999999"])
def test_a_number_of_no_plan_is_no_phone(run: str) -> None:
    assert find(f"it is {run}", region="GB") == ()


def test_two_spellings_of_one_datum_have_one_value() -> None:
    one, other = (find(text)[0].value for text in ("mail Dana@Example.com", "dana (at) example (dot) com"))

    assert one == other
    assert find("12 Rosewood Lane")[0].value == find("12  Rosewood Lane".replace("  ", " "))[0].value
    assert find("order A-12345")[0].value == find("order #a12345")[0].value


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([text for text, _ in FOUND]) | st.text(max_size=12), max_size=5))
def test_what_is_found_is_sorted_and_never_overlaps(parts: list[str]) -> None:
    text = " ".join(parts)

    spans = [p.span for p in find(text)]

    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


PIECES = st.sampled_from(
    [
        *(text for text, _ in FOUND),
        "⟦email:1⟧",
        "[email:1]",
        "⟦",
        "⟧",
        "⟦text:1⟧",
        "⟦ order : 2 ⟧",
        "<phone:1>",
        "[",
        "]",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=7), st.sampled_from(["", " ", "\n"]))
def test_unmasking_gives_back_what_was_masked(parts: list[str], glue: str) -> None:
    text = glue.join(parts)

    masked, vault = mask(context_of(text, notes=text[::-1]))

    assert vault.unmask(masked.complaint.text) == text
    assert vault.unmask(masked.notes) == text[::-1]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(FOUND), min_size=1, max_size=4), st.sampled_from(["so ", "see: ", "\n"]))
def test_nothing_masked_reaches_the_masked_context(items: list[tuple[str, list[tuple[str, str]]]], lead: str) -> None:
    text = " ; ".join(lead + text for text, _ in items)
    data = {words for _, found in items for _, words in found}
    everywhere = " ; ".join(sorted(data))
    context = Context(
        complaint=Complaint(
            text=text,
            url=f"https://x.example/{everywhere}",
            author=Author(handle="@dana", name="Dana"),
            thread=(Message(sender="customer", text=everywhere),),
        ),
        brand=Brand(id="b", name="B"),
        now=NOW,
        language="en",
        customer=Customer(name="Dana Reyes", history=(HistoryEvent(kind="order", text=everywhere),)),
        actions=(everywhere,),
        notes=everywhere.upper(),
        incidents=(everywhere,),
        examples=(everywhere,),
        recent_replies=(everywhere,),
        siblings=(everywhere,),
        rewrite=Rewrite(text=everywhere, instruction=everywhere, findings=(everywhere,)),
    )

    masked, vault = mask(context)

    shown = repr(masked).casefold()
    assert not [words for words in data if words.casefold() in shown]
    assert masked.complaint.author == context.complaint.author
    assert masked.customer.name == "Dana Reyes"
    assert sum(vault.counts.values()) >= len(data)


def test_an_author_who_posts_under_an_address_or_a_number_is_masked() -> None:
    author = Author(handle="dana.reyes@mail.example", name="Dana +44 7700 900123")
    history = (HistoryEvent(kind="mail from dana.reyes@mail.example", text="Asked for a refund."),)
    context = context_of("My blender is broken.", customer=Customer(history=history))

    masked, vault = mask(replace(context, complaint=replace(context.complaint, author=author)))

    assert masked.complaint.author == Author(handle="⟦email:1⟧", name="Dana ⟦phone:1⟧")
    assert masked.customer.history[0].kind == "mail from ⟦email:1⟧"
    assert vault.unmask("⟦email:1⟧") == "dana.reyes@mail.example"


def test_a_datum_that_grows_when_folded_is_found_again_in_any_case() -> None:
    masked, _ = mask(
        context_of("Straße 9, order no. 4711: A4711, 4711", notes="XX dana@mail.example ß DANA@mail.example")
    )

    assert masked.complaint.text == "Straße 9, order no. ⟦order:1⟧: A4711, ⟦order:1⟧"
    assert "@" not in masked.notes


def test_a_short_number_is_a_word_of_its_own_whatever_stands_around_it() -> None:
    masked, _ = mask(context_of("order no. 4711, not 47112, 4711_a or a4711, but (4711)"))

    assert masked.complaint.text == "order no. ⟦order:1⟧, not 47112, 4711_a or a4711, but (⟦order:1⟧)"


def test_a_context_without_personal_data_stays_the_same() -> None:
    context = context_of("My blender is broken.")

    masked, vault = mask(context)

    assert masked is context
    assert vault.unmask("⟦email:1⟧") == "⟦email:1⟧"
    assert vault.mask("") == ""


def test_one_datum_has_one_token_in_a_request() -> None:
    masked, vault = mask(
        context_of("order A-12345, a@b.example", notes="About A-12345: wrote to a@b.example, c@d.example")
    )

    assert masked.complaint.text == "order ⟦order:1⟧, ⟦email:1⟧"
    assert masked.notes == "About ⟦order:1⟧: wrote to ⟦email:1⟧, ⟦email:2⟧"
    assert dict(vault.counts) == {"order": 1, "email": 2}


def test_a_later_text_is_masked_with_the_same_tokens() -> None:
    _, vault = mask(context_of("order A-12345"))

    assert vault.mask("A-12345 and a@b.example") == "⟦order:1⟧ and ⟦email:1⟧"


def test_a_short_number_is_replaced_only_as_a_word() -> None:
    masked, _ = mask(context_of("ticket #5551", notes="5551 but not 15551"))

    assert masked.notes == "⟦account:1⟧ but not 15551"


def test_the_brands_own_contact_data_is_not_masked() -> None:
    brand = Brand(id="a", name="Acme", facts=BRAND.facts, policy=Policy(links=("acme.example",)))

    masked, _ = mask(context_of("I wrote to help@acme.example, I am a@b.example", brand=brand))

    assert masked.complaint.text == "I wrote to help@acme.example, I am ⟦email:1⟧"


def test_a_token_that_the_customer_typed_is_never_another_customers_data() -> None:
    masked, vault = mask(context_of("say ⟦email:1⟧ and [email:1]", notes="a@b.example"))

    assert masked.complaint.text == "say ⟦text:1⟧ and ⟦text:2⟧"
    assert vault.unmask(masked.complaint.text) == "say ⟦email:1⟧ and [email:1]"
    assert dict(vault.counts) == {"email": 1}


@pytest.mark.parametrize(
    "bent",
    [
        "⟦email:1⟧",
        "[email:1]",
        "<email:1>",
        "(email: 1)",
        "⟦ email : 1 ⟧",
        "⟦EMAIL:1⟧",
        "[Email：1]",
        "⟦email 1⟧",
        "【email:1】",
        "⟦email:1",
    ],
)
def test_a_token_that_a_model_bent_is_restored(bent: str) -> None:
    _, vault = mask(context_of("a@b.example"))

    assert vault.unmask(f"to {bent}.") == "to a@b.example."


@pytest.mark.parametrize("unknown", ["⟦email:2⟧", "[phone:1]", "(order 1)", "email:1", "{{email_1}}"])
def test_an_unknown_token_is_left_for_the_leftovers_check(unknown: str) -> None:
    _, vault = mask(context_of("a@b.example"))

    assert vault.unmask(f"to {unknown}.") == f"to {unknown}."


def test_a_vault_shows_counts_only() -> None:
    _, vault = mask(context_of("a@b.example"))

    assert repr(vault) == "Vault({'email': 1})"
    assert repr(Vault()) == "Vault({})"
