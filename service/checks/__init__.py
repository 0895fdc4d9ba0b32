"""Every check by its id, and how they are run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from service.checks import form, grounding, manner, opening, promises, public, specific, wording
from service.checks.definitions import ALWAYS_ON, DEFINITIONS, Definition
from service.checks.view import LANGUAGES, Check, Evidence, View, rules_of
from service.domain import CheckResult, Outcome, Severity
from service.errors import CannotTell, CheckNotFound

__all__ = [
    "ALWAYS_ON",
    "CHECKS",
    "DEFINITIONS",
    "LANGUAGES",
    "Check",
    "Definition",
    "Evidence",
    "View",
    "definition_of",
    "rules_digest",
    "rules_of",
    "run_checks",
]

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "apology_first": opening.apology_first,
        "secondhand": opening.secondhand,
        "hollow_apology": opening.hollow_apology,
        "corporate_speak": wording.corporate_speak,
        "next_step": manner.next_step,
        "specific": specific.specific,
        "distance": manner.distance,
        "only_one": wording.only_one,
        "debate": wording.debate,
        "sarcasm": wording.sarcasm,
        "offline_push": wording.offline_push,
        "quid_pro_quo": wording.quid_pro_quo,
        "review_ask": wording.review_ask,
        "grounding": grounding.grounding,
        "unbacked_action": promises.unbacked_action,
        "promises": promises.promises,
        "admission": wording.admission,
        "privacy": public.privacy,
        "leak": wording.leak,
        "leftovers": wording.leftovers,
        "links": form.links,
        "language": manner.language,
        "length": form.length,
        "abuse": wording.abuse,
        "voice": manner.voice,
        "sameness": form.sameness,
    }
)
"""Check id → function, in the order in which results are shown."""


def run_checks(view: View, *, checks: Mapping[str, Check] = CHECKS) -> tuple[CheckResult, ...]:
    """What every check says of one draft, in the order of ``checks``.

    A check that cannot tell or crashes has not run; a crash weighs as a block whatever the check's severity.
    """
    return tuple([_run(check, function, view) for check, function in checks.items()])


def _run(check: str, function: Check, view: View) -> CheckResult:
    severity = view.severity(check)
    try:
        findings = tuple(function(view))
    except CannotTell as exc:
        return CheckResult(check=check, outcome=Outcome.NOT_RUN, severity=severity, reason=exc.detail)
    except Exception as exc:  # a check that fails must keep the draft back, whatever went wrong
        reason = f"The check failed ({type(exc).__name__}); a person must look before this is sent."
        return CheckResult(check=check, outcome=Outcome.NOT_RUN, severity=Severity.BLOCK, reason=reason)
    if not findings:
        return _passed(check, severity)
    return CheckResult(check=check, outcome=Outcome.FAILED, severity=severity, findings=findings)


@lru_cache(maxsize=256)
def _passed(check: str, severity: Severity) -> CheckResult:
    return CheckResult(check=check, outcome=Outcome.PASSED, severity=severity)


def definition_of(check: str) -> Definition:
    """What a check means. Raises: ``CheckNotFound``."""
    try:
        return DEFINITIONS[check]
    except KeyError:
        raise CheckNotFound(f"no check named {check!r}") from None


@lru_cache(maxsize=1)
def rules_digest() -> str:
    """``sha256:…`` over every wording rule of every language."""
    digest = hashlib.sha256()
    for language in sorted(LANGUAGES):
        digest.update(f"{language}:{rules_of(language).digest};".encode())
    return "sha256:" + digest.hexdigest()


def __getattr__(name: str) -> str:
    """``RULES_DIGEST``, worked out when first asked for: the rule files are not read on import."""
    if name == "RULES_DIGEST":
        return rules_digest()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
