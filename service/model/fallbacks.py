"""Models in order: the next one writes what the one before it could not."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, cast

from service.domain import Angle, Beginning, Draft, Usage, Verdict
from service.errors import (
    AnswerUnusable,
    ModelBusy,
    ModelError,
    ModelMisconfigured,
    ModelTimeout,
    ModelUnknown,
    ModelUnreachable,
)
from service.model.breaker import Breaker
from service.model.failures import WHY, failure, why

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from service.domain import Prompt
    from service.model import Judging, Model

BUILTIN = "builtin/"
"""What the names of models begin with that need no provider and cannot be down."""

RESTING = "is resting after repeated failures"

NO_TIME = "was not asked, since no time was left"

LEAST_SHARE = 0.1
"""The share of the deadline that must be left for a model to be asked; less would only make it look slow."""

MODELS_OWN_FAULT = (ModelBusy, ModelTimeout, ModelUnreachable, ModelMisconfigured)
"""Failures that the next request would meet too; the others belong to the one text that was sent."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a judge's prompt came to."""

    verdicts: tuple[Verdict, ...]
    usage: Usage
    trouble: str | None = None
    """Why there is no verdict, with the models' names; a failed check is a value."""


@dataclass
class _Work:
    """What one request has so far."""

    prompt: Prompt
    ends: float
    drafts: list[Draft] = field(default_factory=list)
    usages: list[Usage] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    errors: list[ModelError] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return self.prompt.drafts - len(self.drafts)

    @property
    def angles(self) -> frozenset[Angle]:
        return frozenset(draft.angle for draft in self.drafts)

    def note(self, model: str, why: str, error: ModelError, written: int) -> None:
        after = f" after {written} of {self.prompt.drafts} drafts" if written else ""
        self.troubles.append(f"{model} {why}{after}")
        self.errors.append(error)


