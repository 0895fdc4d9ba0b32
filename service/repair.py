"""Mends a draft: safe edits first, then one rewrite; what a change does not clearly improve stays as it was."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Final

from service.domain import CheckedDraft, Commitment, Draft, Finding, Fix, Outcome, Severity
from service.errors import ModelError
from service.facts import Fact, agree, locate

WEIGHTS: Final = {Severity.NOTE: 1, Severity.WARN: 4, Severity.BLOCK: 16}
"""What a finding weighs when two versions of a draft are compared."""

WITNESSES: Final = frozenset({"grounding", "links", "privacy", "promises", "unbacked_action"})
"""The checks that tell whether the context backs what a text says."""

_CLOSERS: Final = {")": "(", "]": "[", "}": "{", "”": "“", "»": "«"}
_ORPHANS: Final = ".,;:!?"
_HANDLES: Final = re.compile(r"(?:@\w+\s+)+")


async def repair(
    checked: CheckedDraft,
    *,
    check: Callable[[Draft], CheckedDraft],
    rewrite: Callable[[CheckedDraft], Awaitable[Draft | None]],
) -> CheckedDraft:
    """Return the draft after safe edits and, where something still blocks it, after one rewrite.

    A change is kept only if the weight of the findings shrinks and no new kind of finding appears; a rewrite must also
    add no fact and no promise that neither the draft had nor the context backs. The very same draft comes back when
    nothing was kept. A rewrite that fails leaves the draft as the edits made it.
    """
    mended = _edited(checked, check)
    if not _worth_rewriting(mended):
        return mended
    try:
        written = await rewrite(mended)
    except ModelError:
        return mended
    if written is None or not written.text.strip() or written.text == mended.draft.text:
        return mended
    known = mended.draft
    tried = check(replace(written, id=known.id, angle=known.angle, repaired=known.repaired + 1))
    return tried if _improves(tried, mended) and not _adds(tried, mended) else mended


def edit(checked: CheckedDraft) -> Draft:
    """Apply the safe fixes of a draft's findings; the very same draft when there is nothing to apply.

    Of fixes that overlap or touch, the leftmost and then the longest is applied. Spaces, capitals and punctuation are
    tidied where an edit was made.
    """
    return _with(checked.draft, [finding.fix for finding in checked.findings if finding.fix is not None])


def _edited(checked: CheckedDraft, check: Callable[[Draft], CheckedDraft]) -> CheckedDraft:
    """All fixes at once if that is an improvement, else those that are one each."""
    draft = edit(checked)
    if draft is checked.draft:
        return checked
    tried = check(draft)
    if _improves(tried, checked):
        return tried
    best = checked
    for finding in reversed(checked.findings):  # from the end, so that the spans before it stay true
        at = _again(finding, best.findings)
        if at is None:
            continue
        tried = check(_with(best.draft, [at]))
        if tried.draft is not best.draft and _improves(tried, best):
            best = tried
    return best


def _again(finding: Finding, findings: Iterable[Finding]) -> Fix | None:
    """The same finding's fix in the latest version of the text."""
    same = (f for f in findings if (f.check, f.rule, f.span) == (finding.check, finding.rule, finding.span))
    return next((f.fix for f in same if f.fix is not None), None)


def _with(draft: Draft, fixes: Iterable[Fix]) -> Draft:
    text = draft.text
    chosen: list[Fix] = []
    for fix in sorted(fixes, key=lambda fix: (fix.span.start, -fix.span.end)):
        apart = not chosen or chosen[-1].span.end < fix.span.start
        if apart and fix.span.end <= len(text) and _unpaired(fix.span.of(text)) == _unpaired(fix.text):
            chosen.append(fix)
    edited = text
    for fix in reversed(chosen):
        edited = _joined(edited[: fix.span.start], fix.text, edited[fix.span.end :], fix.span.of(text))
    if edited == text or not re.search(r"\w", edited):
        return draft
    edited = re.sub(r"(?<=\S)[ \t]{2,}(?=\S)", " ", edited).strip()
    return replace(draft, text=edited, repaired=draft.repaired + 1)


