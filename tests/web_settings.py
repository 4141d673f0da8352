"""Settings of a web process that a test starts: those of the tests, with tasks sent to the broker as in life."""
import os

from tests.settings import *  # noqa: F403

CELERY_TASK_ALWAYS_EAGER = False
DATABASES["default"]["NAME"] = os.environ["PORTAL_WEB_DATABASE"]  # noqa: F405
CACHES["default"]["KEY_PREFIX"] = os.environ["PORTAL_WEB_PREFIX"]  # noqa: F405
