"""The judged check: a model hears what the words do not show, in the drafts that the rules pass.

All drafts go in one call: the complaint is read and paid for once, and the answer is there after one wait. Three things
keep a hostile text from talking the judge round: the fences of every prompt; a mark and labels that nobody knew who
wrote the complaint or a draft; and a probe, a reply that no attentive reader calls fine, which stands among the drafts
and must be called bad with words of its own for a quote.

A probe that was heard proves that the judge has read that one text of this very call and can still tell rude from fine:
it stops "call everything fine", and verdicts that were made up unread. It does not prove that the other verdicts are
right: a judge may miss what is finer than a probe, and whoever knows the parts in ``tone.yml`` can ask it to call only
those rude. What the judge did not do or did unusably is ``not_run``, and keeps a draft back like any blocking check.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from service.definitions import severities_for
from service.domain import CheckedDraft, CheckResult, Context, Finding, Outcome, Severity, Span, Tone, Usage, Verdict
from service.folding import fold
from service.model import Fallbacks
from service.privacy import Vault
from service.prompt import Prompts
from service.reading.words import load

TONE = "tone"
"""The check's id."""

READ_IT = "A person must read the draft for its tone before it is sent."
WAITS = f"The judge has not heard this draft yet. {READ_IT}"
BLOCKED = "The judge was not asked, since the rules already keep this draft back."
UNSURE = f"The judge could not tell how this sounds. {READ_IT}"
UNUSABLE = f"The judge gave no usable verdict on this draft. {READ_IT}"
MISQUOTED = f"The judge quoted words that the draft does not hold, so that its verdict does not count. {READ_IT}"
DEAF = f"The judge let a reply pass that is plainly rude, so that none of its verdicts counts. {READ_IT}"
DEAF_QUOTE = (
    f"The judge quoted words that a planted rude reply does not hold, so that none of its verdicts counts. {READ_IT}"
)

_EDGES = " \"'.…,;:!?-[]()"
"""Signs at the ends of a quote that say nothing; judges add and drop them."""


class Judge:
    """Hears drafts, through the same models, retries and deadlines as the writers."""

    def __init__(self, *, models: Fallbacks, prompts: Prompts, new_mark: Callable[[], str]) -> None:
        """``new_mark`` gives a word for each call that cannot be guessed; the models must know how to give verdicts."""
        self.models = models
        self._prompts = prompts
        self._new_mark = new_mark

    async def hear(
        self, drafts: Sequence[CheckedDraft], masked: Context, vault: Vault, *, spent: float = 0.0
    ) -> tuple[tuple[CheckedDraft, ...], Usage]:
        """The drafts in their order with a result of the check, and what that cost.

        A draft that a rule blocks is not shown to the judge, and one that is given twice is shown once; one that had
        the same result already is the very same.
        ``spent`` are the seconds of the judge's deadline that an earlier call for the same request took.
        """
        severity = severity_of(masked)
        heard = {id(draft): draft for draft in drafts if not _stopped(draft.results)}
        results: dict[int, CheckResult] = {}
        usage = Usage()
        if heard:
            texts = [draft.draft.text for draft in heard.values()]
            verdicts, usage = await self._ask(texts, masked, vault, severity, spent)
            results = dict(zip(heard, verdicts, strict=True))
        return tuple(
            _with(draft, results.get(id(draft)) or waiting(draft.results, severity)) for draft in drafts
        ), usage

    async def _ask(
        self, texts: Sequence[str], masked: Context, vault: Vault, severity: Severity, spent: float
    ) -> tuple[list[CheckResult], Usage]:
        mark = self._new_mark()
        labels, probe = _labels(mark, len(texts))
        planted = _probe(mark)
        sent = [vault.mask(text) for text in texts]
        sent.insert(labels.index(probe), planted)
        shown = dict(zip(labels, sent, strict=True))
        prompt = self._prompts.judge("judge/tone", masked, texts=shown, tones=_meanings(), mark=mark)
        ruling = await self.models.verdicts(prompt, spent=spent)
        by_label = {verdict.draft: verdict for verdict in ruling.verdicts}
        why = f"The judge gave no verdict: {ruling.trouble}. {READ_IT}" if ruling.trouble else None
        why = why or _deafness(by_label.get(probe), planted)
        if why is not None:
            return [_not_run(severity, why) for _ in texts], ruling.usage
        own = [by_label.get(label) for label in labels if label != probe]
        results = [_result(verdict, text, vault, severity) for verdict, text in zip(own, texts, strict=True)]
        return results, ruling.usage


