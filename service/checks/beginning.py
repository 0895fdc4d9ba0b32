"""What can be said of a draft that is still being written.

``ON_A_BEGINNING`` holds what stays passed in whole sentences whatever follows. Some of these checks hold words back
that a later sentence excuses ("DM us your booking number." before "Then I'll post the outcome here."); that only delays
the words. A check that judges the whole by more than its sentences has a version in ``SO_FAR``, which lets nothing pass
that the end could still stop. A check belongs to ``AT_THE_END``, with the reason, when what it misses may still come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from service.checks import CHECKS, JUDGED, manner, opening, wording
from service.checks.view import Check, View
from service.domain import CheckResult, Finding, Outcome, Severity
from service.language import detect


def _stock_phrases_so_far(view: View) -> Iterator[Finding]:
    """As ``corporate_speak``, but each phrase blocks: two later ones would make the first block, too."""
    severities = view.context.brand.voice.severities
    for finding in wording.corporate_speak(view):
        yield finding if "corporate_speak" in severities else replace(finding, severity=Severity.BLOCK)


def _language_so_far(view: View) -> Iterator[Finding]:
    """As ``language``, but a beginning may be too short to tell; the whole draft is asked again."""
    if detect(view.text) is not None:
        yield from manner.language(view)


def _voice_so_far(view: View) -> Iterator[Finding]:
    """As ``voice``, without the sign-off and the reading level: both are a matter of the whole draft."""
    return (finding for finding in manner.voice(view) if finding.rule not in _OF_THE_WHOLE)


_OF_THE_WHOLE = frozenset({"sign_off", "reading_grade"})

SO_FAR: Mapping[str, Check] = MappingProxyType(
    {"corporate_speak": _stock_phrases_so_far, "language": _language_so_far, "voice": _voice_so_far}
)
"""Check id → what stands in for it while the draft is being written."""

AT_THE_END: Mapping[str, str] = MappingProxyType(
    {
        "next_step": "The step may still come.",
        "specific": "What the complaint is about may still be named.",
        "sameness": "Two drafts may begin alike; a copy is a copy as a whole.",
    }
)
"""Check id → why it waits for the whole draft."""

ON_A_BEGINNING: Mapping[str, Check] = MappingProxyType(
    {check: SO_FAR.get(check, whole) for check, whole in CHECKS.items() if check not in AT_THE_END}
)
"""Check id → what it says of whole sentences at the beginning of a draft."""

OPENING: Mapping[str, Check] = MappingProxyType(
    {"apology_first": opening.apology_first, "hollow_apology": opening.hollow_apology}
)
"""The checks whose verdict on the first words no later word changes."""

_STOPS_ALL = JUDGED | {"apology_first"}


def safe_until(results: Iterable[CheckResult]) -> int | None:
    """How far a text may be shown, in code points: up to the first words that block; ``None``: all of it.

    Nothing may be shown while the opening is no apology, while a blocking check has not run (not looking is not
    passing), or once a judge stops the whole: the words that it quotes only show why. Results of checks that wait for
    the end do not count.
    """
    places: list[int] = []
    for result in results:
        if result.check in AT_THE_END:
            continue
        if result.blocks and (result.outcome is Outcome.NOT_RUN or result.check in _STOPS_ALL):
            return 0
        places += [finding.span.start for finding in result.findings if finding.severity is Severity.BLOCK]
    return min(places, default=None)


def past_mending(view: View, results: Iterable[CheckResult]) -> tuple[Finding, ...] | None:
    """What blocks the opening of a draft however it goes on; ``None`` while its first sentence is not said.

    ``results`` are those of ``OPENING``. A check that could not run tells nothing, and a hollow apology with a safe
    edit can be mended.
    """
    if not opening.opened(view):
        return None
    found = (finding for result in results for finding in result.findings)
    return tuple(finding for finding in found if finding.severity is Severity.BLOCK and finding.fix is None)
