"""The home page: sections, counts, whose page it is, and what it costs."""
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.casework.services import assigning
from tests.support.factories.casework import report
from tests.support.screens import open_page


def ago(days):
    return timezone.now() - timedelta(days=days)


def test_a_clerk_finds_what_is_to_be_accepted(client, town):
    matter = report(town)
    page = open_page(client, town.clerk, "casework:inbox")
    assert [row.pk for row in page.context["desk"].sections["accept"]] == [matter.pk]
    assert matter.title in page.content.decode()


def test_a_village_officer_has_one_big_button_to_report(client, town):
    page = open_page(client, town.officer, "casework:inbox")
    assert reverse("casework:quick-report") in page.content.decode()
    assert "accept" not in page.context["desk"].counts


def test_a_leader_reads_what_is_overdue_whose_it_is_and_why(client, town):
    matter = report(town, reported_at=ago(20))
    assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.mediator)
    page = open_page(client, town.leader, "casework:inbox")
    text = page.content.decode()
    assert page.context["desk"].counts["late"] == 1
    assert "陈调解" in text and "查看期限" in text
    detail = client.get(reverse("casework:matter", args=[matter.pk])).content.decode()
    assert page.context["desk"].urgent[0].pk == matter.pk
    assert "查看期限" in detail


def test_another_village_sees_nothing_of_it(client, town):
    report(town, reported_at=ago(20))
    desk = open_page(client, town.other_officer, "casework:inbox").context["desk"]
    assert desk.counts["late"] == 0 and desk.urgent == []


def test_an_instruction_lies_on_the_desk_of_whom_it_names_until_it_is_done(client, town):
    matter = report(town)
    given = assigning.instruct(
        matter_id=matter.pk, actor=town.leader, assignee=town.officer, text="三天内疏通", due_on=timezone.localdate()
    )
    assert [t.pk for t in open_page(client, town.officer, "casework:inbox").context["desk"].tasks] == [given.pk]
    assert [t.pk for t in open_page(client, town.leader, "casework:inbox").context["desk"].given] == [given.pk]
    assigning.finish_assignment(assignment_id=given.pk, actor=town.officer, text="已疏通")
    assert open_page(client, town.officer, "casework:inbox").context["desk"].tasks == []
    assert [m.subject for m in open_page(client, town.leader, "casework:inbox").context["desk"].returned] == [
        "task_done"
    ]


@pytest.mark.parametrize("who", ["system_admin", "auditor"])
def test_administrators_start_at_a_page_of_their_own(client, town, who):
    assert open_page(client, getattr(town, who), "casework:inbox").status_code == 302


@pytest.mark.parametrize("who", ["officer", "mediator", "clerk", "leader", "head", "liaison", "grid_worker"])
def test_the_inbox_costs_the_same_whatever_lies_in_it(client, town, who, django_assert_max_num_queries):
    for number in range(6):
        matter = report(town, title=f"水渠 {number}", reported_at=ago(20 - number))
        assigning.instruct(
            matter_id=matter.pk, actor=town.leader, assignee=town.officer, text="尽快", due_on=timezone.localdate()
        )
    client.force_login(getattr(town, who))
    client.get(reverse("casework:inbox"))
    with django_assert_max_num_queries(15):
        client.get(reverse("casework:inbox"))


def test_whoever_is_not_logged_in_is_asked_to(client, town):
    page = client.get(reverse("casework:inbox"))
    assert page.status_code == 302 and reverse("organisation:login") in page["Location"]


def test_what_somebody_handles_and_presses_later_lies_in_their_hands(client, town):
    matter = report(town)
    assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.mediator)
    desk = open_page(client, town.mediator, "casework:inbox").context["desk"]
    assert [row.pk for row in desk.sections["mine"]] == [matter.pk] and desk.counts["mine"] == 1
    late = report(town, reported_at=ago(20))
    assigning.assign(matter_id=late.pk, actor=town.clerk, version=late.version, handler=town.mediator)
    desk = open_page(client, town.mediator, "casework:inbox").context["desk"]
    assert [row.pk for row in desk.urgent] == [late.pk] and desk.counts["mine"] == 1
    assert "mine" not in open_page(client, town.leader, "casework:inbox").context["desk"].counts
