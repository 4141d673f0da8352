"""The front on a port of its own, before a small worker that tells what it was asked."""
import asyncio
import contextlib
import json
import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingMixIn, UnixStreamServer

from governance.front.__main__ import Front
from governance.front.limits import Limits


class Worker(ThreadingMixIn, UnixStreamServer):
    """Answers what it was asked as JSON; `/long` with five megabytes, `/wait` when it is let, `/die` not at all."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, path):
        super().__init__(str(path), _Handler)
        self.asked: list = []
        self.answered: list = []
        self.go_on = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path))
        if self.path == "/wait":
            self.server.go_on.wait(20)
        if self.path.startswith("/die") and self.server.asked.count((self.command, self.path)) == 1:
            self.close_connection = True
            return
        told = json.dumps({"headers": {k.lower(): v for k, v in self.headers.items()}, "body": len(body)})
        self._answer(b"x" * 5_000_000 if self.path == "/long" else told.encode())
        self.server.answered.append(self.path)

    do_POST = do_HEAD = do_GET

    def _answer(self, content):
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def address_string(self):
        return ""

    def log_message(self, *_):
        """Quiet."""


@dataclass
class Fronted:
    """A running front and the worker behind."""

    port: int
    front: Front
    worker: Worker
    health: Worker
    opened: list = field(default_factory=list)

    def connect(self) -> socket.socket:
        """A connection of one's own, closed after the test."""
        one = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        self.opened.append(one)
        return one

    def send(self, *parts: bytes, pause=0.0) -> bytes:
        """What is answered to these bytes, until the other side closes or has given a whole answer."""
        one = self.connect()
        for part in parts:
            one.sendall(part)
            time.sleep(pause)
        return answer_of(one)

    def get(self, path="/", *headers: str, method="GET", body=b"") -> tuple[int, dict | bytes]:
        """Status and answer of an ordinary request."""
        length = [f"Content-Length: {len(body)}"] if body else []
        head = "\r\n".join([f"{method} {path} HTTP/1.1", "Host: portal", *length, *headers, "", ""])
        answer = self.send(head.encode() + body)
        status, content = int(answer.split(b" ", 2)[1]), answer.partition(b"\r\n\r\n")[2]
        return status, json.loads(content) if content.startswith(b"{") else content


def answer_of(one: socket.socket) -> bytes:
    """One answer: its head and as much as its Content-Length says; what there is when the other side closes."""
    got = b""
    while True:
        head, end, body = got.partition(b"\r\n\r\n")
        if end:
            lines = head.lower().split(b"\r\n")
            length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
            if len(body) >= length:
                return got
        try:
            block = one.recv(65536)
        except ConnectionResetError:
            return got
        if not block:
            return got
        got += block


@contextlib.contextmanager
def fronted(folder, **limits):
    """Run a front with these limits inside the block."""
    worker, health = Worker(folder / "pages.sock"), Worker(folder / "health.sock")
    listener = socket.create_server(("127.0.0.1", 0))
    loop = asyncio.new_event_loop()
    made = {}

    async def serve():
        made["front"] = front = Front(Limits(**limits), worker.server_address, health.server_address, str(folder))
        made["ready"].set()
        await front.run(listener)

    made["ready"] = threading.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert made["ready"].wait(10)
    held = Fronted(listener.getsockname()[1], made["front"], worker, health)
    try:
        yield held
    finally:
        for one in held.opened:
            one.close()
        for server in (worker, health):
            server.go_on.set()
        loop.call_soon_threadsafe(made["front"].is_stopping.set)
        thread.join(20)
        for server in (worker, health):
            server.shutdown()
            server.server_close()
        loop.close()
