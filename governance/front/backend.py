"""Handing a whole request on to a web worker, and taking its answer whole (转交)."""

import asyncio
import contextlib
from dataclasses import dataclass

import h11

from .held import BLOCK, Held
from .limits import Limits, Pace, Room

# Belong to one connection (RFC 9110 7.6.1), and are not handed on.
HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te",
     b"trailer", b"transfer-encoding", b"upgrade", b"expect"}
)
# Say for whom a proxy asks: believed only from one that is trusted.
SAID_BY_PROXIES = frozenset(
    {b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-port", b"x-real-ip"}
)
HEALTH = frozenset({b"/healthz", b"/readyz", b"/metrics"})


class NotThere(Exception):
    """No worker took the request, or the one that did is gone without an answer."""


class Busy(Exception):
    """All places before the workers are taken."""


@dataclass
class Answer:
    """An answer that is wholly here."""

    status: int
    reason: bytes
    headers: list
    body: Held


class Backend:
    """The workers behind their sockets: one for pages, one that no page can use up for questions of health."""

    def __init__(self, limits: Limits, room: Room, pages: str, health: str, folder: str | None):
        self.limits, self.room, self.folder = limits, room, folder
        self.pages, self.health = pages, health
        self.places = asyncio.Semaphore(limits.places)
        self.health_places = asyncio.Semaphore(limits.health_places)

    async def ask(self, request: h11.Request, body: Held, peer: str) -> Answer:
        """The worker's answer. Busy, NotThere, NoRoom, TimeoutError."""
        is_health = request.target.partition(b"?")[0] in HEALTH
        places = self.health_places if is_health else self.places
        try:
            async with asyncio.timeout(self.limits.queue_seconds):
                await places.acquire()
        except TimeoutError:
            raise Busy from None
        try:
            async with asyncio.timeout(self.limits.answer_seconds):
                return await self._ask_again(request, body, peer, self.health if is_health else self.pages)
        finally:
            places.release()

    async def _ask_again(self, request, body, peer, socket) -> Answer:
        """A reading that a dying worker took along is asked for once more; a writing never is."""
        try:
            return await self._ask(request, body, peer, socket)
        except NotThere:
            if request.method not in (b"GET", b"HEAD"):
                raise
        await asyncio.sleep(0.5)
        return await self._ask(request, body, peer, socket)

    async def _ask(self, request, body, peer, socket) -> Answer:
        try:
            reader, writer = await asyncio.open_unix_connection(socket)
        except OSError as problem:
            raise NotThere from problem
        try:
            connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=self.limits.head_bytes * 4)
            headers = passed_on(request, self.limits.trusts(peer), peer)
            if body.size or request.method in (b"POST", b"PUT", b"PATCH"):
                headers.append((b"Content-Length", str(body.size).encode()))
            asked = h11.Request(method=request.method, target=request.target, headers=headers)
            # A worker may answer, and close, before it has read all.
            with contextlib.suppress(ConnectionError):
                await self._send(connection, writer, asked, body)
            return await self._receive(connection, reader)
        finally:
            writer.transport.abort()

    async def _send(self, connection, writer, asked, body) -> None:
        writer.write(connection.send(asked))
        async for block in body.blocks():
            writer.write(connection.send(h11.Data(data=block)))
            await writer.drain()
        writer.write(connection.send(h11.EndOfMessage()))
        await writer.drain()

    async def _receive(self, connection, reader) -> Answer:
        answer = None
        try:
            while True:
                event = await next_event(connection, reader)
                if isinstance(event, h11.Response):
                    held = Held(self.limits, self.room, self.folder)
                    answer = Answer(event.status_code, event.reason, list(event.headers.raw_items()), held)
                elif isinstance(event, h11.Data):
                    await answer.body.add(bytes(event.data))
                elif isinstance(event, h11.EndOfMessage):
                    return answer
                elif isinstance(event, h11.ConnectionClosed):
                    raise NotThere
        except (h11.ProtocolError, ConnectionError) as problem:
            _let_go(answer)
            raise NotThere from problem
        except BaseException:
            _let_go(answer)
            raise


def _let_go(answer: Answer | None) -> None:
    if answer is not None:
        answer.body.close()


async def next_event(connection, reader, pace: Pace | None = None):
    """The next event of a connection; what has been read counts for the pace. TimeoutError if it is too slow."""
    while (event := connection.next_event()) is h11.NEED_DATA:
        async with asyncio.timeout(pace.left() if pace else None):
            data = await reader.read(BLOCK)
        if pace:
            pace.passed += len(data)
        connection.receive_data(data)
    return event


def passed_on(request: h11.Request, is_trusted: bool, peer: str) -> list:
    """The headers that a worker gets: those of the client, with the address from which it really speaks at the end.

    Names with an underscore are left out: to a worker they look like the same with a hyphen.
    """
    connected = [value for name, value in request.headers if name == b"connection"]
    named = {part.strip().lower() for value in connected for part in value.split(b",")}
    left_out = HOP_BY_HOP | named | {b"content-length"} | (frozenset() if is_trusted else SAID_BY_PROXIES)
    headers = [
        (name, value) for name, value in request.headers
        if name not in left_out and name != b"x-forwarded-for" and b"_" not in name
    ]
    told = [value for name, value in request.headers if name == b"x-forwarded-for"] if is_trusted else []
    headers.append((b"X-Forwarded-For", b", ".join([*told, peer.encode()])))
    return [*headers, (b"Connection", b"close")]
