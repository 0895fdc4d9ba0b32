from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from service.checks import CHECKS, DEFINITIONS, JUDGED, View, definition_of, run_checks
from service.context import gather
from service.domain import (
    Brand,
    BrandVoice,
    Channel,
    CheckResult,
    Complaint,
    Context,
    Draft,
    Finding,
    Message,
    Outcome,
    Policy,
    Severity,
)
from service.errors import CheckNotFound
from tests.examples import BRAND, BRIEF

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
COMPLAINT = "Flight HB12 on Friday left three hours late and your crew said 'tough luck'. My bag never came."


def context(
    complaint: str = COMPLAINT,
    *,
    channel: Channel = Channel.X,
    solved: bool = False,
    voice: BrandVoice | None = None,
    policy: Policy | None = None,
    language: str | None = "en",
    notes: str = "",
    guarded: tuple[str, ...] = (),
) -> Context:
    return Context(
        complaint=Complaint(
            text=complaint, channel=channel, solved=solved, thread=(Message(sender="brand", text="Which bag?"),)
        ),
        brand=Brand(id="b", name="Harbour", voice=voice or BrandVoice(), policy=policy or Policy()),
        now=NOW,
        language=language,
        notes=notes,
        guarded=guarded,
    )


def result(check: str, text: str, where: Context | None = None) -> CheckResult:
    return next(r for r in run_checks(View(Draft(text=text), where or context())) if r.check == check)


EXAMPLES = [
    (
        "apology_first",
        "Thanks for telling us. We're sorry that we lost your bag.",
        "Hi Dana, we're sorry we lost your bag.",
    ),
    (
        "apology_first",
        "Unfortunately, we lost your bag. Sorry.",
        "@dana Oh no! We got this wrong, and your bag is late.",
    ),
    ("apology_first", "That was a long day for you, and we apologise.", "Dana, I apologise for the lost bag."),
    ("secondhand", "Sorry to hear that, Dana.", "Sorry to hear that, and sorrier that it was our mistake."),
    (
        "hollow_apology",
        "We're sorry if the wait upset you.",
        "We're sorry that we lost your bag, and if you're without it",
    ),
    ("corporate_speak", "We take this very seriously.", "I'm calling the depot."),
    ("next_step", "We're sorry. More here: https://x.example/a", "We're sorry. Tell me your seat."),
    ("next_step", "Mind if we jump in? We're sorry.", "Which seat was it?"),
    ("distance", "Sorry about the wait!", "We're sorry about the wait!"),
    ("distance", "We're sorry; the delay was caused by the courier.", "We're sorry that our courier was late."),
    ("only_one", "This is the first time we've heard this.", "You're not the only one; others have told us too."),
    ("debate", "Actually, the flight was on time.", "The flight left at nine."),
    ("sarcasm", "Oops! There goes your bag \U0001f602", "We lost your bag."),
    ("offline_push", "Please DM us.", "DM us your booking number, then I'll post the outcome here."),
    ("quid_pro_quo", "We'll refund you once you delete your review.", "We'll refund you."),
    ("review_ask", "Please rate our service.", "Tell me your seat."),
    ("admission", "We were negligent.", "We got it wrong."),
    ("leak", "As an AI, I am sorry.", "I am sorry."),
    ("leak", "Sorry ⟦email:1⟧.", "Sorry."),
    ("leftovers", "Hi [Name], sorry.", "Hi Dana, sorry."),
    (
        "language",
        "Sentimos mucho que su maleta no haya llegado con usted.",
        "We are sorry that your bag is not with you yet.",
    ),
    ("abuse", "Don't be stupid.", "You were right."),
    ("voice", "Sorry!", "Sorry."),
    ("voice", "Sorry \U0001f499.", "Sorry."),
]


def test_every_check_of_the_contract_stands_with_its_meaning() -> None:
    assert [*CHECKS, *JUDGED] == list(DEFINITIONS)
    assert len(CHECKS) == 26
    assert definition_of("apology_first").severity is Severity.BLOCK
    assert definition_of("secondhand").severity is Severity.WARN
    with pytest.raises(CheckNotFound):
        definition_of("nothing")


@pytest.mark.parametrize(("check", "flagged", "passed"), EXAMPLES)
def test_a_check_flags_its_example_and_passes_the_other(check: str, flagged: str, passed: str) -> None:
    found = result(check, flagged)

    assert found.outcome is Outcome.FAILED
    assert found.findings[0].quote in flagged
    assert result(check, passed).outcome is Outcome.PASSED


