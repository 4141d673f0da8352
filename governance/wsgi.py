"""WSGI entry point for gunicorn and other servers."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from governance import celery_app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
os.environ.setdefault("PORTAL_PROCESS", "web")


def keep_what_is_loaded() -> None:
    """Load addresses and tasks, and have the garbage collector leave alone what stays for good, and come less often.

    Looking through all that was loaded costs 90 ms, which one page in twenty of those that make much had to wait for.
    """
    get_resolver().url_patterns  # noqa: B018
    celery_app.loader.import_default_modules()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def with_address_of_peer(serve):
    """Where a request came through a socket file, put into REMOTE_ADDR who spoke to the proxy behind that file.

    Only our own front or the server's nginx can reach the file; the address that it added is the last one in
    X-Forwarded-For. What stands before it was said by that peer and is left for the settings to believe or not.
    """

    def serve_known(environ, start_response):
        if not environ.get("REMOTE_ADDR"):
            said, _comma, peer = environ.pop("HTTP_X_FORWARDED_FOR", "").rpartition(",")
            environ["REMOTE_ADDR"] = peer.strip()
            if said.strip():
                environ["HTTP_X_FORWARDED_FOR"] = said.strip()
        return serve(environ, start_response)

    return serve_known


application = with_address_of_peer(get_wsgi_application())
keep_what_is_loaded()
