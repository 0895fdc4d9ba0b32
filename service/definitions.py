"""What each check means, how much it weighs by default, and why it exists: the words behind ``explain``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from service.domain import BrandVoice, Severity

NOTE, WARN, BLOCK = Severity.NOTE, Severity.WARN, Severity.BLOCK

S0 = "Empathy before the medium: an apology comes before anything else happens"
S1 = "The customer is always right on social media: whatever is posted stays"
S2 = "Four points for service via social media: no mush, no lip service"
S3 = "Nothing else matters if your service is bad: own it, solve it, sound human"
S4 = "How customer service should respond: no bargain for a kinder post"


@dataclass(frozen=True, slots=True)
class Definition:
    """One check in words."""

    definition: str
    """When it fires, as one sentence."""
    reason: str
    """Why that harms a reply, as one sentence."""
    source: str
    severity: Severity
    """By default; a brand may change it."""


DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {
        "apology_first": Definition(
            "The first sentence after a greeting is not a plain apology that we own.",
            "A person who was let down reads everything before the apology as an excuse.",
            S0,
            BLOCK,
        ),
        "secondhand": Definition(
            "The apology is sympathy with news (“sorry to hear that”) and owns nothing of ours.",
            "It treats our own mistake as something that happened to a stranger.",
            S2,
            WARN,
        ),
        "hollow_apology": Definition(
            "The apology is conditional or deflects (“sorry if”, “sorry for any inconvenience”) and "
            "names no act of ours.",
            "An apology that doubts the harm makes it worse.",
            S0,
            BLOCK,
        ),
        "corporate_speak": Definition(
            "A stock phrase of institutions stands where a person would speak; three of them block the draft.",
            "Nobody believes words that they have read a hundred times.",
            S3,
            WARN,
        ),
        "next_step": Definition(
            "Nothing says what we will do, have done or need in order to fix it.",
            "An apology without a step leaves the customer where they were.",
            S3,
            WARN,
        ),
        "specific": Definition(
            "The draft names nothing of this complaint and would fit any other.",
            "A reply that fits everybody shows that nobody read the complaint.",
            S2,
            WARN,
        ),
        "distance": Definition(
            "Nobody speaks as I or we, or the fault is passed to a system, a courier or a third party.",
            "The customer dealt with us, and only we can take responsibility.",
            S0,
            WARN,
        ),
        "only_one": Definition(
            "The customer is told to be the only one, or the event to be rare.",
            "It says that the customer is the odd one, and others will answer that they are not.",
            S3,
            BLOCK,
        ),
        "debate": Definition(
            "The draft contradicts, corrects or blames the customer.",
            "A public argument with a customer is lost whoever is right.",
            S1,
            BLOCK,
        ),
        "sarcasm": Definition(
            "A joke, a pun or a laugh answers a complaint.",
            "What is meant lightly reads as mockery to someone who is upset.",
            S1,
            BLOCK,
        ),
        "offline_push": Definition(
            "A public complaint is sent to a private channel without a named need for private data "
            "and a promise to come "
            "back to the thread.",
            "Everyone who reads along sees the complaint and never the answer.",
            S3,
            BLOCK,
        ),
        "quid_pro_quo": Definition(
            "Help or a gift depends on removing, changing or writing a post or a review.",
            "It is bribery in public, and review sites and consumer law forbid it.",
            S4,
            BLOCK,
        ),
        "review_ask": Definition(
            "An unsolved complaint is answered with a request for a review, a rating, a survey or more business.",
            "Asking for something before anything is put right shows whose needs come first.",
            S4,
            WARN,
        ),
        "grounding": Definition(
            "A concrete fact of the draft stands in nothing that we know.",
            "One invented fact costs more trust than the whole reply wins.",
            "The first fear of people who use drafted replies",
            BLOCK,
        ),
        "unbacked_action": Definition(
            "The draft says that something was done, and no recorded action says so.",
            "The customer will look, and find that it was not.",
            "The first fear of people who use drafted replies",
            BLOCK,
        ),
        "promises": Definition(
            "An offer, an amount or a deadline goes beyond what the speaker may promise, or something is guaranteed.",
            "A promise that nobody may keep becomes the next complaint.",
            S3,
            BLOCK,
        ),
        "admission": Definition(
            "Legal fault, negligence or liability is admitted.",
            "A public reply never expires and may be read out in court.",
            S1,
            WARN,
        ),
        "privacy": Definition(
            "A public draft shows personal data that the customer did not post.",
            "What is posted stays, and the data are not ours to show.",
            S1,
            BLOCK,
        ),
        "leak": Definition(
            "Words of the instructions, an internal note or another customer's data show, or the text "
            "speaks as a machine.",
            "A hostile complaint may try to draw them out.",
            "Hostile complaint text",
            BLOCK,
        ),
        "leftovers": Definition(
            "A placeholder, a heading or a fence of the drafting is left in the text.",
            "A reply is permanent, and an unfilled blank shows that nobody read it.",
            S1,
            BLOCK,
        ),
        "links": Definition(
            "A link leads to a host that the brand does not list and the context does not hold.",
            "A wrong link sends an upset customer into a dead end or to a fraud.",
            S1,
            BLOCK,
        ),
        "language": Definition(
            "The draft is in another language than the complaint or than the one asked for.",
            "A reply that cannot be read is no reply.",
            "The most frequent complaint about drafting tools",
            BLOCK,
        ),
        "length": Definition(
            "The draft is longer than the channel takes, counted as the channel counts.",
            "A reply that is cut off is not answered in the platform.",
            S3,
            BLOCK,
        ),
        "abuse": Definition(
            "Profanity, an insult, a slur or a threat.",
            "Nothing that a customer says makes it right.",
            S1,
            BLOCK,
        ),
        "voice": Definition(
            "The draft breaks the brand's voice guide: a banned word, a missing sign-off, too many "
            "emoji or exclamation "
            "marks, or long sentences.",
            "The brand chose how it sounds.",
            "The brand's voice guide",
            WARN,
        ),
        "sameness": Definition(
            "The draft is a near-copy of one of the brand's last replies or of a sibling draft.",
            "A canned reply is evidence of poor service.",
            S2,
            WARN,
        ),
        "tone": Definition(
            "A judge, which is a model, hears a draft as dismissive, sarcastic, cold, argumentative, condescending or "
            "grudging; only where one is configured.",
            "Every word can be allowed and the reply still slight the person who reads it.",
            S1,
            BLOCK,
        ),
    }
)

JUDGED = frozenset({"tone"})
"""Checks that a model makes; ``run_checks`` does not know them."""

ALWAYS_ON = frozenset({"privacy", "leak", "leftovers", "unbacked_action"})
"""Checks that a brand may not weaken."""


def rule_severities_for(voice: BrandVoice) -> Mapping[str, Severity]:
    """``family/name`` of a rule → the severity that a brand gives it, as far as it may."""
    return {rule.id: _allowed(rule.id.partition("/")[0], rule.severity) for rule in voice.rules if rule.severity}


def _allowed(check: str, severity: Severity) -> Severity:
    known = DEFINITIONS.get(check)
    return max(severity, known.severity) if known and check in ALWAYS_ON else severity


def severities_for(voice: BrandVoice) -> Mapping[str, Severity]:
    """Check id → severity for a brand: the defaults, changed by its voice guide as far as it may."""
    chosen = {check: definition.severity for check, definition in DEFINITIONS.items()}
    for check, severity in voice.severities.items():
        if check in chosen:
            chosen[check] = _allowed(check, severity)
    return chosen
