"""``AMENDS_*`` in the environment or a ``.env`` file → Settings; insecure combinations refuse to start."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service.errors import SettingsInvalid

ENV_FILE = Path(".env")


class Settings(BaseSettings):
    """How one installation runs. Every field is an environment variable: ``host`` is ``AMENDS_HOST``."""

    model_config = SettingsConfigDict(env_prefix="AMENDS_", env_file=".env", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on; beyond loopback only with a key set.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    workers: int = Field(1, ge=1, le=64, description="Web processes.")
    database_url: str = Field(
        "sqlite+aiosqlite:///amends.db", description="Where audit records and idempotency keys are kept: SQLite."
    )
    api_key: SecretStr | None = Field(
        None,
        description="The API key, at least 24 characters. Unset on loopback, one is made and written to `.env`.",
    )
    models: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="LiteLLM model names, comma-separated, first choice first. Empty: the built-in composer alone."
    )
    model_api_base: str | None = Field(
        None, description="Base address of the models' server, for vLLM, Ollama, Azure and proxies."
    )
    model_api_key: SecretStr | None = Field(
        None, description="The models' key; unset takes the provider's own variable, such as `OPENAI_API_KEY`."
    )
    model_deadline_seconds: float = Field(
        20.0, gt=0, le=300, description="Longest time for all models together; then the composer writes the drafts."
    )
    judge_model: str | None = Field(
        None,
        description="LiteLLM name of the model that judges the tone of drafts that pass the rules. Unset: nobody does.",
    )
    judge_deadline_seconds: float = Field(
        8.0, gt=0, le=300, description="Longest time for the judge; a draft that it did not judge is not ready."
    )
    brands_folder: Path | None = Field(
        None, description="Folder with your brands' `*.yml` guides, beside the examples."
    )
    extension_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins of browser extensions that may call the API, comma-separated."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")

    @field_validator("models", "extension_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("judge_model")
    @classmethod
    def _named(cls, value: str | None) -> str | None:
        return (value or "").strip() or None

    @field_validator("extension_origins")
    @classmethod
    def _extensions_only(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if not origin.startswith(("chrome-extension://", "moz-extension://")) or origin.count("/") != 2:
                raise ValueError(f"{origin!r} is not an extension's origin such as chrome-extension://<id>")
        return value

    @field_validator("api_key")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 24:
            raise ValueError("a key needs at least 24 characters; `amends key make` prints a good one")
        return value

    @field_validator("database_url")
    @classmethod
    def _sqlite(cls, value: str) -> str:
        if not value.startswith("sqlite+aiosqlite:///"):
            raise ValueError("this version keeps its data in SQLite: use sqlite+aiosqlite:///path/to/file.db")
        return value

    @model_validator(mode="after")
    def _one_provider(self) -> Settings:
        """Refuse to give one provider's key or address to another."""
        names = (*self.models, *([self.judge_model] if self.judge_model else []))
        providers = sorted({name.partition("/")[0] for name in names})
        if len(providers) > 1 and (self.model_api_key or self.model_api_base):
            where = "AMENDS_MODELS and AMENDS_JUDGE_MODEL name" if self.judge_model else "AMENDS_MODELS names"
            raise ValueError(
                f"{where} several providers ({', '.join(providers)}), but AMENDS_MODEL_API_KEY and "
                "AMENDS_MODEL_API_BASE go to all of them; set each provider's own variables, such as OPENAI_API_KEY"
            )
        return self

    @model_validator(mode="after")
    def _locked(self) -> Settings:
        """Refuse to listen beyond loopback without a key."""
        if self.api_key is None and not is_loopback(self.host):
            raise ValueError(
                f"AMENDS_HOST is {self.host}, which others can reach, but AMENDS_API_KEY is not set; set a key of at "
                "least 24 characters, or listen on 127.0.0.1"
            )
        return self


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read(**overrides: object) -> Settings:
    """The settings of the environment and ``.env``, the overrides winning.

    Raises:
        SettingsInvalid: one line a mistake, each naming the variable.
    """
    try:
        settings = Settings(**{k: v for k, v in overrides.items() if v is not None})  # type: ignore[arg-type]  # pydantic checks
    except UnicodeDecodeError as exc:
        raise SettingsInvalid(f"{ENV_FILE} is not valid UTF-8") from exc
    except ValidationError as exc:
        raise SettingsInvalid("\n".join(_sentence(error) for error in exc.errors(include_url=False))) from exc
    if settings.models or settings.judge_model:
        _lend()
    return settings


def _lend() -> None:
    """Put the providers' own variables of ``.env``, such as ``OPENAI_API_KEY``, where their libraries look for them.

    What the environment holds already wins.
    """
    for name, value in dotenv_values(ENV_FILE).items():
        if value and not name.upper().startswith("AMENDS_"):
            os.environ.setdefault(name, value)


def _sentence(error: object) -> str:
    assert isinstance(error, dict)  # noqa: S101 - pydantic's own shape
    message = str(error["msg"]).removeprefix("Value error, ")
    name = "_".join(str(step) for step in error["loc"])
    return f"AMENDS_{name.upper()}: {message}" if name else message
