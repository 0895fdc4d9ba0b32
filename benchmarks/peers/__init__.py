"""Other systems that check texts, each in an environment of its own that is thrown away after the run.

A peer is a script beside this file: it reads ``{"texts": […], "patterns": […]}`` from its input, checks every text
twice, and prints the CPU milliseconds that each took the second time.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

INSTALL_SECONDS = 900
"""Longest time that an installation may take."""
RUN_SECONDS = 600
"""Longest time that a peer may take over all texts."""


@dataclass(frozen=True)
class Peer:
    """One system to compare with."""

    name: str
    packages: tuple[str, ...]
    """The first one's version is reported."""
    script: str
    does: str


PEERS = (
    Peer("proselint", ("proselint",), "proselint.py", "all its checks of prose"),
    Peer(
        "presidio", ("presidio-analyzer",), "presidio.py", "all its pattern recognisers of English, no language model"
    ),
    Peer(
        "guardrails-ai",
        ("guardrails-ai", "guardrails-ai-regex-match"),
        "guardrails.py",
        "a guard with one regular expression",
    ),
    Peer(
        "nemoguardrails",
        ("nemoguardrails",),
        "nemo.py",
        "its regular-expression rail over our English wording rules, the action alone",
    ),
)


@dataclass(frozen=True)
class Measured:
    """What a peer took, or why it could not be measured."""

    peer: Peer
    version: str = ""
    milliseconds: tuple[float, ...] = ()
    """CPU time of each text."""
    notice: str = ""


def measure(texts: Sequence[str], patterns: Sequence[str]) -> Iterator[Measured]:
    """Install and run each peer; one that cannot be installed or run is told with a notice."""
    for peer in PEERS:
        folder = Path(tempfile.mkdtemp(prefix=f"amends-{peer.name}-"))
        try:
            yield _measured(peer, folder, json.dumps({"texts": list(texts), "patterns": list(patterns)}))
        except (OSError, subprocess.SubprocessError, ValueError) as exc:
            said = getattr(exc, "stderr", "") or str(exc)
            yield Measured(peer, notice=said.strip().splitlines()[-1][:200] if said.strip() else type(exc).__name__)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _measured(peer: Peer, folder: Path, order: str) -> Measured:
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    _run([python, "-m", "pip", "install", "-q", *peer.packages], seconds=INSTALL_SECONDS)
    shown = _run([python, "-m", "pip", "show", peer.packages[0]], seconds=60)
    version = next((line.split()[1] for line in shown.splitlines() if line.startswith("Version:")), "")
    printed = _run([python, str(Path(__file__).parent / peer.script)], seconds=RUN_SECONDS, given=order)
    return Measured(peer, version, tuple(json.loads(printed.splitlines()[-1])))


def _run(command: list[str], *, seconds: float, given: str = "") -> str:
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=seconds, check=True)
    return done.stdout


if __name__ == "__main__":
    sys.exit("Say: python -m benchmarks.checks")
