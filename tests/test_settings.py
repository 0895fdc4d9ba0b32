import os
from pathlib import Path

import pytest

from service.errors import SettingsInvalid
from service.settings import Settings, is_loopback, read

KEY = "k" * 24


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_fresh_install_listens_on_loopback_with_the_composer_alone() -> None:
    settings = read()

    assert (settings.host, settings.port, settings.models) == ("127.0.0.1", 8000, ())


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMENDS_MODELS", "openai/a, anthropic/b ,")
    monkeypatch.setenv("AMENDS_PORT", "9000")

    settings = read()

    assert settings.models == ("openai/a", "anthropic/b")
    assert settings.port == 9000


def test_a_providers_own_key_may_stand_in_the_dotenv_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_API_KEY", "from the environment")
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.delenv("OPENAI_API_KEY")
    lines = ("OPENAI_API_KEY=from the file", "GROQ_API_KEY=from the file", "MISTRAL_API_KEY=", "AMENDS_PORT=9000")
    (tmp_path / ".env").write_text("\n".join(lines))

    read()
    unasked = os.environ.get("OPENAI_API_KEY")
    read(models="openai/a")

    assert unasked is None
    assert (os.environ["OPENAI_API_KEY"], os.environ["GROQ_API_KEY"]) == ("from the file", "from the environment")
    assert "AMENDS_PORT" not in os.environ


def test_a_dotenv_file_in_another_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"AMENDS_PORT=9000 # \xfcber\n")

    with pytest.raises(SettingsInvalid, match="not valid UTF-8"):
        read()


def test_a_dotenv_file_is_read_and_an_override_wins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"AMENDS_API_KEY={KEY}\nAMENDS_PORT=9000\n")

    settings = read(port=1234, host=None)

    assert settings.port == 1234
    assert settings.api_key is not None
    assert KEY not in repr(settings)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"host": "0.0.0.0"}, "AMENDS_API_KEY is not set"),
        ({"host": "amends.example"}, "AMENDS_API_KEY is not set"),
        ({"api_key": "short"}, "AMENDS_API_KEY: a key needs at least 24 characters"),
        ({"port": 70000}, "AMENDS_PORT: "),
        ({"database_url": "postgresql://db.example/a"}, "AMENDS_DATABASE_URL: this version keeps its data in SQLite"),
        ({"extension_origins": "https://evil.example"}, "AMENDS_EXTENSION_ORIGINS: "),
        ({"models": "openai/a,anthropic/b", "model_api_key": KEY}, "several providers"),
        ({"models": "openai/a", "judge_model": "groq/b", "model_api_key": KEY}, "AMENDS_JUDGE_MODEL name several"),
        ({"models": "openai/a,ollama/b", "model_api_base": "http://127.0.0.1:1"}, "several providers"),
    ],
)
def test_settings_that_are_wrong_or_unsafe_refuse_to_start(values: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsInvalid, match=words):
        read(**values)


def test_beyond_loopback_works_with_a_key() -> None:
    assert read(host="0.0.0.0", api_key=KEY).host == "0.0.0.0"


def test_several_models_of_one_provider_share_its_key() -> None:
    assert len(read(models=("openai/a", "openai/b"), model_api_key=KEY).models) == 2


def test_an_empty_name_is_no_judge() -> None:
    assert read(judge_model=" ").judge_model is None
    assert read(judge_model="openai/a").judge_model == "openai/a"


def test_a_judge_alone_borrows_its_providers_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.delenv("OPENAI_API_KEY")
    (tmp_path / ".env").write_text("OPENAI_API_KEY=from the file")

    read(judge_model="openai/a")

    assert os.environ["OPENAI_API_KEY"] == "from the file"


def test_extension_origins_are_a_list() -> None:
    origins = read(extension_origins="chrome-extension://abc,moz-extension://def").extension_origins

    assert origins == ("chrome-extension://abc", "moz-extension://def")


@pytest.mark.parametrize(
    ("host", "expected"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("a.b", False)]
)
def test_loopback_is_told_from_the_rest(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")

    for name, field in Settings.model_fields.items():
        row = next((line for line in readme.splitlines() if line.startswith(f"| `AMENDS_{name.upper()}` |")), None)
        assert row, f"AMENDS_{name.upper()} is not in the README's table"
        assert (field.description or "?") in row
        if field.default not in (None, ()):
            assert f"`{field.default}`" in row
