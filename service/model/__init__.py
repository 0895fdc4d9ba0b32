"""What writes and judges drafts: the protocols, the LiteLLM adapter for every provider, and the ordered fallbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from service.domain import Beginning, Draft, Prompt, Usage, Verdict


class Model(Protocol):
    """Something that writes drafts from a prompt."""

    @property
    def name(self) -> str:
        """How settings, requests and drafts call it; names of models that need no provider start with ``builtin/``."""
        ...

    def drafts(self, prompt: Prompt) -> AsyncIterator[Draft | Beginning | Usage]:
        """Yield each draft as soon as it is complete, and one ``Usage`` at last; closing it stops the work.

        A model that writes piece by piece may yield the draft's ``Beginning`` before it, each time with more sentences.

        Raises:
            ModelError: also after some drafts, which stay good.

        """
        ...


class Judging(Model, Protocol):
    """A model that can also say how drafts sound."""

    def verdicts(self, prompt: Prompt) -> AsyncIterator[Verdict | Usage]:
        """Yield the verdicts on the drafts of a prompt, and one ``Usage`` at last; closing it stops the work.

        Raises:
            ModelError: nothing was said that can be used.

        """
        ...


from service.model.adapter import LiteLLM  # noqa: E402 - the protocol comes first: the parts import it
from service.model.fallbacks import Fallbacks, Ruling  # noqa: E402

__all__ = ["Fallbacks", "Judging", "LiteLLM", "Model", "Ruling"]
