"""Asks the models for drafts and puts the personal data back; one that opens wrong is stopped and asked for anew."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace

from service.domain import Beginning, Draft, Finding, Prompt, Rewrite, Usage
from service.errors import ModelError
from service.model import Fallbacks
from service.privacy import Vault
from service.prompt import Prompts

FEWER = "The drafts that were asked for anew did not come; fewer were written than asked for."


async def written(
    prompt: Prompt,
    *,
    models: Fallbacks,
    prompts: Prompts,
    vault: Vault,
    first: str | None,
    faults: Callable[[str], tuple[Finding, ...] | None],
) -> AsyncGenerator[Draft | Beginning | Usage, None]:
    """The drafts of a prompt, unmasked, each with its beginnings before it where it comes in pieces; ``Usage`` at last.

    ``faults`` says what is wrong for good with the beginning of a draft, or ``None`` while it is too early to tell. At
    the first fault the model's stream is closed, and the drafts that are still missing are asked for once more, with
    the fault in the prompt. What comes then comes whole, whatever it opens with. Where nobody writes a draft then and
    none was kept, the cost of the stopped call still comes before the error.

    Raises:
        ModelError: nobody wrote a draft.
    """
    kept: list[Draft] = []
    stopped: Usage | None = None
    wrong: tuple[Finding, ...] = ()
    judged = False
    async with aclosing(models.drafts(prompt, first=first)) as items:
        async for item in items:
            if isinstance(item, Usage):
                yield item
                continue
            text = vault.unmask(item.text)
            if isinstance(item, Draft):
                kept.append(item)
                judged = False
            elif item.text and not judged:
                found = faults(text)
                judged = found is not None
                if found and models.allows_another((stopped := item.spent()).seconds):
                    wrong = found
                    break
            yield replace(item, text=text.strip())
    if not wrong or stopped is None:
        return
    try:
        async with aclosing(models.drafts(_again(prompt, kept, wrong, prompts), first, spent=stopped.seconds)) as items:
            async for item in items:
                if isinstance(item, Usage):
                    yield total(replace(item, model=_writers(kept, item)), stopped)
                else:
                    yield replace(item, text=vault.unmask(item.text).strip())
    except ModelError:
        if not kept:
            yield stopped
            raise
        yield replace(stopped, degraded=FEWER)


def _again(prompt: Prompt, kept: list[Draft], wrong: tuple[Finding, ...], prompts: Prompts) -> Prompt:
    """The same prompt for the drafts that are missing, which says what was wrong and what is there already."""
    order = prompt.context.rewrite or Rewrite(text="")
    told = tuple(dict.fromkeys((*order.findings, *(finding.message for finding in wrong))))
    context = replace(
        prompt.context, rewrite=replace(order, findings=told), siblings=tuple(draft.text for draft in kept)
    )
    return prompts.render(prompt.name, context, drafts=prompt.drafts - len(kept))


def _writers(kept: list[Draft], usage: Usage) -> str:
    """Who wrote, each once: the earlier drafts' models, then the later ones'."""
    return ", ".join(dict.fromkeys([*(draft.model for draft in kept), *usage.model.split(", ")]))


def total(first: Usage, second: Usage) -> Usage:
    """Both costs, told as the first; an unknown cost makes the sum unknown unless nothing was spent there."""
    spent = [usage.cost for usage in (first, second) if usage.model]
    return replace(
        first,
        input_tokens=first.input_tokens + second.input_tokens,
        output_tokens=first.output_tokens + second.output_tokens,
        cost=None if None in spent else sum(cost for cost in spent if cost is not None),
        seconds=first.seconds + second.seconds,
    )
