"""The flow from a complaint to a ranked reply; nothing else does it.

complaint → triage → context → (mask) → prompt → model → drafts → (unmask) → checks → (repair) → scores → (judge)
→ rank → reply
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from service.checks import Evidence, View, attempt, rules_digest, run_checks
from service.checks.beginning import ON_A_BEGINNING, OPENING, past_mending
from service.checks.promises import commitments
from service.composer import Composer
from service.context import gather, has_words
from service.domain import (
    Audit,
    Beginning,
    Brand,
    Brief,
    CheckedDraft,
    Context,
    Draft,
    Finding,
    Reason,
    Reply,
    Rewrite,
    Score,
    Scores,
    Severity,
    StatedFact,
    Triage,
    Usage,
)
from service.errors import AmendsError, BrandNotFound, ComplaintEmpty, ModelUnknown
from service.judge import Judge, severity_of, unheard, unjudged, waiting
from service.model import Fallbacks
from service.privacy import Vault, mask
from service.prompt import Prompts
from service.rank import rank
from service.release import Release, sentences_of
from service.release import Sentence as Sentence
from service.repair import repair
from service.scores import Material, score
from service.triage import triage
from service.writing import total, written


@dataclass(frozen=True, slots=True)
class Triaged:
    """How urgent the complaint is, before a word is written."""

    triage: Triage


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft is begun, before any of its text is checked; with the id of an earlier one, it stands in its place."""

    draft_id: str
    model: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft with its findings and scores."""

    draft: CheckedDraft


@dataclass(frozen=True, slots=True)
class Judged:
    """The same draft with what the judge says of its tone; without a judge there is none."""

    draft: CheckedDraft


@dataclass(frozen=True, slots=True)
class Repaired:
    """The same draft after safe edits or a rewrite, checked anew."""

    draft: CheckedDraft


@dataclass(frozen=True, slots=True)
class Replied:
    """The ranked reply; always the last event unless the desk failed."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Failed:
    """The desk could not answer; always the last event."""

    error: AmendsError


UNSCORED = Scores(empathy=Score(None), specificity=Score(None), plainness=Score(None))
"""The scores of a draft that could not be read."""

Event = Triaged | Drafted | Sentence | Checked | Judged | Repaired | Replied | Failed


