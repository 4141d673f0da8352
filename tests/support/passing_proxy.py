"""A reverse proxy as a process of its own: passes on what it is asked and adds whom it was asked by.

    python passing_proxy.py ADDRESS PORT TARGET
"""
import http.client
import http.server
import sys


class Passing(http.server.BaseHTTPRequestHandler):
    """Each request over a connection of its own."""

    def pass_on(self):
        """Ask the portal and hand its answer back."""
        told = ", ".join(filter(None, [self.headers.get("X-Forwarded-For"), self.client_address[0]]))
        headers = {name: value for name, value in self.headers.items() if name.lower() != "x-forwarded-for"}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        portal = http.client.HTTPConnection(sys.argv[3])
        portal.request(self.command, self.path, body, {**headers, "X-Forwarded-For": told})
        answer = portal.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"content-length", "connection", "date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = pass_on

    def log_message(self, *words):
        """Say nothing."""


if __name__ == "__main__":
    http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Passing).serve_forever()