class Fallbacks:
    """Asks models in order until all drafts are there, inside one deadline for the whole request."""

    name = "fallbacks"

    def __init__(
        self, models: Sequence[Model], deadline: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``deadline`` is in seconds and binds every model but the built-in ones, which take milliseconds."""
        if not models:
            raise ValueError("fallbacks need at least one model")
        self._models = {model.name: model for model in models}
        self._deadline = deadline
        self._clock = clock
        self._breakers = {name: Breaker(clock) for name in self._models}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all models, in their order."""
        return tuple(self._models)

    @property
    def loaded(self) -> bool:
        """Whether every model has what it needs in memory."""
        return all(getattr(model, "loaded", True) for model in self._models.values())

    def warm(self) -> None:
        """Load what the models need; takes seconds, so call it in a thread."""
        for model in self._models.values():
            if hasattr(model, "warm"):
                model.warm()

    async def aclose(self) -> None:
        """Close what the models hold open."""
        for model in self._models.values():
            if hasattr(model, "aclose"):
                await model.aclose()

    async def drafts(
        self, prompt: Prompt, first: str | None = None, *, spent: float = 0.0
    ) -> AsyncGenerator[Draft | Beginning | Usage, None]:
        """Yield each draft as soon as a model has completed it, and one ``Usage`` at last.

        A draft that grows piece by piece has its beginnings before it; one that is begun and never completed is
        followed by another model's. Closing this stops the work; the last beginning knows what it has cost.

        ``first`` is the model to ask before the others; ``spent`` the seconds of the deadline that an earlier call for
        the same request took. A model that fails halfway keeps its finished drafts, and the next one writes the rest.

        Raises:
            ModelUnknown: ``first`` is not configured.
            ModelError: the last model's, when none of them wrote a draft.

        """
        order = self._order(first)
        started = self._clock()
        work = _Work(prompt, started + self._deadline - spent)

        def so_far(call: Callable[[], Usage]) -> Usage:
            return _totalled([*work.usages, call()], self._clock() - started)

        for place, model in enumerate(order):
            async with aclosing(self._ask(model, work, order[place + 1 :])) as stream:
                async for item in stream:
                    if isinstance(item, Beginning):
                        yield replace(item, spent=partial(so_far, item.spent))
                    else:
                        yield item
            if work.missing <= 0:
                break
        if not work.drafts:
            raise work.errors[-1]
        yield _sum(work, self._clock() - started)

    async def verdicts(self, prompt: Prompt, *, spent: float = 0.0) -> Ruling:
        """The verdicts of the first model that answers usably, inside the same kind of deadline.

        Every model must be a ``Judging`` one. ``spent`` are seconds of the deadline that are gone already.
        """
        started = self._clock()
        work = _Work(prompt, started + self._deadline - spent)
        verdicts: tuple[Verdict, ...] = ()
        for model in self._models.values():
            if not self._admitted(model, work):
                continue
            breaker = self._breakers[model.name]
            try:
                async with asyncio.timeout(max(work.ends - self._clock(), 0.0)):
                    verdicts = await _heard(cast("Judging", model), work)
            except (ModelError, TimeoutError) as caught:
                error = caught if isinstance(caught, ModelError) else failure(ModelTimeout, model.name)
                _tell(breaker, error)
                work.note(model.name, why(error), error, 0)
            else:
                breaker.succeeded()
                break
            finally:
                breaker.left()
        trouble = None if verdicts else ", ".join(work.troubles)
        return Ruling(verdicts, _totalled(work.usages, self._clock() - started), trouble)

    def allows_another(self, spent: float) -> bool:
        """Whether a call that has taken so many seconds leaves enough of the deadline to ask for drafts once more."""
        return spent <= self._deadline / 2

    def require(self, name: str | None) -> None:
        """Make sure that a model asked for by name is there; ``None`` asks for none.

        Raises:
            ModelUnknown: it is not configured.

        """
        if name is not None and name not in self._models:
            raise ModelUnknown(f"no model named {name!r} is configured")

    def _order(self, first: str | None) -> list[Model]:
        self.require(first)
        if first is None:
            return list(self._models.values())
        return [self._models[first], *(model for name, model in self._models.items() if name != first)]

    async def _ask(self, model: Model, work: _Work, later: list[Model]) -> AsyncGenerator[Draft | Beginning, None]:
        """Yield what one model adds; its failure is noted, not raised."""
        breaker = self._breakers[model.name]
        before = len(work.drafts)
        if not self._admitted(model, work):
            return
        try:
            async with aclosing(self._take(model, work, self._first_draft_by(model, work, later))) as stream:
                async for item in stream:
                    yield item
        except ModelError as error:
            _tell(breaker, error)
            if work.missing > 0:
                work.note(model.name, why(error), error, len(work.drafts) - before)
        else:
            breaker.succeeded()
            if work.missing > 0:
                short = AnswerUnusable(f"{model.name} wrote fewer drafts than it was asked for")
                work.note(model.name, WHY[AnswerUnusable], short, len(work.drafts) - before)
        finally:
            breaker.left()

    def _admitted(self, model: Model, work: _Work) -> bool:
        """Tell whether a model may be asked now; why not is noted."""
        breaker = self._breakers[model.name]
        if not model.name.startswith(BUILTIN) and work.ends - self._clock() < LEAST_SHARE * self._deadline:
            work.note(model.name, NO_TIME, ModelTimeout(f"{model.name} {NO_TIME}"), 0)
            return False
        if not breaker.admit():
            rest = breaker.rests_for
            work.note(model.name, RESTING, ModelBusy(f"{model.name} {RESTING}", retry_after=rest), 0)
            return False
        return True

    def _first_draft_by(self, model: Model, work: _Work, later: list[Model]) -> float | None:
        """Tell when the first draft must be there, so that one silent model leaves time for those after it."""
        if model.name.startswith(BUILTIN):
            return None
        sharing = 1 + sum(not other.name.startswith(BUILTIN) for other in later)
        now = self._clock()
        return now + (work.ends - now) / sharing

    async def _take(self, model: Model, work: _Work, first_by: float | None) -> AsyncGenerator[Draft | Beginning, None]:
        """Yield drafts of angles that are still missing, and others when those were not enough.

        Beginnings have no angle yet, so they are passed on only while every angle is welcome.
        """
        spare: list[Draft] = []
        silent = True
        kept = work.angles
        stream = cast("AsyncGenerator[Draft | Beginning | Usage, None]", model.drafts(work.prompt))
        async with aclosing(stream):
            while True:
                ends = None if first_by is None else first_by if silent else work.ends
                item = await self._next(model, stream, ends)
                if item is None:
                    break
                if isinstance(item, Usage):
                    work.usages.append(item)
                elif isinstance(item, Beginning):
                    if work.missing > 0 and not kept:
                        yield item
                elif work.missing > 0 and item.angle not in kept:
                    silent = False
                    work.drafts.append(item)
                    yield item
                else:
                    silent = False
                    spare.append(item)
        for item in spare[: max(work.missing, 0)]:
            work.drafts.append(item)
            yield item

    async def _next(
        self, model: Model, stream: AsyncGenerator[Draft | Beginning | Usage, None], ends: float | None
    ) -> Draft | Beginning | Usage | None:
        left = None if ends is None else max(ends - self._clock(), 0.0)
        try:
            async with asyncio.timeout(left):
                return await anext(stream, None)
        except TimeoutError as error:
            raise ModelTimeout(f"{model.name} did not answer in time") from error


def _tell(breaker: Breaker, error: ModelError) -> None:
    """Let the breaker know of a failure if it was the model's own fault."""
    if isinstance(error, MODELS_OWN_FAULT):
        breaker.failed(rest=error.retry_after)
    else:
        breaker.succeeded()


async def _heard(model: Judging, work: _Work) -> tuple[Verdict, ...]:
    """What one model says; what that cost is noted even when it fails."""
    verdicts: list[Verdict] = []
    async with aclosing(cast("AsyncGenerator[Verdict | Usage, None]", model.verdicts(work.prompt))) as items:
        async for item in items:
            if isinstance(item, Usage):
                work.usages.append(item)
            else:
                verdicts.append(item)
    if not verdicts:
        raise failure(AnswerUnusable, model.name)
    return tuple(verdicts)


def _sum(work: _Work, seconds: float) -> Usage:
    """Add up what all asked models cost, and say who wrote in whose place."""
    writers = tuple(dict.fromkeys(draft.model for draft in work.drafts))
    return replace(_totalled(work.usages, seconds), model=", ".join(writers), degraded=_degraded(work, writers))


def _totalled(usages: Sequence[Usage], seconds: float) -> Usage:
    """Add up what calls cost; one unknown price makes the sum unknown."""
    paid = [usage.cost for usage in usages if usage.cost is not None or not usage.model.startswith(BUILTIN)]
    known = [cost for cost in paid if cost is not None]
    return Usage(
        model=", ".join(dict.fromkeys(usage.model for usage in usages)),
        input_tokens=sum(usage.input_tokens for usage in usages),
        output_tokens=sum(usage.output_tokens for usage in usages),
        cost=sum(known) if paid and len(known) == len(paid) else None,
        seconds=seconds,
    )


def _degraded(work: _Work, writers: tuple[str, ...]) -> str | None:
    if not work.troubles:
        return None
    troubles = ", ".join(work.troubles)
    last = work.drafts[-1].model
    if work.missing > 0:
        return f"{troubles}; fewer drafts were written than asked for."
    by = "the built-in composer" if last.startswith(BUILTIN) else last
    what = "these drafts" if len(writers) == 1 else "the rest"
    return f"{troubles}; {by} wrote {what}."
