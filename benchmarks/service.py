"""``POST /v1/drafts`` beside a bare FastAPI route that makes the same call with ``litellm.acompletion``, in one run.

Both ask a stand-in for a model's server on this machine, once without latency and once with 300 ms. Then the stream:
how long until the first released sentence, the first whole draft, and the whole answer.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import psutil

from prompts import FOLDER
from service.brands import load
from service.domain import Complaint, Context
from service.prompt import Prompts

BRAND = "harbour-air"
TEXT = "My suitcase never came off the Lisbon flight on Friday and nobody has answered me for three days."
BODY = json.dumps({"brand": BRAND, "complaint": {"text": TEXT, "channel": "facebook"}})
KEY = "benchmark-key-of-the-service"
CLIENTS = {"whole": 64, "streamed": 8, "ours": 64}
"""Clients at once; fewer where an answer costs a quarter of a second of CPU, so that there are answers to count."""
SECONDS = float(os.environ.get("BENCH_SECONDS", "6"))
ROUNDS = 2
ROUTES = {"whole": "acompletion, whole", "streamed": "acompletion, streamed", "ours": "POST /v1/drafts"}


@dataclass(frozen=True)
class Figures:
    """What one route did in one round."""

    rate: float
    p50: float
    p99: float
    cpu: float
    """Milliseconds of CPU of the server's process for each request."""
    wrong: int


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running(command: list[str], ready: str, env: dict[str, str], folder: str) -> Iterator[psutil.Process]:
    """Run a server until the block ends; the block begins when its address answers."""
    with Path(folder, "log").open("ab") as log:
        process = subprocess.Popen(command, env=env, cwd=folder, stdout=log, stderr=log)
    try:
        _wait(ready, process, Path(folder, "log"))
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(15)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError as error:
            if error.code == 404:  # it answers, if only that there is no such page
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"{url} did not answer:\n{log.read_text()[-3000:]}")


def measure(url: str, server: psutil.Process, clients: int) -> Figures:
    """Put load on one route and see what it does and what it costs."""
    before = sum(server.cpu_times()[:2])
    command = [sys.executable, "-m", "benchmarks.load", url, KEY, BODY, str(clients), str(SECONDS)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=SECONDS * 4 + 60).stdout)
    cpu = (sum(server.cpu_times()[:2]) - before) / max(told["every"], 1) * 1e3
    return Figures(told["rate"], told["p50"], told["p99"], cpu, told["wrong"])


async def stream_times(url: str) -> tuple[float, float, float]:
    """Give the seconds until the first sentence of a streamed answer, until its first whole draft, and its end."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", "Accept": "text/event-stream"}
    opening = first = 0.0
    start = time.perf_counter()
    async with aiohttp.ClientSession() as session, session.post(url, data=BODY, headers=headers) as answer:
        async for line in answer.content:
            if not opening and line.startswith(b"event: sentence"):
                opening = time.perf_counter() - start
            if not first and line.startswith(b"event: checked"):
                first = time.perf_counter() - start
    return opening, first, time.perf_counter() - start


def behave(standin: str, latency: float, pace: float) -> None:
    """Tell the stand-in how slow to be."""
    wish = urllib.request.Request(f"{standin}/behave?latency={latency}&pace={pace}", method="PUT")
    urllib.request.urlopen(wish, timeout=5).close()


def main() -> None:
    """Start everything, print the figures, stop everything."""
    ports = {name: free_port() for name in ("standin", "bare", "ours")}
    root = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    brand = load(FOLDER / "voices")[BRAND]
    context = Context(complaint=Complaint(text=TEXT), brand=brand, now=datetime.now(UTC), language="en")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "BENCH_SYSTEM": Prompts().render("draft", context, drafts=3).system,
        "AMENDS_API_KEY": KEY,
        "AMENDS_PORT": str(ports["ours"]),
        "AMENDS_MODELS": "openai/standin",
        "AMENDS_MODEL_API_BASE": f"{root['standin']}/v1",
        "AMENDS_MODEL_API_KEY": "sk-standin",
    }
    python = sys.executable
    commands = {
        "standin": [python, "-m", "benchmarks.standin", str(ports["standin"]), brand.voice.sign_off or ""],
        "bare": [
            *[python, "-m", "uvicorn", "benchmarks.bare:app", "--port", str(ports["bare"]), "--loop", "uvloop"],
            *["--http", "httptools", "--no-access-log", "--log-level", "warning"],
        ],
        "ours": [str(Path(python).parent / "amends"), "serve"],
    }
    ready = {"standin": "/behave?latency=0&pace=0", "bare": "/docs", "ours": "/readyz"}
    urls = {
        "whole": f"{root['bare']}/whole",
        "streamed": f"{root['bare']}/streamed",
        "ours": f"{root['ours']}/v1/drafts",
    }
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        started = {}
        for name, command in commands.items():
            Path(folder, name).mkdir()
            started[name] = stack.enter_context(
                running(command, root[name] + ready[name], env, str(Path(folder, name)))
            )
        servers = {"whole": started["bare"], "streamed": started["bare"], "ours": started["ours"]}
        for latency in (0.0, 0.3):
            behave(root["standin"], latency, 0.0)
            rounds = [
                {route: measure(urls[route], servers[route], CLIENTS[route]) for route in ROUTES} for _ in range(ROUNDS)
            ]
            report(latency, rounds)
        behave(root["standin"], 0.3, 0.004)
        times = [asyncio.run(stream_times(urls["ours"])) for _ in range(6)][1:]
        opening, first, whole = (statistics.median(column) for column in zip(*times, strict=True))
        print(
            f"\nstream: first sentence after {opening * 1e3:.0f} ms, first draft after {first * 1e3:.0f} ms, ", end=""
        )
        print(f"all after {whole * 1e3:.0f} ms")
        print(f"first / all: {first / whole:.2f} (goal 0.5)")


def report(latency: float, rounds: list[dict[str, Figures]]) -> None:
    """Print the best round of each route, and ratios to the bare ones."""
    best = {route: max((told[route] for told in rounds), key=lambda figures: figures.rate) for route in ROUTES}
    print(f"\nmodel answers after {latency * 1e3:.0f} ms, one process")
    print(f"{'':24}{'clients':>9}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'wrong':>7}")
    for route, name in ROUTES.items():
        figures = best[route]
        print(
            f"{name:24}{CLIENTS[route]:9}{figures.rate:12.1f}{figures.p50:9.0f}{figures.p99:9.0f}{figures.cpu:9.2f}{figures.wrong:7}"
        )
    for route in ("whole", "streamed"):
        ratios = [told["ours"].rate / max(told[route].rate, 0.001) for told in rounds]
        print(f"ours / {ROUTES[route]:24} {statistics.median(ratios):.2f} (goal 0.85)")


if __name__ == "__main__":
    main()
