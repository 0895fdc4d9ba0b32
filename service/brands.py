"""Brand guides as files and as JSON: voice and policy are validated here, and a wrong one names its line.

The same model reads ``prompts/voices/*.yml`` and the ``brand`` object of the API.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from service import domain, rules
from service.definitions import ALWAYS_ON, DEFINITIONS
from service.domain import Severity
from service.errors import BrandInvalid, RuleInvalid


class Strict(BaseModel):
    """A wire object that refuses fields it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class MoneyIn(Strict):
    """An amount of money."""

    amount: int = Field(ge=0, le=10**12, description="Minor units: cents, pence.", examples=[1000])
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code.", examples=["EUR"])

    def to_domain(self) -> domain.Money:
        """The same as a noun of the desk."""
        return domain.Money(self.amount, self.currency)


class OfferIn(Strict):
    """Something of value that the speaker may promise."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="Stable id.", examples=["refund-shipping"])
    text: str = Field(
        min_length=3,
        max_length=200,
        description='What is offered, as it reads after "we\'ll".',
        examples=["refund your delivery fee"],
    )
    max_amount: MoneyIn | None = Field(None, description="The largest sum of this offer.")
    when: list[str] = Field(
        default_factory=list,
        max_length=50,
        description="Words of a complaint that call for the offer; empty fits every complaint.",
        examples=[["delivery", "parcel", "late"]],
    )

    def to_domain(self) -> domain.Offer:
        """The same as a noun of the desk."""
        amount = self.max_amount.to_domain() if self.max_amount else None
        return domain.Offer(id=self.id, text=self.text, max_amount=amount, when=tuple(self.when))


class PromiseLimitsIn(Strict):
    """The longest waits and the largest sums that may be promised."""

    max_reply_hours: float | None = Field(
        None, gt=0, le=24 * 90, description="The longest wait that may be promised, in hours.", examples=[24]
    )
    max_amount: MoneyIn | None = Field(None, description="The largest sum that any promise may name.")

    def to_domain(self) -> domain.PromiseLimits:
        """The same as a noun of the desk."""
        amount = self.max_amount.to_domain() if self.max_amount else None
        return domain.PromiseLimits(max_reply_hours=self.max_reply_hours, max_amount=amount)


Language = Literal["en", "es", "fr", "de", "pt", "it", "nl", "pl", "sv", "da", "tr", "ar", "ja", "ko", "zh", "ru", "uk"]


class PolicyIn(Strict):
    """What may be said and promised in the brand's name."""

    offers: list[OfferIn] = Field(default_factory=list, max_length=100, description="What the speaker may promise.")
    promise_limits: PromiseLimitsIn = Field(default_factory=PromiseLimitsIn, description="How far promises may go.")
    links: list[str] = Field(
        default_factory=list,
        max_length=200,
        description="Hosts or host/path prefixes that a draft may link to, without scheme.",
        examples=[["help.acme.example", "acme.example/returns"]],
    )
    private_first: bool = Field(False, description="Whether complaints move to a private channel first.")
    languages: list[Language] = Field(
        default_factory=list,
        description="Languages the brand answers in (ISO 639-1); exactly one fixes the language of every reply.",
        examples=[["en"]],
    )
    block_admission: bool = Field(False, description="Whether admitting legal fault blocks a draft instead of warning.")
    first_answer_hours: float = Field(3.0, gt=0, le=24 * 30, description="Hours within which the first answer is owed.")
    authorities: dict[Literal["safety", "health", "legal", "discrimination", "self_harm", "press", "default"], str] = (
        Field(
            default_factory=dict,
            description="Gate → the named person or desk that must answer; `default` serves the rest.",
            examples=[{"legal": "Mara Lind, General Counsel"}],
        )
    )

    @model_validator(mode="after")
    def _agree(self) -> PolicyIn:
        """Refuse a policy that contradicts itself."""
        seen: set[str] = set()
        for offer in self.offers:
            if offer.id in seen:
                raise ValueError(f"two offers have the id {offer.id!r}; give each its own")
            seen.add(offer.id)
            limit = self.promise_limits.max_amount
            if limit and offer.max_amount and offer.max_amount.currency != limit.currency:
                raise ValueError(
                    f"offer {offer.id!r} is in {offer.max_amount.currency}, but promise_limits.max_amount is in "
                    f"{limit.currency}; use one currency"
                )
            if limit and offer.max_amount and offer.max_amount.amount > limit.amount:
                raise ValueError(
                    f"offer {offer.id!r} allows {offer.max_amount.amount}, more than promise_limits.max_amount "
                    f"({limit.amount}); lower one or raise the other"
                )
        for link in self.links:
            if "://" in link or " " in link or not link.strip("/"):
                raise ValueError(f"links: {link!r} must be a host or host/path without scheme, like help.acme.example")
        return self

    def to_domain(self) -> domain.Policy:
        """The same as a noun of the desk."""
        return domain.Policy(
            offers=tuple(offer.to_domain() for offer in self.offers),
            promise_limits=self.promise_limits.to_domain(),
            links=tuple(self.links),
            private_first=self.private_first,
            languages=tuple(self.languages),
            block_admission=self.block_admission,
            first_answer_hours=self.first_answer_hours,
            authorities=MappingProxyType({str(gate): who for gate, who in self.authorities.items()}),
        )