def waiting(results: Sequence[CheckResult], severity: Severity) -> CheckResult:
    """The result of a draft that the judge has not heard: never a pass."""
    return _not_run(severity, BLOCKED if _stopped(results) else WAITS)


def severity_of(context: Context) -> Severity:
    """What the check weighs for a brand."""
    return severities_for(context.brand.voice)[TONE]


def unheard(checked: CheckedDraft) -> str | None:
    """Why the judge gave no verdict, where that alone keeps a draft from being ready; no other words would help."""
    tone = next((result for result in checked.results if result.check == TONE), None)
    if tone is None or tone.outcome is not Outcome.NOT_RUN or not tone.blocks or checked.draft.needs_fill:
        return None
    return None if _stopped(checked.results) else tone.reason


def unjudged(checked: CheckedDraft) -> CheckedDraft:
    """The draft without a result of a judge that gave no verdict, for comparing it with others; else the very same."""
    kept = tuple(r for r in checked.results if r.check != TONE or r.outcome is not Outcome.NOT_RUN)
    return checked if len(kept) == len(checked.results) else replace(checked, results=kept)


@cache
def probes() -> tuple[str, ...]:
    """Every reply that may stand among the drafts as the probe."""
    parts = load("tone.yml")["probes"]
    return tuple(f"{beginning} {end}" for beginning in parts["beginnings"] for end in parts["ends"])


def found(quote: str, text: str) -> Span | None:
    """Where quoted words stand in a text; case, white space, the kind of quotation marks and the edges do not count."""
    words = fold(quote).text.strip(_EDGES).split()
    if not words:
        return None
    before = r"(?<!\w)" if re.match(r"\w", words[0]) else ""
    after = r"(?!\w)" if re.search(r"\w$", words[-1]) else ""
    folded = fold(text)
    match = re.search(before + r"\s+".join(map(re.escape, words)) + after, folded.text)
    return folded.span(*match.span()) if match else None


def _stopped(results: Sequence[CheckResult]) -> bool:
    return any(result.blocks for result in results if result.check != TONE)


def _with(checked: CheckedDraft, result: CheckResult) -> CheckedDraft:
    if result in checked.results:
        return checked
    return replace(checked, results=(*(r for r in checked.results if r.check != TONE), result))


def _not_run(severity: Severity, reason: str) -> CheckResult:
    return CheckResult(check=TONE, outcome=Outcome.NOT_RUN, severity=severity, reason=reason)


def _result(verdict: Verdict | None, text: str, vault: Vault, severity: Severity) -> CheckResult:
    if verdict is None:
        return _not_run(severity, UNUSABLE)
    if verdict.tone is Tone.UNSURE:
        return _not_run(severity, UNSURE)
    if verdict.tone is Tone.FINE:
        return CheckResult(check=TONE, outcome=Outcome.PASSED, severity=severity)
    span = found(vault.unmask(verdict.quote), text)
    if span is None:
        return _not_run(severity, MISQUOTED)
    finding = Finding(
        check=TONE,
        rule=verdict.tone.value,
        severity=severity,
        message=load("tone.yml")["verdicts"][verdict.tone.value]["message"],
        span=span,
        quote=span.of(text),
    )
    return CheckResult(check=TONE, outcome=Outcome.FAILED, severity=severity, findings=(finding,))


def _deafness(verdict: Verdict | None, probe: str) -> str | None:
    """Why no verdict counts: the probe was passed, passed over or not made out, or its words were not quoted."""
    if verdict is None or verdict.tone in (Tone.FINE, Tone.UNSURE):
        return DEAF
    return None if found(verdict.quote, probe) else DEAF_QUOTE


def _labels(mark: str, drafts: int) -> tuple[list[str], str]:
    """A label for each draft and for the probe, and which of them is the probe's; nobody can guess either."""
    digests = [hashlib.sha256(f"{mark}\0{number}".encode()).hexdigest() for number in range(drafts + 1)]
    labels = [f"r{digest[:7]}" for digest in digests]  # a letter first: digits alone would come back as a number
    return labels, labels[int(digests[0], 16) % len(labels)]


def _probe(mark: str) -> str:
    known = probes()
    return known[int(hashlib.sha256(f"{mark}\0probe".encode()).hexdigest(), 16) % len(known)]


@cache
def _meanings() -> Mapping[str, str]:
    return {tone.value: load("tone.yml")["verdicts"][tone.value]["means"] for tone in Tone}
