"""What goes out over the wire: every field described, with an example, for the OpenAPI file."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from service import domain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from service.checks import Definition
    from service.drafting import Drafted, Sentence
    from service.rules import Rule

SAMPLE = "I'm sorry that we lost your suitcase in Lisbon."


class Out(BaseModel):
    """A wire object of an answer."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class MoneyOut(Out):
    """An amount of money."""

    amount: int = Field(description="Minor units: cents, pence.", examples=[2000])
    currency: str = Field(description="ISO 4217 code.", examples=["EUR"])

    @classmethod
    def of(cls, money: domain.Money) -> MoneyOut:
        """The amount on the wire."""
        return cls(amount=money.amount, currency=money.currency)


class TriageOut(Out):
    """How urgent the complaint is, and who must answer it."""

    due_at: datetime = Field(description="When the first answer is owed.", examples=["2026-11-22T13:00:00Z"])
    priority: float = Field(description="0-1, higher is more urgent.", examples=[0.8])
    reasons: list[str] = Field(description="Why it is this urgent.", examples=[["1,200 people follow the author"]])
    gate: domain.Gate | None = Field(
        description="Why only a human authority may answer; the drafts are then holding replies.", examples=[None]
    )
    authority: str | None = Field(description="Who must answer a gated complaint.", examples=[None])
    sentiment: float | None = Field(description="-1 (furious) to 1 (pleased); null: cannot tell.", examples=[-0.6])
    themes: list[str] = Field(description="What it is about.", examples=[["lost_item"]])
    similar: int | None = Field(
        description="How many similar complaints came lately; null: cannot tell.", examples=[None]
    )
    similar_reason: str | None = Field(
        description="Why `similar` could not be told.", examples=["Complaints are not stored yet."]
    )

    @classmethod
    def of(cls, triage: domain.Triage) -> TriageOut:
        """The triage on the wire."""
        return cls(
            due_at=triage.due_at,
            priority=triage.priority,
            reasons=list(triage.reasons),
            gate=triage.gate,
            authority=triage.authority,
            sentiment=triage.sentiment,
            themes=list(triage.themes),
            similar=triage.similar,
            similar_reason=triage.similar_reason,
        )


class FixOut(Out):
    """A safe edit: replace these code points by the text."""

    start: int = Field(description="First code point.", examples=[0])
    end: int = Field(description="Code point after the last.", examples=[35])
    text: str = Field(description="What to put there.", examples=["I'm sorry."])


class FindingOut(Out):
    """One thing that a check noticed, and the words that it points at."""

    check: str = Field(description="The check's id.", examples=["hollow_apology"])
    rule: str = Field(description="The wording rule's id, or the check's.", examples=["any-inconvenience"])
    severity: Literal["note", "warn", "block"] = Field(description="A block keeps from ready.", examples=["block"])
    start: int = Field(description="First code point of the words.", examples=[0])
    end: int = Field(description="Code point after the last; equal where something is missing.", examples=[35])
    quote: str = Field(description="The words.", examples=["We apologise for any inconvenience"])
    message: str = Field(
        description="What is wrong, and what to do.", examples=["Say what went wrong instead of any inconvenience."]
    )
    fix: FixOut | None = Field(description="A safe edit, where there is one.", examples=[None])

    @classmethod
    def of(cls, finding: domain.Finding) -> FindingOut:
        """The finding on the wire."""
        fix = finding.fix
        return cls(
            check=finding.check,
            rule=finding.rule or finding.check,
            severity=finding.severity.name.lower(),
            start=finding.span.start,
            end=finding.span.end,
            quote=finding.quote,
            message=finding.message,
            fix=FixOut(start=fix.span.start, end=fix.span.end, text=fix.text) if fix else None,
        )


class CheckResultOut(Out):
    """What one check said."""

    check: str = Field(description="The check's id.", examples=["apology_first"])
    outcome: domain.Outcome = Field(description="`not_run` is never a pass.", examples=["passed"])
    reason: str | None = Field(description="Why it did not run.", examples=[None])

    @classmethod
    def of(cls, result: domain.CheckResult) -> CheckResultOut:
        """The result on the wire."""
        return cls(check=result.check, outcome=result.outcome, reason=result.reason)


class ReasonOut(Out):
    """Words that a score rests on."""

    start: int = Field(description="First code point.", examples=[0])
    end: int = Field(description="Code point after the last.", examples=[9])
    reason: str = Field(description="What they show.", examples=["an apology in the first person"])


