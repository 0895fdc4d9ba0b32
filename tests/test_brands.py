from pathlib import Path

import pytest

from prompts import FOLDER
from service import brands
from service.domain import Money, Severity
from service.errors import BrandInvalid

GUIDE = """\
id: acme
name: Acme
voice:
  sign_off: "— Kim"
  severities: {voice: block}
policy:
  offers:
    - id: refund-shipping
      text: refund your delivery fee
      max_amount: {amount: 1000, currency: EUR}
  links: [help.acme.example]
"""


def test_a_guide_becomes_a_brand_with_voice_policy_and_digest() -> None:
    brand = brands.parse(GUIDE, "acme.yml")

    assert brand.name == "Acme"
    assert brand.voice.severities == {"voice": Severity.BLOCK}
    assert brand.policy.offers[0].max_amount == Money(1000, "EUR")
    assert brand.digest.startswith("sha256:")


def test_a_changed_guide_has_another_digest() -> None:
    first = brands.parse(GUIDE, "acme.yml")
    second = brands.parse(GUIDE.replace("Kim", "Lee"), "acme.yml")

    assert first.digest != second.digest


def test_a_guide_without_an_id_takes_it_from_the_name() -> None:
    assert brands.parse("name: Bright Side", "a.yml").id == "bright-side"


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("name: Acme", "nome: Acme", "acme.yml:1", "`name` is missing"),
        ("  links: [help.acme.example]", "  link: []", "acme.yml:11", "not a field"),
        ("amount: 1000", "amount: -1", "acme.yml:10", "greater than or equal to 0"),
        ("help.acme.example", "https://acme.example", "acme.yml:7", "without scheme"),
        ("voice: block", "voice: fatal", "acme.yml:5", "'note', 'warn' or 'block'"),
        ('sign_off: "— Kim"', 'sign_off: "— Kim"\n  banned_words: [kim]', "acme.yml:4", "banned word 'kim'"),
        ('sign_off: "— Kim"', "banned_words: ['']", "acme.yml:4", "bans everything"),
        ('sign_off: "— Kim"', "max_emoji: 1", "acme.yml:4", "name the ones that are allowed"),
        ("name: Acme", "name: [", "acme.yml:4", "not YAML"),
    ],
)
def test_a_wrong_guide_names_the_line_and_what_to_change(old: str, new: str, place: str, words: str) -> None:
    with pytest.raises(BrandInvalid) as caught:
        brands.parse(GUIDE.replace(old, new), "acme.yml")

    assert place in caught.value.detail
    assert words in caught.value.detail


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("{amount: 500, currency: EUR}", "more than promise_limits.max_amount"),
        ("{amount: 5000, currency: USD}", "use one currency"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(limit: str, words: str) -> None:
    with pytest.raises(BrandInvalid, match=words):
        brands.parse(GUIDE + f"  promise_limits: {{max_amount: {limit}}}\n", "acme.yml")


def test_two_offers_with_one_id_are_refused() -> None:
    twice = "name: A\npolicy:\n  offers:\n    - {id: a, text: refund it}\n    - {id: a, text: replace it}\n"

    with pytest.raises(BrandInvalid, match="two offers have the id 'a'"):
        brands.parse(twice, "a.yml")


@pytest.mark.parametrize("text", ["- a list", "just words", ""])
def test_a_guide_that_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(BrandInvalid, match="begins with `name:`"):
        brands.parse(text, "a.yml")


def test_every_example_brand_is_in_order() -> None:
    assert set(brands.load(FOLDER / "voices")) == {"harbour-air", "brightline", "tavola"}


def test_a_later_folder_wins(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("id: tavola\nname: My Tavola\n")

    assert brands.load(FOLDER / "voices", tmp_path)["tavola"].name == "My Tavola"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrandInvalid, match="no such folder"):
        brands.load(tmp_path / "none")


def test_a_guide_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.yml").write_bytes(b"name: \xff")

    with pytest.raises(BrandInvalid, match="not UTF-8"):
        brands.load(tmp_path)
