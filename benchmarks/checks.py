"""All checks on one draft, beside a plain ``re`` loop over the same wording rules, in one run on one core."""

from __future__ import annotations

import re
import statistics
import time
from datetime import UTC, datetime

from benchmarks.texts import drafts
from service.checks import Evidence, run_checks
from service.checks.view import rules_of
from service.domain import Brand, Channel, Complaint, Context, Draft

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def main() -> None:
    """Print median and p95 in ms a draft, and the ratio to the plain loop."""
    texts = drafts()
    complaint = Complaint(text="My suitcase never came off the Lisbon flight, 3 days and no answer!", channel=Channel.X)
    context = Context(complaint=complaint, brand=Brand(id="acme", name="Acme"), now=NOW, language="en")
    evidence = Evidence.of(context)
    patterns = [re.compile(source, re.IGNORECASE) for rule in rules_of("en").rules for source in rule.patterns]
    for text in texts:
        run_checks(Draft(text=text), context, evidence)
    ours, plain = [], []
    for _ in range(5):
        for text in texts:
            started = time.perf_counter()
            run_checks(Draft(text=text), context, evidence)
            ours.append(time.perf_counter() - started)
            started = time.perf_counter()
            folded = text.casefold()
            for pattern in patterns:
                pattern.search(folded)
            plain.append(time.perf_counter() - started)
    ours.sort()
    median = statistics.median(ours)
    print(f"drafts                {len(texts)}, {statistics.mean(map(len, texts)):.0f} code points on average")
    print(
        f"all checks            median {median * 1e3:.3f} ms (goal 0.25), p95 {ours[int(len(ours) * 0.95)] * 1e3:.3f} ms (goal 1)"
    )
    print(
        f"plain re loop         median {statistics.median(plain) * 1e3:.3f} ms over the {len(patterns)} patterns of the wording rules alone"
    )
    print(f"ratio                 {median / statistics.median(plain):.2f} of the plain loop's time")


if __name__ == "__main__":
    main()
