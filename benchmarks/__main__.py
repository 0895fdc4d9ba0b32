"""All benchmarks, one after the other: ``make bench``."""

import subprocess
import sys

for name in ("real_complaints", "precision", "checks", "sentences", "footprint", "service"):
    print(f"\n== {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False)
