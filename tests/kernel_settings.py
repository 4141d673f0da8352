"""Settings of a portal of the kernel alone: nothing above casework is installed or can be imported."""

import sys

from tests.settings import *  # noqa: F403

KERNEL = ("governance.organisation", "governance.keeping", "governance.casework")
ABOVE = [
    app for app in INSTALLED_APPS  # noqa: F405
    if app not in KERNEL and (BASE_DIR / app.replace(".", "/")).is_dir()  # noqa: F405
]
INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in ABOVE]  # noqa: F405
sys.modules.update(dict.fromkeys(ABOVE))  # None: importing it is an ImportError, wherever that is tried
