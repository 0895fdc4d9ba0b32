"""LiteLLM, imported when first needed (4–8 s of CPU), with everything off that talks, logs or retries by itself."""

from __future__ import annotations

import logging
import os
import sys
import threading
import warnings
from typing import Any

_LOCK = threading.Lock()


def loaded() -> bool:
    """Tell whether LiteLLM is in memory, quiet and ready."""
    return getattr(sys.modules.get("litellm"), "amends_quiet", False)


def load() -> Any:
    """Import LiteLLM once and make it quiet; call it in a thread."""
    with _LOCK:
        if not loaded():
            _quiet(_import())
    return sys.modules["litellm"]


def _import() -> Any:
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # else it fetches its price table at import
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")  # else it reads a .env file into the environment
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # third-party deprecations at import are not ours to act on
        import litellm

    return litellm


def _quiet(litellm: Any) -> None:
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    litellm.redact_messages_in_exceptions = True
    litellm.drop_params = True
    litellm.num_retries = 0
    litellm.cache = None
    for hooks in ("callbacks", "success_callback", "failure_callback", "input_callback", "_async_success_callback"):
        setattr(litellm, hooks, [])
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # its lines may hold the customer's text
    litellm.amends_quiet = True
