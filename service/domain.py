"""The nouns of Amends, frozen: what goes into the desk and what comes out of it.

Spans are half-open code points of the text they point into. Amounts are minor units with an ISO 4217 code.
Times are aware and UTC. ``None`` means "could not tell" and never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Literal

EMPTY: Mapping[str, str] = MappingProxyType({})


class Severity(IntEnum):
    """How much a finding weighs: a note informs, a warning lowers the rank, a block keeps a draft from being ready."""

    NOTE = 1
    WARN = 2
    BLOCK = 3


class Outcome(StrEnum):
    """What became of one check; ``NOT_RUN`` is never a pass."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not_run"


class Angle(StrEnum):
    """What a draft leads with: the repair, the one question, or the plain owning of what cannot be undone."""

    PUT_RIGHT = "put_right"
    ASK = "ask"
    OWN = "own"


class Tone(StrEnum):
    """What the judge may say of how a draft sounds; nothing else counts as an answer."""

    FINE = "fine"
    UNSURE = "unsure"
    DISMISSIVE = "dismissive"
    SARCASTIC = "sarcastic"
    COLD = "cold"
    ARGUMENTATIVE = "argumentative"
    CONDESCENDING = "condescending"
    GRUDGING = "grudging"


class Gate(StrEnum):
    """Why a complaint belongs to a named human authority; only a holding reply is drafted for it."""

    SAFETY = "safety"
    HEALTH = "health"
    LEGAL = "legal"
    DISCRIMINATION = "discrimination"
    SELF_HARM = "self_harm"
    PRESS = "press"


class Channel(StrEnum):
    """Where the complaint was made, and where the reply will stand."""

    X = "x"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    THREADS = "threads"
    TIKTOK = "tiktok"
    YOUTUBE = "youtube"
    LINKEDIN = "linkedin"
    REDDIT = "reddit"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    TRUSTPILOT = "trustpilot"
    GOOGLE_BUSINESS = "google_business"
    GOOGLE_PLAY = "google_play"
    APP_STORE = "app_store"
    TRIPADVISOR = "tripadvisor"
    EMAIL = "email"
    CHAT = "chat"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    FORM = "form"
    OTHER = "other"


PRIVATE_CHANNELS = frozenset({Channel.EMAIL, Channel.CHAT, Channel.SMS, Channel.WHATSAPP, Channel.FORM})
"""Channels that only the customer and the brand read; every other one is public unless the complaint says otherwise."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open ``[start, end)`` in code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"no span runs from {self.start} to {self.end}")

    def of(self, text: str) -> str:
        """The words that the span points at."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, pence) of an ISO 4217 currency."""

    amount: int
    currency: str

    def __str__(self) -> str:
        """The amount in major units: ``10.00 EUR``, ``1000 JPY``."""
        places = places_of(self.currency)
        return f"{self.amount / 10**places:.{places}f} {self.currency}"


def places_of(currency: str) -> int:
    """How many decimal places a currency has. Source: ISO 4217, minor units."""
    return 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2


_WHOLE = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THOUSANDTHS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


# What comes in


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote the complaint, as far as the channel shows it."""

    handle: str | None = None
    name: str | None = None
    followers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One earlier message of the thread."""

    sender: Literal["customer", "brand"]
    text: str
    public: bool = True
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What the customer wrote, where and when."""

    text: str
    """Empty only where a text is checked without a complaint."""
    channel: Channel = Channel.OTHER
    public: bool = True
    language: str | None = None
    """ISO 639-1, as the channel declares it; ``None`` lets the desk detect it."""
    posted_at: datetime | None = None
    url: str | None = None
    author: Author = Author()
    thread: tuple[Message, ...] = ()
    """Earlier messages, oldest first."""
    solved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEvent:
    """One thing that the brand knows of a customer."""

    kind: str
    text: str
    at: datetime | None = None
    public: bool = False
    """Whether the customer posted it publicly; anything else must not show in a public draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who complains, as the brand's own records say."""

    id: str | None = None
    name: str | None = None
    history: tuple[HistoryEvent, ...] = ()


# The brand


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something of value that the speaker may promise."""

    id: str
    text: str
    """What is offered, as it reads after "we'll" or "I'll": "refund your delivery fee"."""
    max_amount: Money | None = None
    when: tuple[str, ...] = ()
    """Words of a complaint that call for the offer; empty fits every complaint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLimits:
    """The longest waits and the largest sums that may be promised."""

    max_reply_hours: float | None = None
    """The longest wait, in hours, that a draft may promise for our next message."""
    max_amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may be said and promised in the brand's name."""

    offers: tuple[Offer, ...] = ()
    promise_limits: PromiseLimits = PromiseLimits()
    links: tuple[str, ...] = ()
    """Hosts or host/path prefixes that a draft may link to."""
    private_first: bool = False
    """Whether the brand moves complaints to a private channel first."""
    languages: tuple[str, ...] = ()
    """Languages the brand answers in, ISO 639-1; exactly one fixes the language of every reply."""
    block_admission: bool = False
    first_answer_hours: float = 3.0
    authorities: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    """Gate → the named person or desk that must answer; the key ``default`` serves the rest."""


