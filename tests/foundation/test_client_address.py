"""From which address somebody comes: only the operator's own proxies are believed (来源地址)."""
import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from governance.addresses import ClientAddressMiddleware, address_of, read_proxies, with_address_of_peer

PROXIES = ["10.1.0.0/16", "127.0.0.1", "fd00::/8"]


def seen(peer, forwarded=None, **more):
    found = {}

    def page(request):
        found["address"], found["meta"] = address_of(request), request.META
        return HttpResponse()

    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    with override_settings(TRUSTED_PROXIES=PROXIES):
        ClientAddressMiddleware(page)(RequestFactory().get("/", REMOTE_ADDR=peer, **headers, **more))
    return found


@pytest.mark.parametrize(("peer", "forwarded", "address"), [
    ("203.0.113.9", None, "203.0.113.9"),
    ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
    ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
    ("127.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
    ("127.0.0.1", "1.2.3.4, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
    ("", "203.0.113.9", None),
    ("127.0.0.1", "rubbish", "127.0.0.1"),
    ("127.0.0.1", "203.0.113.9, rubbish", "127.0.0.1"),
    ("127.0.0.1", "", "127.0.0.1"),
    ("127.0.0.1", "203.0.113.9:41234", "203.0.113.9"),
    ("fd00::1", "[2001:db8::7]:443", "2001:db8::7"),
    ("::ffff:127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
    ("", None, None),
])
def test_the_last_address_that_a_trusted_proxy_saw_is_the_clients(peer, forwarded, address):
    assert seen(peer, forwarded)["address"] == address


def test_what_a_stranger_says_about_the_way_it_came_is_dropped():
    told = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_REAL_IP": "1.2.3.4"}
    assert not set(told) & set(seen("203.0.113.9", "1.2.3.4", **told)["meta"])
    assert seen("127.0.0.1", "1.2.3.4", **told)["meta"]["HTTP_X_FORWARDED_PROTO"] == "https"


@pytest.mark.parametrize(("listed", "address"), [("203.0.113.9", "203.0.113.9"), ("1.2.3.4, 10.1.2.3", "1.2.3.4")])
def test_a_proxy_before_the_socket_is_believed_about_the_address_and_about_https(listed, address):
    found = {}

    def serve(environ, start_response):
        forwarded = environ.get("HTTP_X_FORWARDED_FOR")
        way = {"portal.through_socket": environ["portal.through_socket"], "HTTP_X_FORWARDED_PROTO": "https"}
        found.update(seen(environ["REMOTE_ADDR"], forwarded, **way))

    with_address_of_peer(serve)({"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": listed}, None)
    assert found["address"] == address and found["meta"]["HTTP_X_FORWARDED_PROTO"] == "https"


def test_a_slip_in_the_setting_is_seen_at_the_start():
    with pytest.raises(ValueError, match="proxy.example"):
        read_proxies(("proxy.example.org",))
