"""All checks on one draft, beside a plain ``re`` loop over the same wording rules, in one run on one core."""

from __future__ import annotations

import asyncio
import itertools
import re
import statistics
import time
from dataclasses import replace

from benchmarks.real_complaints import DATA, briefs
from service.bootstrap import build
from service.checks import Evidence, View, rules_of, run_checks
from service.context import gather
from service.domain import Brand, Brief, Channel, Complaint, Context, Draft
from service.drafting import Desk
from service.language import detect
from service.sentences import sentences
from service.settings import Settings

INVENTED = (
    "My suitcase never came off the Lisbon flight and nobody has answered me for three days.",
    "The router you sent is dead on arrival, second one this month, and I work from home.",
    "You charged me twice for one dinner on 3 March, 42.50 each time. I want one of them back.",
)


async def drafted() -> list[tuple[Context, list[Draft]]]:
    """The composer's drafts on every fifth real complaint, or on invented ones where the data is absent."""
    desk = build(Settings(_env_file=None, models=()))
    orders = [brief for _, brief in itertools.islice(briefs(), 0, None, 5)] if DATA.is_dir() else _invented()
    found = []
    for brief in orders:
        reply = await desk.reply_to(brief)
        found.append((_context(desk, brief), [checked.draft for checked in reply.drafts]))
    return found


def _invented() -> list[Brief]:
    return [Brief(complaint=Complaint(text=text, channel=Channel.X), brand="harbour-air") for text in INVENTED]


def _context(desk: Desk, brief: Brief) -> Context:
    brand = brief.brand if isinstance(brief.brand, Brand) else desk.brands[brief.brand]
    context = gather(brief, brand, desk._clock())
    return replace(context, language="en")


def _ms(seconds: list[float]) -> tuple[float, float]:
    """Median and p95 in milliseconds."""
    ordered = sorted(seconds)
    return statistics.median(ordered) * 1e3, ordered[int(len(ordered) * 0.95)] * 1e3


def main() -> None:
    """Print median and p95 in CPU ms a draft, and the ratio to the plain loop."""
    work = asyncio.run(drafted())
    rules = rules_of("en").rules
    patterns = [re.compile(re.sub(r"\(\?[ims]+\)", "", source)) for rule in rules for source in rule.patterns]
    warm: list[float] = []
    cold: list[float] = []
    plain: list[float] = []
    for repeat in range(4):
        for context, drafts in work:
            evidence = Evidence.of(context)
            for position, draft in enumerate(drafts):
                sentences.cache_clear()
                detect.cache_clear()
                started = time.thread_time()
                run_checks(View(draft, context, evidence))
                ended = time.thread_time()
                if repeat:
                    (warm if position else cold).append(ended - started)
    texts = [draft.text for _, drafts in work for draft in drafts]
    for text in texts:
        started = time.thread_time()
        folded = text.casefold()
        for pattern in patterns:
            pattern.search(folded)
        plain.append(time.thread_time() - started)
    median, late = _ms(warm)
    first, first_late = _ms(cold)
    floor, _ = _ms(plain)
    print(f"drafts          {len(texts)}, {statistics.mean(map(len, texts)):.0f} code points on average")
    print(f"all checks      median {median:.3f} CPU ms (goal 0.25), p95 {late:.3f} ms (goal 1)")
    print("                on the second and later drafts of a request: what the context proves is worked out once")
    print(f"first draft     median {first:.3f} ms, p95 {first_late:.3f} ms, with what the context proves")
    print(f"plain re loop   median {floor:.3f} ms over the {len(patterns)} patterns of the English wording rules alone")
    print(f"ratio           {median / floor:.2f} of the plain loop's time, grounding, promises and all else included")


if __name__ == "__main__":
    main()