class ScoreOut(Out):
    """0-1 with its evidence, or null when it cannot be told."""

    value: float | None = Field(description="0-1; null: cannot tell.", examples=[0.8])
    why: list[ReasonOut] = Field(description="The words that it rests on.")

    @classmethod
    def of(cls, score: domain.Score) -> ScoreOut:
        """The score on the wire."""
        why = [ReasonOut(start=r.span.start, end=r.span.end, reason=r.reason) for r in score.why]
        return cls(value=score.value, why=why)


class ScoresOut(Out):
    """How good the text is, apart from what it must not do."""

    empathy: ScoreOut = Field(description="Whether it owns the problem and names the feeling.")
    specificity: ScoreOut = Field(description="Whether it is about this person's problem.")
    plainness: ScoreOut = Field(description="Whether a person speaks, not an institution.")

    @classmethod
    def of(cls, scores: domain.Scores) -> ScoresOut:
        """The scores on the wire."""
        return cls(
            empathy=ScoreOut.of(scores.empathy),
            specificity=ScoreOut.of(scores.specificity),
            plainness=ScoreOut.of(scores.plainness),
        )


class CommitmentOut(Out):
    """Something that the text binds the brand to."""

    kind: str = Field(description="refund, replacement, credit, reply, check, action, done ...", examples=["refund"])
    text: str = Field(description="The words that bind.", examples=["I'll refund your delivery fee"])
    start: int = Field(description="First code point.", examples=[48])
    end: int = Field(description="Code point after the last.", examples=[77])
    amount: MoneyOut | None = Field(description="How much.", examples=[None])
    due_at: datetime | None = Field(description="Until when.", examples=[None])
    allowed_by: str | None = Field(
        description="The offer's id, `promise_limits` or `actions`; null: nothing allows it.",
        examples=["refund-shipping"],
    )

    @classmethod
    def of(cls, commitment: domain.Commitment) -> CommitmentOut:
        """The commitment on the wire."""
        return cls(
            kind=commitment.kind,
            text=commitment.text,
            start=commitment.span.start,
            end=commitment.span.end,
            amount=MoneyOut.of(commitment.amount) if commitment.amount else None,
            due_at=commitment.due_at,
            allowed_by=commitment.allowed_by,
        )


class FactOut(Out):
    """One concrete fact that the text states, and where it comes from."""

    kind: str = Field(
        description="amount, percent, duration, date, weekday, time, count, number, identifier, flight, link, email, "
        "phone, card, iban, address, postcode, person or name.",
        examples=["amount"],
    )
    text: str = Field(description="The words that state it.", examples=["£35.50"])
    start: int = Field(description="First code point.", examples=[12])
    end: int = Field(description="Code point after the last.", examples=[18])
    source: str | None = Field(
        description="The path of what proves it in what was sent (`complaint.text`, `complaint.thread[1].text`, "
        "`customer.history[0].text`, `actions[0]`, `notes`, `incidents[0]`, `brand.facts[2]`, "
        "`brand.policy.offers[refund-bag-fee]`, `complaint.posted_at` ...), `derived` when it follows from several, "
        "`promise` when it is judged as one; null: nothing supports it.",
        examples=["derived"],
    )
    sources: list[str] = Field(
        description="What a derived fact was made of: the parts of a sum, a difference or a count.",
        examples=[["complaint.text", "actions[0]"]],
    )

    @classmethod
    def of(cls, fact: domain.StatedFact) -> FactOut:
        """The fact on the wire."""
        return cls(
            kind=fact.kind,
            text=fact.text,
            start=fact.span.start,
            end=fact.span.end,
            source=fact.source,
            sources=list(fact.sources),
        )


class SlotOut(Out):
    """A fact that a human must add before the draft can be sent."""

    slot: str = Field(description="The text says `{{slot}}` where it belongs.", examples=["booking_number"])
    question: str = Field(description="What to ask or to look up.", examples=["What is the booking number?"])


class DraftOut(Out):
    """A draft is begun; its text follows in sentences. With an id that was there before, it takes that one's place."""

    id: str = Field(description="Stable within the reply.", examples=["d1"])
    model: str = Field(description="What writes it.", examples=["builtin/composer"])

    @classmethod
    def of(cls, begun: Drafted) -> DraftOut:
        """The beginning of a draft on the wire."""
        return cls(id=begun.draft_id, model=begun.model)


class SentenceOut(Out):
    """A sentence of a draft that was checked together with all that stands before it."""

    id: str = Field(description="The draft's id.", examples=["d1"])
    text: str = Field(description="The draft up to the end of this sentence.", examples=[SAMPLE])
    start: int = Field(description="First code point of this sentence.", examples=[0])
    end: int = Field(description="Code point after its last.", examples=[len(SAMPLE)])

    @classmethod
    def of(cls, sentence: Sentence) -> SentenceOut:
        """The sentence on the wire."""
        return cls(id=sentence.draft_id, text=sentence.text, start=sentence.span.start, end=sentence.span.end)