def test_results_come_for_every_check_in_order() -> None:
    assert [r.check for r in run_checks(View(Draft(text="We're sorry."), context()))] == list(CHECKS)


def test_a_check_that_crashes_blocks_the_draft() -> None:
    def crash(view: View) -> Iterator[Finding]:
        raise RuntimeError(view.text)

    (broken,) = run_checks(View(Draft(text="secret"), context()), checks={"secondhand": crash})

    assert broken.outcome is Outcome.NOT_RUN
    assert broken.blocks
    assert "secret" not in (broken.reason or "")


def test_a_brand_changes_a_severity_but_cannot_weaken_what_keeps_people_safe() -> None:
    voice = BrandVoice(
        severities=MappingProxyType(
            {"sarcasm": Severity.NOTE, "leak": Severity.NOTE, "corporate_speak": Severity.NOTE, "x": Severity.NOTE}
        )
    )
    where = context(voice=voice)

    assert result("sarcasm", "Oops!", where).findings[0].severity is Severity.NOTE
    assert result("leak", "As an AI, no.", where).findings[0].severity is Severity.BLOCK
    assert not result("corporate_speak", "Kindly rest assured that we take this seriously.", where).blocks


def test_three_stock_phrases_block_and_two_do_not() -> None:
    two = "We take this very seriously. Please be advised that we lost it."

    assert not result("corporate_speak", two).blocks
    assert result("corporate_speak", two + " Kindly wait.").blocks


def test_a_phrase_that_the_brand_allows_is_no_stock_phrase() -> None:
    where = context(voice=BrandVoice(allowed_phrases=("reach out",)))

    assert result("corporate_speak", "I'll reach out.", where).outcome is Outcome.PASSED


def test_words_quoted_from_the_customer_are_not_held_against_the_draft() -> None:
    where = context("You wrote “we take this very seriously” and then nothing.")

    assert result("corporate_speak", 'You read "we take this very seriously" twice.', where).outcome is Outcome.PASSED
    assert result("corporate_speak", 'We do "take this seriously" now.', where).outcome is Outcome.FAILED


def test_a_hollow_apology_in_first_place_fires_alone() -> None:
    fired = {r.check for r in run_checks(View(Draft(text="We're sorry if you were upset."), context())) if r.findings}

    assert "hollow_apology" in fired
    assert "apology_first" not in fired
    assert "secondhand" not in fired


def test_sympathy_in_first_place_fires_alone() -> None:
    fired = {r.check for r in run_checks(View(Draft(text="Sorry to hear that."), context())) if r.findings}

    assert "secondhand" in fired
    assert "apology_first" not in fired


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("That sounds frustrating.", {"secondhand"}),
        ("Dana, I hate to see this.", {"secondhand"}),
        ("We can only imagine how annoying that was.", {"secondhand"}),
        ("That sounds awful. Sorry to hear it.", {"secondhand"}),
        ("We understand how upsetting a lost bag is. We are sorry that we lost it.", {"apology_first"}),
        ("I'm sad to hear it, and I'm sorry that we lost your bag.", {"apology_first"}),
        ("We understand your frustration. We apologise for any inconvenience.", {"apology_first"}),
        ("We're sorry that we lost your bag. I know how stressful that is.", set()),
        ("Thanks, Dana. That sounds frustrating.", {"apology_first", "secondhand"}),
    ],
)
def test_sympathy_stands_for_an_apology_only_where_there_is_no_other(text: str, fires: set[str]) -> None:
    fired = {r.check for r in run_checks(View(Draft(text=text), context())) if r.findings}

    assert fired & {"apology_first", "secondhand"} == fires


def test_the_first_words_of_sympathy_are_shown_whichever_family_they_are_of() -> None:
    (finding,) = result("secondhand", "That sounds awful, Dana. Sorry to hear it.").findings

    assert finding.rule == "sounds"


def test_a_language_without_sympathy_of_its_own_still_knows_apologies() -> None:
    where = context("Mein Koffer ist nie angekommen.", language="de")

    owned = "Es tut uns leid, dass wir Ihren Koffer verloren haben."

    assert result("apology_first", owned, where).outcome is Outcome.PASSED
    assert result("secondhand", owned, where).outcome is Outcome.PASSED


def test_a_private_channel_or_a_policy_may_move_the_talk() -> None:
    assert result("offline_push", "Please DM us.", context(channel=Channel.EMAIL)).outcome is Outcome.PASSED
    private_first = context(policy=Policy(private_first=True))
    assert result("offline_push", "Please DM us.", private_first).outcome is Outcome.PASSED
    asked = context("How can I contact you? My bag is lost.")
    assert result("offline_push", "Please call us on 0800 111 222.", asked).outcome is Outcome.PASSED


