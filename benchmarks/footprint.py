"""What the running service weighs with the composer: memory, time until ready, and the cost of importing the app."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import psutil

IMPORT = "import time; c = time.process_time(); import {}; print(time.process_time() - c)"


def imported(module: str) -> float:
    """Least CPU seconds of five fresh imports."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    runs = [
        float(
            subprocess.run(
                [sys.executable, "-c", IMPORT.format(module)], env=env, capture_output=True, check=True
            ).stdout
        )
        for _ in range(5)
    ]
    return min(runs)


def served() -> tuple[float, float, float]:
    """Seconds until ready, MB when ready, MB after two hundred requests for drafts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    key = "benchmark-key-of-the-footprint"
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {
        "AMENDS_PORT": str(port),
        "AMENDS_API_KEY": key,
        "AMENDS_MODELS": "",
    }
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        command = [os.path.join(os.path.dirname(sys.executable), "amends"), "serve"]  # noqa: PTH118, PTH120
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL)
        try:
            while True:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                        if answer.status == 200:
                            break
                except OSError:
                    if time.monotonic() - started > 30:
                        raise
                    time.sleep(0.01)
            ready = time.monotonic() - started
            first = psutil.Process(process.pid).memory_info().rss / 1e6
            body = b'{"brand": "harbour-air", "complaint": {"text": "My bag is still in Lisbon.", "channel": "x"}}'
            for _ in range(200):
                request = urllib.request.Request(
                    f"http://127.0.0.1:{port}/v1/drafts",
                    data=body,
                    headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
                )
                with urllib.request.urlopen(request, timeout=10) as answer:
                    answer.read()
            return ready, first, psutil.Process(process.pid).memory_info().rss / 1e6
        finally:
            process.terminate()
            process.wait(10)


def main() -> None:
    """Print the figures, the import beside FastAPI's own."""
    app, peer = imported("service.web.app"), imported("fastapi")
    print(
        f"import service.web.app   {app:.2f} s CPU (goal 0.6), {app / peer:.2f} times `import fastapi` ({peer:.2f} s)"
    )
    runs = [served() for _ in range(3)]
    print(f"ready after              {min(r[0] for r in runs):.2f} s (goal 2)")
    first, later = max(r[1] for r in runs), max(r[2] for r in runs)
    print(f"memory when ready        {first:.0f} MB; after 200 requests {later:.0f} MB (goal 120)")


if __name__ == "__main__":
    main()
