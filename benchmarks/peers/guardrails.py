"""Guardrails AI: a guard with its regular-expression validator, one pattern."""

import os
import sys
from pathlib import Path

here = str(Path(__file__).parent)
sys.path = [entry for entry in sys.path if entry != here]  # this file has the name of what it measures
os.environ["OTEL_SDK_DISABLED"] = "true"

from guardrails import Guard  # noqa: E402
from guardrails_ai.regex_match import RegexMatch  # noqa: E402

sys.path.append(here)
from clock import order, report  # noqa: E402

guard = Guard().use(RegexMatch(regex=r"(?s).*", match_type="search", on_fail="noop"))
report(order()["texts"], lambda text: guard.validate(text))
