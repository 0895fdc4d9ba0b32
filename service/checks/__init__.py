"""Every check by its id, and how they are run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from service.checks import form, grounding, manner, opening, promises, public, specific, wording
from service.checks.view import LANGUAGES, Check, Evidence, View, rules_of
from service.definitions import ALWAYS_ON, DEFINITIONS, JUDGED, Definition
from service.domain import CheckResult, Outcome, Severity
from service.errors import CannotTell, CheckNotFound
from service.folding import fold
from service.rules import RULES, Rule, digest_of, load_rules

T = TypeVar("T")

__all__ = [
    "ALWAYS_ON",
    "CHECKS",
    "DEFINITIONS",
    "JUDGED",
    "LANGUAGES",
    "Check",
    "Definition",
    "Evidence",
    "View",
    "attempt",
    "definition_of",
    "rules_digest",
    "rules_for",
    "rules_of",
    "run_checks",
    "verify",
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
    passed = view.evidence.passed
    results: list[CheckResult] = []
    for check, function in checks.items():
        try:
            findings = tuple(function(view))
        except Exception as exc:  # a check that fails must keep the draft back, whatever went wrong
            results.append(_not_run(check, exc, view))
            continue
        results.append(
            CheckResult(check=check, outcome=Outcome.FAILED, severity=view.severity(check), findings=findings)
            if findings
            else passed[check]
        )
    return tuple(results)


def attempt(read: Callable[[], T], otherwise: T) -> T:
    """What a reader gives, or ``otherwise`` where it crashes: the check that it serves has then not run, and blocks."""
    try:
        return read()
    except Exception:  # as in run_checks: one draft that cannot be read must not cost the whole reply
        return otherwise


def _not_run(check: str, error: Exception, view: View) -> CheckResult:
    if isinstance(error, CannotTell):
        return CheckResult(check=check, outcome=Outcome.NOT_RUN, severity=view.severity(check), reason=error.detail)
    reason = f"The check failed ({type(error).__name__}); a person must look before this is sent."
    return CheckResult(check=check, outcome=Outcome.NOT_RUN, severity=Severity.BLOCK, reason=reason)


def verify(folder: Path = RULES) -> None:
    """Prove the wording rules of English by their own examples, and compile what an English draft needs.

    Those of the other languages are proved when the first draft needs them: they take time and memory that most brands
    never need. Raises: ``RuleInvalid`` naming the rule file and the example that it gets wrong.
    """
    load_rules(folder / "en").gate(fold("We're sorry."))


def definition_of(check: str) -> Definition:
    """What a check means. Raises: ``CheckNotFound``."""
    try:
        return DEFINITIONS[check]
    except KeyError:
        raise CheckNotFound(f"no check named {check!r}") from None


def rules_for(check: str) -> tuple[Rule, ...]:
    """The English wording rules of a check; empty for one that is not about words."""
    return tuple(rule for rule in rules_of("en").rules if rule.check == check)


@lru_cache(maxsize=1)
def rules_digest() -> str:
    """``sha256:…`` over every wording rule of every language."""
    digest = hashlib.sha256()
    for language in sorted(LANGUAGES):
        digest.update(f"{language}:{digest_of(RULES / language)};".encode())
    return "sha256:" + digest.hexdigest()
