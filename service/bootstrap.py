"""Settings → a Desk and what it needs: built without I/O here, opened and closed by whoever runs it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from prompts import FOLDER as PROMPTS
from service import brands, checks
from service.composer import Composer
from service.domain import Brand, Context, Reply
from service.drafting import Desk
from service.errors import BrandInvalid
from service.judge import Judge
from service.model import Fallbacks, LiteLLM
from service.model.wire import Wire
from service.prompt import Prompts
from service.settings import Settings


def build(settings: Settings, record: Callable[[Context, Reply], Awaitable[None]] | None = None) -> Desk:
    """A desk over the configured models, the composer always last, and the brands of all folders.

    Raises:
        BrandInvalid: a guide is wrong; the message names file and line.
        RuleInvalid: a wording rule disagrees with its own examples.
    """
    checks.verify()
    wire, prompts = Wire(), Prompts(PROMPTS)
    return Desk(
        models=models(settings, wire),
        judge=judge(settings, prompts, wire),
        prompts=prompts,
        brands=guides(settings),
        clock=lambda: datetime.now(UTC),
        new_id=lambda: uuid.uuid4().hex,
        record=record,
    )


def models(settings: Settings, wire: Wire) -> Fallbacks:
    """The configured models in their order, then the composer."""
    deadline = settings.model_deadline_seconds
    remote = [_remote(name, deadline, settings, wire) for name in settings.models]
    return Fallbacks([*remote, Composer()], deadline=deadline)


def judge(settings: Settings, prompts: Prompts, wire: Wire) -> Judge | None:
    """The judge of tone, or ``None`` where none is configured."""
    if settings.judge_model is None:
        return None
    deadline = settings.judge_deadline_seconds
    model = _remote(settings.judge_model, deadline, settings, wire)
    return Judge(models=Fallbacks([model], deadline=deadline), prompts=prompts, new_mark=lambda: secrets.token_hex(8))


def _remote(name: str, deadline: float, settings: Settings, wire: Wire) -> LiteLLM:
    key = settings.model_api_key.get_secret_value() if settings.model_api_key else None
    return LiteLLM(name, api_base=settings.model_api_base, api_key=key, deadline=deadline, wire=wire)


def guides(settings: Settings) -> Mapping[str, Brand]:
    """The example brands and those of the settings' folder, by id.

    Raises:
        BrandInvalid: a guide is wrong, or there is no brand at all.
    """
    folders = [PROMPTS / "voices"] + ([settings.brands_folder] if settings.brands_folder else [])
    found = brands.load(*folders)
    if not found:  # pragma: no cover - the examples ship with the package
        raise BrandInvalid("no brand guide was found")
    return found
