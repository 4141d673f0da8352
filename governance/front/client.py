"""One connection of a client (客户连接): takes requests whole, within their limits, and gives the answers back."""

import asyncio
import contextlib
import time
from collections import Counter

import h11

from . import answers
from .backend import HOP_BY_HOP, Answer, Backend, Busy, NotThere, next_event
from .held import BLOCK, Held
from .limits import Limits, NoRoom, Pace

# What was refused since the last line of the log, by code.
refused: Counter = Counter()


class TooLarge(Exception):
    """The body is, or says that it is, larger than the limit."""


class Client:
    """Serves one connection until either side has enough of it."""

    def __init__(self, limits: Limits, backend: Backend, reader, writer, is_stopping: asyncio.Event):
        self.limits, self.backend = limits, backend
        self.reader, self.writer = reader, writer
        self.is_stopping = is_stopping
        self.peer = (writer.get_extra_info("peername") or ("",))[0]
        self.connection = h11.Connection(h11.SERVER, max_incomplete_event_size=limits.head_bytes)
        self.task = asyncio.current_task()
        # Since when the other side owes something; None while it is our turn.
        self.owes_since: float | None = time.monotonic()
        # `drain` then means that the kernel has it.
        writer.transport.set_write_buffer_limits(0)

    def send_away(self) -> None:
        """Make place for somebody else."""
        self.task.cancel()

    async def serve(self) -> None:
        """One request after the other."""
        try:
            is_first = True
            while await self._serve_one(is_first) and not self.is_stopping.is_set():
                self.connection.start_next_cycle()
                is_first = False
        except (ConnectionError, TimeoutError, asyncio.CancelledError, h11.ProtocolError):
            pass
        finally:
            self.writer.transport.abort()

    async def _serve_one(self, is_first: bool) -> bool:
        """Whether another request may follow on this connection."""
        request = None
        try:
            request = await self._head(is_first)
            if request is None:
                return False
            body = await self._body(request)
        except TooLarge:
            return await self._refuse(answers.TOO_LARGE, request, megabytes=self.limits.body_bytes >> 20)
        except NoRoom:
            return await self._refuse(answers.BUSY, request)
        except TimeoutError:
            return await self._refuse(answers.TOO_SLOW, request)
        except h11.RemoteProtocolError as problem:
            is_long = problem.error_status_hint == 431
            return await self._refuse(answers.HEAD_TOO_LARGE if is_long else answers.NOT_READABLE, request)
        return await self._hand_on(request, body)

    async def _hand_on(self, request, body) -> bool:
        self.owes_since = None
        try:
            answer = await self.backend.ask(request, body, self.peer)
        except (NotThere, TimeoutError):
            return await self._refuse(answers.NOT_THERE, request)
        except (Busy, NoRoom, OSError):
            return await self._refuse(answers.BUSY, request)
        finally:
            body.close()
        self.owes_since = time.monotonic()
        try:
            await self._give(answer)
        finally:
            answer.body.close()
        self.owes_since = time.monotonic()
        return self.connection.our_state is h11.DONE and self.connection.their_state is h11.DONE

    async def _head(self, is_first: bool) -> h11.Request | None:
        """The head of the next request; None if there comes none. TimeoutError, RemoteProtocolError."""
        if not is_first and not self.connection.trailing_data[0]:
            try:
                async with asyncio.timeout(self.limits.idle_seconds):
                    data = await self.reader.read(BLOCK)
            except TimeoutError:
                return None
            self.connection.receive_data(data)
        async with asyncio.timeout(self.limits.head_seconds):
            event = await next_event(self.connection, self.reader)
        if not isinstance(event, h11.Request):
            return None
        if not event.target.startswith(b"/"):
            raise h11.RemoteProtocolError("only addresses of the portal")
        longest = max(len(event.target), *(len(name) + len(value) for name, value in event.headers))
        if longest > self.limits.line_bytes or len(event.headers) > self.limits.lines:
            raise h11.RemoteProtocolError("a line is too long", error_status_hint=431)
        return event

    async def _body(self, request) -> Held:
        """The body, wholly here. TooLarge, NoRoom, TimeoutError, RemoteProtocolError."""
        declared = next((int(value) for name, value in request.headers if name == b"content-length"), 0)
        if declared > self.limits.body_bytes:
            raise TooLarge
        if self.connection.they_are_waiting_for_100_continue:
            self.writer.write(self.connection.send(h11.InformationalResponse(status_code=100, headers=[])))
        body = Held(self.limits, self.backend.room, self.backend.folder)
        try:
            await self._fill(body)
        except BaseException:
            body.close()
            raise
        return body

    async def _fill(self, body: Held) -> None:
        pace = Pace(self.limits)
        while not isinstance(event := await next_event(self.connection, self.reader, pace), h11.EndOfMessage):
            if not isinstance(event, h11.Data):
                raise ConnectionError("gone before the end")
            if body.size + len(event.data) > self.limits.body_bytes:
                raise TooLarge
            try:
                await body.add(bytes(event.data))
            except OSError as problem:
                raise NoRoom from problem

    async def _give(self, answer: Answer) -> None:
        headers = [(name, value) for name, value in answer.headers if name.lower() not in HOP_BY_HOP]
        has_length = any(name.lower() == b"content-length" for name, _value in headers)
        if not has_length and answer.status not in (204, 304):
            headers.append((b"Content-Length", str(answer.body.size).encode()))
        if self.is_stopping.is_set():
            headers.append((b"Connection", b"close"))
        pace = Pace(self.limits)
        # Head and first block go out together: one packet for most pages.
        ready = self.connection.send(h11.Response(status_code=answer.status, reason=answer.reason, headers=headers))
        async for block in answer.body.blocks():
            await self._write(ready + self.connection.send(h11.Data(data=block)), pace)
            ready = b""
        await self._write(ready + self.connection.send(h11.EndOfMessage()), pace)

    async def _write(self, data: bytes, pace: Pace) -> None:
        self.writer.write(data)
        if self.writer.transport.get_write_buffer_size():
            async with asyncio.timeout(pace.left()):
                await self.writer.drain()
        pace.passed += len(data)

    async def _refuse(self, text: str, request, **values) -> bool:
        """Answer by ourselves and close; what still comes is thrown away, so that the answer can be read."""
        status, reason, headers, body = answers.made(text, request, **values)
        refused[answers.KINDS[text][2]] += 1
        self.owes_since = time.monotonic()
        if self.connection.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return False
        headers += [("Content-Length", str(len(body))), ("Connection", "close")]
        pace = Pace(self.limits)
        await self._write(self.connection.send(h11.Response(status_code=status, reason=reason, headers=headers)), pace)
        if request is None or request.method != b"HEAD":
            await self._write(self.connection.send(h11.Data(data=body)), pace)
        with contextlib.suppress(OSError, TimeoutError):
            self.writer.write_eof()
            async with asyncio.timeout(self.limits.linger_seconds):
                while await self.reader.read(BLOCK):
                    pass
        return False
