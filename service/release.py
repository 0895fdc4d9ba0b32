"""What of a draft may be shown before it is finished: whole sentences, the opening first, and nothing unchecked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.checks.beginning import safe_until
from service.domain import CheckedDraft, CheckResult, Span
from service.sentences import sentences


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a draft, checked together with all that stands before it."""

    draft_id: str
    text: str
    """The draft from its opening to the end of this sentence."""
    span: Span
    """Where this sentence stands in the text."""


class Release:
    """One draft on its way out."""

    def __init__(self, draft_id: str, model: str) -> None:
        self.draft_id = draft_id
        self.model = model
        self.text = ""
        """All that was released."""

    def goes_on_with(self, text: str, model: str) -> bool:
        """Whether this is the same draft, grown, and not another one in its place."""
        return model == self.model and text.startswith(self.text)

    def next_of(self, text: str, results: Iterable[CheckResult]) -> Iterator[Sentence]:
        """Release the sentences of a text, up to the first that holds a blocking finding of its checks' ``results``."""
        safe = safe_until(results)
        for span in sentences(text):
            if safe is not None and span.end > safe:
                return
            if span.end > len(self.text):
                self.text = text[: span.end]
                yield Sentence(self.draft_id, self.text, span)


def sentences_of(checked: CheckedDraft) -> Iterator[Sentence]:
    """What may be shown of a whole draft whose results are all there."""
    return Release(checked.draft.id, checked.draft.model).next_of(checked.draft.text, checked.results)
