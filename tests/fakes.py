"""Stand-ins for what is outside: they say what they were told, and remember what they were asked."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from service.composer import Composer
from service.domain import Angle, Beginning, Brand, Draft, Prompt, Tone, Usage, Verdict
from service.drafting import Desk
from service.errors import ModelError
from service.judge import Judge, probes
from service.model import Fallbacks, Model
from service.prompt import Prompts
from service.sentences import sentences
from tests.examples import BRAND

PROBES = frozenset(probes())
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


class FakeJudge(FakeModel):
    """A judge with an ear: texts that hold a key of ``hears`` get its verdict, with the key as the quote.

    Probes are heard as cold unless it is ``deaf``, and quoted whole or as ``probe`` says; everything else is fine. An
    error is what it fails with.
    """

    def __init__(
        self,
        hears: Mapping[str, str] | None = None,
        *,
        error: ModelError | None = None,
        deaf: bool = False,
        probe: str | None = None,
        silent: bool = False,
        name: str = "fake/judge",
    ) -> None:
        super().__init__([], name=name)
        self.hears = hears or {}
        self.error = error
        self.deaf = deaf
        self.probe = probe
        self.silent = silent

    async def verdicts(self, prompt: Prompt) -> AsyncIterator[Verdict | Usage]:
        """Say how each text sounds."""
        self.asked.append(prompt)
        if self.silent:
            await asyncio.Event().wait()
        if self.error is not None:
            raise self.error
        for label, text in texts_of(prompt.user).items():
            words, tone = next(((words, tone) for words, tone in self.hears.items() if words in text), ("", "fine"))
            if text in PROBES and not self.deaf:
                words, tone = text if self.probe is None else self.probe, "cold"
            yield Verdict(draft=label, tone=Tone(tone), quote=words)
        yield Usage(model=self.name, input_tokens=100, output_tokens=10, cost=0.01, seconds=0.5)


def texts_of(user: str) -> dict[str, str]:
    """What a prompt asks to judge: label → text."""
    return dict(re.findall(r"with the label (\w+):\n<reply_to_judge>\n(.*?)\n</reply_to_judge>", user, re.DOTALL))


def judge_of(*models: Model, deadline: float = 10.0) -> Judge:
    """A judge over the given models, which must give verdicts."""
    marks = (f"mark{number}" for number in itertools.count(1))
    return Judge(models=Fallbacks(models, deadline=deadline), prompts=Prompts(), new_mark=lambda: next(marks))


def desk_with(
    *models: Model,
    brands: Mapping[str, Brand] | None = None,
    composer: bool = True,
    judge: Judge | None = None,
) -> Desk:
    """A desk over the given models, the composer last."""
    writers = [*models, Composer()] if composer else list(models)
    return Desk(
        models=Fallbacks(writers, deadline=10.0),
        prompts=Prompts(),
        brands=brands or {BRAND.id: BRAND},
        clock=lambda: NOW,
        new_id=lambda: "reply-1",
        judge=judge,
    )
