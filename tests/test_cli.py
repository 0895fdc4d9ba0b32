import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import _address, app
from tests.examples import COLD

COMPLAINT = "My suitcase never came off the Lisbon flight and nobody has answered me for three days."
AMENDS = str(Path(sys.executable).parent / "amends")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("AMENDS_")]:
        monkeypatch.delenv(name)


def run(*args: str, stdin: bytes | str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(args), input=stdin)
    return result.exit_code, result.stdout, result.stderr


def test_draft_prints_three_drafts_and_when_the_answer_is_due() -> None:
    code, out, _ = run("draft", COMPLAINT, "--channel", "x")

    assert code == 0
    assert "Due " in out
    assert out.count(" · ready · ") == 3
    assert "sorry" in out.casefold()


def test_draft_gives_the_apis_answer_as_json() -> None:
    code, out, _ = run("draft", COMPLAINT, "--json", "--drafts", "2", "--brand", "tavola")

    answer = json.loads(out)
    assert code == 0
    assert len(answer["drafts"]) == 2
    assert answer["drafts"][0]["ready"] is True


def test_a_complaint_is_read_from_a_file_or_from_standard_input(tmp_path: Path) -> None:
    (tmp_path / "complaint.txt").write_text(COMPLAINT)

    assert run("draft", "complaint.txt")[1] == run("draft", "-", stdin=COMPLAINT)[1]


