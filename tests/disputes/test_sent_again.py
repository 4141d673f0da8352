"""A form that is sent again: the same content gets the same answer, another content is never taken for it."""
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from disputes.models import Campaign
from governance.casework.models import BulkRun, Matter
from tests.support.factories.disputes import plain_dispute, who
from tests.support.journeys import photo
from tests.support.screens import filled, open_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("qinghe")]
REPORT = reverse("casework:quick-report")


def report_form(client) -> dict:
    """What the phone's report form sends."""
    officer = who("cun1")
    page = open_page(client, officer, "casework:quick-report")
    return {**filled(page.context["form"]), "kind": "dispute", "category": "neighbour", "channel": "application",
            "description": "堆石堵沟\n两家争执", "unit": officer.home_unit_id}


def post(client, data, **more):
    return client.post(REPORT, {**data, **more}, headers={"accept": "application/json"})


def test_the_same_content_gets_the_same_answer_and_other_content_is_refused(client):
    data = report_form(client)
    first = post(client, data)
    again = post(client, data, description="堆石堵沟\r\n两家争执 ")
    assert (first.status_code, again.status_code) == (201, 201) and first.json() == again.json()
    other = post(client, data, description="另一件：越界建房")
    assert (other.status_code, other.json()["code"]) == (409, "form-already-sent")
    assert other.json()["kept"]["words"] == first.json()["number"]
    assert Matter.objects.count() == 1


def test_another_photo_is_another_content(client):
    data = report_form(client)

    def with_photo(size):
        held = photo(size=size)
        return post(client, data, photos=SimpleUploadedFile(held["name"], held["buffer"]))

    assert [with_photo((300, 200)).status_code for _ in range(2)] == [201, 201]
    assert with_photo((200, 300)).status_code == 409
    assert Matter.objects.get().attachments.count() == 1


def test_an_edit_after_back_is_shown_beside_what_was_kept_and_can_be_sent_as_a_new_one(client):
    clerk = who("wenshu")
    page = open_page(client, clerk, "casework:register", "dispute")
    data = {**filled(page.context["form"]), "category": "neighbour", "channel": "application", "not_duplicate": "1",
            "description": "堆石堵沟", "unit": who("cun1").home_unit_id}
    address = reverse("casework:register", args=["dispute"])
    client.post(address, data)
    kept = Matter.objects.get()
    told = client.post(address, {**data, "description": "堆石堵沟，已动手"})
    text = told.content.decode()
    assert told.status_code == 409 and kept.number in text and "堆石堵沟，已动手" in text
    assert reverse("casework:matter", args=[kept.pk]) in text
    renewed = told.context["form"].data["client_uuid"]
    assert renewed != data["client_uuid"]
    client.post(address, {**data, "description": "堆石堵沟，已动手", "client_uuid": renewed})
    assert Matter.objects.count() == 2


def test_many_at_once_with_other_matters_is_another_run(client):
    first, second = plain_dispute(), plain_dispute()
    page = open_page(client, who("wenshu"), "casework:bulk", "note", m=[f"{first.pk}.{first.version}"])
    data = {**filled(page.context["form"]), "text": "电话联系过"}
    address = reverse("casework:bulk", args=["note"])
    sent = [client.post(address, data) for _ in range(2)]
    assert sent[0].url == sent[1].url
    told = client.post(address, {**data, "chosen": f"{second.pk}.{second.version}"})
    assert told.status_code == 409 and sent[0].url in told.content.decode()
    assert BulkRun.objects.count() == 1


def test_a_campaign_announced_again_with_other_words_is_not_dropped(client):
    page = open_page(client, who("bangongshi"), "disputes:campaign-new")
    day = timezone.localdate().isoformat()
    data = {**filled(page.context["form"]), "title": "年末排查", "text": "逐组走访", "starts_on": day, "ends_on": day,
            "report_by": day}
    data["villages"] = list(page.context["form"].fields["villages"].queryset.values_list("pk", flat=True))
    address = reverse("disputes:campaign-new")
    sent = [client.post(address, data) for _ in range(2)]
    assert sent[0].url == sent[1].url
    told = client.post(address, {**data, "title": "春季排查"})
    assert told.status_code == 409 and "年末排查" in told.content.decode()
    assert Campaign.objects.count() == 1
