"""The wheel: what is installed holds every file that the service reads."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
READ = ("service", "prompts", "deploy/migrations")


def test_a_wheel_holds_every_file_that_the_source_tree_does(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for folder in READ:
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source / name)
    build = f"import setuptools.build_meta as b; print(b.build_wheel({str(tmp_path)!r}))"

    subprocess.run([sys.executable, "-W", "ignore", "-c", build], cwd=source, check=True, capture_output=True)

    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(ROOT).as_posix().replace("deploy/migrations", "service/migrations")
        for folder in READ
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - held == set()
