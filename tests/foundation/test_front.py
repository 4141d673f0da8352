"""The front takes requests whole and within limits before a worker hears of them (前置缓冲)."""
import ipaddress
import time

import pytest

from governance.front.limits import MEGABYTE
from tests.support.fronts import answer_of, fronted
from tests.support.portals import until

HEAD = b"POST /somewhere HTTP/1.1\r\nHost: portal\r\n"


@pytest.fixture
def front(tmp_path):
    with fronted(tmp_path, body_bytes=MEGABYTE, linger_seconds=1) as held:
        yield held


def test_what_says_that_it_is_too_large_is_refused_before_it_is_read(front):
    began = time.monotonic()
    answer = front.send(HEAD + b"Content-Length: 314572800\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ") and time.monotonic() - began < 1
    assert "1 MB" in answer.decode() and b"Connection: close" in answer
    assert front.worker.asked == []


def test_what_turns_out_too_large_is_refused_without_a_length(front):
    chunk = b"40000\r\n" + b"x" * 0x40000 + b"\r\n"
    answer = front.send(HEAD + b"Accept: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", *[chunk] * 5)
    assert answer.startswith(b"HTTP/1.1 413 ") and b'"code": "body-too-large"' in answer
    assert front.worker.asked == [] and front.front.backend.room.taken == 0


def test_a_refusal_can_be_read_though_the_sender_sends_on(front):
    one = front.connect()
    one.sendall(HEAD + b"Content-Length: 8000000\r\n\r\n" + b"x" * 8_000_000)
    assert answer_of(one).startswith(b"HTTP/1.1 413 ")


