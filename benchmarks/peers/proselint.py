"""Proselint: every check of its default configuration."""

import sys
from pathlib import Path

here = str(Path(__file__).parent)
sys.path = [entry for entry in sys.path if entry != here]  # this file has the name of what it measures

from proselint.checks import __register__  # noqa: E402
from proselint.config import DEFAULT  # noqa: E402
from proselint.registry import CheckRegistry  # noqa: E402
from proselint.tools import LintFile  # noqa: E402

sys.path.append(here)
from clock import order, report  # noqa: E402

CheckRegistry().register_many(__register__)
report(order()["texts"], lambda text: LintFile("draft", text).lint(DEFAULT))
