"""What the house promises about itself: each test fails when someone adds a thing and forgets the rest."""

import re
import tomllib
from pathlib import Path

from service.cli import app
from service.errors import AmendsError

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_module_has_a_line_in_the_map() -> None:
    readme_map = README.split("## The map")[1].split("```")[1]

    for path in (ROOT / "service").iterdir():
        if path.suffix == ".py" or (path.is_dir() and not path.name.startswith("_")):
            name = f"{path.name}/" if path.is_dir() else path.name
            assert path.name == "__init__.py" or name in readme_map, f"{name} is not in the README's map"


def test_lock_files_hold_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-test.lock"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        pinned = [i for i, line in enumerate(lines) if re.match(r"^[a-z0-9-]+==", line)]
        assert pinned
        assert all("--hash=sha256:" in lines[i + 1] for i in pinned)
        assert not [line for line in lines if "://" in line or "index-url" in line or "find-links" in line]


def test_the_malicious_litellm_releases_are_kept_out() -> None:
    assert "litellm!=1.82.7,!=1.82.8" in PROJECT["project"]["dependencies"]
    assert not re.search(
        r"^litellm==1\.82\.[78]\b", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE
    )


def test_every_dependency_has_its_reason() -> None:
    reasons = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").casefold()
    extras = PROJECT["project"]["optional-dependencies"]

    for wanted in [*PROJECT["project"]["dependencies"], *extras["test"], *extras["build"]]:
        name = re.split(r"[\[!=<>]", wanted)[0].casefold()
        told = name in reasons or (name.startswith("pytest-") and "pytest and its plugins" in reasons)
        assert told, f"{name} has no line in CONTRIBUTING.md"


def test_every_command_is_in_the_readme() -> None:
    for command in app.registered_commands:
        name = command.name or (command.callback.__name__ if command.callback else "")
        assert f"amends {name}" in README
    for group in app.registered_groups:
        assert group.typer_instance
        for command in group.typer_instance.registered_commands:
            assert f"amends {group.name} {command.name}" in README


def _below(cls: type[AmendsError]) -> list[type[AmendsError]]:
    return [cls, *(deeper for sub in cls.__subclasses__() for deeper in _below(sub))]


def test_every_error_has_a_code_of_its_own_and_a_title() -> None:
    errors = _below(AmendsError)
    codes = [error.code for error in errors]

    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z][a-z_]+", code) for code in codes)
    assert all(error.title[0].isupper() for error in errors)
