"""Who asks: API keys by ``Authorization: Bearer``, and sessions of the page that hold no key."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from service.errors import OriginForeign, SettingsInvalid, Unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

COOKIE = "amends_session"
SESSION_SECONDS = 12 * 3600.0
SHORTEST_KEY = 16

bearer = HTTPBearer(auto_error=False, description="An API key, as `Authorization: Bearer <key>`.")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a call: the first digits of its key's hash, which is no secret."""

    id: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of one key: its hash, and a secret of its own that signs sessions."""

    digest: bytes
    signing: bytes


class Keys:
    """The API keys that are accepted; the keys themselves do not stay in memory.

    A plain sha256 is enough for a key of high entropy: there is nothing to guess word by word.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._known: dict[str, Known] = {}
        for key in keys:
            if len(key) < SHORTEST_KEY:
                raise SettingsInvalid(f"an API key has {len(key)} characters and needs at least {SHORTEST_KEY}")
            digest = _digest(key)
            signing = hmac.new(_bytes(key), b"amends session", hashlib.sha256).digest()
            self._known[digest.hex()[:12]] = Known(digest, signing)

    def caller(self, key: str) -> Caller | None:
        """Who holds this key; every hash is compared, and each in constant time."""
        digest = _digest(key)
        found: Caller | None = None
        for name, known in self._known.items():
            if hmac.compare_digest(known.digest, digest):
                found = Caller(name)
        return found

    def signing(self, caller: str) -> bytes | None:
        """The secret that signs this caller's sessions; ``None`` when its key is not accepted."""
        known = self._known.get(caller)
        return known.signing if known else None


class Sessions:
    """Signed, expiring cookies: ``<expiry>.<caller>.<hmac>``; the key itself is not in them.

    They hold over a restart and in every web process, and end with the key that they were made with.
    """

    def __init__(self, keys: Keys, seconds: float = SESSION_SECONDS, clock: Callable[[], float] = time.time) -> None:
        self.seconds = seconds
        self._keys = keys
        self._clock = clock

    def issue(self, caller: Caller) -> str:
        """A cookie's value for this caller."""
        text = f"{int(self._clock() + self.seconds)}.{caller.id}"
        return f"{text}.{_signature(self._keys.signing(caller.id) or b'', text)}"

    def read(self, value: str) -> Caller | None:
        """Who holds this cookie; ``None`` when it is forged, expired, or its key is gone."""
        text, _, signature = value.rpartition(".")
        expiry, _, caller = text.partition(".")
        secret = self._keys.signing(caller)
        if secret is None or not hmac.compare_digest(_signature(secret, text).encode(), _bytes(signature)):
            return None
        return Caller(caller) if int(expiry) > self._clock() else None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _digest(key: str) -> bytes:
    return hashlib.sha256(_bytes(key)).digest()


def _signature(secret: bytes, text: str) -> str:
    return hmac.new(secret, _bytes(text), hashlib.sha256).hexdigest()


def same_origin(request: Request) -> None:
    """Refuse a form that another site sent.

    Browsers send ``Origin`` with every POST; a client that sends none is no browser and carries no foreign cookie.

    Raises:
        OriginForeign: when the form comes from elsewhere.
    """
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    if (origin is None or _host_of(origin) == request.headers.get("host")) and site in {"same-origin", "none"}:
        return
    raise OriginForeign("This form can only be sent from this service's own page.")


def _host_of(origin: str) -> str | None:
    """The host and port of an origin; ``None`` when it is none."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def by_key(request: Request, _: Annotated[object, Depends(bearer)]) -> Caller:
    """The caller by its API key.

    Raises:
        Unauthorized: without a key that we know.
    """
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    keys: Keys = request.app.state.keys
    caller = keys.caller(key.strip()) if scheme.lower() == "bearer" else None
    if caller is None:
        raise Unauthorized("Send one of the service's API keys as 'Authorization: Bearer <key>'.")
    request.scope["amends.caller"] = caller.id
    return caller


def by_session(request: Request) -> Caller | None:
    """The caller by the page's cookie; ``None`` when nobody is signed in."""
    sessions: Sessions = request.app.state.sessions
    caller = sessions.read(request.cookies.get(COOKIE, ""))
    if caller is not None:
        request.scope["amends.caller"] = caller.id
    return caller


CallerDep = Annotated[Caller, Depends(by_key)]
