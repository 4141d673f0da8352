"""Commands as a stranger types them: help, wrong use, a database that is not there yet (命令行)."""

import json

import pytest

from tests.support.portals import data_folder, environment, run

pytestmark = pytest.mark.slow(3)

COMMANDS = ("import_divisions", "import_users", "appoint_first_administrators", "show_workflow", "show_clock",
            "verify_ledger", "seal_ledger", "reindex_search", "enter_holidays", "confirm_time",
            "generate_demo", "generate_matters", "show_settings", "portal")


@pytest.fixture
def data():
    """A data folder that does not exist yet."""
    with data_folder() as folder:
        yield folder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_without_a_server(command, data):
    said = run(command, "--help", env=environment(data))
    assert said.returncode == 0, said.stderr
    assert "--json" in said.stdout
    assert not data.exists()


def test_wrong_use_is_json_where_json_is_asked_for(data):
    said = run("show_workflow", "--json", env=environment(data))
    assert (said.returncode, json.loads(said.stdout)["error"]) == (2, "usage")
    assert not data.exists(), "what reads no database starts no server"


@pytest.mark.parametrize("language, word", [("en_US.UTF-8", "migrate"), ("zh_CN.UTF-8", "数据库为空")])
def test_an_empty_database_is_said_and_not_a_traceback(data, language, word):
    env = environment(data, LC_ALL=language)
    said = run("verify_ledger", env=env)
    assert said.returncode == 2 and said.stderr.startswith("database-not-current: ")
    assert word in said.stderr and "Traceback" not in said.stderr


def test_why_the_portal_cannot_start_has_a_code(data):
    for port, code in (("http", "port-invalid"), ("0", "port-invalid")):
        said = run("portal", "--json", env=environment(data, PORTAL_PORT=port))
        assert (said.returncode, json.loads(said.stdout)["error"]) == (2, code)
    said = run("verify_ledger", "--json", env=environment(data, SECRET_KEY="", PORTAL_PERSONAL_KEY=""))
    assert (said.returncode, json.loads(said.stdout)["error"]) == (2, "keys-missing")