class CheckedDraftOut(Out):
    """A draft with everything that is known of it."""

    id: str = Field(description="Stable within the reply.", examples=["d1"])
    text: str = Field(description="The draft.", examples=[SAMPLE])
    angle: domain.Angle = Field(description="What it leads with.", examples=["put_right"])
    ready: bool = Field(description="Whether it may be offered for sending.", examples=[True])
    model: str = Field(description="What wrote it.", examples=["builtin/composer"])
    repaired: int = Field(description="How often it was changed after it was written.", examples=[0])
    checks: list[CheckResultOut] = Field(description="What each check said.")
    findings: list[FindingOut] = Field(description="All findings, in the order of the text.")
    scores: ScoresOut = Field(description="How good it is.")
    commitments: list[CommitmentOut] = Field(description="What it binds the brand to.")
    facts: list[FactOut] = Field(description="The concrete facts that it states, each with where it comes from.")
    needs_fill: list[SlotOut] = Field(description="Facts that a human must add.")

    @classmethod
    def of(cls, checked: domain.CheckedDraft) -> CheckedDraftOut:
        """The checked draft on the wire."""
        draft = checked.draft
        return cls(
            id=draft.id,
            text=draft.text,
            angle=draft.angle,
            ready=checked.ready,
            model=draft.model,
            repaired=draft.repaired,
            checks=[CheckResultOut.of(result) for result in checked.results],
            findings=[FindingOut.of(finding) for finding in checked.findings],
            scores=ScoresOut.of(checked.scores),
            commitments=[CommitmentOut.of(commitment) for commitment in checked.commitments],
            facts=[FactOut.of(fact) for fact in checked.facts],
            needs_fill=[SlotOut(slot=slot.slot, question=slot.question) for slot in draft.needs_fill],
        )


class UsageOut(Out):
    """What writing the drafts, and judging them, cost."""

    input_tokens: int = Field(description="Tokens read by models.", examples=[0])
    output_tokens: int = Field(description="Tokens written by models.", examples=[0])
    cost: float | None = Field(description="US dollars; null: the price is not known.", examples=[None])
    seconds: float = Field(description="Time that the models took.", examples=[0.01])

    @classmethod
    def of(cls, usage: domain.Usage) -> UsageOut:
        """The cost on the wire."""
        return cls(
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cost=usage.cost,
            seconds=round(usage.seconds, 4),
        )


class AuditOut(Out):
    """Digests that tell later what the reply was made from."""

    prompt: str = Field(description="Digest of the rendered prompt.", examples=["sha256:9f2c"])
    brand: str = Field(description="Digest of the brand's guide.", examples=["sha256:41d0"])
    rules: str = Field(description="Digest of the wording rules.", examples=["sha256:77aa"])
    masked: dict[str, int] = Field(
        description="Kind of personal data: how many pieces were kept from the model.", examples=[{"email": 1}]
    )


class ReplyOut(Out):
    """Ranked, checked drafts, the best first."""

    id: str = Field(description="The reply's id; the audit record has the same.", examples=["0d9f6c1e"])
    degraded: bool = Field(description="Whether another writer than the one asked for wrote.", examples=[False])
    reason: str | None = Field(description="Why it is degraded, or why no draft is ready.", examples=[None])
    triage: TriageOut = Field(description="How urgent the complaint is.")
    drafts: list[CheckedDraftOut] = Field(description="The drafts, best first.")
    usage: UsageOut = Field(description="What it cost.")
    audit: AuditOut = Field(description="What it was made from.")

    @classmethod
    def of(cls, reply: domain.Reply) -> ReplyOut:
        """The reply on the wire."""
        return cls(
            id=reply.id,
            degraded=reply.degraded,
            reason=reply.reason,
            triage=TriageOut.of(reply.triage),
            drafts=[CheckedDraftOut.of(draft) for draft in reply.drafts],
            usage=UsageOut.of(reply.usage),
            audit=AuditOut(
                prompt=reply.audit.prompt,
                brand=reply.audit.brand,
                rules=reply.audit.rules,
                masked=dict(reply.audit.masked),
            ),
        )


