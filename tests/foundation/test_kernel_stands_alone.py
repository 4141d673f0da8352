"""The kernel knows no case app: its own tests pass on a fake kind where none is installed (内核独立)."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.support.portals import ROOT

SETTINGS = "tests.kernel_settings"
ITS_TESTS = ("tests/casework", "tests/organisation")
# Servers are shared with this run, the database is another one.
ENVIRONMENT = {"PORTAL_TEST_DB": f"{settings.DATABASES['default']['TEST']['NAME']}_kernel"}


def alone(*arguments):
    """Run Python with the kernel's settings; return the result."""
    env = os.environ | ENVIRONMENT | {"DJANGO_SETTINGS_MODULE": SETTINGS}
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True)


def test_no_case_app_can_be_reached_from_its_settings():
    said = alone("-c", "import django; django.setup(); import disputes").stderr
    assert "ModuleNotFoundError: import of disputes halted" in said


def test_it_is_whole_and_lacks_no_migration():
    for command in (["check", "--fail-level", "WARNING"], ["makemigrations", "--check", "--dry-run"]):
        result = alone("-m", "django", *command)
        assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow(90)
@pytest.mark.timeout(900)
def test_its_own_tests_pass_on_a_fake_kind():
    result = alone("-m", "pytest", "-q", f"--ds={SETTINGS}", "-p", "no:cacheprovider", *ITS_TESTS)
    assert result.returncode == 0, result.stdout[-4000:]
    assert "skipped" not in result.stdout.splitlines()[-1]
