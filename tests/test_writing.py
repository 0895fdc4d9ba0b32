"""What asking for drafts yields, and what it costs."""

from __future__ import annotations

import pytest

from service.domain import Finding, Severity, Span, Usage
from service.errors import ModelBusy
from service.model import Fallbacks
from service.privacy import mask
from service.prompt import Prompts
from service.writing import written
from tests.examples import COLD
from tests.fakes import FakeModel, growing
from tests.test_prompt import EMPTY

FAULT = Finding(check="apology_first", severity=Severity.BLOCK, message="Open with an apology.", span=Span(0, 1))


async def test_when_the_second_call_fails_the_cost_of_the_stopped_one_comes_before_the_error() -> None:
    prompts = Prompts()
    masked, vault = mask(EMPTY)
    items = written(
        prompts.render("draft", masked, drafts=1),
        models=Fallbacks([FakeModel(growing(COLD), ModelBusy("busy"))], deadline=10.0),
        prompts=prompts,
        vault=vault,
        first=None,
        faults=lambda _text: (FAULT,),
    )

    usage = await anext(items)
    while not isinstance(usage, Usage):
        usage = await anext(items)
    with pytest.raises(ModelBusy):
        await anext(items)

    assert (usage.output_tokens, usage.cost) == (7, 0.5)
