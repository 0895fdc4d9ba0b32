"""What comes in over the wire; pydantic ends here, the desk sees its own nouns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic import StrictBool as Bool
from pydantic import StrictInt as Int

from service import domain
from service.brands import BrandIn
from service.domain import PRIVATE_CHANNELS, Channel
from service.web.answers import CheckedOut, ReplyOut

__all__ = ["CheckedOut", "ChecksIn", "DraftsIn", "ReplyOut", "RewritesIn"]

LONGEST_TEXT = 20_000
LONGEST_LINE = 500

EXAMPLE_COMPLAINT = "You lost my suitcase in Lisbon three days ago and nobody answers the phone."


class In(BaseModel):
    """A wire object that refuses fields it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _text_only(value: object) -> object:
    """Refuse a number as a time: seconds and milliseconds look alike."""
    if isinstance(value, str):
        return value
    raise ValueError("this must be a time in RFC 3339, as in 2026-11-22T10:00:00Z")


def _plausible(value: datetime) -> datetime:
    """The time in UTC; refuse one that no complaint was made at, and that reckoning from would leave the calendar."""
    if not 2000 <= value.year <= 2100:
        raise ValueError("this time must lie between 2000 and 2100")
    return value.astimezone(UTC)


Time = Annotated[AwareDatetime, BeforeValidator(_text_only), AfterValidator(_plausible)]
Line = Annotated[str, Field(min_length=1, max_length=LONGEST_LINE)]
LanguageCode = Annotated[str, Field(pattern="^[a-z]{2}$")]
BrandField = Annotated[
    Annotated[str, Field(min_length=1, max_length=64), Tag("brand_id")] | Annotated[BrandIn, Tag("brand_object")],
    Discriminator(lambda value: "brand_id" if isinstance(value, str) else "brand_object"),
    Field(description="A stored brand's id, or the brand itself.", examples=["harbour-air"]),
]


class AuthorIn(In):
    """Who wrote the complaint, as far as the channel shows it."""

    handle: str | None = Field(None, max_length=100, description="Handle on the channel.", examples=["@dana"])
    name: str | None = Field(None, max_length=200, description="Name they post under.", examples=["Dana"])
    followers: Int | None = Field(None, ge=0, le=10**10, description="How many follow them.", examples=[1200])


class MessageIn(In):
    """One earlier message of the thread."""

    sender: Literal["customer", "brand"] = Field(alias="from", description="Who wrote it.", examples=["brand"])
    text: str = Field(max_length=LONGEST_TEXT, description="What it says.", examples=["Which flight was it?"])
    public: Bool = Field(True, description="Whether everybody can read it.", examples=[True])
    at: Time | None = Field(None, description="When it was sent.", examples=["2026-11-22T09:00:00Z"])


class ComplaintIn(In):
    """What the customer wrote, where and when."""

    text: str = Field(
        max_length=LONGEST_TEXT, description="The complaint, as the customer wrote it.", examples=[EXAMPLE_COMPLAINT]
    )
    channel: Channel = Field(Channel.OTHER, description="Where it was made, and the reply will stand.", examples=["x"])
    public: Bool | None = Field(
        None, description="Whether everybody can read it; null takes what the channel is.", examples=[True]
    )
    language: LanguageCode | None = Field(
        None, description="ISO 639-1, where the channel declares it; null detects it.", examples=["en"]
    )
    posted_at: Time | None = Field(
        None, description="When it was posted; the due time counts from here.", examples=["2026-11-22T10:00:00Z"]
    )
    url: str | None = Field(None, max_length=2000, description="Its address.", examples=["https://x.example/dana/1"])
    author: AuthorIn = Field(default_factory=AuthorIn, description="Who wrote it.")
    thread: list[MessageIn] = Field(default_factory=list, max_length=50, description="Earlier messages, oldest first.")
    solved: Bool = Field(False, description="Whether the problem is solved already.", examples=[False])

    def to_domain(self) -> domain.Complaint:
        """The same as a noun of the desk."""
        public = self.channel not in PRIVATE_CHANNELS if self.public is None else self.public
        return domain.Complaint(
            text=self.text,
            channel=self.channel,
            public=public,
            language=self.language,
            posted_at=self.posted_at,
            url=self.url,
            author=domain.Author(handle=self.author.handle, name=self.author.name, followers=self.author.followers),
            thread=tuple(
                domain.Message(sender=message.sender, text=message.text, public=message.public, at=message.at)
                for message in self.thread
            ),
            solved=self.solved,
        )


class HistoryEventIn(In):
    """One thing that the brand knows of the customer."""

    kind: str = Field(max_length=100, description="What kind of event.", examples=["order"])
    text: str = Field(max_length=2000, description="What happened.", examples=["Ordered two lamps, no. 88213"])
    at: Time | None = Field(None, description="When.", examples=["2026-11-20T08:00:00Z"])
    public: Bool = Field(False, description="Whether the customer posted it publicly themselves.", examples=[False])


