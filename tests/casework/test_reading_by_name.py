"""Somebody is let read one matter by name; a file attached by mistake is removed: with a reason, on record."""
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance.casework.models import Event, Matter, MatterUserGrant, Message, Recusal
from governance.casework.services import assigning, attaching, naming
from governance.casework.services.verifying import verify_ledger
from governance.casework.workflow import Refused
from governance.organisation.services.clients import create_client
from tests.support.factories.casework import report
from tests.support.screens import open_page, send


@pytest.fixture
def matter(town):
    return report(town)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path


def sees(user, matter):
    return Matter.objects.visible_to(type(user).objects.get(pk=user.pk)).filter(pk=matter.pk).exists()


def attach(town, matter, name="证明.pdf", evidence="", actor=None):
    paper = SimpleUploadedFile(name, b"%PDF-1.4 x")
    (row,) = attaching.attach(matter_id=matter.pk, actor=actor or town.clerk, files=[(evidence, paper)])
    return row


def test_the_clerk_lets_a_neighbouring_village_read_and_takes_it_back(client, town, matter):
    reader = town.other_officer
    assert not sees(reader, matter)
    answer = send(client, town.clerk, "casework:act", matter.pk, "grant", person=reader.pk, reason="两村交界")
    assert answer.status_code == 302 and sees(reader, matter)
    assert set(Message.objects.filter(recipient=reader).values_list("subject", flat=True)) == {"read_granted"}
    page = open_page(client, reader, "casework:matter", matter.pk)
    assert page.status_code == 200 and page.context["roles"] == set() and not page.context["acts"]
    assert "芝厦村" in page.content.decode()
    grant = MatterUserGrant.objects.get(user=reader)
    page = open_page(client, town.clerk, "casework:matter", matter.pk).content.decode()
    assert f"/acts/withdraw/{grant.pk}/" in page and reader.name in page
    answer = send(client, town.clerk, "casework:act-on", matter.pk, "withdraw", grant.pk, reason="已了解")
    assert answer.status_code == 302 and not sees(reader, matter)
    assert "/acts/withdraw/" not in open_page(client, town.clerk, "casework:matter", matter.pk).content.decode()
    assert list(Event.objects.filter(matter=matter).order_by("seq").values_list("verb", flat=True)) == [
        "opened", "read_granted", "read_withdrawn"]
    assert verify_ledger()[1] is None


def test_a_confidential_matter_is_opened_to_one_person_only(town):
    hidden = report(town, is_confidential=True)
    assert not sees(town.mediator, hidden) and not sees(town.leader, hidden)
    naming.let_read(matter_id=hidden.pk, actor=town.clerk, person=town.leader, reason="请领导阅示")
    assert sees(town.leader, hidden) and not sees(town.mediator, hidden)


def test_whoever_is_named_in_it_stepped_aside_or_sees_it_already_is_not_let_in(town):
    walled = report(town, parties=[{"kind": "respondent", "name": "周邻村", "phone": ""}])
    for person, code in ((town.other_officer, "staff-match-open"), (town.mediator, "sees-it-already")):
        with pytest.raises(Refused, match=code):
            naming.let_read(matter_id=walled.pk, actor=town.clerk, person=person, reason="x")
    Recusal.objects.create(matter=walled, user=town.far_officer, ground="interest", created_by=town.clerk,
                           created_at=walled.reported_at)
    with pytest.raises(Refused, match="person-is-named-in-matter"):
        naming.let_read(matter_id=walled.pk, actor=town.clerk, person=town.far_officer, reason="x")
    with pytest.raises(Refused, match="reason-missing"):
        naming.let_read(matter_id=walled.pk, actor=town.clerk, person=town.far_clerk, reason=" ")
    assert MatterUserGrant.objects.count() == 0


def test_only_those_who_answer_for_it_let_somebody_read(client, town, matter):
    for user in (town.officer, town.mediator, town.head):
        assert open_page(client, user, "casework:act", matter.pk, "grant").status_code == 403
    for user in (town.clerk, town.leader, town.office):
        assert open_page(client, user, "casework:act", matter.pk, "grant").status_code == 200


def test_a_handlers_own_sight_is_not_taken_back_as_a_reading(town, matter):
    assigning.give_task(matter_id=matter.pk, actor=town.clerk, assignee=town.other_officer, text="x", due_on=None)
    grant = MatterUserGrant.objects.get(user=town.other_officer)
    with pytest.raises(Refused, match="sees-it-already"):
        naming.let_read(matter_id=matter.pk, actor=town.clerk, person=town.other_officer, reason="x")
    with pytest.raises(Refused, match="grant-not-found"):
        naming.take_back(matter_id=matter.pk, grant_id=grant.pk, actor=town.clerk, version=None, reason="x")
    assert sees(town.other_officer, matter)


def test_neither_administrators_nor_programs_are_offered(client, town, matter):
    program = create_client(username="quzhi", name="区平台", purpose="对接", home_unit=town.township, actor=None).user
    town.system_admin.home_unit = town.township
    town.system_admin.save()
    for act, field in (("grant", "person"), ("task", "assignee")):
        page = open_page(client, town.clerk, "casework:act", matter.pk, act)
        offered = page.context["form"].fields[field].queryset
        assert not {program.pk, town.system_admin.pk, town.clerk.pk} & {person.pk for person in offered}


def test_a_file_attached_by_mistake_is_removed_and_the_history_keeps_it(client, town, matter):
    row = attach(town, matter)
    page = open_page(client, town.clerk, "casework:matter", matter.pk).content.decode()
    assert f"/acts/remove-file/{row.pk}/" in page
    answer = send(client, town.clerk, "casework:act-on", matter.pk, "remove-file", row.pk, reason="传错了")
    assert answer.status_code == 302
    page = open_page(client, town.clerk, "casework:matter", matter.pk).content.decode()
    assert "移除附件 证明.pdf" in page and "传错了" in page and f"/attachments/{row.pk}/" not in page
    assert client.get(f"/attachments/{row.pk}/").status_code == 404
    with pytest.raises(Refused, match="file-not-found"):
        attaching.remove_file(matter_id=matter.pk, attachment_id=row.pk, actor=town.clerk, version=None, reason="x")


def test_what_a_step_rests_on_is_replaced_before_it_is_removed(client, town, matter):
    wrong = attach(town, matter, evidence="photo")
    answer = send(client, town.clerk, "casework:act-on", matter.pk, "remove-file", wrong.pk, reason="拍错了")
    assert answer.status_code == 409 and "请先上传正确的附件" in answer.content.decode()
    page = open_page(client, town.clerk, "casework:act", matter.pk, "attach")
    assert dict(page.context["form"].fields["evidence"].choices) == {"": "—", "photo": "照片"}
    attach(town, matter, "正本.pdf", evidence="photo")
    answer = send(client, town.clerk, "casework:act-on", matter.pk, "remove-file", wrong.pk, reason="拍错了")
    assert answer.status_code == 302


def test_a_file_is_not_removed_by_whoever_only_looks(client, town, matter):
    row = attach(town, matter)
    for user in (town.leader, town.mediator):
        assert open_page(client, user, "casework:act-on", matter.pk, "remove-file", row.pk).status_code == 403
        assert "/acts/remove-file/" not in open_page(client, user, "casework:matter", matter.pk).content.decode()
