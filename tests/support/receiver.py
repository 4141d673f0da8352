"""A small HTTP server on loopback that takes webhooks and answers as the test wants."""
import contextlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """What came in: pairs (headers, body); `answers` are used one by one, then 200."""

    url: str = ""
    got: list = field(default_factory=list)
    answers: list = field(default_factory=list)


@contextlib.contextmanager
def receiver():
    """Run the server inside the block."""
    held = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            held.got.append((dict(self.headers), body))
            status = held.answers.pop(0) if held.answers else 200
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", held.url + "elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.url = f"http://127.0.0.1:{server.server_port}/hook/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
