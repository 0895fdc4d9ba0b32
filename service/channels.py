"""How long a reply may be on each channel, counted as the channel itself counts."""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Final

from service.domain import Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_HEAVY = re.compile(r"[^\x00-\u10ff\u2000-\u200c\u2010-\u201f\u2032-\u2037]")
"""Characters that X weighs 2; every other one weighs 1."""
_CLUSTER = re.compile(
    "[\u00a9\u00ae\u200d\u20e3\ufe0e\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
"""What makes several code points one emoji, or a light character a heavy one: only X's own library tells."""
_SIMPLE_LINK = re.compile(
    r"(?:(?<=\s)|^)https?://(?:[a-z0-9]{1,40}\.){1,4}(?:com|org|net)(?:/[A-Za-z0-9/]{0,200})?(?=\s|$)"
)
"""A link that needs no library to be told from the words around it."""
_MAYBE_LINK = re.compile(r"(?<=\w)\.[^\W\d_]")
"""What every address that X would shorten holds: a dot before a letter."""
_LINK = re.compile(r"https?://\S+")
_MENTION = re.compile(r"(?<![\w/])@(\w+)@[\w.-]+")
_LINK_WEIGHT = 23
"""What X and Mastodon count for any link, however long."""
_GLUE = frozenset("\u200d\ufe0e\ufe0f\u20e3")


@dataclass(frozen=True, slots=True)
class Limit:
    """The longest text that a channel takes, and who says so."""

    length: int
    count: Callable[[str], int]
    source: str


def limit_of(channel: Channel) -> int | None:
    """Tell the channel's limit in its own units; ``None`` where it has none worth checking."""
    limit = LIMITS.get(channel)
    return None if limit is None else limit.length


def length_of(text: str, channel: Channel) -> int:
    """Measure a text as the channel counts it; code points where the channel has no way of its own."""
    limit = LIMITS.get(channel)
    return len(text) if limit is None else limit.count(text)


def _on_x(text: str) -> int:
    """Weigh as X does: light letters 1, other scripts and emoji 2, a link 23."""
    light = text.isascii()
    plain = text.replace("\r\n", "\n") if light else unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    links = 0
    if "://" in plain:
        plain, links = _SIMPLE_LINK.subn("", plain)
    if _MAYBE_LINK.search(plain) or (not light and _CLUSTER.search(plain)):
        return _weigh(text)
    heavy = 0 if light else len(_HEAVY.findall(plain))
    return len(plain) + heavy + links * _LINK_WEIGHT


@lru_cache(maxsize=64)
def _weigh(text: str) -> int:
    """Weigh a text with X's reference library, which takes milliseconds."""
    return _weigher()(text)


@cache
def _weigher() -> Callable[[str], int]:
    """Load the reference count of X when a text first needs it."""
    missing = "pkg_resources" not in sys.modules
    if missing:
        # The library asks a module that setuptools no longer ships for one file of its own.
        sys.modules["pkg_resources"] = _resource_shim()
    try:
        from twitter_text import parse_tweet
    finally:
        if missing:
            del sys.modules["pkg_resources"]

    def weigh(text: str) -> int:
        weight: int = parse_tweet(text).weightedLength
        return weight

    return weigh


def _resource_shim() -> ModuleType:
    shim = ModuleType("pkg_resources")

    def read(package: str, name: str) -> bytes:
        return resources.files(package.rpartition(".")[0]).joinpath(name).read_bytes()

    shim.resource_string = read  # type: ignore[attr-defined]  # a module made by hand has no declared names
    return shim


def _on_mastodon(text: str) -> int:
    """Code points, with each link as 23 and each remote mention without its host."""
    return _graphemes(_MENTION.sub(r"@\1", _LINK.sub("x" * _LINK_WEIGHT, text)))


def _graphemes(text: str) -> int:
    """Characters as a reader sees them: marks, joiners and skin tones belong to the character before."""
    if text.isascii():
        return len(text)
    count = 0
    joined = regional = False
    for char in unicodedata.normalize("NFC", text):
        if char in _GLUE or unicodedata.combining(char) or "\U0001f3fb" <= char <= "\U0001f3ff":
            joined = char == "\u200d"
            continue
        second = regional and "\U0001f1e6" <= char <= "\U0001f1ff"
        regional = "\U0001f1e6" <= char <= "\U0001f1ff" and not second
        count += not (joined or second)
        joined = False
    return count


def _utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _utf16(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


SEEN: Final = "no figure of its own in public; what published comparisons of 2026 agree on"
"""The source of a limit that the channel enforces and does not document."""

LIMITS: Mapping[Channel, Limit] = MappingProxyType(
    {
        Channel.X: Limit(280, _on_x, "X developer platform, Counting characters; twitter-text configuration 3"),
        Channel.FACEBOOK: Limit(8000, _utf16, f"Facebook, comments: {SEEN}"),
        Channel.INSTAGRAM: Limit(2200, _utf16, f"Instagram, comments: {SEEN}"),
        Channel.THREADS: Limit(500, _graphemes, "Threads API, Posts: text is limited to 500 characters"),
        Channel.TIKTOK: Limit(150, _utf16, f"TikTok, comments: {SEEN}"),
        Channel.YOUTUBE: Limit(10000, _utf16, f"YouTube, comments: {SEEN}"),
        Channel.LINKEDIN: Limit(1250, _utf16, f"LinkedIn, comments: {SEEN}"),
        Channel.REDDIT: Limit(10000, len, f"Reddit, comments: {SEEN}"),
        Channel.MASTODON: Limit(500, _on_mastodon, "Mastodon documentation, Posting: 500 characters, a link counts 23"),
        Channel.BLUESKY: Limit(300, _graphemes, "AT Protocol lexicon app.bsky.feed.post: maxGraphemes 300"),
        Channel.GOOGLE_BUSINESS: Limit(4096, _utf8, "Google Business Profile API, ReviewReply.comment: 4,096 bytes"),
        Channel.GOOGLE_PLAY: Limit(350, len, "Google Play Developer API, reviews.reply: about 350 characters"),
        Channel.APP_STORE: Limit(5970, _utf16, f"App Store Connect, responses to reviews: {SEEN}"),
        Channel.SMS: Limit(1600, len, "Ten joined segments of 160 characters, where gateways stop joining"),
        Channel.WHATSAPP: Limit(4096, _utf16, "WhatsApp Cloud API, text messages: body of at most 4,096 characters"),
    }
)
"""Channel → limit; e-mail, chat, forms, Trustpilot, Tripadvisor and others set none that a reply meets."""
