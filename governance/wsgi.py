"""WSGI entry point for gunicorn and other servers."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver

from governance import celery_app
from governance.addresses import with_address_of_peer

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


def refuse_newer_database() -> None:
    """Not start at all on the database of a later version."""
    from governance.organisation.registry import Refused
    from governance.organisation.services import upgrading

    try:
        upgrading.refuse_newer_database()
    except Refused as newer:
        raise SystemExit(str(newer)) from newer
    connections.close_all()


application = with_address_of_peer(get_wsgi_application())
refuse_newer_database()
keep_what_is_loaded()
