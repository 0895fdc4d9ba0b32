"""What the checks say of a draft that is still being written."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import pytest

from service.checks import CHECKS, View, run_checks
from service.checks.beginning import AT_THE_END, ON_A_BEGINNING, OPENING, SO_FAR, past_mending, safe_until
from service.domain import BrandVoice, Context, Draft, Finding, Outcome, Severity
from tests.test_checks import context

SORRY = "We're sorry that we lost your bag on flight HB12."
BLOCK_VOICE = BrandVoice(
    sign_off="— Ana", banned_words=("guest",), severities=MappingProxyType({"voice": Severity.BLOCK})
)


def safe(text: str, where: Context | None = None) -> int | None:
    return safe_until(run_checks(View(Draft(text=text), where or context()), checks=ON_A_BEGINNING))


def faults(text: str, where: Context | None = None) -> tuple[str, ...] | None:
    view = View(Draft(text=text), where or context())
    found = past_mending(view, run_checks(view, checks=OPENING))
    return None if found is None else tuple(finding.check for finding in found)


def test_what_waits_for_the_end_or_judges_in_part_is_a_check_and_says_why() -> None:
    assert set(AT_THE_END) | set(SO_FAR) <= set(CHECKS)
    assert not set(SO_FAR) & set(AT_THE_END)
    assert set(OPENING) <= set(ON_A_BEGINNING)
    assert all(reason.endswith(".") for reason in AT_THE_END.values())


def test_every_other_check_judges_beginnings_as_it_judges_the_whole() -> None:
    assert [check for check in CHECKS if check not in AT_THE_END] == list(ON_A_BEGINNING)
    assert {check for check, judge in ON_A_BEGINNING.items() if judge is not CHECKS[check]} == set(SO_FAR)


STOCK = f"{SORRY} Rest assured, we're on it. Kindly wait a little."


def test_a_stock_phrase_is_held_back_from_the_first_on_since_later_ones_may_make_it_block() -> None:
    assert safe(STOCK) == STOCK.index("Rest assured")
    assert safe_until(run_checks(View(Draft(text=STOCK), context()))) is None


def test_stock_phrases_that_a_brand_weighs_itself_never_come_to_block() -> None:
    voice = BrandVoice(severities=MappingProxyType({"corporate_speak": Severity.WARN}))

    assert safe(f"{STOCK} Your feedback is important to us.", context(voice=voice)) is None


def test_clean_sentences_may_be_shown_whole() -> None:
    assert safe(SORRY) is None


def test_a_text_may_be_shown_up_to_the_first_words_that_block() -> None:
    text = f"{SORRY} It is the first time we've heard this. This has never happened before."

    assert len(SORRY) < (safe(text) or 0) <= text.index("first time")


@pytest.mark.parametrize("text", ["Hi Dana!", "Thanks for telling us.", f"Thanks for telling us. {SORRY}"])
def test_nothing_is_shown_while_no_apology_came_first(text: str) -> None:
    assert safe(text) == 0


def test_what_a_later_sentence_excuses_is_only_held_back_until_then() -> None:
    text = f"{SORRY} DM us your booking number."

    assert safe(text) == text.index("DM us")
    assert safe(f"{text} Then I'll post the outcome here.") is None


def test_a_check_that_crashed_shows_nothing() -> None:
    def crash(view: View) -> Iterator[Finding]:
        raise RuntimeError(view.text)

    results = run_checks(View(Draft(text=SORRY), context()), checks={**ON_A_BEGINNING, "voice": crash})

    assert safe_until(results) == 0


def test_a_language_without_wording_rules_shows_nothing() -> None:
    assert safe(SORRY, context(language="fi")) == 0


def test_a_beginning_may_be_too_short_to_tell_its_language_but_not_without_one_to_compare() -> None:
    (short,) = run_checks(View(Draft(text="Sorry."), context()), checks={"language": ON_A_BEGINNING["language"]})

    assert short.outcome is Outcome.PASSED
    assert safe(SORRY, context("Ei!", language=None)) == 0
    assert safe(SORRY, context(language="es")) == 0


def test_a_voice_that_blocks_holds_back_its_banned_words_and_waits_for_the_sign_off() -> None:
    where = context(voice=BLOCK_VOICE)

    assert safe(SORRY, where) is None
    assert safe(f"{SORRY} Tell us, guest.", where) == len(SORRY) + len(" Tell us, ")


def test_a_warning_of_a_check_that_waits_for_the_end_holds_nothing_back() -> None:
    where = context(voice=BrandVoice(severities=MappingProxyType({"next_step": Severity.BLOCK})))

    assert safe_until(run_checks(View(Draft(text=SORRY), where))) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Thank you for reaching out.", ("apology_first",)),
        ("Hi Dana! Thanks for telling us.", ("apology_first",)),
        ("“That was a long day.”", ("apology_first",)),
        ("We're sorry if that upset you.", ("hollow_apology",)),
        (SORRY, ()),
        ("Sorry to hear that.", ()),
        ("Hi Dana!", None),
        ("Dear Ms Smith!", None),
        ("@dana", None),
        ("Oh no!", None),
        ("Dana,", None),
        ("Thanks for telling us", None),
        ("", None),
    ],
)
def test_an_opening_is_past_mending_when_its_first_sentence_is_said(text: str, found: tuple[str, ...] | None) -> None:
    assert faults(text) == found


def test_a_brand_that_only_wants_a_warning_lets_the_opening_stand() -> None:
    voice = BrandVoice(severities=MappingProxyType({"apology_first": Severity.WARN}))

    assert faults("Thank you for reaching out.", context(voice=voice)) == ()


def test_an_opening_that_no_rule_can_judge_is_not_called_wrong() -> None:
    assert faults("Kiitos viestistäsi.", context(language="fi")) == ()
