"""Every error that Amends raises, as one tree, each with a stable code."""

from __future__ import annotations

from typing import ClassVar


class AmendsError(Exception):
    """Something that could not be done; the message is a sentence that a person understands."""

    code: ClassVar[str] = "amends_error"
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after
        """Seconds after which the same call may work; ``None`` when waiting will not help."""


class CannotTell(AmendsError):
    """A check has nothing to judge by; ``run_checks`` turns it into ``not_run``."""

    code = "cannot_tell"
    title = "The check could not tell"


# What the caller sent


class BadInput(AmendsError):
    """What was sent cannot be worked with."""

    code = "bad_input"
    title = "The request cannot be worked with"


class ComplaintEmpty(BadInput):
    """The complaint holds no words to answer."""

    code = "complaint_empty"
    title = "The complaint is empty"


class BodyTooLarge(BadInput):
    """The request is larger than the service accepts."""

    code = "body_too_large"
    title = "The request is too large"


class BodyUnreadable(BadInput):
    """The request is not valid JSON in UTF-8."""

    code = "body_unreadable"
    title = "The request is not readable"


class MediaTypeUnsupported(BadInput):
    """The request's content is not JSON."""

    code = "media_type_unsupported"
    title = "The content type is not supported"


class BrandInvalid(BadInput):
    """A brand's guide is wrong; the message names the line or the field."""

    code = "brand_invalid"
    title = "The brand's guide is wrong"


class RuleInvalid(BadInput):
    """A wording rule is wrong; the message names the file and the reason."""

    code = "rule_invalid"
    title = "The wording rule is wrong"


class SettingsInvalid(BadInput):
    """The settings do not fit together or would be unsafe."""

    code = "settings_invalid"
    title = "The settings are wrong"


class ModelUnknown(BadInput):
    """The request asks for a model that is not configured."""

    code = "model_unknown"
    title = "The model is not configured"


# Who asks


class Unauthorized(AmendsError):
    """No key, or a wrong one."""

    code = "unauthorized"
    title = "A valid API key is needed"


class OriginForeign(AmendsError):
    """A form was sent from another site than ours."""

    code = "origin_foreign"
    title = "The form came from another site"


class NotFound(AmendsError):
    """There is no such thing here."""

    code = "not_found"
    title = "Not found"


class MethodNotAllowed(AmendsError):
    """The path exists, the method does not."""

    code = "method_not_allowed"
    title = "The method is not allowed here"


class BrandNotFound(NotFound):
    """No brand has this id."""

    code = "brand_not_found"
    title = "No such brand"


class CheckNotFound(NotFound):
    """No check has this id."""

    code = "check_not_found"
    title = "No such check"


# Calls that meet each other


class Conflict(AmendsError):
    """The call contradicts another one."""

    code = "conflict"
    title = "The call conflicts with another"


class IdempotencyMismatch(Conflict):
    """The idempotency key was used with another body."""

    code = "idempotency_mismatch"
    title = "The idempotency key belongs to another request"


class IdempotencyInProgress(Conflict):
    """The first call with this idempotency key still runs."""

    code = "idempotency_in_progress"
    title = "The same request is still running"


# The model's side


class ModelError(AmendsError):
    """A model did not give usable drafts."""

    code = "model_error"
    title = "The model failed"


class ModelBusy(ModelError):
    """The model is over its rate limit or overloaded."""

    code = "model_busy"
    title = "The model is busy"


class ModelTimeout(ModelError):
    """The model did not answer before the deadline."""

    code = "model_timeout"
    title = "The model took too long"


class ModelUnreachable(ModelError):
    """No connection to the model, or its server failed."""

    code = "model_unreachable"
    title = "The model cannot be reached"


class ModelRefused(ModelError):
    """The model's content filter turned the prompt or the answer down."""

    code = "model_refused"
    title = "The model refused"


class ModelMisconfigured(ModelError):
    """The model's key, name or parameters are wrong; trying again will not help."""

    code = "model_misconfigured"
    title = "The model is not set up rightly"


class PromptTooLong(ModelError):
    """The prompt does not fit the model's context window."""

    code = "prompt_too_long"
    title = "The complaint is too long for the model"


class AnswerUnusable(ModelError):
    """The model answered something that holds no drafts."""

    code = "answer_unusable"
    title = "The model's answer cannot be used"


class Unavailable(AmendsError):
    """The service cannot answer right now."""

    code = "unavailable"
    title = "The service is not ready"
