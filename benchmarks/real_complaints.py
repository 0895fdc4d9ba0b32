"""Every real complaint of ../shared/data through the desk and its composer: what comes out, and what it costs.

``--read N --seed S`` prints N whole results to read, instead of the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz import fuzz

from service.bootstrap import build
from service.domain import Author, Brief, Channel, Complaint, Outcome, Reply
from service.settings import Settings

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "complaints"
BRANDS = ("harbour-air", "brightline", "tavola")


def briefs() -> Iterator[tuple[str, Brief]]:
    """Id and brief of each real complaint, the example brands taking turns."""
    rows = [("x_pairs.jsonl", Channel.X, True), ("cfpb.jsonl", Channel.FORM, False)]
    for name, channel, public in rows:
        for index, line in enumerate((DATA / name).read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            complaint = Complaint(text=row["customer"], channel=channel, public=public, author=Author(handle=None))
            yield row["id"], Brief(complaint=complaint, brand=BRANDS[index % len(BRANDS)])


async def answer() -> tuple[list[tuple[str, Brief, Reply]], list[float], int]:
    """Replies, CPU seconds of each request, and how many requests raised."""
    desk = build(Settings(_env_file=None, models=()))
    replies: list[tuple[str, Brief, Reply]] = []
    seconds: list[float] = []
    raised = 0
    for warm_up in (True, False):
        for complaint_id, brief in briefs():
            started = time.process_time()
            try:
                reply = await desk.reply_to(brief)
            except Exception as exc:
                raised += not warm_up
                print(f"{complaint_id} raised {exc!r}")
                continue
            if warm_up and len(replies) >= 20:
                break
            seconds.append(time.process_time() - started)
            replies.append((complaint_id, brief, reply))
        if warm_up:
            replies, seconds = [], []
    return replies, seconds, raised


def passes(reply: Reply, check: str) -> bool:
    """Whether the first draft passed a check."""
    return any(r.check == check and r.outcome is Outcome.PASSED for r in reply.best.results)


def figures(replies: list[tuple[str, Brief, Reply]], seconds: list[float], raised: int) -> None:
    """Print the table."""
    total = len(replies) + raised
    drafts = [d for _, _, reply in replies for d in reply.drafts]
    ready = sum(any(d.ready for d in reply.drafts) for _, _, reply in replies)
    specific = sum(passes(reply, "specific") for _, _, reply in replies)
    texts = [reply.best.draft.text for _, _, reply in replies]
    sample = random.Random(1).sample(range(len(texts)), min(300, len(texts)))
    near = sum(any(fuzz.ratio(texts[i], texts[j]) >= 90 for j in sample if j != i) for i in sample)
    floor = min(_floor() for _ in range(5))
    ordered = sorted(seconds)
    print(f"complaints                     {total}")
    print(f"raised                         {raised}  (goal 0)")
    print(f"have a ready draft             {ready / total:.1%}  (goal 97 %)")
    print(f"first drafts pass `specific`   {specific / total:.1%}  (goal 85 %)")
    print(f"gated to an authority          {sum(r.triage.gate is not None for _, _, r in replies) / total:.1%}")
    print(f"fewer than three drafts        {sum(len(r.drafts) < 3 for _, _, r in replies) / total:.1%}")
    print(f"drafts with a slot to fill     {sum(bool(d.draft.needs_fill) for d in drafts) / len(drafts):.1%}")
    print(f"drafts ready                   {sum(d.ready for d in drafts) / len(drafts):.1%}")
    print(f"first drafts near another's    {near / len(sample):.1%}  (ratio of 90 or more among {len(sample)})")
    print(
        f"CPU ms a request               p50 {statistics.median(ordered) * 1e3:.1f}, "
        f"p95 {ordered[int(len(ordered) * 0.95)] * 1e3:.1f}  (goal p95 25); "
        f"p50 is {statistics.median(ordered) / floor:.1f} times a json round trip of the data"
    )
    print("languages                     ", dict(Counter(b.language or "-" for _, b, _ in replies)) or "-")
    blocked = Counter(f.check for d in drafts for f in d.findings if f.severity == 3)
    print("blocking findings              ", dict(blocked.most_common(12)))
    print(
        "warnings                       ", dict(Counter(f.check for d in drafts for f in d.findings if f.severity == 2))
    )


def _floor() -> float:
    """CPU seconds to parse and dump one complaint of median size a hundred times: the named floor."""
    text = json.dumps({"complaint": {"text": "word " * 60}})
    started = time.process_time()
    for _ in range(100):
        json.dumps(json.loads(text))
    return time.process_time() - started


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--read", type=int, default=0, help="print so many whole results")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not DATA.is_dir():
        print("skipped: ../shared/data is not here")
        return
    replies, seconds, raised = asyncio.run(answer())
    if not options.read:
        figures(replies, seconds, raised)
        return
    for complaint_id, brief, reply in random.Random(options.seed).sample(replies, options.read):
        print(f"\n######## {complaint_id} · {brief.brand} · gate {reply.triage.gate} · {reply.triage.priority:.2f}")
        print(brief.complaint.text[:900])
        for draft in reply.drafts:
            state = "ready" if draft.ready else "NOT READY"
            print(f"--- {draft.draft.angle} · {state} · {[f'{f.check}:{f.quote}' for f in draft.findings]}")
            print(draft.draft.text)


if __name__ == "__main__":
    main()
