"""Length is counted as the channel counts it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from service.channels import LIMITS, length_of, limit_of
from service.domain import Channel

CONFORMANCE = Path(__file__).parents[2] / "shared/data/specs/twitter-text-validate.yml"


def conformance() -> list[Any]:
    if not CONFORMANCE.exists():
        return []
    tests = yaml.safe_load(CONFORMANCE.read_text(encoding="utf-8"))["tests"]
    discounted = tests["WeightedTweetsWithDiscountedEmojiCounterTest"]
    texts = {case["text"] for case in discounted}
    # The older table counts emoji by code point; where the two differ, the newer one is the rule.
    older = [case for case in tests["WeightedTweetsCounterTest"] if case["text"] not in texts]
    return [(case["text"], case["expected"]["weightedLength"]) for case in older + discounted]


@pytest.mark.skipif(not CONFORMANCE.exists(), reason=f"{CONFORMANCE} is absent")
def test_the_conformance_cases_of_x_agree() -> None:
    cases = conformance()

    wrong = [(text, expected, length_of(text, Channel.X)) for text, expected in cases]
    wrong = [case for case in wrong if case[1] != case[2]]

    assert cases
    assert not wrong


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("We're sorry that your bag is lost.", 34),
        ("We’re sorry… – Ana", 19),
        ("Zoë, 5.30 is late", 17),
        ("one\r\ntwo", 7),
        ("see help.acme.com/returns please", 4 + 23 + 7),
        ("e.g. this", 9),
        ("👍", 2),
        ("日本語", 6),
        ("©", 2),
        ("naïve ☺ 🐱 ‼", 14),
        ("e\u0301", 1),
        ("see https://acme.com/a/b now", 4 + 23 + 4),
        ("https://acme.com", 23),
        ("(https://acme.com/a)", 25),
    ],
)
def test_x_weighs_what_its_own_library_weighs(text: str, weight: int) -> None:
    from service.channels import _weigher

    assert length_of(text, Channel.X) == weight == _weigher()(text)


@pytest.mark.parametrize(
    ("channel", "text", "length"),
    [
        (Channel.MASTODON, "@ana@example.social see https://example.org/a/very/long/path", 4 + 5 + 23),
        (Channel.BLUESKY, "👩‍👩‍👧 ok 👍🏽", 6),
        (Channel.BLUESKY, "e\u0301te\u0301 🇫🇷🇩🇪", 6),
        (Channel.BLUESKY, "plain", 5),
        (Channel.GOOGLE_BUSINESS, "é", 2),
        (Channel.FACEBOOK, "a👍", 3),
        (Channel.EMAIL, "a👍", 2),
        (Channel.GOOGLE_PLAY, "abc", 3),
    ],
)
def test_each_channel_counts_in_its_own_units(channel: Channel, text: str, length: int) -> None:
    assert length_of(text, channel) == length


def test_a_channel_without_a_limit_has_none() -> None:
    assert limit_of(Channel.EMAIL) is None
    assert limit_of(Channel.X) == 280


def test_every_limit_names_its_source() -> None:
    assert all(limit.source for limit in LIMITS.values())


def test_a_module_of_the_real_name_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    from types import ModuleType

    from service.channels import _weigher

    real = ModuleType("pkg_resources")
    monkeypatch.setitem(sys.modules, "pkg_resources", real)

    weigh = _weigher.__wrapped__()

    assert weigh("日本") == 4
    assert sys.modules["pkg_resources"] is real


def test_every_limit_stands_in_the_documentation_with_its_figure() -> None:
    table = (Path(__file__).parents[1] / "docs" / "channels.md").read_text(encoding="utf-8")

    for channel, limit in LIMITS.items():
        name = {Channel.X: "X", Channel.SMS: "SMS"}.get(channel, channel.value.replace("_", " "))
        assert f"| {name} | {limit.length:,} |".casefold() in table.casefold(), channel
        assert limit.source
