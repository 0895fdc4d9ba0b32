"""LiteLLM takes seconds to import, which must not count against a deadline that a test is about."""

from __future__ import annotations

import pytest

from service.model import library


@pytest.fixture(scope="session", autouse=True)
def _warm() -> None:
    library.load()
