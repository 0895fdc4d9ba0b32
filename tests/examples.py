"""A brand, a complaint and drafts that many tests share; all invented."""

from service.domain import (
    Author,
    Brand,
    BrandVoice,
    Brief,
    Channel,
    Complaint,
    Money,
    Offer,
    Policy,
    PromiseLimits,
)

BRAND = Brand(
    id="acme",
    name="Acme",
    voice=BrandVoice(sign_off="— Kim, Acme", max_exclamation_marks=1),
    policy=Policy(
        offers=(
            Offer(
                id="refund-shipping",
                text="refund your delivery fee",
                max_amount=Money(1000, "EUR"),
                when=("delivery", "parcel", "late"),
            ),
        ),
        promise_limits=PromiseLimits(max_reply_hours=24, max_amount=Money(5000, "EUR")),
        links=("help.acme.example",),
    ),
    digest="sha256:brand",
)

COMPLAINT = Complaint(
    text="@acme my blender arrived broken on Friday and nobody has answered my two messages. I want a new one!",
    channel=Channel.X,
    public=True,
    author=Author(handle="@dana", name="Dana"),
)

BRIEF = Brief(complaint=COMPLAINT, brand="acme")

GOOD = (
    "I'm sorry that your blender arrived broken, and that nobody answered your two messages. "
    "We're looking into what happened with it now and will answer you here within 24 hours.\n— Kim, Acme"
)
"""A draft that every check passes."""

OTHER = (
    "We're sorry: a broken blender, and two messages of yours left without an answer, is on us. "
    "Does it not start at all, or is a part cracked? Tell us and we'll take it from there.\n— Kim, Acme"
)
"""Another good draft, no near-copy."""

COLD = "Thank you for reaching out. We apologise for any inconvenience. Please DM us your details."
"""A draft that several checks stop."""
