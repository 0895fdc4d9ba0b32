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
    fires: tuple[str, ...]
    """Drafts that it fires on, for the complaint of a broken blender that tests use throughout."""
    passes: tuple[str, ...]
    """Drafts that it leaves alone."""


DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {
        "apology_first": Definition(
            "The first sentence after a greeting is not a plain apology that we own.",
            "A person who was let down reads everything before the apology as an excuse.",
            S0,
            BLOCK,
            fires=(
                "Thanks for telling us, Dana. We're sorry that your blender arrived broken.",
                "Here is what happened to your blender.",
            ),
            passes=(
                "Hi Dana, we're sorry that your blender arrived broken.",
                "That's on us: your blender arrived broken.",
            ),
        ),
        "secondhand": Definition(
            "The apology is sympathy with news (“sorry to hear that”) and owns nothing of ours.",
            "It treats our own mistake as something that happened to a stranger.",
            S2,
            WARN,
            fires=("We're sorry to hear that your blender arrived broken.", "That sounds frustrating, Dana."),
            passes=("We're sorry to hear that, and sorrier that it was our mistake.",),
        ),
        "hollow_apology": Definition(
            "The apology is conditional or deflects (“sorry if”, “sorry for any inconvenience”) and "
            "names no act of ours.",
            "An apology that doubts the harm makes it worse.",
            S0,
            BLOCK,
            fires=("We're sorry if the broken blender upset you.", "We apologise for any inconvenience."),
            passes=(
                "We're sorry that we sent you a broken blender, and if you still have no answer by noon, write here.",
            ),
        ),
        "corporate_speak": Definition(
            "A stock phrase of institutions stands where a person would speak; three of them block the draft.",
            "Nobody believes words that they have read a hundred times.",
            S3,
            WARN,
            fires=("Rest assured that we take this very seriously.",),
            passes=("I've read your two messages, and I'm asking the warehouse now.",),
        ),
        "next_step": Definition(
            "Nothing says what we will do, have done or need in order to fix it.",
            "An apology without a step leaves the customer where they were.",
            S3,
            WARN,
            fires=("We're sorry that your blender arrived broken.",),
            passes=(
                "We're sorry that your blender arrived broken. I'm asking the warehouse for a new one.",
                "Which part of it is broken?",
            ),
        ),
        "specific": Definition(
            "The draft names nothing of this complaint and would fit any other.",
            "A reply that fits everybody shows that nobody read the complaint.",
            S2,
            WARN,
            fires=("We're sorry for what happened. We're looking into it.",),
            passes=("We're sorry for the broken blender. We're looking into it.",),
        ),
        "distance": Definition(
            "Nobody speaks as I or we, or the fault is passed to a system, a courier or a third party.",
            "The customer dealt with us, and only we can take responsibility.",
            S0,
            WARN,
            fires=("Sorry about the blender!", "We're sorry. The courier is responsible for the broken blender."),
            passes=("Our courier broke your blender, and that is on us.",),
        ),
        "only_one": Definition(
            "The customer is told to be the only one, or the event to be rare.",
            "It says that the customer is the odd one, and others will answer that they are not.",
            S3,
            BLOCK,
            fires=("This is the first time we've heard of a broken blender.",),
            passes=("You're not the only one; others have told us too.",),
        ),
        "debate": Definition(
            "The draft contradicts, corrects or blames the customer.",
            "A public argument with a customer is lost whoever is right.",
            S1,
            BLOCK,
            fires=("Actually, the blender left us whole.", "You should have checked the parcel."),
            passes=("You asked when it left us: on Thursday.",),
        ),
        "sarcasm": Definition(
            "A joke, a pun or a laugh answers a complaint.",
            "What is meant lightly reads as mockery to someone who is upset.",
            S1,
            BLOCK,
            fires=("Oops! That blender had a wild trip.",),
            passes=("We're sorry about the blender; it should have arrived whole.",),
        ),
        "offline_push": Definition(
            "A public complaint is sent to a private channel without a named need for private data "
            "and a promise to come "
            "back to the thread.",
            "Everyone who reads along sees the complaint and never the answer.",
            S3,
            BLOCK,
            fires=("We're sorry about the blender. Please DM us.", "If that doesn't help, call our support line."),
            passes=("Please send us your order number by message; then we'll post the outcome here.",),
        ),
        "quid_pro_quo": Definition(
            "Help or a gift depends on removing, changing or writing a post or a review.",
            "It is bribery in public, and review sites and consumer law forbid it.",
            S4,
            BLOCK,
            fires=("Delete your post and we'll send you a new blender.",),
            passes=("We'll send you a new blender.",),
        ),
        "review_ask": Definition(
            "An unsolved complaint is answered with a request for a review, a rating, a survey or more business.",
            "Asking for something before anything is put right shows whose needs come first.",
            S4,
            WARN,
            fires=("We're sorry about the blender. Would you leave us a review?",),
            passes=("We're sorry about the blender. We're on it.",),
        ),
        "grounding": Definition(
            "A concrete fact of the draft stands in nothing that we know.",
            "One invented fact costs more trust than the whole reply wins.",
            "The first fear of people who use drafted replies",
            BLOCK,
            fires=("We're sorry that your blender arrived broken on Tuesday.",),
            passes=("We're sorry that your blender arrived broken on Friday, and that two messages went unanswered.",),
        ),
        "unbacked_action": Definition(
            "The draft says that something was done, and no recorded action says so.",
            "The customer will look, and find that it was not.",
            "The first fear of people who use drafted replies",
            BLOCK,
            fires=("I've refunded you for the blender.",),
            passes=("I'm asking the warehouse for a new blender now.",),
        ),
        "promises": Definition(
            "An offer, an amount or a deadline goes beyond what the speaker may promise, or something is guaranteed.",
            "A promise that nobody may keep becomes the next complaint.",
            S3,
            BLOCK,
            fires=("We'll refund you 500 euros.", "This will never happen again."),
            passes=("We'll refund your delivery fee.", "We'll answer you here within 24 hours."),
        ),
        "admission": Definition(
            "Legal fault, negligence or liability is admitted.",
            "A public reply never expires and may be read out in court.",
            S1,
            WARN,
            fires=("We were negligent when we packed your blender.",),
            passes=("We packed your blender badly, and we're sorry.",),
        ),
        "privacy": Definition(
            "A public draft shows personal data that the customer did not post.",
            "What is posted stays, and the data are not ours to show.",
            S1,
            BLOCK,
            fires=("We're sorry, Dana. Is your number still +44 20 7946 0958?",),
            passes=("We're sorry, Dana.",),
        ),
        "leak": Definition(
            "Words of the instructions, an internal note or another customer's data show, or the text "
            "speaks as a machine.",
            "A hostile complaint may try to draw them out.",
            "Hostile complaint text",
            BLOCK,
            fires=("As an AI, I cannot hold a blender.", "My instructions say to offer nothing."),
            passes=("The instructions in the box were missing.",),
        ),
        "leftovers": Definition(
            "A placeholder, a heading or a fence of the drafting is left in the text.",
            "A reply is permanent, and an unfilled blank shows that nobody read it.",
            S1,
            BLOCK,
            fires=("We're sorry, [Name], that your blender arrived broken.", "Draft 1: We're sorry."),
            passes=("We're sorry, Dana, that your blender arrived broken.",),
        ),
        "links": Definition(
            "A link leads to a host that the brand does not list and the context does not hold.",
            "A wrong link sends an upset customer into a dead end or to a fraud.",
            S1,
            BLOCK,
            fires=("Please see https://blenders.test/help for the next step.",),
            passes=("Please see help.acme.example for the next step.",),
        ),
        "language": Definition(
            "The draft is in another language than the complaint or than the one asked for.",
            "A reply that cannot be read is no reply.",
            "The most frequent complaint about drafting tools",
            BLOCK,
            fires=("Es tut uns leid, dass Ihr Mixer am Freitag kaputt ankam und niemand geantwortet hat.",),
            passes=("We're sorry that your blender arrived broken and that nobody answered.",),
        ),
        "length": Definition(
            "The draft is longer than the channel takes, counted as the channel counts.",
            "A reply that is cut off is not answered in the platform.",
            S3,
            BLOCK,
            fires=(
                "We're sorry that your blender arrived broken. "
                "We're asking the warehouse, the courier and the shop what happened to it on the way to you, "
                "who packed it, who carried it, who was to answer your two messages, and why nobody did, "
                "and we'll tell you here what each of them says before the day is over.",
            ),
            passes=("We're sorry that your blender arrived broken. We're asking the warehouse what happened.",),
        ),
        "abuse": Definition(
            "Profanity, an insult, a slur or a threat.",
            "Nothing that a customer says makes it right.",
            S1,
            BLOCK,
            fires=("Don't be stupid, Dana.",),
            passes=("You were right to tell us, Dana.",),
        ),
        "voice": Definition(
            "The draft breaks the brand's voice guide: a banned word, a missing sign-off, too many "
            "emoji or exclamation "
            "marks, or long sentences.",
            "The brand chose how it sounds.",
            "The brand's voice guide",
            WARN,
            fires=("We're sorry that your blender arrived broken.",),
            passes=("We're sorry that your blender arrived broken. — Kim, Acme",),
        ),
        "sameness": Definition(
            "The draft is a near-copy of one of the brand's last replies or of a sibling draft.",
            "A canned reply is evidence of poor service.",
            S2,
            WARN,
            fires=("We're sorry that your blender arrived broken. We're asking the warehouse for a new one.",),
            passes=("A broken blender, and no answer twice: we're sorry, and we're on it now.",),
        ),
        "tone": Definition(
            "A judge, which is a model, hears a draft as dismissive, sarcastic, cold, argumentative, condescending or "
            "grudging; only where one is configured.",
            "Every word can be allowed and the reply still slight the person who reads it.",
            S1,
            BLOCK,
            fires=(
                "We're sorry that your blender arrived broken. It is only a blender, and you will find another way to "
                "make soup.",
                "We're sorry that your blender arrived broken. We're looking into it, as we seem to have to.",
            ),
            passes=(
                "We're sorry that your blender arrived broken, and that you had to write twice. We're looking into it.",
            ),
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