class CustomerIn(In):
    """Who complains, as the brand's own records say."""

    id: str | None = Field(None, max_length=200, description="Your id of the customer.", examples=["c-1"])
    name: str | None = Field(None, max_length=200, description="Their name.", examples=["Dana Reyes"])
    history: list[HistoryEventIn] = Field(default_factory=list, max_length=100, description="What is known of them.")

    def to_domain(self) -> domain.Customer:
        """The same as a noun of the desk."""
        events = (domain.HistoryEvent(kind=e.kind, text=e.text, at=e.at, public=e.public) for e in self.history)
        return domain.Customer(id=self.id, name=self.name, history=tuple(events))


class Around(In):
    """What may be sent with any text: who complains, and what may be said."""

    customer: CustomerIn = Field(default_factory=CustomerIn, description="Who complains.")
    actions: list[Line] = Field(
        default_factory=list,
        max_length=20,
        description="What was already done for this customer; only these may be said to be done.",
        examples=[["Refunded 20.00 EUR on 21 November"]],
    )
    notes: str = Field(
        "", max_length=10_000, description="Internal notes: facts may be used, words are not shown.", examples=["VIP"]
    )
    incidents: list[Line] = Field(
        default_factory=list,
        max_length=20,
        description="Known incidents that touch this, in words that may be said publicly.",
        examples=[["The baggage belts in Lisbon stood still on 19 November"]],
    )
    language: LanguageCode | None = Field(
        None, description="Language of the reply; null takes the complaint's.", examples=["en"]
    )


class DraftsIn(Around):
    """A complaint to draft replies to, and all that is known about it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "complaint": {
                    "text": EXAMPLE_COMPLAINT,
                    "channel": "x",
                    "author": {"handle": "@dana", "name": "Dana"},
                },
                "brand": "harbour-air",
            }
        }
    )

    complaint: ComplaintIn = Field(description="What the customer wrote.")
    brand: BrandField
    drafts: Int = Field(3, ge=1, le=5, description="How many drafts.", examples=[3])
    model: str | None = Field(
        None, max_length=200, description="The model to ask first; null takes the configured order.", examples=[None]
    )

    def to_domain(self) -> domain.Brief:
        """The same as an order to the desk."""
        return _brief(self, self.complaint.to_domain(), self.brand, drafts=self.drafts, model=self.model)


class RewritesIn(DraftsIn):
    """A text to write anew under the same checks."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "complaint": {"text": EXAMPLE_COMPLAINT, "channel": "x"},
                "brand": "harbour-air",
                "text": "We apologise for any inconvenience.",
                "instruction": "Name the suitcase, and say what we do next.",
            }
        }
    )

    text: str = Field(
        min_length=1, max_length=LONGEST_TEXT, description="The text.", examples=["We apologise for any inconvenience."]
    )
    instruction: str = Field(
        "", max_length=2000, description="What to change.", examples=["Name the suitcase, and say what we do next."]
    )
    findings: list[Line] = Field(
        default_factory=list,
        max_length=50,
        description="Messages of findings that the new text must not raise.",
        examples=[["Say what went wrong instead of apologising for any inconvenience."]],
    )

    def to_domain(self) -> domain.Brief:
        """The same as an order to the desk."""
        order = domain.Rewrite(text=self.text, instruction=self.instruction, findings=tuple(self.findings))
        complaint = self.complaint.to_domain()
        return _brief(self, complaint, self.brand, drafts=self.drafts, model=self.model, rewrite=order)


class ChecksIn(Around):
    """A text to check, human or model, and what it answers."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "text": "We apologise for any inconvenience. Please DM us.",
                "complaint": {"text": EXAMPLE_COMPLAINT, "channel": "x"},
                "brand": "harbour-air",
            }
        }
    )

    text: str = Field(
        min_length=1, max_length=LONGEST_TEXT, description="The text.", examples=["We apologise for any inconvenience."]
    )
    complaint: ComplaintIn | None = Field(None, description="What it answers; without it, less can be told.")
    brand: BrandField | None = Field(
        None, description="Whose voice and policy count; without it, none does.", examples=["harbour-air"]
    )
    judge: Bool = Field(
        False,
        description="Whether the configured judge hears the tone too; takes seconds, so not while somebody types.",
        examples=[False],
    )

    def to_domain(self) -> domain.Brief:
        """The same as an order to the desk; a missing brand promises and bans nothing."""
        complaint = self.complaint.to_domain() if self.complaint else domain.Complaint(text="")
        return _brief(self, complaint, self.brand)


def _brief(
    around: Around,
    complaint: domain.Complaint,
    brand: str | BrandIn | None,
    *,
    drafts: int = 3,
    model: str | None = None,
    rewrite: domain.Rewrite | None = None,
) -> domain.Brief:
    guide = brand.to_domain() if isinstance(brand, BrandIn) else brand
    return domain.Brief(
        complaint=complaint,
        brand=domain.Brand(id="", name="") if guide is None else guide,
        customer=around.customer.to_domain(),
        actions=tuple(around.actions),
        notes=around.notes,
        incidents=tuple(around.incidents),
        drafts=drafts,
        language=around.language,
        model=model,
        rewrite=rewrite,
    )