Words = Annotated[str, Field(min_length=1, max_length=500)]
Phrase = Words | dict[Literal["re"], Words]
"""A phrase, or a pattern of RE2 as it is."""


MOST_PHRASES = 500
"""Phrases and exceptions of all rules of one brand."""


class RuleIn(Strict):
    """A wording rule of the brand, in the form of our rule files; or, with ``severity`` alone, a weight for ours."""

    id: str = Field(
        pattern=r"^[a-z_]{1,40}/[a-z0-9_-]{1,60}$",
        description="The check that it belongs to and its name; the name of a rule of ours changes that rule's weight.",
        examples=["voice/no-slang"],
    )
    severity: Literal["note", "warn", "block"] | None = Field(None, description="What its findings weigh.")
    message: str | None = Field(None, max_length=300, description="One sentence that an agent can act on.")
    why: str | None = Field(None, max_length=300, description="Where the rule comes from.")
    any_of: list[Phrase] = Field(
        default_factory=list, max_length=100, description="Phrases, or `re:` and a pattern of RE2."
    )
    unless: list[Phrase] = Field(
        default_factory=list, max_length=100, description="Phrases that excuse the words they cover."
    )
    fix: Literal["delete", "delete sentence"] | dict[str, str] | None = Field(
        None, description="Word → word, or what to delete."
    )
    flagged: list[Words] = Field(default_factory=list, max_length=100, description="Texts that it must find.")
    passed: list[Words] = Field(default_factory=list, max_length=100, description="Texts that it must leave alone.")
    fixed: dict[Words, Words] = Field(
        default_factory=dict, max_length=100, description="Text → the text that the fix makes of it."
    )

    @model_validator(mode="after")
    def _works(self) -> RuleIn:
        """Refuse a rule that RE2 cannot take or that its own examples refute."""
        check = self.id.partition("/")[0]
        if self.severity and check in ALWAYS_ON and Severity[self.severity.upper()] < DEFINITIONS[check].severity:
            raise ValueError(f"{check} keeps people safe, and no brand may weaken it")
        try:
            rules.compiled(self.to_domain())
        except RuleInvalid as exc:
            raise ValueError(exc.detail) from exc
        return self

    def to_domain(self) -> domain.BrandRule:
        """The same as a noun of the desk."""
        content = self.model_dump(exclude={"id", "severity"}, exclude_unset=True)
        return domain.BrandRule(
            id=self.id,
            severity=Severity[self.severity.upper()] if self.severity else None,
            content=json.dumps(content, ensure_ascii=False, sort_keys=True) if content else None,
        )


class VoiceIn(Strict):
    """How the brand sounds."""

    person: Literal["we", "I"] = Field("we", description="Who speaks.")
    sign_off: str | None = Field(
        None, min_length=1, max_length=80, description="Closing words of every reply.", examples=["— Ana, Harbour Air"]
    )
    greeting: bool = Field(False, description='Whether a reply may open with "Hi Dana," before the apology.')
    banned_words: list[str] = Field(default_factory=list, max_length=500, description="Words that no reply may use.")
    allowed_phrases: list[str] = Field(
        default_factory=list, max_length=200, description="Stock phrases that this brand may use all the same."
    )
    emoji: list[str] = Field(default_factory=list, max_length=50, description="Emoji that are allowed.")
    max_emoji: int = Field(0, ge=0, le=10, description="How many emoji one reply may hold.")
    max_exclamation_marks: int = Field(0, ge=0, le=10, description="How many exclamation marks one reply may hold.")
    max_reading_grade: float | None = Field(None, ge=3, le=20, description="Highest Flesch-Kincaid grade.")
    severities: dict[str, Literal["note", "warn", "block"]] = Field(
        default_factory=dict,
        description="Check id → the severity that this brand gives its findings.",
        examples=[{"voice": "block"}],
    )
    rules: list[RuleIn] = Field(
        default_factory=list,
        max_length=200,
        description="Wording rules of your own, and weights for ours.",
        examples=[
            [
                {
                    "id": "voice/no-slang",
                    "message": "Say it in plain words.",
                    "why": "Our style guide.",
                    "any_of": ["no worries", "my bad"],
                    "flagged": ["No worries, we'll send it."],
                    "passed": ["We'll send it."],
                },
                {"id": "corporate_speak/kindly", "severity": "block"},
            ]
        ],
    )
    british: bool = Field(False, description="Whether English is spelt the British way.")

    @model_validator(mode="after")
    def _agree(self) -> VoiceIn:
        """Refuse a voice whose own words break its rules."""
        closing = (self.sign_off or "").casefold()
        for word in self.banned_words:
            if not word.strip():
                raise ValueError("banned_words: an empty word bans everything; remove it")
            if word.casefold() in closing.split():
                raise ValueError(f"the sign_off holds the banned word {word!r}; change one of the two")
        for check, severity in self.severities.items():
            known = DEFINITIONS.get(check)
            if known is None:
                raise ValueError(f"severities: no check is named {check!r}")
            if check in ALWAYS_ON and Severity[severity.upper()] < known.severity:
                raise ValueError(f"severities: {check} keeps people safe, and no brand may weaken it")
        phrases = sum(len(rule.any_of) + len(rule.unless) for rule in self.rules)
        if phrases > MOST_PHRASES:
            raise ValueError(f"rules: {phrases} phrases are more than the {MOST_PHRASES} that a brand may add")
        if len({rule.id for rule in self.rules}) < len(self.rules):
            raise ValueError("rules: two rules have the same id; give each its own")
        if self.max_emoji and not self.emoji:
            raise ValueError("max_emoji allows emoji, but the list `emoji` is empty; name the ones that are allowed")
        return self

    def to_domain(self) -> domain.BrandVoice:
        """The same as a noun of the desk."""
        return domain.BrandVoice(
            person=self.person,
            sign_off=self.sign_off,
            greeting=self.greeting,
            banned_words=tuple(self.banned_words),
            allowed_phrases=tuple(self.allowed_phrases),
            emoji=tuple(self.emoji),
            max_emoji=self.max_emoji,
            max_exclamation_marks=self.max_exclamation_marks,
            max_reading_grade=self.max_reading_grade,
            severities=MappingProxyType({k: domain.Severity[v.upper()] for k, v in self.severities.items()}),
            rules=tuple(rule.to_domain() for rule in self.rules),
            british=self.british,
        )


