"""A circuit breaker: after repeated failures a model rests, then one call tries whether it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Breaker:
    """Lets calls to one model through, or not; not thread-safe, made for one event loop."""

    def __init__(self, clock: Callable[[], float], *, failures: int = 3, rest: float = 30.0) -> None:
        self._clock = clock
        self._failures = failures
        self._rest = rest
        self._count = 0
        self._until = 0.0
        self._trying = False

    def admit(self) -> bool:
        """Tell whether a call may be made now; the first one after a rest is let through alone."""
        if self._count < self._failures:
            return True
        if self._trying or self._clock() < self._until:
            return False
        self._trying = True
        return True

    @property
    def rests_for(self) -> float:
        """Seconds until the next try; 0 when calls go through."""
        if self._count < self._failures:
            return 0.0
        return max(self._until - self._clock(), 1.0 if self._trying else 0.0)

    def succeeded(self) -> None:
        """Note a call that worked: all calls go through again."""
        self._count = 0
        self._trying = False

    def failed(self, *, rest: float | None = None) -> None:
        """Note a call that failed by the model's own fault; ``rest`` is the wait that it asks for, in seconds."""
        self._count += 1
        self._trying = False
        self._until = self._clock() + max(self._rest, rest or 0.0)

    def left(self) -> None:
        """Note a call that ended without telling anything of the model, such as one that was cancelled."""
        self._trying = False
