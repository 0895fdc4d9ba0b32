"""Context → Prompt: renders the files under ``prompts/``, fences what others wrote, and digests the result.

The system part depends on the brand alone, so that providers can cache it; everything of one complaint is in the user
part. What customers and agents wrote stands between tags, and nothing inside them can look like a tag of ours.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from prompts import FOLDER
from service.channels import limit_of
from service.domain import Prompt

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from service.domain import Brand, Context

NAMES = ("draft", "rewrite")
"""The prompts for drafts there are; each is a folder with ``system.j2`` and ``user.j2``."""

JUDGES = ("judge/tone",)
"""The prompts for verdicts there are, in the same form."""

TAGS = (
    "accepted_reply_to_a_similar_complaint",
    "action_done",
    "author",
    "complaint",
    "draft_that_is_written_already",
    "earlier_brand_message",
    "earlier_customer_message",
    "internal_notes",
    "known_incident",
    "private_history",
    "public_history",
    "recent_reply_that_must_not_be_repeated",
    "reply_to_judge",
    "text_to_rewrite",
    "wish_of_the_agent",
    "wrong_with_it",
)
"""Every tag that a prompt puts around another's text."""

SHORTEST_GUARDED = 40
"""Code points from which a sentence of a prompt is long enough to be told from ordinary words."""

LONGEST_JUDGED = 100_000
"""Code points of a draft that a judge sees, more than any draft has: what is cut out would pass unseen."""

MOST_SYSTEMS = 32
"""Rendered static parts that are kept, about 8 KB each."""

_OPEN, _CLOSE = "<＜﹤˂ᐸ⟨〈〈❮❰‹≪«≺", ">＞﹥˃ᐳ⟩〉〉❯❱›≫»≻"
_REAL_OPEN = frozenset("<＜﹤")
_TAG = re.compile(f"[{_OPEN}]([^{_OPEN}{_CLOSE}]{{1,80}})[{_CLOSE}]")
_ENTITY = re.compile(
    r"&(?:amp;?|#0*38;?|#x0*26;?)*(?:(lt|#0*60|#x0*3c)|(gt|#0*62|#x0*3e))(?![0-9a-z]);?", re.IGNORECASE
)
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_INVISIBLE = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_SENTENCE_END = re.compile(r"(?<=[.:;?!])\s+")
_LONE = str.maketrans({**dict.fromkeys("<＜﹤", "‹"), **dict.fromkeys(">＞﹥", "›")})


class Prompts:
    """All prompts of one folder, compiled once."""

    def __init__(self, folder: Path = FOLDER) -> None:
        env = Environment(  # noqa: S701 - prompts are plain text; what others wrote is fenced instead
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        env.filters.update(fenced=fenced, defused=defused, money=str, plain_number=_plain_number)
        self._templates = {
            f"{name}/{part}": env.get_template(f"{name}/{part}.j2")
            for name in (*NAMES, *JUDGES)
            for part in ("system", "user")
        }
        self._guarded = _static_lines(folder)
        self._systems: dict[tuple[str, int], tuple[Brand, str]] = {}

    def render(self, name: str, context: Context, *, drafts: int) -> Prompt:
        """Ask a model for so many drafts; the system part is the same for every call of a brand.

        Raises:
            ValueError: for a name that is not in ``NAMES``.

        """
        if name not in NAMES:
            raise ValueError(f"no prompt named {name!r}")
        canary = canary_of(context.brand)
        system = self._system(name, context.brand, canary)
        limit = limit_of(context.complaint.channel)
        user = self._templates[f"{name}/user"].render(context=context, drafts=drafts, limit=limit)
        return Prompt(
            name=name,
            system=system,
            user=user,
            digest=_digest(system, user),
            context=context,
            drafts=drafts,
            canary=canary,
        )

    def judge(
        self, name: str, context: Context, *, texts: Mapping[str, str], tones: Mapping[str, str], mark: str
    ) -> Prompt:
        """Ask a model for a verdict on each text; the system part is the same for every call and every brand.

        ``texts`` are the drafts by their labels, ``tones`` the verdicts with what each means. Only an answer that
        repeats the ``mark`` is one: whoever wrote the complaint or a draft cannot know it.
        """
        if name not in JUDGES:
            raise ValueError(f"no prompt named {name!r}")
        system = self._templates[f"{name}/system"].render(tones=tones)
        user = self._templates[f"{name}/user"].render(context=context, texts=texts, mark=mark, longest=LONGEST_JUDGED)
        return Prompt(
            name=name,
            system=system,
            user=user,
            digest=_digest(system, user),
            context=context,
            drafts=len(texts),
            canary=mark,
            wants="verdicts",
        )

    def _system(self, name: str, brand: Brand, canary: str) -> str:
        """Give the static part, rendered once for each brand in memory; keeping the brand keeps its id."""
        known = self._systems.get((name, id(brand)))
        if known is None:
            if len(self._systems) >= MOST_SYSTEMS:
                self._systems.clear()  # brands that came inside requests
            known = brand, self._templates[f"{name}/system"].render(brand=brand, canary=canary)
            self._systems[name, id(brand)] = known
        return known[1]

    def guarded(self, prompt: Prompt) -> tuple[str, ...]:
        """List what no draft may show of a prompt: its canary, and our sentences without the brand's words."""
        return (prompt.canary, *self._guarded)


def _digest(system: str, user: str) -> str:
    return "sha256:" + hashlib.sha256(f"{system}\0{user}".encode("utf-8", "surrogatepass")).hexdigest()


def canary_of(brand: Brand) -> str:
    """Make the mark that stands in the brand's prompts and nowhere else; the same one every time."""
    seed = f"canary\0{brand.id}\0{brand.name}\0{brand.digest}"
    return "amends-" + hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fenced(text: str, tag: str, limit: int = 4000) -> str:
    """Put another's text between tags of ours: defused, and cut in the middle when longer than so many code points."""
    return f"<{tag}>\n{_cut(defused(text), limit)}\n</{tag}>"


def defused(text: str) -> str:
    """Give the text without anything that could be taken for a tag, and without control characters.

    Angle brackets of every kind lose their meaning: a pair around words becomes round, a single one a quotation mark.
    French quotation marks stay, unless what they hold reads like a tag of ours.
    """
    plain = _HIDDEN.sub("", text)
    plain = _ENTITY.sub(lambda match: "<" if match[1] else ">", plain)
    return _TAG.sub(_round, plain).translate(_LONE)


def _round(match: re.Match[str]) -> str:
    inner = match[1]
    if (match[0][0] in _REAL_OPEN and inner.lstrip("/ ")[:1].isalpha()) or _names_a_tag(inner):
        return f"({inner.replace('/', ' ').strip()})"
    return match[0]


def _names_a_tag(inner: str) -> bool:
    folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", inner)).casefold()
    return any(tag in folded for tag in TAGS)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    tail = limit // 4
    return f"{text[: limit - tail]}\n[…]\n{text[-tail:]}"


def _plain_number(value: float) -> str:
    return f"{value:g}"


def _static_lines(folder: Path) -> tuple[str, ...]:
    """Give every sentence of the prompts that holds nothing of a brand or a complaint and is long enough to be ours."""
    lines = [line for path in sorted(folder.rglob("*.j2")) for line in path.read_text("utf-8").splitlines()]
    fixed = [line for line in lines if "{{" not in line and "{%" not in line]
    sentences = [part.strip("-# ") for line in fixed for part in _SENTENCE_END.split(line)]
    return tuple(dict.fromkeys(part for part in sentences if len(part) >= SHORTEST_GUARDED))
