"""Settings of the tests: the portal's own, cheaper where nothing is proved by being dear."""

import os

from tests.support.servers import provide

provide()

from governance.settings import *  # noqa: E402, F403
from governance.translations import compile_stale  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("PORTAL_TEST_DB", "test_portal")}  # noqa: F405
CACHES["default"]["KEY_PREFIX"] = os.environ.get("PORTAL_TEST_DB", "test_portal")  # noqa: F405

# Before Django reads the translations, which it does once in a process.
compile_stale(BASE_DIR / "locale")  # noqa: F405