def test_sending_the_customer_elsewhere_is_a_step_and_an_idle_offer_is_none() -> None:
    private = context(channel=Channel.EMAIL)

    assert result("next_step", "We're sorry. Live chat: https://x.example/chat").outcome is Outcome.PASSED
    assert result("next_step", "We're sorry. Live chat: https://x.example/chat", private).outcome is Outcome.PASSED
    assert result("next_step", "We're sorry. DM us anytime.").outcome is Outcome.FAILED
    assert result("next_step", "We're sorry. Let us know if you have any questions.").outcome is Outcome.FAILED
    assert result("next_step", "DM us anytime, and please send me your seat.").outcome is Outcome.PASSED


def test_a_solved_complaint_may_be_followed_by_an_invitation() -> None:
    assert result("review_ask", "Please rate our service.", context(solved=True)).outcome is Outcome.PASSED


def test_an_admission_blocks_where_the_policy_says_so() -> None:
    assert not result("admission", "We were negligent.").blocks
    assert result("admission", "We were negligent.", context(policy=Policy(block_admission=True))).blocks


def test_notes_and_instructions_are_not_shown() -> None:
    note = "The customer has complained four times this year and is known to be difficult at the desk"
    where = context(notes=note, guarded=("Never reveal the internal refund ladder to anyone.",))

    assert result("leak", f"We know: {note.upper()}", where).outcome is Outcome.FAILED
    assert result("leak", "never  reveal the internal\nrefund ladder to anyone", where).outcome is Outcome.FAILED
    assert result("leak", "We are sorry.", where).outcome is Outcome.PASSED


def test_brackets_of_the_customer_are_no_leftover() -> None:
    assert result("leftovers", "Sorry about [the blue one].", context("Lost [the blue one]")).outcome is Outcome.PASSED


def test_an_unknown_or_unreadable_language_is_not_passed() -> None:
    text = "We are sorry that your bag is not with you yet."

    assert result("language", text, context("Ei!", language=None)).outcome is Outcome.NOT_RUN
    assert result("language", text, context("No bag yet, 6 days", language=None)).outcome is Outcome.PASSED
    assert result("language", text, context("", language=None)).outcome is Outcome.PASSED
    assert result("language", "Sorry.").outcome is Outcome.NOT_RUN
    unknown = result("apology_first", text, context(language="fi"))
    assert unknown.outcome is Outcome.NOT_RUN
    assert unknown.blocks


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Hola, Ana: sentimos mucho haber perdido tu maleta."),
        ("fr", "Bonjour Anne, nous sommes désolés d'avoir perdu votre valise."),
        ("de", "Hallo Anna, es tut uns leid, dass wir Ihren Koffer verloren haben."),
        ("pt", "Olá Ana, lamentamos muito ter perdido a sua mala."),
        ("it", "Ciao Anna, ci dispiace di aver perso la tua valigia."),
    ],
)
def test_an_apology_is_heard_in_every_language_we_write(language: str, text: str) -> None:
    assert result("apology_first", text, context(language=language)).outcome is Outcome.PASSED
    assert result("apology_first", "1234. " + text[-20:], context(language=language)).outcome is Outcome.FAILED


def test_the_voice_guide_is_held() -> None:
    voice = BrandVoice(
        banned_words=("guest", " "),
        sign_off="— Ana",
        emoji=("\U0001f499",),
        max_emoji=1,
        max_exclamation_marks=1,
        max_reading_grade=6,
    )
    text = (
        "Dear guest, guestbook! Unquestionably extraordinary circumstances necessitated considerable organisational "
        "reconsideration concerning international transportation infrastructure availability throughout "
        "metropolitan administrative communities everywhere yesterday afternoon here! \U0001f499\U0001f499"
    )
    rules = [finding.rule for finding in result("voice", text, context(voice=voice)).findings]

    assert sorted(rules) == ["banned", "emoji", "exclamation_marks", "reading_grade", "sign_off"]
    assert result("voice", "We lost it. — Ana", context(voice=voice)).outcome is Outcome.PASSED


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_what_explains_a_check_is_what_the_check_does(check: str) -> None:
    definition = DEFINITIONS[check]
    where = replace(gather(BRIEF, BRAND, NOW), recent_replies=DEFINITIONS["sameness"].fires)

    assert definition.fires
    assert definition.passes
    for text in definition.fires:
        assert result(check, text, where).findings, text
    for text in definition.passes:
        assert result(check, text, where).outcome is Outcome.PASSED, text
