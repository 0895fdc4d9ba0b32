"""Stand-ins for what is outside: they say what they were told, and remember what they were asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from service.composer import Composer
from service.domain import Angle, Beginning, Brand, Draft, Prompt, Usage
from service.drafting import Desk
from service.errors import ModelError
from service.model import Fallbacks, Model
from service.phrases import sentences
from service.prompt import Prompts
from tests.examples import BRAND

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class FakeModel:
    """A model that gives the drafts it was told to, one list a call, or fails with the error it was told to.

    A ``Beginning`` in a list comes as it is; an error in a list is raised where it stands.
    """

    def __init__(self, *answers: list[Any] | ModelError, name: str = "fake/model") -> None:
        self.name = name
        self.answers = list(answers)
        self.asked: list[Prompt] = []
        self.closed = 0

    async def drafts(self, prompt: Prompt) -> AsyncIterator[Draft | Beginning | Usage]:
        """Give the next answer; the last one again when there is no next."""
        self.asked.append(prompt)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        try:
            if isinstance(answer, ModelError):
                raise answer
            left = prompt.drafts
            for item in answer:
                if isinstance(item, ModelError):
                    raise item
                if left and isinstance(item, Beginning):
                    yield replace(
                        item, model=self.name, spent=lambda: Usage(model=self.name, output_tokens=7, cost=0.5)
                    )
                elif left:
                    yield item if isinstance(item, Draft) else Draft(text=item, angle=Angle.OWN, model=self.name)
                    left -= 1
            yield Usage(model=self.name, input_tokens=10, output_tokens=20, cost=0.001, seconds=0.5)
        finally:
            self.closed += 1


def growing(text: str) -> list[Any]:
    """A draft as it comes in pieces: its beginnings by whole sentences, then the draft."""
    return [Beginning(text=""), *(Beginning(text=text[: span.end]) for span in sentences(text)[:-1]), text]


def desk_with(*models: Model, brands: Mapping[str, Brand] | None = None, composer: bool = True) -> Desk:
    """A desk over the given models, the composer last."""
    writers = [*models, Composer()] if composer else list(models)
    return Desk(
        models=Fallbacks(writers, deadline=10.0),
        prompts=Prompts(),
        brands=brands or {BRAND.id: BRAND},
        clock=lambda: NOW,
        new_id=lambda: "reply-1",
    )
