"""What LiteLLM knows of one model: where a request goes, what it looks like, how its errors read, what tokens cost.

``litellm.acompletion`` costs about 10 ms of CPU a call. Its provider classes, which shape the request and name the
errors, are used here without it. Providers that sign requests or mint tokens go through ``acompletion`` all the same.
"""

from __future__ import annotations

import copy
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from service.errors import ModelMisconfigured, PromptTooLong
from service.model.answer import AnswerForm
from service.model.dialects import DIALECTS
from service.model.failures import failure, translate
from service.model.verdicts import VerdictsForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.domain import Prompt
    from service.errors import ModelError

BASES = {
    "anthropic": "https://api.anthropic.com",
    "ollama_chat": "http://localhost:11434",
    "openai": "https://api.openai.com/v1",
    "openrouter": "https://openrouter.ai/api/v1",
}
"""Where providers live whose address LiteLLM's provider classes do not know."""

TOKENS = {"drafts": 1200, "verdicts": 300}
"""Room for the longest honest draft or verdict with its JSON; a bound on what a runaway model costs."""

FORMS = {"drafts": AnswerForm, "verdicts": VerdictsForm}
"""What a prompt wants → the form that it is wanted in."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, ready to be sent."""

    url: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


class Provider:
    """One model at its provider, as LiteLLM describes it."""

    def __init__(self, litellm: Any, name: str, *, api_base: str | None, api_key: str | None) -> None:
        """Find the provider of a LiteLLM model name.

        Raises:
            ModelMisconfigured: LiteLLM does not know the name, or the provider's address is missing.

        """
        from litellm.utils import ProviderConfigManager

        self._litellm = litellm
        self.name = name
        try:
            self.model, provider, key, base = litellm.get_llm_provider(name, api_base=api_base, api_key=api_key)
        except Exception as error:
            raise translate(error, name) from error
        self.provider = "ollama_chat" if provider == "ollama" else provider
        self.key = api_key or key or os.environ.get(f"{provider.upper()}_API_KEY")
        self.base = api_base or base or _base_of(provider) or BASES.get(self.provider)
        self.dialect = DIALECTS.get(self.provider)
        if self.provider == "azure" and not self.key:
            self.dialect = None  # a token of Entra ID, which LiteLLM mints
        if self.dialect is not None and self.base is None:
            raise failure(ModelMisconfigured, name)
        self._config: Any = None
        if self.dialect is not None:
            kind = litellm.LlmProviders(self.provider)
            self._config = ProviderConfigManager.get_provider_chat_config(self.model, kind)
        self._priceless = False
        self._options: dict[tuple[str, int], dict[str, Any]] = {}

    def messages(self, prompt: Prompt) -> list[dict[str, Any]]:
        """Give the prompt as chat messages; Anthropic is told to cache the static part, the others do so unasked."""
        system: Any = prompt.system
        if self.provider == "anthropic":
            system = [{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}]
        return [{"role": "system", "content": system}, {"role": "user", "content": prompt.user}]

    def wishes(self, prompt: Prompt) -> dict[str, Any]:
        """Give what is asked of every provider, in OpenAI's words."""
        schema = self._litellm.supports_response_schema(model=self.model, custom_llm_provider=self.provider)
        thinks = self._litellm.supports_reasoning(model=self.model, custom_llm_provider=self.provider)
        return {
            "stream": True,
            "stream_options": {"include_usage": True},
            "response_format": FORMS[prompt.wants] if schema else {"type": "json_object"},
            # Thinking counts as output, so a bound that suits the answer would leave it empty.
            **({} if thinks else {"max_tokens": TOKENS[prompt.wants] * prompt.drafts}),
        }

    def request(self, prompt: Prompt) -> Request:
        """Shape the request for one prompt; only for providers with a dialect."""
        messages = self.messages(prompt)
        options = copy.copy(self._options_for(prompt))
        shared = {"model": self.model, "messages": messages, "optional_params": options, "litellm_params": {}}
        if self.provider == "azure":
            headers, url = {"api-key": self.key or ""}, _azure_url(self.base or "", self.model)
        else:
            headers = self._config.validate_environment(headers={}, api_key=self.key, api_base=self.base, **shared)
            url = self._url(options)
        body = self._config.transform_request(headers=headers, **shared)
        body.update(body.pop("extra_body", None) or {})
        body.pop("fake_stream", None)
        body["stream"] = True
        return Request(url, {**headers, "Content-Type": "application/json", "Accept-Encoding": "identity"}, body)

    def error(self, status: int, body: str, headers: Mapping[str, str], retry_after: float | None) -> ModelError:
        """Name the error that an HTTP answer tells of, as LiteLLM reads it."""
        if "context_length_exceeded" in body:  # OpenAI's code, which LiteLLM does not read
            return failure(PromptTooLong, self.name)
        raw = self._config.get_error_class(error_message=body[:20_000], status_code=status, headers=dict(headers))
        try:
            known = self._litellm.exception_type(
                model=self.model, original_exception=raw, custom_llm_provider=self.provider
            )
        except Exception as mapped:
            known = mapped
        return translate(known, self.name, status=status, retry_after=retry_after)

    def cost(self, entered: int, left: int) -> float | None:
        """Price tokens in US dollars by LiteLLM's offline table; ``None`` for a model that is not in it."""
        if self._priceless:
            return None
        try:
            prices = self._litellm.cost_per_token(
                model=self.model, prompt_tokens=entered, completion_tokens=left, custom_llm_provider=self.provider
            )
        except Exception:
            self._priceless = True
            return None
        return float(sum(prices))

    def _options_for(self, prompt: Prompt) -> dict[str, Any]:
        key = prompt.wants, prompt.drafts
        if key not in self._options:
            from litellm.utils import get_optional_params

            options = get_optional_params(
                model=self.model, custom_llm_provider=self.provider, drop_params=True, **self.wishes(prompt)
            )
            options.pop("fake_stream", None)
            options.pop("json_mode", None)
            self._options[key] = options
        return self._options[key]

    def _url(self, options: dict[str, Any]) -> str:
        base = (self.base or "").rstrip("/")
        if self.provider == "anthropic":
            return base if base.endswith("/messages") else f"{base.removesuffix('/v1')}/v1/messages"
        url: str = self._config.get_complete_url(
            api_base=base, api_key=self.key, model=self.model, optional_params=options, litellm_params={}, stream=True
        )
        return url


def _base_of(provider: str) -> str | None:
    """Read the provider's address from the variables that its own tools read."""
    prefix = provider.removesuffix("_chat").upper()
    return os.environ.get(f"{prefix}_API_BASE") or os.environ.get(f"{prefix}_BASE_URL")


def _azure_url(base: str, deployment: str) -> str:
    """Build the address of an Azure deployment; LiteLLM leaves that to OpenAI's client."""
    version = os.environ.get("AZURE_API_VERSION", "2024-10-21")
    root = base.rstrip("/")
    if version in ("v1", "latest", "preview") or root.endswith("/openai/v1"):
        return f"{root.removesuffix('/openai/v1')}/openai/v1/chat/completions"
    return f"{root}/openai/deployments/{deployment}/chat/completions?api-version={version}"