@dataclass(frozen=True, slots=True)
class BrandRule:
    """A wording rule of one brand, or a weight that it gives to one of ours."""

    id: str
    """``family/name``: the check that it belongs to, and its own name."""
    severity: Severity | None = None
    """``None`` leaves it to the check."""
    content: str | None = None
    """The fields of the rule as JSON, as they would stand in a rule file; ``None`` where only the weight is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandVoice:
    """How one brand sounds."""

    person: Literal["we", "I"] = "we"
    sign_off: str | None = None
    """Closing words that every reply carries, such as "— Ana, Harbour Air"."""
    greeting: bool = False
    """Whether a reply may open with "Hi Dana," before the apology."""
    banned_words: tuple[str, ...] = ()
    allowed_phrases: tuple[str, ...] = ()
    """Stock phrases that this brand may use all the same."""
    emoji: tuple[str, ...] = ()
    """Emoji the brand allows; empty allows none."""
    max_emoji: int = 0
    max_exclamation_marks: int = 0
    max_reading_grade: float | None = None
    """Flesch–Kincaid grade; ``None`` sets no limit."""
    severities: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    """Check id → the severity that this brand gives its findings."""
    rules: tuple[BrandRule, ...] = ()
    """Wording rules that the brand adds, and those of ours that it weighs anew."""
    british: bool = False
    """Whether English is spelt the British way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """One company that answers complaints: its voice, its policy and the names it goes by."""

    id: str
    name: str
    industry: str | None = None
    voice: BrandVoice = BrandVoice()
    policy: Policy = Policy()
    names: tuple[str, ...] = ()
    """Other names, handles, products and places of the brand that a draft may say unprompted."""
    facts: tuple[str, ...] = ()
    """Sentences about the brand that are always true: opening hours, what a product is called."""
    digest: str = ""
    """sha256 of the brand's guide as it was read."""


# What the desk is asked, and what it may see


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """A text to write anew under the same checks."""

    text: str
    instruction: str = ""
    findings: tuple[str, ...] = ()
    """Messages of findings that the new text must not raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One order to the desk: a complaint and all that was sent with it."""

    complaint: Complaint
    brand: str | Brand
    """A stored brand's id, or the brand itself."""
    customer: Customer = Customer()
    actions: tuple[str, ...] = ()
    """What was already done for this customer, one sentence each."""
    notes: str = ""
    """The agent's internal notes; facts in them may be used, their words may not be shown."""
    incidents: tuple[str, ...] = ()
    """Known incidents that touch this complaint, in words that may be said publicly."""
    drafts: int = 3
    language: str | None = None
    model: str | None = None
    """The model to ask first; ``None`` takes the configured order."""
    rewrite: Rewrite | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that a prompt or a check may see besides the draft."""

    complaint: Complaint
    brand: Brand
    now: datetime
    language: str | None
    """The language the reply must be in, ISO 639-1; ``None`` when it could not be told."""
    customer: Customer = Customer()
    actions: tuple[str, ...] = ()
    notes: str = ""
    incidents: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    """Similar replies that this brand's agents accepted, nearest first."""
    recent_replies: tuple[str, ...] = ()
    """The brand's last public replies, newest first."""
    siblings: tuple[str, ...] = ()
    """Texts of the drafts of the same reply that came before."""
    guarded: tuple[str, ...] = ()
    """Texts that no draft may show: the system prompt's lines and its canary."""
    gate: Gate | None = None
    rewrite: Rewrite | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """Rendered messages for a model, with what is needed to audit and to answer them."""

    name: str
    system: str
    """The static part: the same bytes for the same brand and template."""
    user: str
    digest: str
    """``sha256:…`` over both parts."""
    context: Context
    """The masked context that the messages were rendered from; the composer reads this instead of the messages."""
    drafts: int = 3
    """How many drafts are wanted, or are to be judged."""
    canary: str = ""
    wants: Literal["drafts", "verdicts"] = "drafts"


# What comes out


