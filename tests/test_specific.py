"""A draft names something of this complaint, or would fit any."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.checks.specific import specific
from service.checks.view import View
from service.domain import Brand, Channel, Complaint, Context, Draft
from service.errors import CannotTell

PAIRS = Path(__file__).parents[2] / "shared/data/complaints/x_pairs.jsonl"
LABELS = PAIRS.with_name("x_pairs_labels.jsonl")
CONTEXT = Context(
    complaint=Complaint(
        text="@acme you lost my suitcase in Lyon on Friday and took £20. I can't log in either, call me"
    ),
    brand=Brand(id="acme", name="Acme"),
    now=datetime(2026, 11, 22, 10, tzinfo=UTC),
    language="en",
)


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry that your bag is lost.",
        "I'm sorry about Lyon.",
        "I'm sorry. You should not have paid 20 pounds.",
        "Sorry for Friday.",
        "Sorry! Which password do you use?",
    ],
)
def test_a_draft_that_names_a_thing_of_the_complaint_passes(text: str) -> None:
    assert not list(specific(View(Draft(text=text), CONTEXT)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We're sorry for the trouble, Acme cares. Please send us an email and our team will help.",
        "So sorry! Contact our phone support, or chat with us.",
    ],
)
def test_a_draft_that_fits_any_complaint_is_flagged(text: str) -> None:
    context = replace(CONTEXT, complaint=replace(CONTEXT.complaint, text="Acme lost my email and phone number"))

    assert [finding.check for finding in specific(View(Draft(text=text), context))] == ["specific"]


def test_the_customers_own_e_mail_is_a_thing_of_the_complaint() -> None:
    context = replace(CONTEXT, complaint=replace(CONTEXT.complaint, text="you changed my email"))

    assert not list(specific(View(Draft(text="Sorry that your email was changed."), context)))


def test_without_a_complaint_nothing_can_be_told() -> None:
    context = replace(CONTEXT, complaint=Complaint(text=" "))

    with pytest.raises(CannotTell):
        list(specific(View(Draft(text="Sorry."), context)))


@pytest.mark.skipif(not LABELS.exists(), reason=f"{LABELS} is absent")
def test_real_replies_are_judged_as_their_readers_judged_them() -> None:
    pairs = {row["id"]: row for row in map(json.loads, PAIRS.read_text(encoding="utf-8").splitlines())}
    right = fired = meant = 0
    for label in map(json.loads, LABELS.read_text(encoding="utf-8").splitlines()):
        row = pairs[label["id"]]
        name = re.sub(r"(?i)^ask_?|^team|_?(?:support|cares?|helps?|us)$", "", row["company"])
        context = Context(
            complaint=Complaint(text=row["customer"], channel=Channel.X),
            brand=Brand(id="b", name=f"{name} {re.sub('(?<=[a-z])(?=[A-Z])', ' ', name)}"),
            now=CONTEXT.now,
            language="en",
        )
        flagged = bool(list(specific(View(Draft(text=row["reply"]), context))))
        right += flagged and "specific" in label["labels"]
        fired += flagged
        meant += "specific" in label["labels"]

    assert right / meant >= 0.88
    assert right / fired >= 0.76