class BrandIn(Strict):
    """A brand's guide: who speaks, how, and what they may promise."""

    id: str | None = Field(
        None, pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="Stable id.", examples=["harbour-air"]
    )
    name: str = Field(min_length=1, max_length=100, description="The name that customers know.", examples=["Acme"])
    industry: str | None = Field(None, max_length=100, description="What the brand does.", examples=["airline"])
    voice: VoiceIn = Field(default_factory=VoiceIn, description="How the brand sounds.")
    policy: PolicyIn = Field(default_factory=PolicyIn, description="What may be promised.")
    names: list[str] = Field(
        default_factory=list, max_length=500, description="Other names, products and places a draft may say."
    )
    facts: list[str] = Field(
        default_factory=list, max_length=200, description="Sentences about the brand that are always true."
    )

    def to_domain(self) -> domain.Brand:
        """The same as a noun of the desk, with the digest of the guide."""
        return domain.Brand(
            id=self.id or "-".join(self.name.casefold().split())[:64],
            name=self.name,
            industry=self.industry,
            voice=self.voice.to_domain(),
            policy=self.policy.to_domain(),
            names=tuple(self.names),
            facts=tuple(self.facts),
            digest="sha256:" + hashlib.sha256(self.model_dump_json().encode()).hexdigest(),
        )


def parse(text: str, name: str) -> domain.Brand:
    """The brand that a YAML guide describes.

    Raises:
        BrandInvalid: the guide is wrong; the message says ``name:line`` and what to change, one line a mistake.
    """
    import yaml  # the API takes brands as JSON and should not wait for it

    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise BrandInvalid(f"{name}{line}: this is not YAML ({getattr(exc, 'problem', None) or 'unreadable'})") from exc
    if not isinstance(data, dict):
        raise BrandInvalid(f"{name}:1: a brand's guide is a mapping that begins with `name:`")
    try:
        return BrandIn.model_validate(data).to_domain()
    except ValidationError as exc:
        problems = [f"{name}:{_line(node, e['loc'])}: {_sentence(e)}" for e in exc.errors(include_url=False)]
        raise BrandInvalid("\n".join(problems)) from exc


def load(*folders: Path) -> Mapping[str, domain.Brand]:
    """Every brand of the folders' ``*.yml`` files by its id, later folders winning.

    Raises:
        BrandInvalid: a guide is wrong, or a folder is missing.
    """
    return MappingProxyType({brand.id: brand for folder in folders for brand in _read(folder)})


def _read(folder: Path) -> Iterator[domain.Brand]:
    if not folder.is_dir():
        raise BrandInvalid(f"{folder}: there is no such folder of brand guides")
    for path in sorted(folder.glob("*.yml")):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as exc:
            raise BrandInvalid(f"{path}: the file is not UTF-8") from exc
        yield parse(text, str(path))


def _line(node: Any, loc: tuple[int | str, ...]) -> int:
    """The line of the YAML node nearest to a validation error's place, counted from 1."""
    import yaml

    for step in loc:
        child = None
        if isinstance(node, yaml.MappingNode):
            child = next((value for key, value in node.value if key.value == str(step)), None)
            key = next((key for key, _ in node.value if key.value == str(step)), None)
            if key is not None and (child is None or isinstance(child, yaml.ScalarNode)):
                return int(key.start_mark.line) + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            child = node.value[step]
        if child is None:
            break
        node = child
    return int(node.start_mark.line) + 1 if node is not None else 1


def _sentence(error: Any) -> str:
    place = ".".join(str(step) for step in error["loc"])
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        return f"`{place}` is not a field of a brand's guide"
    if error["type"] == "missing":
        return f"`{place}` is missing"
    return f"`{place}`: {message}" if place else message
