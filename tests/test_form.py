"""Length, links and copies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.checks.form import length, links, sameness
from service.checks.view import View
from service.domain import Channel, Context, Draft, Message
from tests.examples import BRAND, COMPLAINT, GOOD, OTHER

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CONTEXT = Context(complaint=COMPLAINT, brand=BRAND, now=NOW, language="en")


def view(text: str, context: Context = CONTEXT) -> View:
    return View(Draft(text=text), context)


def test_a_text_over_the_limit_is_flagged_where_it_runs_over() -> None:
    text = "We're sorry about the blender. " * 10

    findings = list(length(view(text)))

    assert [finding.span.start for finding in findings] == [280]
    assert "over the 280 that X takes" in findings[0].message


def test_one_character_too_many_is_said_as_one() -> None:
    (finding,) = length(view("a" * 281))

    assert "1 character over" in finding.message


@pytest.mark.parametrize(("channel", "size"), [(Channel.X, 280), (Channel.EMAIL, 20000), (Channel.GOOGLE_PLAY, 350)])
def test_a_text_within_the_limit_passes(channel: Channel, size: int) -> None:
    context = replace(CONTEXT, complaint=replace(COMPLAINT, channel=channel))

    assert not list(length(view("a" * size, context)))


def test_other_channels_are_called_by_their_name() -> None:
    context = replace(CONTEXT, complaint=replace(COMPLAINT, channel=Channel.GOOGLE_PLAY))

    (finding,) = length(view("a" * 400, context))

    assert "Google Play" in finding.message


@pytest.mark.parametrize(
    "link",
    [
        "help.acme.example",
        "https://help.acme.example/blender?x=1",
        "https://www.help.acme.example/",
        "acme.example/photo/1",
    ],
)
def test_links_of_the_list_and_of_the_context_pass(link: str) -> None:
    thread = (Message(sender="customer", text="see https://acme.example/photo/1"),)
    context = replace(CONTEXT, complaint=replace(COMPLAINT, thread=thread))

    assert not list(links(view(f"Sorry. Look at {link} please.", context)))


@pytest.mark.parametrize(
    "link",
    [
        "https://help.acme.example.evil.com",
        "https://help.acme.example@evil.com/x",
        "https://help.acme.example/../../evil",
        "https://acme.example/photo/2",
        "evil.com",
        "nothelp.acme.example",
    ],
)
def test_every_other_link_is_flagged(link: str) -> None:
    findings = list(links(view(f"Sorry. Look at {link} please.")))

    assert [finding.quote for finding in findings] == [link]


def test_a_near_copy_of_another_draft_or_reply_is_flagged() -> None:
    copy = GOOD.replace("looking into", "looking at")

    assert [f.check for f in sameness(view(copy, replace(CONTEXT, siblings=(GOOD,))))] == ["sameness"]
    assert "last replies" in next(sameness(view(copy, replace(CONTEXT, recent_replies=(OTHER, GOOD))))).message


def test_what_differs_but_for_the_sign_off_is_no_copy() -> None:
    assert not list(sameness(view(OTHER, replace(CONTEXT, siblings=(GOOD,)))))
    assert not list(sameness(view(GOOD)))


def test_a_brand_without_a_sign_off_is_compared_whole() -> None:
    brand = replace(BRAND, voice=replace(BRAND.voice, sign_off=None))

    assert list(sameness(view(GOOD, replace(CONTEXT, brand=brand, siblings=(GOOD,)))))


def test_two_short_texts_are_no_copies() -> None:
    assert not list(sameness(view("@dana Sorry! — Kim, Acme", replace(CONTEXT, siblings=("Sorry! ^JS",)))))
