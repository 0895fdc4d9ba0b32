"""How right each check is: precision and recall on real replies and on the corpus, with 95 % intervals.

A check fires when it has at least one finding. ``--set NAME`` shows one set (``--set corpus`` all languages),
``--errors CHECK`` the texts judged wrongly instead of the figures (``--errors clean`` the clean drafts kept back),
``--markdown`` the figures as docs/precision.md shows them.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.corpus import NOW, Row, rows
from benchmarks.real_complaints import DATA
from service.checks import CHECKS, Evidence, View, run_checks
from service.context import gather
from service.domain import Brand, Brief, Channel, CheckResult, Complaint, Context, Draft

HERE = Path(__file__).parent
LABELLED = (
    "apology_first",
    "secondhand",
    "hollow_apology",
    "corporate_speak",
    "next_step",
    "specific",
    "distance",
    "only_one",
    "debate",
    "sarcasm",
    "offline_push",
    "quid_pro_quo",
    "review_ask",
)
"""What the readers of the real replies looked for; of the other checks their labels say nothing."""

GOALS = {
    "apology_first": (0.98, 0.98),
    "hollow_apology": (0.95, 0.95),
    "corporate_speak": (0.92, 0.90),
    "offline_push": (0.95, 0.95),
    "distance": (0.92, 0.92),
    "specific": (0.88, 0.85),
    "next_step": (0.85, 0.80),
}
"""Precision and recall to reach on real replies."""

CLEAN_GOAL = 0.02
"""The largest share of clean drafts that may be kept back."""

_HANDLE_PARTS = re.compile(r"(?i)^ask_?|^team|_?(?:support|cares?|helps?|us)$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text, the checks that must fire on it, and what the checks said."""

    id: str
    text: str
    complaint: str
    fires: frozenset[str]
    results: tuple[CheckResult, ...]
    clean: bool = False
    """Whether a person would send it as it stands."""

    def quotes(self, check: str) -> list[str]:
        """The words that a check pointed at; empty when it did not fire, ``""`` where something is missing."""
        return [finding.quote for result in self.results if result.check == check for finding in result.findings]

    @property
    def kept_back(self) -> bool:
        """Whether any check keeps it from being ready: a blocking finding, or a blocking check that did not run."""
        return any(result.blocks for result in self.results)


@dataclass(frozen=True, slots=True)
class Examples:
    """One set: its name, what it holds, and the checks that its labels speak of."""

    name: str
    rows: tuple[Example, ...]
    checks: tuple[str, ...] = tuple(CHECKS)

    @property
    def real(self) -> bool:
        """Whether people wrote these to customers; the goals of precision and recall are for them."""
        return self.checks == LABELLED


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a check fired rightly and wrongly, and how often it should have."""

    check: str
    tp: int
    fp: int
    fn: int

    @classmethod
    def of(cls, check: str, rows: Iterable[Example]) -> Tally:
        """The counts of one check over some examples."""
        pairs = [(check in row.fires, bool(row.quotes(check))) for row in rows]
        return cls(check, pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False)))

    @property
    def precision(self) -> str:
        """The share of firings that were right, with its interval."""
        return share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> str:
        """The share of due firings that came, with its interval."""
        return share(self.tp, self.tp + self.fn)

    @property
    def goal(self) -> str:
        """The goals on real replies, and which of them are missed; empty where there is none."""
        if self.check not in GOALS:
            return ""
        precision, recall = GOALS[self.check]
        figures = (("precision", self.tp + self.fp, precision), ("recall", self.tp + self.fn, recall))
        missed = [name for name, total, least in figures if total and self.tp < least * total]
        return f"{precision:.2f} / {recall:.2f}" + (f", {' and '.join(missed)} missed" if missed else "")


def wilson(hits: int, total: int, z: float = 1.959964) -> tuple[float, float] | None:
    """The score interval of a share, lower and upper bound in 0–1; ``None`` for a share of nothing.

    ``z`` is the normal quantile: 1.959964 gives 95 %. Unlike the interval of the textbooks it holds for few cases and
    for shares near 0 and 1.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927), 209–212.
    """
    if not total:
        return None
    p, weight = hits / total, z * z / total
    middle = (p + weight / 2) / (1 + weight)
    reach = z / (1 + weight) * math.sqrt(p * (1 - p) / total + weight / (4 * total))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def share(hits: int, total: int) -> str:
    """A share and its 95 % interval as one reads it; a dash for a share of nothing."""
    bounds = wilson(hits, total)
    return "–" if bounds is None else f"{hits / total:.3f} ({bounds[0]:.2f}–{bounds[1]:.2f})"


def sets(folder: Path = HERE) -> Iterator[Examples]:
    """Every set that is present, real replies first, all languages of the corpus together last.

    ``folder`` holds ``labels/`` and ``corpus/``. A notice on stderr says which are absent.
    """
    pairs = _pairs()
    for path in (DATA / "x_pairs_labels.jsonl", *sorted((folder / "labels").glob("*.jsonl"))):
        if not pairs or not path.exists():
            print(f"skipped: {path.stem} (the real replies of ../shared/data are not here)", file=sys.stderr)
            continue
        labels = [label for label in _lines(path) if label["id"] in pairs]
        yield Examples(path.stem, tuple(_real(label, pairs[label["id"]]) for label in labels), LABELLED)
    everything: list[Example] = []
    languages = [path.stem for path in sorted((folder / "corpus").glob("*.jsonl"))]
    for language in languages:
        written = tuple(_written(row) for row in rows(language, folder=folder / "corpus"))
        everything += written
        yield Examples(f"corpus-{language}", written)
    if not languages:
        print("skipped: corpus (benchmarks/corpus holds no files)", file=sys.stderr)
    if len(languages) > 1:
        yield Examples("corpus", tuple(everything))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def _pairs() -> dict[str, dict[str, str]]:
    path = DATA / "x_pairs.jsonl"
    return {row["id"]: row for row in _lines(path)} if path.exists() else {}


def _real(label: dict[str, Any], pair: dict[str, str]) -> Example:
    """A real public reply on X, judged as its company's."""
    name = _HANDLE_PARTS.sub("", pair["company"])
    brand = Brand(id="b", name=f"{name} {_CAMEL.sub(' ', name)}")
    complaint = Complaint(text=pair["customer"], channel=Channel.X)
    context = gather(Brief(complaint=complaint, brand=brand), brand, NOW)
    return Example(
        id=label["id"],
        text=pair["reply"],
        complaint=pair["customer"],
        fires=frozenset(label["labels"]),
        results=_judge(pair["reply"], context),
    )


