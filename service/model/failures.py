"""What went wrong at a provider, in our own errors: every exception of LiteLLM and of the wire has its place here."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from service.errors import (
    AnswerUnusable,
    ModelBusy,
    ModelError,
    ModelMisconfigured,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
    PromptTooLong,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

WHY: dict[type[ModelError], str] = {
    ModelBusy: "was busy (rate limit)",
    ModelTimeout: "took too long",
    ModelUnreachable: "could not be reached",
    ModelRefused: "refused the text (content filter)",
    ModelMisconfigured: "is not set up rightly (key, name or parameters)",
    PromptTooLong: "could not take a text of this length",
    AnswerUnusable: "gave no usable answer",
    ModelError: "failed",
}
"""What we say of a model that failed; never the provider's own words, which may hold keys or the customer's text."""

KINDS: dict[str, type[ModelError]] = {
    # LiteLLM's, by name, because importing it costs seconds.
    "APIConnectionError": ModelUnreachable,
    "APIError": ModelUnreachable,
    "APIResponseValidationError": AnswerUnusable,
    "AuthenticationError": ModelMisconfigured,
    "BadGatewayError": ModelUnreachable,
    "BadRequestError": ModelMisconfigured,
    "BlockedPiiEntityError": ModelRefused,
    "BudgetExceededError": ModelBusy,
    "ContentPolicyViolationError": ModelRefused,
    "ContextWindowExceededError": PromptTooLong,
    "GuardrailRaisedException": ModelRefused,
    "ImageFetchError": ModelMisconfigured,
    "InternalServerError": ModelUnreachable,
    "InvalidRequestError": ModelMisconfigured,
    "JSONSchemaValidationError": AnswerUnusable,
    "LiteLLMUnknownProvider": ModelMisconfigured,
    "MidStreamFallbackError": ModelUnreachable,
    "MockException": ModelError,
    "ModelNotMappedError": ModelMisconfigured,
    "ModifyResponseException": ModelRefused,
    "NotFoundError": ModelMisconfigured,
    "OpenAIError": ModelError,
    "PaymentRequiredError": ModelMisconfigured,
    "PermissionDeniedError": ModelMisconfigured,
    "RateLimitError": ModelBusy,
    "RejectedRequestError": ModelRefused,
    "SensitiveDataRouteException": ModelRefused,
    "ServiceUnavailableError": ModelBusy,
    "Timeout": ModelTimeout,
    "UnprocessableEntityError": ModelMisconfigured,
    "UnsupportedParamsError": ModelMisconfigured,
    "VectorStoreSearchError": ModelMisconfigured,
    # The wire's.
    "ConnectTimeout": ModelUnreachable,
    "TimeoutException": ModelTimeout,
    "TimeoutError": ModelTimeout,
    "TransportError": ModelUnreachable,
    "InvalidURL": ModelMisconfigured,
    "OSError": ModelUnreachable,
    "JSONDecodeError": AnswerUnusable,
}
"""The name of a foreign exception's class → ours; the nearest class in its ancestry counts."""


STATUSES: dict[int, type[ModelError]] = {
    401: ModelMisconfigured,
    402: ModelMisconfigured,
    403: ModelMisconfigured,
    404: ModelMisconfigured,
    408: ModelTimeout,
    413: PromptTooLong,
    429: ModelBusy,
    503: ModelBusy,
    529: ModelBusy,
}
"""HTTP statuses that say more than LiteLLM's reading of them, which differs from provider to provider."""


def why(error: ModelError) -> str:
    """Say in plain words why a model did not write, along the error's ancestry."""
    return next(words for cls, words in WHY.items() if type(error) is cls or cls is ModelError)


def failure(kind: type[ModelError], model: str, *, retry_after: float | None = None) -> ModelError:
    """Make the error of one kind for one model, in words that are ours alone."""
    return kind(f"{model} {WHY[kind]}", retry_after=retry_after)


def translate(
    error: Exception, model: str, *, status: int | None = None, retry_after: float | None = None
) -> ModelError:
    """Give our error for a foreign one; an exception that nobody foresaw is a plain ``ModelError``.

    The HTTP status, where there is one, counts for more than the class, unless that says what is wrong with the text.
    """
    kind = next((KINDS[cls.__name__] for cls in type(error).__mro__ if cls.__name__ in KINDS), ModelError)
    if kind not in (ModelRefused, PromptTooLong):
        known = status if status is not None else getattr(error, "status_code", None)
        kind = kind if known is None else STATUSES.get(known, kind)
    return failure(kind, model, retry_after=retry_after if issubclass(kind, ModelBusy | ModelUnreachable) else None)


def retry_after_of(headers: Mapping[str, str], now: datetime) -> float | None:
    """Read how many seconds a server asks to wait, in milliseconds, seconds or as a date; ``None`` if it does not."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "").strip()
        try:
            seconds = float(value) * unit
        except ValueError:
            continue
        if 0 <= seconds < float("inf"):
            return seconds
    try:
        then = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max((then - now).total_seconds(), 0.0)
