from __future__ import annotations

import pytest

from service.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We are sorry that your parcel arrived broken on Monday.", "en"),
        ("Sentimos mucho que su pedido llegara roto el lunes.", "es"),
        ("Nous sommes désolés que votre colis soit arrivé cassé.", "fr"),
        ("Es tut uns leid, dass Ihr Paket kaputt angekommen ist.", "de"),
        ("Lamentamos muito que a encomenda tenha chegado partida.", "pt"),
        ("Ci dispiace molto che il pacco sia arrivato rotto.", "it"),
        ("Нам очень жаль, что ваша посылка пришла разбитой", "ru"),
        ("商品が壊れて届きました", "ja"),
    ],
)
def test_the_language_of_plain_sentences_is_told(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ich ha jetzt scho drü Wuche uf mis Päckli gwartet und niemer git mer Uskunft.", "de"),
        ("Mir warte sit geschter uf de Monteur, er isch eifach nöd cho", "de"),
        ("Moin, dat Paket is nich ankamen", "de"),
        ("Ma che davero? Er pacco nun è mai arivato", "it"),
    ],
)
def test_a_dialect_is_answered_in_its_written_language(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "ok thanks", "@dana https://x.example 1234", "😀😀😀", "Zzxq vvkw qqpl"])
def test_what_is_too_short_or_no_language_is_not_told(text: str) -> None:
    assert detect(text) is None


def test_a_long_text_is_told_by_its_beginning() -> None:
    assert detect("We are sorry that the bag is late and you had to wait for it. " * 20) == "en"