def _written(row: Row) -> Example:
    """A row of the corpus, judged as the desk judges the body of a call."""
    return Example(
        id=row.id,
        text=row.text,
        complaint=row.context.complaint.text,
        fires=row.fires,
        results=_judge(row.text, row.context),
        clean=row.clean,
    )


def _judge(text: str, context: Context) -> tuple[CheckResult, ...]:
    return run_checks(View(Draft(text=text), context, Evidence.of(context)))


def tallies(examples: Examples) -> list[Tally]:
    """The counts of each check that fired or should have."""
    counted = [Tally.of(check, examples.rows) for check in examples.checks]
    return [tally for tally in counted if tally.tp or tally.fp or tally.fn]


def clean_line(rows: Sequence[Example]) -> str | None:
    """One sentence on how many clean drafts are kept back; ``None`` where none is marked clean."""
    clean = [row for row in rows if row.clean]
    if not clean:
        return None
    kept = sum(row.kept_back for row in clean)
    met = "met" if kept <= CLEAN_GOAL * len(clean) else "missed"
    return f"{kept} of {len(clean)} clean drafts are kept back: {share(kept, len(clean))}; goal ≤ {CLEAN_GOAL}, {met}."


def columns(examples: Examples) -> list[list[str]]:
    """The table of a set, its head first; the goals only where they are meant."""
    head = ["check", "tp", "fp", "fn", "precision (95 %)", "recall (95 %)"]
    table = [head + ["goal"] * examples.real]
    for tally in tallies(examples):
        cells = [tally.check, str(tally.tp), str(tally.fp), str(tally.fn), tally.precision, tally.recall]
        table.append(cells + [tally.goal] * examples.real)
    return table


def plain(examples: Examples) -> str:
    """A set as text for a terminal."""
    table = columns(examples)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    notes = clean_line(examples.rows)
    return "\n".join([f"\n== {examples.name}: {len(examples.rows)} texts", *lines, *([notes] if notes else [])])


def markdown(examples: Examples) -> str:
    """A set as a section of docs/precision.md."""
    head, *rows = columns(examples)
    rule = ["---" if i == 0 or i == 6 else "---:" for i in range(len(head))]
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *rows))
    notes = clean_line(examples.rows)
    return f"## {examples.name}: {len(examples.rows)} texts\n\n{table}\n" + (f"\n{notes}\n" if notes else "")


def errors(examples: Examples, check: str) -> str:
    """The texts of a set that one check judges wrongly, and the words that it pointed at.

    For ``"clean"``: the clean drafts that are kept back, and by what.
    """
    lines = [f"\n== {examples.name}"]
    for row in examples.rows:
        fault = _kept_by(row) if check == "clean" else _fault(row, check) if check in examples.checks else None
        if fault:
            lines += [f"\n{row.id}: {fault}", f"  complaint: {row.complaint!r}", f"  text:      {row.text!r}"]
    return "\n".join(lines)


def _fault(row: Example, check: str) -> str | None:
    quotes = row.quotes(check)
    if bool(quotes) == (check in row.fires):
        return None
    return f"wrongly fired at {quotes}" if quotes else "did not fire"


def _kept_by(row: Example) -> str | None:
    blocks = [f"{result.check} {row.quotes(result.check) or result.reason}" for result in row.results if result.blocks]
    return f"kept back by {', '.join(blocks)}" if row.clean and blocks else None


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures, or what is behind them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", default="", help="only this set, or all whose names begin with it and a dash")
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--errors", metavar="CHECK", choices=[*CHECKS, "clean"], help="the texts that this check judges wrongly"
    )
    how.add_argument("--markdown", action="store_true", help="the tables in Markdown")
    options = parser.parse_args(arguments)
    shown: Callable[[Examples], str] = markdown if options.markdown else plain
    for examples in sets():
        if options.set and examples.name != options.set and not examples.name.startswith(f"{options.set}-"):
            continue
        if not options.errors:
            print(shown(examples))
        elif examples.name != "corpus":  # all languages together would name every text twice
            print(errors(examples, options.errors))


if __name__ == "__main__":
    main()