@dataclass(frozen=True, slots=True)
class Slot:
    """A fact that a human must add: the draft says ``{{slot}}`` where it belongs."""

    slot: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One candidate text, as its model declared it."""

    text: str
    angle: Angle = Angle.OWN
    id: str = ""
    offers: tuple[str, ...] = ()
    """Ids of the policy's offers that the text makes."""
    facts: tuple[str, ...] = ()
    """The facts of the context that the text relies on, in the model's words."""
    needs_fill: tuple[Slot, ...] = ()
    model: str = ""
    repaired: int = 0
    """How many times the desk changed the text after the model wrote it."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A safe edit: replace the span's words by the text."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a check noticed, and the words that it points at."""

    check: str
    severity: Severity
    message: str
    """One sentence that an agent understands and can act on."""
    span: Span
    """Empty at the place where something is missing."""
    rule: str = ""
    """The rule file's id, or the check's own id."""
    quote: str = ""
    fix: Fix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What one check said of one draft."""

    check: str
    outcome: Outcome
    severity: Severity
    """The check's severity for this brand and channel: what a check that did not run weighs."""
    findings: tuple[Finding, ...] = ()
    reason: str | None = None
    """Why the check did not run."""

    @property
    def blocks(self) -> bool:
        """Whether the result keeps the draft from being ready."""
        if self.outcome is Outcome.NOT_RUN:
            return self.severity is Severity.BLOCK
        return any(finding.severity is Severity.BLOCK for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a judge said of one draft, as it said it."""

    draft: str
    """The label that the draft had in the prompt."""
    tone: Tone
    quote: str = ""
    """Words that the judge says stand in the draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """Something that the draft binds the brand to: a promise, an offer, a deadline, or a claim of a done thing."""

    kind: str
    """``refund``, ``replacement``, ``credit``, ``reply``, ``check``, ``action``, ``done`` …"""
    text: str
    span: Span
    amount: Money | None = None
    due_at: datetime | None = None
    allowed_by: str | None = None
    """The offer's id, ``promise_limits`` or ``actions``; ``None`` when nothing in the policy allows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFact:
    """One concrete fact that a draft states, and where it comes from."""

    kind: str
    """One of ``facts.KINDS``."""
    text: str
    span: Span
    source: str | None
    """The path of what proves it (``complaint.text``, ``actions[0]``, ``brand.policy.offers[refund-fee]``), ``derived``
    when it follows from several, ``promise`` when it is judged as one; ``None`` when nothing supports it."""
    sources: tuple[str, ...] = ()
    """The paths of what a derived fact was made of."""


@dataclass(frozen=True, slots=True)
class Reason:
    """The words that a score rests on, and what they show."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Score:
    """0–1, or ``None`` when it cannot be told; ``why`` holds the evidence."""

    value: float | None
    why: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How good a draft is, apart from what it must not do."""

    empathy: Score
    specificity: Score
    plainness: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDraft:
    """A draft with everything that the desk knows of it."""

    draft: Draft
    results: tuple[CheckResult, ...]
    scores: Scores
    commitments: tuple[Commitment, ...] = ()
    facts: tuple[StatedFact, ...] = ()
    """The concrete facts of its text, in its order, each with where it comes from."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order of the text."""
        return tuple(sorted((f for r in self.results for f in r.findings), key=lambda f: (f.span, f.check)))

    @property
    def ready(self) -> bool:
        """Whether the draft may be offered for sending: nothing blocks and no fact is left to fill in."""
        return not self.draft.needs_fill and not any(result.blocks for result in self.results)


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """How urgent a complaint is, and who must answer it."""

    due_at: datetime
    priority: float
    """0–1, higher is more urgent."""
    reasons: tuple[str, ...]
    gate: Gate | None = None
    authority: str | None = None
    """The named person or desk that must answer a gated complaint."""
    sentiment: float | None = None
    """-1 (furious) to 1 (pleased)."""
    themes: tuple[str, ...] = ()
    similar: int | None = None
    similar_reason: str | None = None
    """Why ``similar`` could not be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What writing the drafts cost."""

    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    """US dollars; ``None`` when the model's price is not known."""
    seconds: float = 0.0
    degraded: str | None = None
    """Why the model that was asked first did not write the drafts; ``None`` when it did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A draft that its model is still writing, up to its last whole sentence."""

    text: str
    """Masked as the prompt was; empty before the first sentence is whole."""
    model: str = ""
    spent: Callable[[], Usage] = field(default=Usage, compare=False)
    """What the call has cost so far, worked out when it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Digests that tell later what the reply was made from."""

    prompt: str
    brand: str
    rules: str
    masked: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Kind of personal data → how many pieces were kept from the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Ranked, checked drafts: the best first."""

    id: str
    triage: Triage
    drafts: tuple[CheckedDraft, ...]
    usage: Usage
    audit: Audit
    reason: str | None = None
    """Why the reply is degraded, or why no draft is ready."""

    @property
    def degraded(self) -> bool:
        """Whether another writer than the one asked for wrote the drafts."""
        return self.usage.degraded is not None

    @property
    def best(self) -> CheckedDraft:
        """The draft that ranks first."""
        return self.drafts[0]
