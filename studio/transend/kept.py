"""One connection, kept open between questions: a shard of the polling client.

A pool looks through all of its connections and all who wait for one at each request, so its cost
grows with the square of their number (encode/httpx#3215). A connection that is handed out by us
needs no pool: whoever holds it has it alone.
"""

from collections.abc import AsyncIterable, AsyncIterator
from typing import cast

import httpcore
import httpx

from studio.outbound.transport import as_httpx, for_httpcore, system_trust

# The vendor, or a gate before it, closes idle connections too: ours are to be the first.
_KEPT_IDLE_S = 30.0


class KeptConnection(httpx.AsyncBaseTransport):
    """Carries one request at a time over one connection, opened anew when it has been closed.

    Every failure is httpx's. After one, close it: what is left on the wire is nobody's answer.
    """

    def __init__(self) -> None:
        self._connection: httpcore.AsyncHTTPConnection | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body of its answer has to be read to the end."""
        asked = for_httpcore(request)
        connection = await self._ready(asked.url.origin)
        with as_httpx():
            answer = await connection.handle_async_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    async def aclose(self) -> None:
        """Close the connection; the next request opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.aclose()

    async def _ready(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection:
        kept = self._connection
        if kept is not None and kept.is_idle() and not kept.has_expired():
            return kept
        await self.aclose()
        self._connection = httpcore.AsyncHTTPConnection(
            origin, ssl_context=system_trust(), keepalive_expiry=_KEPT_IDLE_S
        )
        return self._connection


class _Body(httpx.AsyncByteStream):
    """The answer's bytes, with httpx's failures."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with as_httpx():
            async for chunk in cast(AsyncIterable[bytes], self._answer.stream):
                yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()
