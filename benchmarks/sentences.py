"""What release by sentence costs: CPU of one request through the desk, its model's answer in one piece or by tokens.

The model's server is played inside the process. Whoever waits for the reply is spared the checks of what is still
being written; whoever watches pays for them.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime

import httpx

from benchmarks.standin import answers
from prompts import FOLDER
from service.brands import load
from service.composer import Composer
from service.domain import Brief, Channel, Complaint
from service.drafting import Desk
from service.model import Fallbacks, LiteLLM
from service.model.wire import Wire
from service.prompt import Prompts

BRAND = "harbour-air"
TEXT = "My suitcase never came off the Lisbon flight on Friday and nobody has answered me for three days."
ROUNDS = 150
WARM_UP = 20


class Body(httpx.AsyncByteStream):
    """An answer in one piece, or event by event."""

    def __init__(self, events: list[bytes]) -> None:
        self.events = events

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the events."""
        for event in self.events:
            yield event


def desk_over(events: list[bytes]) -> Desk:
    """A desk whose model always answers with these events."""

    async def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Body(events))

    wire = Wire(httpx.AsyncClient(transport=httpx.MockTransport(answer), trust_env=False))
    model = LiteLLM("openai/standin", api_base="http://127.0.0.1:1/v1", api_key="sk-standin", wire=wire)
    return Desk(
        models=Fallbacks([model, Composer()], 20.0),
        prompts=Prompts(),
        brands=load(FOLDER / "voices"),
        clock=lambda: datetime.now(UTC),
        new_id=lambda: "r",
    )


async def spent(desk: Desk, *, watched: bool) -> float:
    """Median CPU milliseconds of a request, each with a complaint of its own."""
    took = []
    for number in range(WARM_UP + ROUNDS):
        brief = Brief(complaint=Complaint(text=f"{TEXT} {number}", channel=Channel.FACEBOOK), brand=BRAND)
        start = time.thread_time()
        async with aclosing(desk.events(brief, sentences=watched)) as events:
            async for _ in events:
                pass
        took.append(time.thread_time() - start)
    return statistics.median(took[WARM_UP:]) * 1e3


async def main() -> None:
    """Print CPU a request and ratios to the plainest case."""
    _, tokens = answers(load(FOLDER / "voices")[BRAND].voice.sign_off or "")
    floor = 0.0
    for name, events in (("in one piece", [b"".join(tokens)]), ("token by token", tokens)):
        for watched, who in ((False, "waited for"), (True, "watched")):
            cost = await spent(desk_over(events), watched=watched)
            floor = floor or cost
            print(f"{name:16}{who:12}{cost:7.2f} CPU ms a request   {cost / floor:.2f} of the first")


if __name__ == "__main__":
    asyncio.run(main())
