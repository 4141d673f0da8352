"""A mail server that comes to no end holds no worker, and no transaction is open while it is waited for (邮件)."""
import contextlib
import socket
import threading
import time

import pytest
from django.core.mail import EmailMessage, get_connection

from governance import mailing

GREETING = b"220 mail\r\n"


@contextlib.contextmanager
def mail_server(said: bytes, drips: bool):
    """Says something to whoever comes, then drips or keeps silent."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk(one):
        with contextlib.suppress(OSError):
            one.sendall(said)
            while drips:
                one.sendall(b"2")
                time.sleep(0.05)

    def serve():
        with contextlib.suppress(OSError):
            while True:
                one, _address = listener.accept()
                threading.Thread(target=talk, args=(one,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


@pytest.mark.parametrize("said", [b"", GREETING])
def test_a_mail_server_that_drips_is_left(said, monkeypatch):
    monkeypatch.setattr(mailing, "SECONDS", 0.5)
    with mail_server(said, drips=True) as port:
        backend = get_connection("governance.mailing.EmailBackend", host="127.0.0.1", port=port, timeout=20)
        began = time.monotonic()
        with pytest.raises(OSError):
            EmailMessage("s", "b", "a@example.org", ["b@example.org"], connection=backend).send()
    assert time.monotonic() - began < 3


def test_no_transaction_is_open_while_mail_is_sent_and_a_killed_worker_leaves_a_claim(transactional_db, monkeypatch):
    from django.core.mail.backends.locmem import EmailBackend
    from django.db import connection
    from django.utils import timezone

    from disputes.services.generating import make_township
    from governance.casework.models import Message
    from governance.casework.services import sending
    from governance.organisation.models import User

    make_township()
    reader = User.objects.get(username="wenshu")
    User.objects.filter(pk=reader.pk).update(email="w@example.org")
    now = timezone.now()
    row = Message.objects.create(channel="email", recipient=reader, subject="stuck", data={"count": 3}, key="k",
                                 created_at=now, send_after=now)
    seen = []

    def killed(self, messages):
        seen.append((connection.in_atomic_block, Message.objects.get().send_after > timezone.now()))
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(EmailBackend, "send_messages", killed)
        with pytest.raises(KeyboardInterrupt):
            sending.send_messages()
    assert seen == [(False, True)]
    assert sending.send_messages() == 0, "claimed"
    assert sending.send_messages(now + 2 * sending.CLAIM) == 1
    row.refresh_from_db()
    assert row.sent_at is not None and row.tries == 0


def test_large_forms_of_strangers_are_not_read(client, db):
    class Unreadable:
        def read(self, *_):
            raise AssertionError("read")

        readline = read

    for accept, status in (("text/html", 302), ("application/json", 401)):
        answer = client.generic("POST", "/accounts/login/", b"", "multipart/form-data; boundary=b",
                                CONTENT_LENGTH="90000000", HTTP_ACCEPT=accept, **{"wsgi.input": Unreadable()})
        assert answer.status_code == status
