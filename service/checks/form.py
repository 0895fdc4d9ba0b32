"""Not written yet."""

from __future__ import annotations

from collections.abc import Iterator

from service.checks.view import View
from service.domain import Finding
from service.errors import CannotTell


def length(view: View) -> Iterator[Finding]:
    """Nothing yet."""
    raise CannotTell("not built yet")


def links(view: View) -> Iterator[Finding]:
    """Nothing yet."""
    raise CannotTell("not built yet")


def sameness(view: View) -> Iterator[Finding]:
    """Nothing yet."""
    raise CannotTell("not built yet")