class Desk:
    """Drafts replies: the one path that page, API, command line, jobs and evals share."""

    def __init__(
        self,
        *,
        models: Fallbacks,
        prompts: Prompts,
        brands: Mapping[str, Brand],
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        record: Callable[[Context, Reply], Awaitable[None]] | None = None,
        judge: Judge | None = None,
    ) -> None:
        self.models = models
        self.judge = judge
        self.prompts = prompts
        self.brands = brands
        self._clock = clock
        self._new_id = new_id
        self._record = record

    async def reply_to(self, brief: Brief) -> Reply:
        """Draft, check, repair and rank a reply to one complaint.

        Raises:
            AmendsError: what ``events`` reports as ``Failed``.
        """
        async with aclosing(self.events(brief, sentences=False)) as events:
            async for event in events:
                if isinstance(event, Failed):
                    raise event.error
                if isinstance(event, Replied):
                    return event.reply
        raise AssertionError("events() ends with Replied or Failed")  # pragma: no cover - held by its tests

    async def events(self, brief: Brief, *, sentences: bool = True) -> AsyncGenerator[Event, None]:
        """The same, event by event; ends with one ``Replied`` or one ``Failed``.

        ``sentences=False`` is for those who wait for the reply: nothing is released before its draft is whole, which
        spares the checks of what is still being written. Where a judge's word can block, nothing is released before it.
        """
        try:
            async with aclosing(self._events(brief, sentences)) as events:
                async for event in events:
                    yield event
        except AmendsError as exc:
            yield Failed(exc)

    async def _events(self, brief: Brief, sentences: bool) -> AsyncGenerator[Event]:
        context = self._context(brief)
        if not has_words(context.complaint.text):
            raise ComplaintEmpty("The complaint holds no words. Send what the customer wrote.")
        self.models.require(brief.model)
        assessed = triage(context)
        context = replace(context, gate=assessed.gate)
        yield Triaged(assessed)

        masked, vault = mask(context)
        prompt = self.prompts.render("rewrite" if brief.rewrite else "draft", masked, drafts=brief.drafts)
        context = replace(context, guarded=self.prompts.guarded(prompt))
        evidence = Evidence.of(context)
        plain = partial(self._check, context=context, evidence=evidence)
        check = partial(plain, judged=self.judge is not None)  # a draft that was not heard yet must not look ready
        waits = self.judge is not None and severity_of(context) is Severity.BLOCK
        # A gated complaint gets the built-in holding reply: no model may improvise on it.
        writer = Composer.name if assessed.gate else brief.model
        drafts: list[CheckedDraft] = []
        usage = Usage()
        release: Release | None = None
        writing = written(
            prompt,
            models=self.models,
            prompts=self.prompts,
            vault=vault,
            first=writer,
            faults=partial(_faults, evidence),
        )
        async with aclosing(writing) as items:
            async for item in items:
                if isinstance(item, Usage):
                    usage = item
                    continue
                if release is None or not release.goes_on_with(item.text, item.model):
                    release = Release(f"d{len(drafts) + 1}", item.model)
                    yield Drafted(release.draft_id, release.model)
                if isinstance(item, Beginning):
                    for sentence in _released(release, item.text, evidence) if sentences and not waits else ():
                        yield sentence
                    continue
                draft = replace(item, id=release.draft_id)
                checked = check(draft, siblings=tuple(d.draft.text for d in drafts))
                for sentence in release.next_of(draft.text, checked.results):
                    yield sentence
                release = None
                yield Checked(checked)
                edited = await repair(checked, check=check, rewrite=_no_rewrite)
                if edited is not checked:
                    yield Repaired(edited)
                drafts.append(edited)

        heard, judging = await self._heard(drafts, masked, vault)
        for before, after in zip(drafts, heard, strict=True):
            if after is not before:
                for sentence in sentences_of(after) if waits else ():
                    yield sentence
                yield Judged(after)
        ranked = rank(heard)
        if not ranked[0].ready and not assessed.gate and not unheard(ranked[0]):
            best = unjudged(ranked[0])
            mended, cost = await self._rewritten(best, masked, vault, plain, brief.model, usage.seconds)
            usage = total(usage, cost)
            if mended is not best:
                (mended,), again = await self._heard([mended], masked, vault, judging.seconds)
                judging = total(judging, again)
                yield Repaired(mended)
                ranked = rank([mended, *ranked[1:]])
        usage = total(usage, judging)
        reply = Reply(
            id=self._new_id(),
            triage=assessed,
            drafts=ranked,
            usage=usage,
            audit=Audit(
                prompt=prompt.digest, brand=context.brand.digest, rules=rules_digest(), masked=dict(vault.counts)
            ),
            reason=_reason(ranked, usage, assessed, context),
        )
        if self._record:
            await self._record(context, reply)
        yield Replied(reply)

    def check(self, text: str, brief: Brief) -> CheckedDraft:
        """What the desk says of any text, human or model, in the light of a brief.

        Raises:
            BrandNotFound: no brand has the brief's id.
        """
        context = self._context(brief)
        return self._check(Draft(text=text), context=context, evidence=Evidence.of(context))

    async def hear(self, texts: Sequence[CheckedDraft], brief: Brief) -> tuple[tuple[CheckedDraft, ...], Usage]:
        """Checked texts with what the judge says of their tone, in one call, and what that cost.

        Raises:
            ModelUnknown: no judge is configured.
            BrandNotFound: no brand has the brief's id.
        """
        if self.judge is None:
            raise ModelUnknown("No judge is configured. Set AMENDS_JUDGE_MODEL, or ask without the judge.")
        masked, vault = mask(self._context(brief))
        return await self._heard(texts, masked, vault)

    async def fix(self, checked: CheckedDraft, brief: Brief) -> CheckedDraft:
        """The text after all safe edits, checked anew; the same draft when nothing can safely be edited."""
        context = self._context(brief)
        check = partial(self._check, context=context, evidence=Evidence.of(context))
        return await repair(checked, check=check, rewrite=_no_rewrite)

    def _context(self, brief: Brief) -> Context:
        brand = brief.brand if isinstance(brief.brand, Brand) else self.brands.get(brief.brand)
        if brand is None:
            raise BrandNotFound(f"No brand has the id {brief.brand!r}. Known: {', '.join(sorted(self.brands))}.")
        return gather(brief, brand, self._clock())

    @property
    def loaded(self) -> bool:
        """Whether every model, the judge's too, has what it needs in memory."""
        return all(models.loaded for models in self._all_models())

    def warm(self) -> None:
        """Load what the models need; takes seconds, so call it in a thread."""
        for models in self._all_models():
            models.warm()

    async def aclose(self) -> None:
        """Close what the models hold open."""
        for models in self._all_models():
            await models.aclose()

    def _all_models(self) -> tuple[Fallbacks, ...]:
        return (self.models,) if self.judge is None else (self.models, self.judge.models)

    async def _heard(
        self, drafts: Sequence[CheckedDraft], masked: Context, vault: Vault, spent: float = 0.0
    ) -> tuple[tuple[CheckedDraft, ...], Usage]:
        """The drafts with the judge's results; as they are where there is no judge."""
        if self.judge is None:
            return tuple(drafts), Usage()
        return await self.judge.hear(drafts, masked, vault, spent=spent)

    @staticmethod
    def _check(
        draft: Draft,
        *,
        context: Context,
        evidence: Evidence,
        siblings: tuple[str, ...] = (),
        judged: bool = False,
    ) -> CheckedDraft:
        """What the rules say of a draft; ``judged`` adds the result of a judge that is still to be asked."""
        seen = replace(context, siblings=siblings) if siblings else context
        view = evidence.view(draft, seen)
        results = run_checks(view)
        if judged:
            results = (*results, waiting(results, severity_of(context)))
        return CheckedDraft(
            draft=draft,
            results=results,
            scores=attempt(lambda: _placed(score(view.text, seen, results, _material(view)), view), UNSCORED),
            commitments=attempt(lambda: commitments(view), ()),
            facts=attempt(lambda: _stated(view), ()),
        )

    async def _rewritten(
        self,
        checked: CheckedDraft,
        masked: Context,
        vault: Vault,
        check: Callable[[Draft], CheckedDraft],
        first: str | None,
        spent: float,
    ) -> tuple[CheckedDraft, Usage]:
        """The draft after one bounded rewrite with its findings in the prompt, and what that cost.

        ``spent`` are the seconds of the models' deadline that are gone already.
        """
        usage = Usage()

        async def rewrite(blocked: CheckedDraft) -> Draft | None:
            nonlocal usage
            findings = tuple(f.message for f in blocked.findings)
            order = Rewrite(text=vault.mask(blocked.draft.text), findings=findings)
            prompt = self.prompts.render("rewrite", replace(masked, rewrite=order), drafts=1)
            better: Draft | None = None
            async with aclosing(self.models.drafts(prompt, first=first, spent=spent)) as items:
                async for item in items:
                    if isinstance(item, Usage):
                        usage = item
                    elif isinstance(item, Draft):
                        better = better or _unmasked(item, vault, blocked.draft.id)
            return better

        return await repair(checked, check=check, rewrite=rewrite), usage