def test_who_asks_first_whether_to_send_is_told_before_sending(front):
    asked = front.connect()
    asked.sendall(HEAD + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    assert asked.recv(100).startswith(b"HTTP/1.1 100 ")
    asked.sendall(b"abc")
    assert b'"body": 3' in answer_of(asked)
    assert front.send(HEAD + b"Expect: 100-continue\r\nContent-Length: 3000000\r\n\r\n").startswith(b"HTTP/1.1 413 ")


def test_a_worker_hears_of_a_request_only_once_it_is_whole(front):
    one = front.connect()
    one.sendall(HEAD + b"Content-Length: 600000\r\n\r\n" + b"x" * 300_000)
    time.sleep(0.2)
    assert front.worker.asked == []
    one.sendall(b"x" * 300_000)
    assert b'"body": 600000' in answer_of(one)
    assert until(lambda: front.front.backend.room.taken == 0, seconds=5), "what was held is given back"


def test_a_dripping_head_or_body_has_an_end(tmp_path):
    with fronted(tmp_path, head_seconds=0.4, grace_seconds=0.4, lowest_speed=10_000, linger_seconds=0.2) as front:
        for begun in (b"GET / HT", HEAD + b"Content-Length: 50\r\n\r\nx"):
            one = front.connect()
            one.sendall(begun)
            began = time.monotonic()
            answer = b""
            while time.monotonic() - began < 5 and not answer:
                one.sendall(b"P" if begun.startswith(b"GET") else b"x")
                one.settimeout(0.1)
                try:
                    answer = one.recv(1000)
                except TimeoutError:
                    continue
            assert answer.startswith(b"HTTP/1.1 408 ") and time.monotonic() - began < 2
        assert front.worker.asked == []


def test_who_reads_slowly_holds_no_worker(front):
    one = front.connect()
    one.sendall(b"GET /long HTTP/1.1\r\nHost: portal\r\n\r\n")
    assert until(lambda: front.worker.answered == ["/long"], seconds=5)
    assert len(answer_of(one)) > 5_000_000


def test_the_address_that_speaks_is_told_and_no_other_is_believed(tmp_path):
    lies = ["X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: https", "X_Forwarded_For: 7.7.7.7", "X-Real-IP: 8.8.8.8",
            "Forwarded: for=9.9.9.9", "Connection: keep-alive, X-Secret", "X-Secret: 1"]
    with fronted(tmp_path) as front:
        seen = front.get("/", *lies)[1]["headers"]
    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert not {"x-forwarded-proto", "x_forwarded_for", "x-real-ip", "forwarded", "x-secret"} & set(seen)
    folder = tmp_path / "trusting"
    folder.mkdir()
    with fronted(folder, trusted=(ipaddress.ip_network("127.0.0.0/8"),)) as front:
        seen = front.get("/", *lies)[1]["headers"]
    assert seen["x-forwarded-for"] == "6.6.6.6, 127.0.0.1" and seen["x-forwarded-proto"] == "https"


def test_no_request_hides_within_another(front):
    """Two lengths, a length and chunks, an address of elsewhere, a line feed within: refused or framed anew."""
    both = HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\n\r\n"
    front.send(both)
    for refused in (
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"GET http://elsewhere/ HTTP/1.1\r\nHost: portal\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: portal\r\nX: a\rb\r\n\r\n",
        b"CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere\r\n\r\n",
        b"nonsense\r\n\r\n",
    ):
        assert front.send(refused).startswith(b"HTTP/1.1 400 ")
    assert front.send(b"GET / HTTP/1.1\r\nHost: portal\r\nX: " + b"x" * 40_000).startswith(b"HTTP/1.1 431 ")
    for head in (b"GET /?q=" + b"x" * 9000 + b" HTTP/1.1\r\n", b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 150,
                 b"GET / HTTP/1.1\r\nCookie: " + b"x" * 9000 + b"\r\n"):
        assert front.send(head + b"Host: portal\r\n\r\n").startswith(b"HTTP/1.1 431 ")
    assert not [path for _method, path in front.worker.asked if path == "/hidden" or "elsewhere" in path]


def test_one_connection_carries_many_requests(front):
    one = front.connect()
    for _ in range(3):
        one.sendall(b"GET /a HTTP/1.1\r\nHost: portal\r\n\r\n")
        assert answer_of(one).startswith(b"HTTP/1.1 200 ")
    one.sendall(b"GET /b HTTP/1.1\r\nHost: portal\r\n\r\nGET /c HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n\r\n")
    assert until(lambda: len(front.worker.answered) == 5, seconds=5)
    assert front.worker.answered == ["/a", "/a", "/a", "/b", "/c"]


def test_when_it_is_full_whoever_has_owed_something_for_longest_goes(tmp_path):
    with fronted(tmp_path, connections_each=10) as front:
        idle = [front.connect() for _ in range(10)]
        time.sleep(0.1)
        assert front.get("/")[0] == 200
        assert answer_of(idle[0]) == b"", "closed"
        working = [front.connect() for _ in range(10)]
        for one in working:
            one.sendall(b"GET /wait HTTP/1.1\r\nHost: portal\r\n\r\n")
        assert until(lambda: len(front.worker.asked) == 11, seconds=5)
        assert front.send(b"GET / HTTP/1.1\r\nHost: portal\r\n\r\n") == b"", "nobody who is being served goes"
        front.worker.go_on.set()
        assert all(answer_of(one).startswith(b"HTTP/1.1 200 ") for one in working)


def test_questions_of_health_pass_when_pages_have_used_up_all_places(tmp_path):
    with fronted(tmp_path, places=2, queue_seconds=0.3) as front:
        for _ in range(2):
            front.connect().sendall(b"GET /wait HTTP/1.1\r\nHost: portal\r\n\r\n")
        time.sleep(0.2)
        assert front.get("/healthz")[0] == 200 and front.health.answered == ["/healthz"]
        answer = front.send(b"GET / HTTP/1.1\r\nHost: portal\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 503 ") and b"Retry-After: 5" in answer


def test_a_reading_that_a_dying_worker_took_along_is_asked_again_a_writing_is_not(front):
    assert front.get("/die/1")[0] == 200
    status, page = front.get("/die/2", method="POST", body=b"a=1")
    assert status == 503 and "半分钟后" in page.decode()
    assert front.worker.asked == [("GET", "/die/1")] * 2 + [("POST", "/die/2")]


def test_without_a_worker_it_says_so_in_the_language_of_the_reader(tmp_path):
    with fronted(tmp_path) as front:
        front.worker.shutdown()
        front.worker.server_close()
        (tmp_path / "pages.sock").unlink()
        status, page = front.get("/", "Accept-Language: en-GB")
        assert status == 503 and b"did not answer" in page
        status, told = front.get("/api/v1/matters/")
        assert status == 503 and told["code"] == "not-there" and "半分钟后" in told["message"]


def test_all_bodies_together_take_no_more_than_their_room(tmp_path):
    with fronted(tmp_path, body_bytes=MEGABYTE, room_bytes=MEGABYTE, memory_bytes=1000, linger_seconds=0.2) as front:
        first = front.connect()
        first.sendall(HEAD + b"Content-Length: 700000\r\n\r\n" + b"x" * 600_000)
        time.sleep(0.2)
        second = front.send(HEAD + b"Content-Length: 700000\r\n\r\n" + b"x" * 700_000)
        assert second.startswith(b"HTTP/1.1 503 ")
        first.sendall(b"x" * 100_000)
        assert b'"body": 700000' in answer_of(first)
        assert until(lambda: front.front.backend.room.taken == 0, seconds=5)