def _joined(before: str, new: str, after: str, old: str) -> str:
    """Put a text together around an edit so that no space, capital or stop betrays it."""
    if not new.strip():
        new = ""
        stop = after.lstrip(" ")[:1]
        left = before.rstrip(" ")
        if stop and stop in _ORPHANS:
            after = after.lstrip(" ")
            if not left or left[-1] in _ORPHANS or left[-1] == "\n":
                after = after.lstrip(_ORPHANS).lstrip(" ")
                before = left + (" " if left and left[-1] != "\n" else "")
            else:
                before = left
        elif left != before or not before or before.endswith("\n"):
            after = after.lstrip(" ")
        if not after.strip(" "):
            before, after = before.rstrip(" ,;:"), ""
    follows = new + after
    if follows and (_begins(before) or (old[:1].isupper() and old[:2] not in ("I ", "I'"))):
        follows = _capital(follows)
    return before + follows


def _begins(before: str) -> bool:
    """Whether what follows these words begins a sentence."""
    said = before.rstrip()
    space = before[len(said) :]
    ended = bool(space) and said.rstrip("\"'”’)").endswith((".", "!", "?", "…"))
    return not said or "\n" in space or ended or _HANDLES.fullmatch(before) is not None


def _capital(text: str) -> str:
    """Upper case for the first letter, unless the word is a link, a handle or spelt its own way ("iPhone")."""
    word = re.match(r"[^\W\d_]+", text)
    if word is None or not word[0].islower() or re.match(r"\w+(?:\.\w|://|@)|\w+[A-Z]", text):
        return text
    return text[0].upper() + text[1:]


def _unpaired(text: str) -> tuple[tuple[str, ...], int]:
    """The brackets and quotes that a piece of text opens or closes alone."""
    open_: list[str] = []
    for sign in text:
        if sign in _CLOSERS.values() or (sign in _CLOSERS and (not open_ or open_[-1] != _CLOSERS[sign])):
            open_.append(sign)
        elif sign in _CLOSERS:
            open_.pop()
    return tuple(open_), text.count('"') % 2


# What makes a change an improvement


def _improves(new: CheckedDraft, old: CheckedDraft) -> bool:
    return _weight(new) < _weight(old) and _kinds(new) <= _kinds(old)


def _weight(checked: CheckedDraft) -> int:
    unseen = sum(WEIGHTS[r.severity] for r in checked.results if r.outcome is Outcome.NOT_RUN)
    return unseen + sum(WEIGHTS[finding.severity] for finding in checked.findings)


def _kinds(checked: CheckedDraft) -> frozenset[tuple[str, str]]:
    """What is wrong with a draft, as (check, rule); a check that did not run is a kind of its own."""
    unseen = {(r.check, "not_run") for r in checked.results if r.outcome is Outcome.NOT_RUN}
    return frozenset(unseen | {(finding.check, finding.rule) for finding in checked.findings})


def _worth_rewriting(checked: CheckedDraft) -> bool:
    """Whether something blocks that other words could mend; an open slot waits for a human."""
    blocking = [r for r in checked.results if r.blocks]
    if checked.draft.needs_fill:
        blocking = [r for r in blocking if r.check != "leftovers"]
    return bool(blocking)


def _adds(new: CheckedDraft, old: CheckedDraft) -> bool:
    """Whether a text says or promises something that the old one did not and the context does not back."""
    known = locate(old.draft.text)
    facts = [fact for fact in locate(new.draft.text) if not any(agree(fact, other) for other in known)]
    promised = {_promise(commitment) for commitment in old.commitments}
    if any(c.allowed_by is None and _promise(c) not in promised for c in new.commitments):
        return True
    blind = any(r.check in WITNESSES and r.outcome is Outcome.NOT_RUN for r in new.results)
    return bool(facts) and (blind or any(_doubted(fact, new) for fact in facts))


def _promise(commitment: Commitment) -> tuple[object, ...]:
    return commitment.kind, commitment.amount, commitment.due_at


def _doubted(fact: Fact, checked: CheckedDraft) -> bool:
    return any(f.check in WITNESSES and f.span.overlaps(fact.span) for f in checked.findings)