def test_a_complaint_may_be_longer_than_any_name_of_a_file(tmp_path: Path) -> None:
    code, out, _ = run("draft", COMPLAINT + " It is red." * 30)

    assert code == 0
    assert "suitcase" in out


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "complaint.txt").write_text(COMPLAINT)

    def closed(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", closed)
    code, _, err = run("check", "complaint.txt")

    assert code == 2
    assert "complaint.txt cannot be read: Permission denied." in " ".join(err.split())


def test_a_brands_guide_may_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("name: Mine\nvoice: {sign_off: '— Mine'}\n")

    code, out, _ = run("draft", COMPLAINT, "--brand", "mine.yml")

    assert code == 0
    assert "— Mine" in out


def test_known_facts_are_used() -> None:
    _, out, _ = run("draft", COMPLAINT, "--action", "Found the suitcase in Lisbon", "--notes", "VIP", "--name", "Dana")

    assert "found the suitcase in lisbon" in out.casefold()
    assert "VIP" not in out


@pytest.mark.parametrize(
    ("args", "stdin", "words"),
    [
        (["draft", "   "], None, "complaint_empty"),
        (["draft", COMPLAINT, "--brand", "nobody"], None, "brand_not_found"),
        (["draft", COMPLAINT, "--brand", "none.yml"], None, "brand_invalid"),
        (["draft", COMPLAINT, "--model", "openai/none"], None, "model_unknown"),
        (["draft", "-"], b"\xff\xfe", "bad_input"),
        (["check", "--explain", "nothing"], None, "not_found"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_two(args: list[str], stdin: bytes | None, words: str) -> None:
    code, _, err = run(*args, stdin=stdin)

    assert code == 2
    assert words in err


def test_wrong_settings_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMENDS_API_KEY", "short")

    code, _, err = run("serve")

    assert code == 2
    assert "AMENDS_API_KEY" in err
    assert "short" not in err.replace("settings_invalid", "")


def test_check_shows_what_is_wrong_and_the_text_with_its_safe_fixes() -> None:
    code, out, _ = run("check", COLD, "--channel", "x", "--complaint", COMPLAINT)

    assert code == 1
    assert "block hollow_apology" in out
    assert "block offline_push" in out


def test_check_gives_the_apis_answer_as_json() -> None:
    code, out, _ = run("check", COLD, "--channel", "x", "--json")

    answer = json.loads(out)
    assert code == 1
    assert answer["ready"] is False
    assert answer["findings"]


def test_check_explains_a_check() -> None:
    code, out, _ = run("check", "--explain", "offline_push")

    assert code == 0
    assert "fires when" in out
    assert "why" in out


def test_brands_are_listed_and_checked(tmp_path: Path) -> None:
    (tmp_path / "good.yml").write_text("name: Good\n")
    (tmp_path / "bad.yml").write_text("name: Bad\nvoice:\n  persona: x\n")

    _, listed, _ = run("brand", "list")
    code, out, err = run("brand", "check", "good.yml", "bad.yml")

    assert "harbour-air" in listed
    assert code == 1
    assert "good.yml: Good is in order" in out
    assert "bad.yml:3: `voice.persona` is not a field" in err


def test_a_made_key_is_good_enough_for_the_settings() -> None:
    from service.settings import read

    _, out, _ = run("key", "make")

    assert read(api_key=out.strip()).api_key is not None


def serve(tmp_path: Path, *args: str) -> tuple["subprocess.Popen[str]", str, str]:
    """A real process, its address and its key."""
    process = subprocess.Popen([AMENDS, "serve", "--port", "0", *args], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    found: dict[str, str] = {}
    for line in process.stdout:
        name, _, value = line.partition(":")
        found[name] = value.strip()
        if name == "Try":
            break
    return process, found["Page"].rstrip("/"), found["Key"]


def stop(process: "subprocess.Popen[str]") -> int:
    process.send_signal(signal.SIGTERM)
    with process:
        return process.wait(20)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_serve_makes_a_key_that_stays_and_answers_the_printed_call(tmp_path: Path, workers: str) -> None:
    process, address, key = serve(tmp_path, "--workers", workers)
    try:
        body = json.dumps({"brand": "harbour-air", "complaint": {"text": COMPLAINT, "channel": "x"}}).encode()
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        with urllib.request.urlopen(
            urllib.request.Request(f"{address}/v1/drafts", body, headers), timeout=30
        ) as answer:
            drafts = json.load(answer)["drafts"]
    finally:
        code = stop(process)

    assert len(drafts) == 3
    assert code in (0, -signal.SIGTERM)
    env_file = tmp_path / ".env"
    assert env_file.read_text() == f"AMENDS_API_KEY={key}\n"
    assert env_file.stat().st_mode & 0o077 == 0


def test_a_made_key_leaves_the_last_line_of_the_settings_as_it_is_and_their_log_level_holds(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("AMENDS_LOG_LEVEL=error")

    process, address, key = serve(tmp_path)
    try:
        urllib.request.urlopen(f"{address}/healthz", timeout=30).close()
    finally:
        process.send_signal(signal.SIGTERM)
        logged, _ = process.communicate(timeout=20)

    assert (tmp_path / ".env").read_text() == f"AMENDS_LOG_LEVEL=error\nAMENDS_API_KEY={key}\n"
    assert "healthz" not in logged


def test_an_address_of_the_newer_kind_is_printed_as_browsers_read_it() -> None:
    assert _address("::1", 8000) == "http://[::1]:8000"
    assert _address("127.0.0.1", 8000) == "http://127.0.0.1:8000"


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("name", "value", "code", "words"),
    [
        ("AMENDS_DATABASE_URL", "sqlite+aiosqlite:///nowhere/amends.db", 3, "amends.db cannot be opened"),
        ("AMENDS_BRANDS_FOLDER", "wrong", 2, "wrong/mine.yml:1: `nme` is not a field"),
    ],
)
def test_what_would_stop_every_web_process_is_said_once_and_before_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: str, name: str, value: str, code: int, words: str
) -> None:
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / "mine.yml").write_text("nme: Mine\n")
    monkeypatch.setenv(name, value)

    found, out, err = run("serve", "--port", "0", "--workers", workers)

    assert (found, out) == (code, "")
    assert words in err
    assert not (tmp_path / ".env").exists()


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    process, address, _ = serve(tmp_path)
    try:
        code, _, err = run("serve", "--port", address.rsplit(":", 1)[1])
    finally:
        stop(process)

    assert code == 3
    assert "Cannot listen on" in err


def test_every_command_has_help_with_an_example() -> None:
    for args in (["draft"], ["check"], ["serve"], ["brand", "list"], ["brand", "check"], ["key", "make"]):
        code, out, _ = run(*args, "--help")
        assert code == 0
        assert "Example: amends" in " ".join(out.split())


def test_a_judge_is_asked_on_the_command_line_too_and_one_that_cannot_work_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "We're sorry that your suitcase never came off the Lisbon flight. We're finding out where it is now."
    order = ("check", text, "--complaint", COMPLAINT, "--brand", "harbour-air")
    plain = run(*order)
    nobody = run(*order, "--judge")
    monkeypatch.setenv("AMENDS_JUDGE_MODEL", "nobody/none")
    asked = run(*order, "--judge")
    wire = json.loads(run(*order, "--judge", "--json")[1])

    assert plain[0] == 0
    assert nobody[0] == 2
    assert "AMENDS_JUDGE_MODEL" in nobody[2]
    assert asked[0] == 1
    assert "not run tone: The judge gave no verdict: nobody/none is not set up rightly" in asked[1]
    assert wire["usage"]["output_tokens"] == 0