def _stated(view: View) -> tuple[StatedFact, ...]:
    """The facts where they stand in the draft as it was written."""
    if view.smooth.starts is None:
        return view.stated
    return tuple(replace(fact, span=view.written(fact.span)) for fact in view.stated)


def _placed(scores: Scores, view: View) -> Scores:
    """The scores with their evidence where it stands in the draft as it was written."""
    if view.smooth.starts is None:
        return scores

    def placed(given: Score) -> Score:
        return replace(given, why=tuple(Reason(view.written(why.span), why.reason) for why in given.why))

    return Scores(
        empathy=placed(scores.empathy), specificity=placed(scores.specificity), plainness=placed(scores.plainness)
    )


def _material(view: View) -> Material:
    """What the checks have seen, for the scores."""
    return Material(
        folded=view.folded,
        sentences=view.sentences,
        terms=view.terms,
        facts=view.facts,
        topic=view.evidence.named,
        theirs=view.evidence.complaint_facts,
    )


async def _no_rewrite(_checked: CheckedDraft) -> Draft | None:
    """Safe edits only."""
    return None


def _unmasked(draft: Draft, vault: Vault, draft_id: str) -> Draft:
    return replace(draft, id=draft_id, text=vault.unmask(draft.text).strip())


def _faults(evidence: Evidence, text: str) -> tuple[Finding, ...] | None:
    """What is wrong for good with the opening of a draft; ``None`` while it is too early to tell."""
    view = evidence.view(Draft(text=text))
    return past_mending(view, run_checks(view, checks=OPENING))


def _released(release: Release, text: str, evidence: Evidence) -> Iterator[Sentence]:
    """The sentences of a beginning that may be shown now."""
    if len(text) > len(release.text):
        yield from release.next_of(text, run_checks(evidence.view(Draft(text=text)), checks=ON_A_BEGINNING))


def _reason(ranked: tuple[CheckedDraft, ...], usage: Usage, assessed: Triage, context: Context) -> str | None:
    """Why the reply is degraded, is only a holding reply, or has no ready draft: one sentence each."""
    reasons = [usage.degraded]
    if assessed.gate:
        who = assessed.authority or "a named authority"
        reasons.append(f"A matter of {assessed.gate.replace('_', '-')}: {who} must answer; these are holding replies.")
    if usage.model == Composer.name:
        reasons.append(Composer().limits(context.language))
    if silence := unheard(ranked[0]):
        reasons.append(f"No draft is ready to send. {silence}")
    elif not ranked[0].ready:
        reasons.append("No draft is ready to send; the findings say what is in the way.")
    return " ".join(reason for reason in reasons if reason) or None
