"""Mail whose whole sending has an end (邮件): a server that gives one byte after the other holds no worker."""

import contextlib
import smtplib
import socket
import threading

from django.core.mail.backends import smtp

SECONDS = 60


class _Timed(smtplib.SMTP):
    """A conversation with a mail server that is cut when its time is over, whatever it is doing."""

    _held = _timer = None

    def _get_socket(self, host, port, timeout):
        opened = super()._get_socket(host, port, timeout)
        # A handle of our own: TLS puts another object over the same connection.
        self._held = opened.dup()
        self._timer = threading.Timer(SECONDS, _cut, (self._held,))
        self._timer.daemon = True
        self._timer.start()
        return opened

    def close(self):
        """It is over in time."""
        if self._timer is not None:
            self._timer.cancel()
            self._held.close()
        super().close()


def _cut(held: socket.socket) -> None:
    with contextlib.suppress(OSError):
        held.shutdown(socket.SHUT_RDWR)


class EmailBackend(smtp.EmailBackend):
    """Django's own, with an end."""

    @property
    def connection_class(self):
        """What talks to the server."""
        return _Timed
