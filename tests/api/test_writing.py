"""Writing over the interface: a whole dispute, refusals as on the screens, nothing twice."""
import json
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone

from governance.casework.models import Event, Matter
from governance.casework.services import assigning
from governance.casework.services.verifying import verify_ledger
from governance.organisation.models import Post
from tests.support.interface import issue, make_client, new_key, with_session, with_token

from .conftest import NAME


def entry(place, **more):
    return {
        "category": "neighbour", "channel": "application", "unit": place.village.pk,
        "description": "两家因排水沟争执，多次口角", "not_duplicate": True,
        "parties": [{"kind": "applicant", "name": NAME, "phone": "13812345678"},
                    {"kind": "respondent", "name": "孙来福"}], **more,
    }


def post(caller, address, body, answers, **headers):
    answer = caller.post(f"/api/v1/{address}", body, format="json", **headers)
    assert answer.status_code == answers, (answer.status_code, answer.content.decode())
    return answer.json()


def take(caller, matter, step, answers=200, **values):
    matter.refresh_from_db()
    body = {"version": matter.version, **values}
    return post(caller, f"disputes/{matter.pk}/steps/{step}/", body, answers)


def test_a_dispute_is_registered_once_for_each_key(place, caller, client_account):
    key = new_key()
    first = caller.post("/api/v1/disputes/", entry(place), format="json", **key)
    assert first.status_code == 201 and "Idempotency-Replayed" not in first
    matter = Matter.objects.get(pk=first.json()["id"])
    assert (matter.creator, matter.parties.count(), matter.events.get().origin[:8]) == (
        client_account.user, 2, "api:tgp_")
    second = caller.post("/api/v1/disputes/", entry(place), format="json", **key)
    assert (second.status_code, second.json(), second["Idempotency-Replayed"]) == (201, first.json(), "true")
    refused = post(caller, "disputes/", entry(place, description="别的事"), 409, **key)
    assert refused["code"] == "idempotency-key-reused"
    assert Matter.objects.count() == 2
    assert post(caller, "disputes/", entry(place), 400)["code"] == "idempotency-key-missing"
    assert post(caller, "disputes/", entry(place), 400, HTTP_IDEMPOTENCY_KEY="short")["code"] == (
        "idempotency-key-missing")


def test_keys_of_two_clients_do_not_meet(place, caller):
    other = with_token(issue(make_client(place.township, username="second")))
    key = new_key()
    one, two = (post(c, "disputes/", entry(place), 201, **key) for c in (caller, other))
    assert one["id"] != two["id"]


def test_what_was_refused_can_be_mended_under_the_same_key(place, caller):
    key = new_key()
    body = post(caller, "disputes/", entry(place, category="nothing"), 422, **key)
    assert body["errors"]["category"]
    body = post(caller, "disputes/", entry(place, parties=[{"kind": "applicant", "name": "甲", "phone": "12"}]), 422,
                **key)
    assert body["errors"]["parties"][0]["phone"]
    assert post(caller, "disputes/", entry(place), 201, **key)["status"] == "reported"


def test_a_similar_open_one_is_named(place, caller):
    body = entry(place, category="homestead", not_duplicate=False)
    refused = post(caller, "disputes/", body, 409, **new_key())
    assert refused["code"] == "similar-open" and refused["missing"] == [place.matter.number]


def test_it_cannot_be_registered_where_the_client_has_no_post(place, caller):
    far = place.who("cun2").home_unit
    lone = with_token(issue(make_client(far, "village_officer", username="far")))
    assert "unit" in post(lone, "disputes/", entry(place), 422, **new_key())["errors"]
    reader = with_token(issue(make_client(place.township, "office", username="reader")))
    assert post(reader, "disputes/", entry(place), 403, **new_key())["code"] == "not-your-right"


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_key_register_one(transactional_db):
    from .conftest import Place

    place = Place()
    text, key, answers = issue(make_client(place.township)), new_key(), []

    def send():
        try:
            answer = with_token(text).post("/api/v1/disputes/", entry(place), format="json", **key)
            answers.append((answer.status_code, answer.json()["id"]))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8 and set(answers) == {(201, answers[0][1])}
    assert Matter.objects.count() == 2


