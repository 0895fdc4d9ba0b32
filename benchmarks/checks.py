"""All checks on one draft, beside a plain ``re`` loop and other systems on the same texts, in one run on one core."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import statistics
import subprocess
import sys
import time
from dataclasses import replace

from benchmarks import hostile
from benchmarks.peers import measure
from benchmarks.real_complaints import DATA, briefs
from service.bootstrap import build
from service.checks import Evidence, View, rules_of, run_checks
from service.context import gather
from service.domain import Brand, Brief, Channel, Complaint, Context, Draft
from service.drafting import Desk
from service.folding import fold, letters
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


def timed(work: list[tuple[Context, list[Draft]]]) -> tuple[list[float], list[float]]:
    """CPU seconds of all checks on each first draft of a request, and on each later one, no cache kept between them."""
    first: list[float] = []
    later: list[float] = []
    for repeat in range(4):
        for context, drafts in work:
            evidence = Evidence.of(context)
            for position, draft in enumerate(drafts):
                for cache in CACHES:
                    cache.cache_clear()
                started = time.thread_time()
                run_checks(View(draft, context, evidence))
                ended = time.thread_time()
                if repeat:
                    (later if position else first).append(ended - started)
    return first, later


CACHES = (sentences, detect, letters)
"""What remembers a text: a text is met once."""


def plain_loop(texts: list[str], patterns: list[re.Pattern[str]]) -> list[float]:
    """CPU seconds of searching each text for each pattern, one after the other."""
    taken = []
    for text in texts:
        started = time.thread_time()
        folded = text.casefold()
        for pattern in patterns:
            pattern.search(folded)
        taken.append(time.thread_time() - started)
    return taken


def wording(texts: list[str]) -> list[float]:
    """CPU seconds of our English wording rules alone: folding, the gate, and every place."""
    rules = rules_of("en")
    taken = []
    for text in texts:
        started = time.thread_time()
        rules.scan(fold(text))
        taken.append(time.thread_time() - started)
    return taken


WEIGHT = """
import json, resource, sys, time
def kilobytes():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1])
import asyncio, dataclasses, datetime, re, re2, yaml, rapidfuzz.fuzz, service.domain
before, started = kilobytes(), time.process_time()
import service.checks
imported = time.process_time() - started
from service.checks import View, run_checks
from service.domain import Brand, Complaint, Context, Draft
now = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
for text in json.load(sys.stdin):
    context = Context(complaint=Complaint(text=text), brand=Brand(id="b", name="B"), now=now, language="en")
    run_checks(View(Draft(text=text), context))
print(json.dumps([imported, (kilobytes() - before) / 1000]))
"""
"""A process that imports the checks on top of the libraries that the service has anyway, and runs them."""


def weight(texts: list[str]) -> tuple[float, float]:
    """CPU seconds of the import, and megabytes after all texts were checked in English."""
    done = subprocess.run(
        [sys.executable, "-c", WEIGHT], input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=120
    )
    imported, megabytes = json.loads(done.stdout)
    return imported, megabytes


def main() -> None:
    """Print the figures of the checks beside the plain loop, the peers, and the worst of the hostile texts."""
    work = asyncio.run(drafted())
    texts = [draft.text for _, drafts in work for draft in drafts]
    sources = [re.sub(r"\(\?[ims]+\)", "", source) for rule in rules_of("en").rules for source in rule.patterns]
    first, later = timed(work)
    floor, _ = _ms(plain_loop(texts[:SAME], [re.compile(source) for source in sources]))
    median, late = _ms(later)
    once, once_late = _ms(first)
    words, _ = _ms(wording(texts[:SAME]))
    print(f"drafts          {len(texts)}, {statistics.mean(map(len, texts)):.0f} code points on average")
    print(f"all checks      median {median:.3f} CPU ms (goal 0.25), p95 {late:.3f} ms (goal 1)")
    print("                on the second and later drafts of a request: what the context proves is worked out once")
    print(f"first draft     median {once:.3f} ms, p95 {once_late:.3f} ms, with what the context proves")
    print(f"wording alone   median {words:.3f} ms: the {len(sources)} phrases of the English rules")
    print(f"plain re loop   median {floor:.3f} ms over the same phrases; all checks take {median / floor:.2f} of that")
    imported, megabytes = weight(texts[:SAME])
    print(f"weight          {megabytes:.1f} MB (goal 25), import {imported:.2f} s of CPU (goal 0.3)")
    if "--no-peers" not in sys.argv:
        _beside(texts[:SAME], sources, median, words)
    _hostile()


SAME = 200
"""How many texts each peer reads, the same ones."""


def _beside(texts: list[str], sources: list[str], ours: float, words: float) -> None:
    print(f"\npeers on the same {len(texts)} texts, each in an environment of its own (median CPU ms a text)")
    print(f"  {'amends':16s}{ours:8.3f}   all checks; the wording rules alone {words:.3f}")
    for each in measure(texts, sources):
        if each.notice:
            print(f"  {each.peer.name:16s} skipped: {each.notice}")
            continue
        theirs = statistics.median(each.milliseconds)
        print(
            f"  {each.peer.name:16s}{theirs:8.3f}   {theirs / ours:5.1f} times ours, "
            f"{theirs / words:.0f} times our wording: {each.peer.does} ({each.version})"
        )


def _hostile() -> None:
    print(f"\nhostile texts of {hostile.LENGTH} characters against every rule and every locating pattern, worst first")
    slowest = sorted(hostile.measured(), reverse=True)[:5]
    for milliseconds, what, text in slowest:
        print(f"  {milliseconds:7.2f} ms (goal 5)   {what} on {text[:24]!r}")


if __name__ == "__main__":
    main()
