"""One LiteLLM model: any provider, one streamed call for all drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from service.domain import Draft, Prompt, Usage


class LiteLLM:
    """Asks one model of any provider that LiteLLM knows."""

    def __init__(
        self, name: str, *, api_base: str | None = None, api_key: str | None = None, deadline: float = 30.0
    ) -> None:
        """``name`` is LiteLLM's, such as ``openai/gpt-4.1``; ``deadline`` is in seconds, retries included."""
        self.name = name
        self._api_base = api_base
        self._api_key = api_key
        self._deadline = deadline

    async def drafts(self, prompt: Prompt) -> AsyncGenerator[Draft | Usage, None]:
        """Yield each draft as soon as it is complete, and one ``Usage`` at last."""
        raise NotImplementedError
        yield