def test_a_dispute_is_taken_to_its_end_over_the_interface(place, caller, client_account):
    matter, mediator = place.matter, place.who("tiaojie")
    accepted = take(caller, matter, "accept", committee=place.township.pk, initiative="applied", handler=mediator.pk)
    assert accepted["status"] == "accepted"
    today = timezone.localdate()
    take(caller, matter, "start", mediators=[mediator.pk], rights_told_on=today.isoformat(), is_chosen=True)
    mine = with_session(mediator)
    take(mine, matter, "record_session", held_at=timezone.now().isoformat(), place="镇调解室",
         participants="双方", record="各让一步")
    terms = {"agreed_on": today.isoformat(), "terms": "支付3000元", "manner": "转账", "copies": 3, "instalments": [
        {"due_on": today.isoformat(), "what": "第1期", "yuan": "1500"},
        {"due_on": (today + timedelta(days=30)).isoformat(), "what": "第2期", "yuan": "1500.50"}]}
    refused = take(mine, matter, "agree", 409, **terms)
    assert refused["code"] == "evidence-missing" and refused["missing"] == ["signed_agreement"]
    matter.refresh_from_db()
    paper = SimpleUploadedFile("协议.pdf", b"%PDF-1.4 x", content_type="application/pdf")
    sent = {**terms, "version": matter.version, "instalments": json.dumps(terms["instalments"]),
            "evidence_signed_agreement": paper}
    answer = mine.post(f"/api/v1/disputes/{matter.pk}/steps/agree/", sent, format="multipart")
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["status"] == "performing"
    whole = mine.get(f"/api/v1/disputes/{matter.pk}/").json()
    rows = whole["agreements"][0]["instalments"]
    assert [row["amount_yuan"] for row in rows] == ["1500.00", "1500.50"]
    take(mine, matter, "record_performance", instalment=rows[0]["id"], performed_on=today.isoformat())
    event = Event.objects.get(matter=matter, verb="accept")
    assert event.actor == client_account.user and event.origin.startswith("api:tgp_")
    history = caller.get(f"/api/v1/matters/{matter.pk}/timeline/").json()["results"]
    assert {row["actor"]["name"] for row in history} >= {"区综治平台", mediator.name}
    assert verify_ledger()[1] is None


def test_what_was_settled_on_the_spot_is_sent_in_one_call_with_any_number_of_instalments(place):
    matter, mediator, today = place.matter, place.who("tiaojie"), timezone.localdate()
    matter.refresh_from_db()
    now = timezone.now().isoformat()
    rows = [{"due_on": (today + timedelta(days=n)).isoformat(), "what": f"第{n}期"} for n in range(1, 8)]
    take(
        with_session(mediator), matter, "settle_on_the_spot", committee=matter.township_id, initiative="applied",
        accepted_at=now, mediators=[mediator.pk], rights_told_on=today.isoformat(), held_at=now, place="村口",
        participants="双方", record="各让一步", form="oral", both_confirm=True, agreed_on=today.isoformat(),
        terms="轮流放水", manner="当面清点", copies=3, instalments=rows,
    )
    matter.refresh_from_db()
    assert matter.status == "performing" and matter.instalments.count() == 7


def test_refusals_are_those_of_the_screens(place, caller):
    matter = place.matter
    refused = take(caller, matter, "accept", 422, initiative="applied")
    assert refused["missing"] == ["committee"]
    assert take(caller, matter, "start", 422, mediators=[])["code"] == "invalid"
    mediator = place.who("tiaojie").pk
    refused = take(caller, matter, "start", 409, mediators=[mediator])
    assert refused["code"] == "step-not-possible"
    refused = take(caller, matter, "void", 422)
    assert refused["missing"] == ["reason"]
    assert take(caller, matter, "agree", 403, agreed_on="2026-11-24", terms="x", copies=3)["code"] == "not-your-right"
    assert Event.objects.filter(matter=matter).count() == 1


def test_a_stale_version_is_refused_with_what_changed(place, caller):
    matter = place.matter
    assigning.assign(matter_id=matter.pk, actor=place.who("wenshu"), version=matter.version,
                     handler=place.who("tiaojie"))
    body = {"version": matter.version, "committee": place.township.pk, "initiative": "applied"}
    refused = post(caller, f"disputes/{matter.pk}/steps/accept/", body, 409)
    assert refused["code"] == "stale" and place.who("tiaojie").name in refused["missing"][0]


def test_a_step_sent_twice_with_its_key_is_taken_once(place, caller):
    matter, key = place.matter, new_key()
    body = {"version": matter.version, "committee": place.township.pk, "initiative": "applied"}
    first = post(caller, f"disputes/{matter.pk}/steps/accept/", body, 200, **key)
    assert post(caller, f"disputes/{matter.pk}/steps/accept/", body, 200, **key) == first
    other = {**body, "is_unopposed": True}
    assert post(caller, f"disputes/{matter.pk}/steps/accept/", other, 409, **key)["code"] == "idempotency-key-reused"
    assert Event.objects.filter(matter=matter, verb="accept").count() == 1


def test_bodies_that_cannot_be_read(place, caller):
    plain = "application/json"
    for body, kind, answers in ((b"{", plain, 400), (b"x", "text/plain", 415), (b"[]", plain, 422),
                                (b'"x"', plain, 422), (b"null", plain, 422)):
        answer = caller.post("/api/v1/disputes/", body, content_type=kind, **new_key())
        assert answer.status_code == answers, (body, answer.content)
        assert set(answer.json()) >= {"code", "message", "missing"}


def test_the_answer_is_kept_without_content_and_forgotten(place, caller):
    from governance.casework.models import ApiAnswer
    from governance.casework.services.repeating import forget_answers

    post(caller, "disputes/", entry(place), 201, **new_key())
    kept = str(ApiAnswer.objects.get().answer)
    assert NAME not in kept and "排水沟" not in kept
    assert forget_answers() == 0 and forget_answers(timezone.now() + timedelta(days=91)) == 1


def test_a_post_that_ends_ends_what_the_client_may_do(place, caller, client_account):
    yesterday = timezone.localdate() - timedelta(days=1)
    Post.objects.filter(user=client_account.user).update(from_on=yesterday, to_on=yesterday)
    assert caller.get("/api/v1/matters/").json()["results"] == []
    assert post(caller, "disputes/", entry(place), 403, **new_key())["code"] == "not-your-right"
