"""The parts of a complaint: what happened and what is asked, with the things they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from service.domain import Span


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that the complaint says, in our words to the customer, and where it says it."""

    kind: Literal["happened", "trying", "question", "request"]
    text: str
    """Reads after "I'm sorry that": "your second bag didn't arrive"."""
    span: Span
    weight: int
    topic: str = ""
    """The thing that it is about: "your second bag"; empty when none is sure."""
    should: str = ""
    """What ought to have been: "your second bag should have arrived"; empty when it cannot be said surely."""
    bare: str = ""
    """Of a question or request, what is asked by itself: "how to combine your accounts"."""
