"""What speaks to the providers: one HTTP client for all models, over one pool of connections."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aiohttp
    import httpx

MOST_CONNECTIONS = 512
"""Connections open at once, to all providers together; a slow model holds one per running request."""


class Wire:
    """Holds the client, made when first used; another client can be put in its place."""

    def __init__(self, client: httpx.AsyncClient | None = None) -> None:
        self._client = client

    @property
    def client(self) -> httpx.AsyncClient:
        """The client that all models share."""
        if self._client is None:
            self._client = _fast_client()
        return self._client

    async def aclose(self) -> None:
        """Close all connections; the next use would open new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()


def _fast_client() -> httpx.AsyncClient:
    """Make an httpx client over aiohttp: httpx's own pool costs 5–38 ms a call at 32–64 calls at once."""
    import httpx
    from litellm.llms.custom_httpx.aiohttp_transport import LiteLLMAiohttpTransport

    class Transport(LiteLLMAiohttpTransport):
        """Takes a proxy from the environment, but never for a model on this machine: the complaint would leave it."""

        async def _get_proxy_settings(self, request: httpx.Request) -> str | None:
            if is_local(request.url.host):
                return None
            proxy: str | None = await super()._get_proxy_settings(request)
            return proxy

    return httpx.AsyncClient(transport=Transport(client=_session), trust_env=False)


def _session() -> aiohttp.ClientSession:
    """Open the shared session; it keeps no cookies and reads no ``.netrc``, so that no secret goes to a wrong host."""
    import aiohttp

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS, ttl_dns_cache=300),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
    )


def is_local(host: str) -> bool:
    """Tell whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
