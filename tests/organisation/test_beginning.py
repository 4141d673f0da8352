"""The first three administrators come from the console, once; afterwards everything happens in the portal."""
import io
import json
import sys

import pytest
from django.core.management import call_command
from django.utils import translation

from governance.organisation.management.commands.portal import Command as Portal
from governance.organisation.models import Change, Post, Unit, User
from governance.organisation.services.recording import verify_changes
from tests.support.factories.casework import make_town, make_unit

pytestmark = pytest.mark.django_db
THREE = ("--system", "xitong", "张系统", "--security", "anquan", "李安全", "--auditor", "shenji", "王审计")


class Typed(io.StringIO):
    """A terminal at which somebody types these lines."""

    def isatty(self):
        return True


def ask(*options):
    """The answer of the command as JSON, and its exit status."""
    out, status = io.StringIO(), 0
    try:
        call_command("appoint_first_administrators", *options, "--json", stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        status = end.code
    return json.loads(out.getvalue()), status


def test_an_empty_portal_gets_its_top_unit_and_three_people_with_codes(client):
    answer, status = ask("--code", "341523", "--name", "舒城县", *THREE)
    assert status == 0 and Unit.objects.get().name == "舒城县"
    roles = dict(Post.objects.values_list("user__username", "role"))
    assert roles == {"xitong": "system_admin", "anquan": "security_admin", "shenji": "auditor"}
    for one in answer["administrators"]:
        person = User.objects.get(username=one["username"])
        assert person.check_password(one["code"]) and person.must_change_password
        client.logout()
        entered = client.post("/accounts/login/", {"username": one["username"], "password": one["code"]})
        assert entered.status_code == 302
    assert verify_changes() is None and Change.objects.filter(verb="appointed").count() == 3


def test_it_is_done_once_only():
    ask("--code", "341523", "--name", "舒城县", *THREE)
    people = User.objects.count()
    answer, status = ask("--system", "xt2", "甲", "--security", "aq2", "乙", "--auditor", "sj2", "丙")
    assert (answer["error"], status, User.objects.count()) == ("administrators-exist", 2, people)
    child = make_unit("341523101", "城关镇", "township", Unit.objects.get())
    three = ("--system", "xt2", "甲", "--security", "aq2", "乙", "--auditor", "sj2", "丙")
    answer, status = ask("--code", child.code, *three)
    assert answer["error"] == "administrators-exist", "those above administer it already"
    other, status = ask("--code", "341524", "--name", "金寨县", *three)
    assert status == 0, "another county has nobody yet"


@pytest.mark.parametrize("options, code", [
    (("--code", "341523", "--name", "舒城县"), "person-missing"), (THREE, "unit-code-missing"),
    (("--code", "341523", *THREE), "unit-name-missing"),
    (("--code", "341523", "--name", "舒城县", "--system", "a", "甲", "--security", "A", "乙", "--auditor", "b", "丙"),
     "administrators-not-three"),
])
def test_wrong_use_writes_nothing_and_has_a_code(options, code):
    answer, status = ask(*options)
    assert (answer["error"], status) == (code, 2)
    assert not User.objects.exists() and not Unit.objects.exists()


def test_what_is_not_given_is_asked_for_at_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Typed("341523\n舒城县\n张系统\n\n李安全\naq\n王审计\n\n"))
    out = io.StringIO()
    call_command("appoint_first_administrators", stdout=out)
    assert dict(User.objects.values_list("username", "name")) == {
        "xitong": "张系统", "aq": "李安全", "shenji": "王审计"}
    assert out.getvalue().count("\t") == 9, "role, name, login name and code of each"


def test_a_start_without_demo_names_the_command_until_there_is_somebody():
    def said():
        portal = Portal(stdout=io.StringIO())
        portal.as_json = False
        with translation.override("zh-hans"):
            portal._say_who_begins()
        return portal.stdout.getvalue()

    assert "manage.py appoint_first_administrators" in said()
    make_town()
    assert said() == ""
