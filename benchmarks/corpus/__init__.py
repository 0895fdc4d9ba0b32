"""The project's own drafts with their verdicts, one JSONL file a language: written blind to the rules they measure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from service import brands
from service.checks import View
from service.context import gather
from service.domain import Brand, Context, Draft
from service.web.schemas import ChecksIn

HERE = Path(__file__).parent
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
"""When every draft is checked: a Thursday."""
BRANDS = brands.load(HERE.parents[1] / "prompts" / "voices")


@dataclass(frozen=True)
class Row:
    """One draft, all that it was written from, and the checks that must fire."""

    id: str
    text: str
    context: Context
    fires: frozenset[str]
    clean: bool
    note: str = ""

    @property
    def view(self) -> View:
        """The draft as the checks see it."""
        return View(Draft(text=self.text), self.context)


def rows(*languages: str) -> Iterator[Row]:
    """Every row of the languages, or of all of them."""
    for path in sorted(HERE.glob("*.jsonl")):
        if not languages or path.stem in languages:
            for line in path.read_text(encoding="utf-8").splitlines():
                yield row_of(json.loads(line))


def row_of(fields: dict[str, Any]) -> Row:
    """One line of a file; its body is that of ``POST /v1/checks``."""
    body = ChecksIn.model_validate(fields["body"])
    brief = body.to_domain()
    brand = brief.brand if isinstance(brief.brand, Brand) else BRANDS[brief.brand]
    context = replace(
        gather(brief, brand, NOW),
        recent_replies=tuple(fields.get("recent_replies", ())),
        siblings=tuple(fields.get("siblings", ())),
        guarded=tuple(fields.get("guarded", ())),
    )
    return Row(
        id=fields["id"],
        text=body.text,
        context=context,
        fires=frozenset(fields["fires"]),
        clean=fields["clean"],
        note=fields.get("note", ""),
    )