class CheckedOut(Out):
    """What the checks say of a text."""

    ready: bool = Field(description="Whether the text may be sent.", examples=[False])
    checks: list[CheckResultOut] = Field(description="What each check said.")
    findings: list[FindingOut] = Field(description="All findings, in the order of the text.")
    scores: ScoresOut = Field(description="How good it is.")
    commitments: list[CommitmentOut] = Field(description="What it binds the brand to.")
    facts: list[FactOut] = Field(description="The concrete facts that it states, each with where it comes from.")
    fixed_text: str | None = Field(
        description="The text after all safe edits; null when there is none to make. Whether it may be sent says "
        "`fixed_ready`, not `ready`.",
        examples=[None],
    )
    fixed_ready: bool | None = Field(
        description="Whether `fixed_text` may be sent, after the same checks as the text; a judge that was asked has "
        "heard it as well. Null when there is none.",
        examples=[None],
    )

    @classmethod
    def of(cls, checked: domain.CheckedDraft, fixed: domain.CheckedDraft) -> CheckedOut:
        """The verdict on the wire."""
        edited = fixed.draft.text != checked.draft.text
        return cls(
            ready=checked.ready,
            checks=[CheckResultOut.of(result) for result in checked.results],
            findings=[FindingOut.of(finding) for finding in checked.findings],
            scores=ScoresOut.of(checked.scores),
            commitments=[CommitmentOut.of(commitment) for commitment in checked.commitments],
            facts=[FactOut.of(fact) for fact in checked.facts],
            fixed_text=fixed.draft.text if edited else None,
            fixed_ready=fixed.ready if edited else None,
        )


class JudgedOut(CheckedOut):
    """What the checks and the judge of tone say of a text."""

    usage: UsageOut = Field(description="What the judge cost.")

    @classmethod
    def with_cost(cls, checked: CheckedOut, usage: domain.Usage) -> JudgedOut:
        """The same verdict with what the judge cost."""
        return cls(**dict(checked), usage=UsageOut.of(usage))


class BrandOut(Out):
    """A brand that replies can be drafted for."""

    id: str = Field(description="Its id.", examples=["harbour-air"])
    name: str = Field(description="The name that customers know.", examples=["Harbour Air"])


class BrandsOut(Out):
    """The known brands."""

    brands: list[BrandOut] = Field(description="In the order of their ids.")


class RuleOut(Out):
    """One wording rule of a check."""

    id: str = Field(description="Stable id.", examples=["corporate_speak/kindly"])
    message: str = Field(description="What a finding of it says.", examples=["Say “please” or nothing."])
    why: str = Field(description="Where it comes from.", examples=["House style"])
    flagged: list[str] = Field(description="Some texts that it finds.", examples=[["Kindly send the number."]])
    passed: list[str] = Field(description="Some texts that it leaves alone.", examples=[["Please send the number."]])

    @classmethod
    def of(cls, rule: Rule) -> RuleOut:
        """The rule on the wire, with its last examples, which read most like drafts."""
        return cls(
            id=f"{rule.check}/{rule.id}",
            message=rule.message,
            why=rule.why,
            flagged=list(rule.flagged[-SHOWN:]),
            passed=list(rule.passed[-SHOWN:]),
        )


SHOWN = 3
"""So many examples of a rule are enough to see what it means."""


class DefinitionOut(Out):
    """What one check looks for."""

    id: str = Field(description="Stable id.", examples=["only_one"])
    severity: Literal["note", "warn", "block"] = Field(
        description="Unless the brand says otherwise.", examples=["block"]
    )
    definition: str = Field(description="When it fires.", examples=["The customer is told to be alone."])
    reason: str = Field(description="Why that harms a reply.", examples=["Being the only one helps nobody."])
    source: str = Field(description="Where it comes from.", examples=["House style"])
    fires: list[str] = Field(description="Texts that it fires on.", examples=[["This is an isolated incident."]])
    passes: list[str] = Field(description="Texts that it leaves alone.", examples=[["You're not the only one."]])
    rules: list[RuleOut] = Field(description="Its wording rules in English; empty for a check that is not about words.")

    @classmethod
    def of(cls, check: str, definition: Definition, rules: Iterable[Rule] = ()) -> DefinitionOut:
        """The definition on the wire."""
        return cls(
            id=check,
            severity=definition.severity.name.lower(),
            definition=definition.definition,
            reason=definition.reason,
            source=definition.source,
            fires=list(definition.fires),
            passes=list(definition.passes),
            rules=[RuleOut.of(rule) for rule in rules],
        )


class DefinitionsOut(Out):
    """Every check."""

    checks: list[DefinitionOut] = Field(description="In the order in which they run.")


class HealthOut(Out):
    """Whether the process lives."""

    status: Literal["ok"] = Field(description="Always ok.", examples=["ok"])
    version: str = Field(description="The release.", examples=["0.1.0"])


class ReadyOut(Out):
    """Whether the service can answer, and what is missing."""

    ready: bool = Field(description="Whether it can answer.", examples=[True])
    missing: list[str] = Field(description="What it waits for.", examples=[["model loading"]])
