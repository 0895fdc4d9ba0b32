"""Load for one route, from a process of its own: so many clients, each asking again when it was answered."""

from __future__ import annotations

import asyncio
import json
import sys
import time

import aiohttp
import uvloop

MOST = 200_000
"""Requests after which it stops in any case."""


async def load(url: str, key: str, body: bytes, clients: int, seconds: float) -> dict[str, float]:
    """Give what was measured after a warm-up of a quarter of the time."""
    took: list[float] = []
    wrong = every = 0
    begin = time.perf_counter() + seconds / 4
    end = begin + seconds
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), headers=headers) as session:

        async def client() -> None:
            nonlocal wrong, every
            while (start := time.perf_counter()) < end and len(took) < MOST:
                async with session.post(url, data=body) as answer:
                    text = await answer.read()
                every += 1
                if start < begin:
                    continue
                if answer.status == 200 and b'"degraded":false' in text:
                    took.append(time.perf_counter() - start)
                else:
                    wrong += 1

        await asyncio.gather(*(client() for _ in range(clients)))
        spent = time.perf_counter() - begin
    took.sort()
    middle, late = (took[int(len(took) * share)] if took else 0.0 for share in (0.5, 0.99))
    return {
        "every": every,
        "answers": len(took),
        "wrong": wrong,
        "rate": len(took) / spent,
        "p50": middle * 1e3,
        "p99": late * 1e3,
    }


if __name__ == "__main__":
    url, key, text, clients, seconds = sys.argv[1:6]
    result = uvloop.run(load(url, key, text.encode(), int(clients), float(seconds)))
    sys.stdout.write(json.dumps(result))
