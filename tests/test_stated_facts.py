"""Each fact of a draft by kind and language: what proves it, and what contradicts it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.checks.grounding import grounding
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
    StatedFact,
)

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
"""A Wednesday."""
POSTED = datetime(2026, 11, 24, 9, tzinfo=UTC)
BRAND = Brand(id="a", name="Harbour Air")


def context(complaint: str, language: str = "en", posted_at: datetime | None = POSTED) -> Context:
    return Context(
        complaint=Complaint(text=complaint, language=language, posted_at=posted_at),
        brand=BRAND,
        now=NOW,
        language=language,
    )


def flagged(complaint: str, draft: str, language: str = "en", posted_at: datetime | None = POSTED) -> list[str]:
    seen = context(complaint, language, posted_at)
    return [finding.quote for finding in grounding(View(Draft(text=draft), seen))]


def stated(text: str, seen: Context) -> tuple[StatedFact, ...]:
    return View(Draft(text=text), seen).stated


PAIRS = [
    # language, what the complaint says, what the draft may say, what it may not
    ("en", "I paid £20.", "It cost you 20 quid.", "It cost you £25.", "£25"),
    ("en", "I paid 20 pounds.", "The £20.00 is ours to give back.", "The €20 is ours.", "€20"),
    ("en", "They took $1.2k.", "You lost 1,200 dollars.", "You lost $1.2.", "$1.2"),
    ("en", "It was 20 CAD.", "You paid $20.", "You paid 20 AUD.", "20 AUD"),
    ("en", "It was 5000 yen.", "You paid ¥5,000.", "You paid ¥500.", "¥500"),
    ("en", "You kept 50p.", "We kept 50 pence.", "We kept 60p.", "60p"),
    ("en", "I paid two hundred euros.", "You paid €200.", "You paid €2,000.", "€2,000"),
    ("de", "Ich habe 1.234,56 € bezahlt.", "Es waren 1234,56 Euro.", "Es waren 1.243,56 €.", "1.243,56 €"),
    ("de", "Ich habe zwanzig Euro bezahlt.", "Es waren 20,00 €.", "Es waren 30 Euro.", "30 Euro"),
    ("fr", "J'ai payé 1 234,50 €.", "Vous avez payé 1234,50 euros.", "Vous avez payé 1 243,50 €.", "1 243,50 €"),
    ("fr", "J'ai payé quatre-vingt-dix euros.", "Vous avez payé 90 €.", "Vous avez payé 80 €.", "80 €"),
    ("fr", "J'ai payé 20€50.", "Vous avez payé 20,50 €.", "Vous avez payé 25 €.", "25 €"),
    ("es", "Pagué dos mil euros.", "Usted pagó 2.000 €.", "Usted pagó 200 €.", "200 €"),
    ("pt", "Paguei R$ 20.", "Você pagou 20 reais.", "Você pagou 20 euros.", "20 euros"),
    ("it", "Ho pagato venti euro.", "Ha pagato 20 €.", "Ha pagato 25 €.", "25 €"),
    ("en", "You promised 20 % off.", "It should have been twenty per cent off.", "It was 25% off.", "25%"),
    ("de", "Es hieß 20 Prozent Rabatt.", "Wir nannten zwanzig Prozent.", "Wir nannten 15 %.", "15 %"),
    ("es", "Era el 20 por ciento.", "Dijimos el 20 %.", "Dijimos el 30 %.", "30 %"),
    ("en", "I waited three hours.", "That was 180 minutes, or 3h, of your day.", "That was 4 hours.", "4 hours"),
    ("en", "It took an hour and a half.", "That is 90 minutes.", "That is 30 minutes.", "30 minutes"),
    ("en", "It was 1h30 late.", "It came 1 hour and 30 minutes late.", "It came 1 hour late.", "1 hour"),
    ("en", "I waited two and a half hours.", "You waited 2.5 hours.", "You waited two hours.", "two hours"),
    ("en", "It said 2-3 days.", "We said two to three days.", "We said 3-5 days.", "3-5 days"),
    ("en", "You said 5 days.", "We said five days.", "We said 5 business days.", "5 business days"),
    ("en", "You said 48 hours.", "We said two days.", "We said three days.", "three days"),
    ("en", "It took a year.", "It took 12 months.", "It took 2 years.", "2 years"),
    ("de", "Ich habe anderthalb Stunden gewartet.", "Das waren 90 Minuten.", "Das waren zwei Stunden.", "zwei Stunden"),
    ("de", "Es hieß drei Werktage.", "Wir sagten 3 Werktage.", "Wir sagten drei Tage.", "drei Tage"),
    ("fr", "J'ai attendu une heure et demie.", "Soit 90 minutes.", "Soit trois heures.", "trois heures"),
    ("es", "Esperé hora y media, más de una hora y media.", "Fueron 90 minutos.", "Fueron tres horas.", "tres horas"),
    ("pt", "Esperei três dias úteis.", "Foram 3 dias úteis.", "Foram três dias.", "três dias"),
    ("it", "Ho aspettato mezz'ora.", "Sono stati 30 minuti.", "Sono stati 40 minuti.", "40 minuti"),
    ("en", "It broke on 3 March.", "It broke on March 3rd, 2026.", "It broke on 4 March.", "4 March"),
    ("en", "It broke on the third of March.", "It broke on 03/03/2026.", "It broke on 3 May.", "3 May"),
    ("de", "Es war am 3. März.", "Am 03.03.2026 ging es kaputt.", "Es war am 4. März.", "4. März"),
    ("fr", "C'était le premier mai.", "Le 1er mai, oui.", "Le 2 mai, oui.", "2 mai"),
    ("es", "Fue el 3 de marzo de 2026.", "Fue el tres de marzo.", "Fue el 13 de marzo.", "13 de marzo"),
    ("pt", "Foi em 3 de março.", "Foi em 3 de março de 2026.", "Foi em 3 de maio.", "3 de maio"),
    ("it", "Era il 3 marzo.", "Era il tre marzo 2026.", "Era il 5 marzo.", "5 marzo"),
    ("en", "Lost on Friday.", "It was lost on Friday, 20 November.", "It was lost on 6 March 2026.", "6 March 2026"),
    ("en", "It was lost on 20 November.", "It was lost on a Friday.", "It was lost on Saturday.", "Saturday"),
    ("en", "It was lost on Fri.", "It was lost on Friday.", "It was lost on Sunday.", "Sunday"),
    ("en", "It was lost yesterday.", "It was lost on Monday, 23 November.", "It was lost on Friday.", "Friday"),
    ("de", "Es war am Freitag.", "Es war am 20. November.", "Es war am Samstag.", "Samstag"),
    ("fr", "C'était hier.", "C'était lundi.", "C'était jeudi.", "jeudi"),
    ("es", "Fue ayer.", "Fue el lunes.", "Fue el viernes.", "viernes"),
    ("pt", "Foi na sexta.", "Foi na sexta-feira.", "Foi na quinta-feira.", "quinta-feira"),
    ("it", "Era venerdì.", "Era il 20 novembre.", "Era sabato.", "sabato"),
    ("en", "It left at 8:15.", "It left at 20:15, 8.15pm or a quarter past eight.", "It left at 8:20.", "8:20"),
    ("en", "It left at 8:15 pm.", "It left at 20:15.", "It left at 8:15 am.", "8:15 am"),
    ("en", "It left at 8 in the evening.", "It left at 8pm.", "It left at 8 am.", "8 am"),
    ("de", "Um halb acht abends.", "Es war 19:30 Uhr.", "Es war 8:30 Uhr.", "8:30"),
    ("de", "Um 20 Uhr 15.", "Es war 20.15 Uhr.", "Es war 20.45 Uhr.", "20.45 Uhr"),
    ("fr", "Il est parti à 18h30.", "Parti à 18:30.", "Parti à 19h30.", "19h30"),
    ("fr", "À 8 heures du soir.", "Il était 20:00.", "Il était 21:00.", "21:00"),
    ("es", "Salió a las 8 de la tarde.", "Salió a las 20:00.", "Salió a las 9 de la tarde.", "9"),
    ("pt", "Saiu às 18h30.", "Saiu às 18:30.", "Saiu às 17h30.", "17h30"),
    ("it", "Partito alle 18.30.", "Partito alle 18:30.", "Partito alle 19:30.", "19:30"),
    ("en", "I sent two messages.", "Both messages, and you asked us twice.", "Your three messages.", "three messages"),
    ("en", "I have 2 bags and 3 coats.", "Two bags are lost.", "Three bags are lost.", "Three bags"),
    ("de", "Zwei Nachrichten gesendet.", "Ihre 2 Nachrichten.", "Ihre drei Nachrichten.", "drei Nachrichten"),
    ("fr", "J'ai envoyé deux messages.", "Vos 2 messages.", "Vos trois messages.", "trois messages"),
    ("es", "Mandé dos mensajes.", "Sus 2 mensajes.", "Sus tres mensajes.", "tres mensajes"),
    ("it", "Ho mandato due messaggi.", "I 2 messaggi.", "I tre messaggi.", "tre messaggi"),
    ("en", "Order number 482-913-375.", "Your order 482 913 375.", "Your order 482 913 376.", "376"),
    ("en", "Order number 482913375, please.", "The order ending in 3375.", "The order ending in 9133.", "9133"),
    ("en", "Flight HA 482 was late.", "HA482 was late.", "Flight HA 428 was late.", "HA 428"),
    ("de", "Flug HA 482 war spät.", "Ihr Flug HA482 war spät.", "Ihr Flug HA484 war spät.", "HA484"),
    ("en", "Call me on +44 20 7946 0958.", "We have 020 7946 0958 for you.", "We have 020 7946 0959.", "020 7946 0959"),
    ("en", "Write to Dana@acme.example.", "From dana@acme.example.", "Not dan@acme.example.", "dan@acme.example"),
    ("en", "https://www.pics.example/a1/", "We saw pics.example/a1.", "We saw pics.example/a2.", "pics.example/a2"),
    ("en", "Mr José Álvarez was rude to me.", "Jose Alvarez was wrong, Mr Álvarez.", "Our driver Tom was rude.", "Tom"),
    ("fr", "M. Dupont m'a raccroché au nez.", "Monsieur Dupont a eu tort.", "M. Durand a eu tort.", "Durand"),
    ("de", "Herr Müller war unfreundlich.", "Herr Müller lag falsch.", "Frau Schmidt lag falsch.", "Schmidt"),
    ("en", "My BlueFan 300 is dead.", "Sorry about your BlueFan 300.", "Sorry about your GreenFan.", "GreenFan"),
    ("en", "I was in Lyon.", "Sorry about Lyon.", "Sorry about your evening in Bergen.", "Bergen"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "complaint", "true", "_wrong", "_quote"), PAIRS)
def test_a_fact_of_the_complaint_may_be_said_in_another_form(
    language: str, complaint: str, true: str, _wrong: str, _quote: str
) -> None:
    assert flagged(complaint, true, language) == []


@pytest.mark.parametrize(("language", "complaint", "_true", "wrong", "quote"), PAIRS)
def test_a_fact_that_contradicts_the_complaint_is_flagged(
    language: str, complaint: str, _true: str, wrong: str, quote: str
) -> None:
    assert flagged(complaint, wrong, language) == [quote]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You were one of us, take a second look, and wait for a second while I'm on it 24/7."),
        ("en", "May I ask? It may 2 be wrong, and we march on; it sat there in the sun."),
        ("en", "First-class it was not; no. 1 on our list, and the second time was no better, 50/50 at best."),
        ("en", "That is 100% on us, and you're 100% right. Please try 2 of them."),
        ("en", "Our Head of Customer Care, the Team Lead and an Engineer read it. Harbour Air is sorry."),
        ("en", "Your 4G and Wi-Fi matter, and both matter a lot."),
        ("de", "Der Koffer fehlt, und wir melden uns hier. Guten Morgen! Das ist ein Tag zum Vergessen."),
        ("de", "Beide Seiten haben recht."),
        ("fr", "C'est un an de trop, et nous vous devons des excuses. Vous avez raison, Madame."),
        ("es", "Es la segunda vez, por la mañana y por la noche. Una semana así no es justa."),
        ("pt", "Pela segunda vez, e em parte por nossa culpa. Um dia assim não é justo."),
        ("it", "Le scriviamo qui, e La avvisiamo subito. Cordiali Saluti"),
        ("es", "Usted merece una respuesta, Ud. sabe por qué, estimado Cliente. Un Saludo"),
        ("pt", "Sra. Cliente, avisamos de segunda a sexta. Com os melhores Cumprimentos"),
        ("fr", "Bonjour Madame, une fois la valise retrouvée, nous écrivons. Bien Cordialement"),
        ("de", "Guten Tag, Frau Kundin, das darf kein zweites Mal passieren. Viele Grüße"),
        ("it", "Ha ragione. Un giorno così non va, e la prossima volta andrà meglio."),
    ],
)
def test_words_that_only_look_like_facts_are_none(language: str, text: str) -> None:
    assert flagged("My bag is gone.", text, language) == []


RICH = Context(
    complaint=Complaint(
        text="I paid £20 and £15.50 for 2 bags on flight HA 482.",
        posted_at=POSTED,
        author=Author(handle="@DanaReyes", name="Dana"),
        thread=(
            Message(sender="customer", text="Where is it?", at=datetime(2026, 11, 20, 9, tzinfo=UTC)),
            Message(sender="brand", text="We said 12%.", at=datetime(2026, 11, 21, 9, tzinfo=UTC)),
        ),
    ),
    brand=replace(
        BRAND,
        names=("HarbourGo",),
        facts=("Claims go to the desk.", "The desk is open from 06:00 to 22:00."),
        voice=BrandVoice(sign_off="— Ana, Harbour Air"),
        policy=Policy(
            offers=(Offer(id="refund-bag-fee", text="refund your bag fee", max_amount=Money(6000, "EUR")),),
            promise_limits=PromiseLimits(max_reply_hours=24),
            links=("help.harbour.example/returns",),
        ),
    ),
    now=NOW,
    language="en",
    customer=Customer(
        name="Dana Reyes",
        history=(HistoryEvent(kind="trip", text="Flew to Oslo", at=datetime(2026, 10, 3, tzinfo=UTC)),),
    ),
    actions=("Refunded 7 EUR to the card",),
    notes="The bag is with Tom in Porto.",
    incidents=("The belt in Lyon stood still for 5 hours.",),
)


@pytest.mark.parametrize(
    ("text", "kind", "source", "sources"),
    [
        ("You paid 20 pounds.", "amount", "complaint.text", ()),
        ("You paid £35.50 in all.", "amount", "derived", ("complaint.text",)),
        ("We said twelve percent.", "percent", "complaint.thread[1].text", ()),
        ("You flew to Oslo.", "name", "customer.history[0].text", ()),
        ("That was on 3 October.", "date", "customer.history[0].at", ()),
        ("You wrote on Tuesday.", "weekday", "complaint.posted_at", ()),
        ("You first wrote on Friday.", "weekday", "complaint.thread[0].at", ()),
        ("You wrote yesterday.", "date", "complaint.posted_at", ()),
        ("It is 25 November.", "date", "now", ()),
        ("It was €7.", "amount", "actions[0]", ()),
        ("It is in Porto.", "name", "notes", ()),
        ("The belt stood still for five hours.", "duration", "incidents[0]", ()),
        ("We open at 6 am.", "time", "brand.facts[1]", ()),
        ("At most 60 euros.", "amount", "brand.policy.offers[refund-bag-fee]", ()),
        ("See help.harbour.example/returns/bags.", "link", "brand.policy.links[0]", ()),
        ("Sorry, it is in HarbourGo.", "name", "brand.names[0]", ()),
        ("Sorry.\n— Ana, Harbour Air", "person", "brand.voice.sign_off", ()),
        ("Your first message came four days before, Dana.", "duration", "derived",
         ("complaint.posted_at", "complaint.thread[0].at")),
        ("Your two bags are lost.", "count", "complaint.text", ()),
        ("Your two messages were read.", "count", "derived", ("complaint.text",)),
        ("Your four bags are lost.", "count", None, ()),
        ("We'll answer within 24 hours.", "duration", "promise", ()),
        ("You lost £99.", "amount", None, ()),
    ],
)  # fmt: skip
def test_each_fact_names_what_it_comes_from(text: str, kind: str, source: str | None, sources: tuple[str, ...]) -> None:
    facts = [fact for fact in stated(text, RICH) if fact.kind == kind]

    assert [(fact.source, fact.sources) for fact in facts] == [(source, sources)]


def test_a_sum_of_two_texts_names_both() -> None:
    seen = replace(RICH, complaint=Complaint(text="I paid 20 EUR.", posted_at=POSTED))

    facts = stated("That makes 27 EUR.", seen)

    assert [(fact.source, fact.sources) for fact in facts] == [("derived", ("complaint.text", "actions[0]"))]


def test_facts_stand_in_the_order_of_the_text_with_their_words() -> None:
    text = "Sorry, Dana: the £20 for flight HA482 is ours."

    facts = stated(text, RICH)

    assert [(fact.kind, fact.text) for fact in facts] == [("name", "Dana"), ("amount", "£20"), ("flight", "HA482")]
    assert all(fact.span.of(text) == fact.text for fact in facts)


def test_a_weekday_that_is_not_that_of_its_date_is_flagged() -> None:
    complaint = "I wrote on Tuesday, and it broke on 20 November."

    assert flagged(complaint, "It broke on Friday, 20 November.") == []
    assert flagged(complaint, "It broke on Tuesday, 20 November.") == ["Tuesday"]


def test_opening_days_prove_no_date() -> None:
    seen = replace(RICH, brand=replace(RICH.brand, facts=("We visit from Monday to Saturday.",)))

    assert [fact.source for fact in stated("We come on Mondays.", seen)] == ["brand.facts[0]"]
    assert [fact.source for fact in stated("It was on 9 November 2026.", seen)] == [None]


def test_yesterday_of_a_complaint_posted_days_ago_is_not_our_yesterday() -> None:
    seen = context("It was lost yesterday.", posted_at=datetime(2026, 11, 20, 9, tzinfo=UTC))

    assert [fact.source for fact in stated("It was lost on 19 November.", seen)] == ["complaint.text"]
    assert [fact.source for fact in stated("It was lost yesterday.", seen)] == [None]


def test_a_name_put_together_from_two_people_is_flagged() -> None:
    seen = replace(RICH, notes="Tom Baker has the bag. Ask Ana.")

    assert [fact.source for fact in stated("My colleague Tom Baker has it.", seen)] == ["notes"]
    assert [fact.source for fact in stated("My colleague Tom Reyes has it.", seen)] == [None]


def test_digits_inside_another_number_prove_nothing() -> None:
    assert flagged("Order number 482913375 is late.", "Your order 913375 is late.") == ["913375"]
    assert flagged("It cost £20.48.", "Error 2048 is known.") == ["2048"]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(min_value=1, max_value=99_999), st.sampled_from(["{} EUR", "€{}", "{} €", "{} euros", "EUR {}"]),
    st.sampled_from(["{} EUR", "€{}", "{} €", "{} euros", "EUR {}"]),
)  # fmt: skip
def test_an_amount_is_the_same_in_every_spelling(cents: int, told: str, said: str) -> None:
    complaint = "I paid " + told.format(f"{cents // 100}.{cents % 100:02}") + " to you"

    assert flagged(complaint, "You paid " + said.format(f"{cents // 100},{cents % 100:02}") + " to us") == []


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0, max_value=23), st.integers(min_value=0, max_value=59), st.booleans())
def test_a_clock_time_agrees_with_itself_and_not_with_its_other_half(hour: int, minute: int, said: bool) -> None:
    twelve, half = hour % 12 or 12, "pm" if hour >= 12 else "am"
    other = "am" if half == "pm" else "pm"
    complaint = f"It left at {hour:02}:{minute:02} sharp"

    assert flagged(complaint, f"It left at {twelve}:{minute:02} {half}.") == []
    if hour == 0 or hour > 12 or hour < 10:
        assert flagged(complaint, f"It left at {twelve}:{minute:02} {other}.") != []


def test_numbers_of_one_thing_add_up() -> None:
    complaint = "First I lost 2 bags, then 3 bags."

    facts = stated("Five bags, and one more than two bags.", context(complaint))

    assert [(fact.text, fact.source, fact.sources) for fact in facts] == [
        ("Five bags", "derived", ("complaint.text",)),
        ("two bags", "complaint.text", ()),
    ]


def test_a_range_follows_from_both_its_ends_alone() -> None:
    assert flagged("I was told 2 days, then 3 days.", "We said 2-3 days.") == []
    assert flagged("I was told 3 days.", "We said 2-3 days.") == ["2-3 days"]


def test_how_long_ago_a_dated_thing_happened_may_be_said() -> None:
    facts = stated("You lost it three days before.", context("Lost on 21 November 2026.", posted_at=POSTED))

    assert [(fact.source, fact.sources) for fact in facts] == [("derived", ("complaint.posted_at", "complaint.text"))]


def test_a_year_is_known_by_what_happened_in_it() -> None:
    assert flagged("It broke.", "That was in 2026.") == []
    assert flagged("It broke.", "That was in 2024.") == ["2024"]


def test_a_number_without_a_thing_is_a_number_of_the_complaint() -> None:
    facts = stated("The 12 calls were too many.", context("I have dialled 12 by now."))

    assert [fact.source for fact in facts] == ["complaint.text"]


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        (datetime(2026, 11, 25, 7, tzinfo=UTC), "three hours"),
        (datetime(2026, 11, 22, 7, tzinfo=UTC), "three days"),
        (datetime(2026, 11, 3, 7, tzinfo=UTC), "three weeks"),
        (datetime(2026, 8, 25, 7, tzinfo=UTC), "three months"),
    ],
)
def test_how_long_ago_a_complaint_was_posted_may_be_said(posted: datetime, said: str) -> None:
    facts = stated(f"You wrote {said} ago.", context("Where is it?", posted_at=posted))

    assert [(fact.source, fact.sources) for fact in facts] == [("derived", ("complaint.posted_at", "now"))]


def test_a_number_of_other_things_may_be_meant() -> None:
    assert flagged("I called twice about 3 bags.", "Three calls, and you asked us three times.") == []
