"""Acts on a matter over the interface: the jobs of a clerk and a leader, refusals as on the screens, nothing twice."""
import io
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.casework.models import Assignment, Clock, Event, MatterUserGrant, Message
from governance.casework.services.verifying import verify_ledger
from governance.organisation.models import User
from tests.support.interface import issue, make_client, new_key, with_session, with_token

from .conftest import NAME, PHONE

PDF = b"%PDF-1.4 x"


def get(caller, address, answers=200, **query):
    answer = caller.get(f"/api/v1/{address}", query)
    assert answer.status_code == answers, (answer.status_code, answer.content.decode())
    return answer.json()


def do(caller, matter, act, answers=200, *, subject=None, headers=None, as_form=False, **values):
    address = f"/api/v1/matters/{matter.pk}/acts/{act}/" + (f"{subject}/" if subject else "")
    answer = caller.post(address, values, format="multipart" if as_form else "json", **(headers or {}))
    assert answer.status_code == answers, (answer.status_code, answer.content.decode())
    return answer.json() if answer.content else None


def version(matter):
    matter.refresh_from_db()
    return matter.version


def paper(name="证明.pdf"):
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def test_a_client_assigns_notes_and_urges_and_the_history_names_it(place, caller, client_account):
    matter, mediator = place.matter, place.who("tiaojie")
    offered = {act["name"]: act for act in get(caller, f"matters/{matter.pk}/acts/")}
    assert {"note", "assign", "task", "urge", "extend", "reveal"} <= set(offered)
    assert offered["extend"]["about"] == "clock" and not offered["note"]["is_versioned"]
    people = get(caller, f"matters/{matter.pk}/people/", act="assign")
    assert mediator.pk in {one["id"] for one in people} and people[0]["unit"]["name"]
    state = do(caller, matter, "assign", version=version(matter), handler=mediator.pk, text="请今日联系双方")
    assert state["version"] == version(matter) and matter.handler == mediator
    (entry,) = do(caller, matter, "note", text="已电话告知双方")["made"]
    assert Event.objects.get(pk=entry).actor == client_account.user
    do(caller, matter, "urge", text="请尽快")
    assert get(with_session(mediator), "messages/", unread=True)["results"][0]["subject"] == "urged"
    rows = get(caller, f"matters/{matter.pk}/timeline/")["results"]
    assert [row["verb"] for row in rows[:3]] == ["urged", "noted", "assigned"]
    assert all(row["origin"].startswith("api:tgp_") for row in rows[:3]) and verify_ledger()[1] is None


def test_a_leaders_instruction_is_read_and_answered(place):
    leader, mediator = with_session(place.who("zhenzhang")), place.who("tiaojie")
    day = (timezone.localdate() + timedelta(days=2)).isoformat()
    (pk,) = do(leader, place.matter, "instruct", assignee=mediator.pk, text="两日内见面调处", due_on=day)["made"]
    caller = with_session(mediator)
    (task,) = get(caller, "inbox/")["tasks"]
    assert (task["id"], task["text"], task["kind"]) == (pk, "两日内见面调处", "instruction")
    (message,) = get(caller, "messages/", unread=True)["results"]
    assert message["matter"]["number"] == place.matter.number and "两日内" not in message["sentence"]
    assert caller.post(f"/api/v1/messages/{message['id']}/read/").json() == {"read": 1}
    assert get(caller, "messages/", unread=True)["results"] == []
    assert leader.post(f"/api/v1/messages/{message['id']}/read/").status_code == 404
    do(caller, place.matter, "finish", subject=pk, text="已见面，双方同意调解")
    assert get(caller, "inbox/")["tasks"] == []
    (row,) = get(leader, f"matters/{place.matter.pk}/assignments/")["results"]
    assert row["done_at"] is not None
    assert do(caller, place.matter, "finish", 404, subject=pk, text="再报一次")["code"] == "not-found"
    clerk = with_session(place.who("wenshu"))
    assert do(clerk, place.matter, "instruct", 403, assignee=mediator.pk, text="x")["code"] == "not-your-right"


def test_a_time_limit_is_extended_by_one_and_decided_by_another(place, caller):
    matter, mediator = place.matter, place.who("tiaojie")
    body = {"version": version(matter), "committee": place.township.pk, "initiative": "applied",
            "handler": mediator.pk}
    assert caller.post(f"/api/v1/disputes/{matter.pk}/steps/accept/", body, format="json").status_code == 200
    clock = Clock.objects.get(matter=matter, rule="dispute.mediation")
    before = clock.due_at
    sent = {"days": 10, "reason": "双方请求再谈一次"}
    refused = do(caller, matter, "extend", 409, subject=clock.pk, version=version(matter), **sent)
    assert refused["code"] == "consent-missing"
    sent["consents"] = refused["missing"]
    state = do(caller, matter, "extend", subject=clock.pk, version=version(matter), **sent)
    (row,) = [c for c in get(caller, f"matters/{matter.pk}/clocks/")["results"] if c["id"] == clock.pk]
    assert [(e["id"], e["state"]) for e in row["extensions"]] == [(state["made"][0], "proposed")]
    own = do(caller, matter, "decide-extension", 403, subject=state["made"][0], approve="yes",
             version=version(matter))
    assert own["code"] == "not-your-right"
    leader = with_session(place.who("zhenzhang"))
    do(leader, matter, "decide-extension", subject=state["made"][0], approve="yes", version=version(matter))
    clock.refresh_from_db()
    assert clock.due_at > before


def test_files_are_attached_listed_saved_and_removed(place, caller, settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path
    matter = place.matter
    (pk,) = do(caller, matter, "attach", as_form=True, photos=paper(), evidence="signed_agreement")["made"]
    (row,) = get(caller, f"matters/{matter.pk}/attachments/")["results"]
    assert (row["id"], row["name"], row["evidence"]) == (pk, "证明.pdf", "signed_agreement")
    answer = caller.get(f"/api/v1/attachments/{pk}/", HTTP_ACCEPT="application/pdf")
    assert b"".join(answer.streaming_content) == PDF and answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Content-Disposition"].startswith("attachment")
    refused = do(caller, matter, "remove-file", 409, subject=pk, reason="传错了", version=version(matter))
    assert refused["code"] == "last-evidence"
    do(caller, matter, "attach", as_form=True, photos=paper("正本.pdf"), evidence="signed_agreement")
    do(caller, matter, "remove-file", subject=pk, reason="传错了", version=version(matter))
    assert [r["name"] for r in get(caller, f"matters/{matter.pk}/attachments/")["results"]] == ["正本.pdf"]
    assert caller.get(f"/api/v1/attachments/{pk}/").json()["code"] == "file-not-found"
    bad = do(caller, matter, "attach", 409, as_form=True, photos=io.BytesIO(b"MZ nothing"))
    assert bad["code"] in ("file-type-refused", "file-name-and-content-differ")


def test_facts_and_parties_are_corrected_and_what_is_left_out_stays(place, caller):
    matter = place.matter
    address = f"/api/v1/disputes/{matter.pk}/acts/correct/"
    answer = caller.post(address, {"version": version(matter), "address": "三组12号", "people_count": 12,
                                   "reason": "漏填"}, format="json")
    assert answer.status_code == 200, answer.content.decode()
    whole = get(caller, f"disputes/{matter.pk}/")
    assert (whole["address"], whole["dispute"]["people_count"]) == ("三组12号", 12)
    assert whole["description"] == matter.description and whole["category"] == "homestead"
    applicant = next(row for row in whole["parties"] if row["name"] == NAME)
    do(caller, matter, "correct-party", subject=applicant["id"], version=version(matter), phone="13900001111",
       reason="号码有误")
    shown = next(row for row in get(caller, f"matters/{matter.pk}/")["parties"] if row["id"] == applicant["id"])
    assert (shown["name"], shown["phone"]) == (NAME, "139****1111")
    nothing = caller.post(address, {"version": version(matter), "reason": "没有"}, format="json")
    assert nothing.json()["code"] == "nothing-corrected"
    assert caller.post(address, {"version": version(matter)}, format="json").json()["missing"] == ["reason"]


def test_contact_data_is_revealed_with_a_scope_and_each_look_is_logged(place, caller, client_account):
    party = get(caller, f"matters/{place.matter.pk}/")["parties"][0]
    seen = do(caller, place.matter, "reveal", subject=party["id"], reason="通知开会", headers=new_key())
    assert seen == {"phone": PHONE, "address": "花溪村三组12号"}
    do(caller, place.matter, "reveal", subject=party["id"], reason="再次通知")
    assert Event.objects.filter(verb="contact_revealed", actor=client_account.user).count() == 2
    narrow = with_token(issue(client_account, "matters:read", "matters:write"))
    refused = do(narrow, place.matter, "reveal", 403, subject=party["id"], reason="想看")
    assert refused["code"] == "scope-missing" and "contacts:reveal" in refused["message"]
    office = with_session(place.who("bangongshi"))
    assert do(office, place.matter, "reveal", 403, subject=party["id"], reason="想看")["code"] == "not-your-right"
    from governance.casework.models import ApiAnswer

    assert not ApiAnswer.objects.exists()


def test_somebody_is_let_read_and_no_more(place, caller):
    other = place.who("cun2")
    reader = with_session(other)
    assert reader.get(f"/api/v1/matters/{place.matter.pk}/").status_code == 404
    assert other.pk in {one["id"] for one in get(caller, f"matters/{place.matter.pk}/people/", act="grant")}
    assert place.who("xitong").pk not in {
        one["id"] for one in get(caller, f"matters/{place.matter.pk}/people/", act="task")}
    (pk,) = do(caller, place.matter, "grant", person=other.pk, reason="两村交界，需了解情况")["made"]
    assert get(reader, f"matters/{place.matter.pk}/")["parties"]
    assert Message.objects.filter(recipient=other, subject="read_granted").exists()
    assert do(reader, place.matter, "note", 403, text="我也说一句")["code"] == "not-your-right"
    again = do(caller, place.matter, "grant", 409, person=other.pk, reason="再来一次")
    assert again["code"] == "sees-it-already"
    (row,) = get(caller, f"matters/{place.matter.pk}/readers/")["results"]
    assert (row["id"], row["person"]["name"]) == (pk, other.name)
    do(caller, place.matter, "withdraw", subject=pk, reason="情况已了解", version=version(place.matter))
    assert reader.get(f"/api/v1/matters/{place.matter.pk}/").status_code == 404
    assert MatterUserGrant.objects.filter(user=other).count() == 0


def test_matters_are_linked_and_merged(place, caller):
    other = place.report()
    do(caller, place.matter, "link", other=other.number, relation="same_affair")
    (row,) = get(caller, f"matters/{place.matter.pk}/links/")
    assert (row["relation"], row["matter"]["number"]) == ("same_affair", other.number)
    twice = do(caller, place.matter, "link", 409, other=other.number, relation="related")
    assert twice["code"] == "linked-already"
    third = place.report()
    merged = do(caller, third, "merge", other=other.number, reason="同一纠纷", version=version(third))
    assert merged["status"] == "merged" and not merged["is_open"]
    assert {r["relation"] for r in get(caller, f"matters/{other.pk}/links/")} == {"same_affair", "merged_from"}
    unknown = do(caller, place.matter, "link", 422, other="990101101-JF-2020-00001", relation="related")
    assert "other" in unknown["errors"]


def test_the_version_is_asked_in_the_body_or_in_the_header(place, caller):
    matter, handler = place.matter, place.who("tiaojie").pk
    tag = caller.get(f"/api/v1/matters/{matter.pk}/")["ETag"]
    assert tag == f'"{matter.version}"'
    assert do(caller, matter, "assign", 422, handler=handler)["missing"] == ["version"]
    assert do(caller, matter, "assign", 422, handler=handler, headers={"HTTP_IF_MATCH": "*"})["code"] == "invalid"
    address = f"/api/v1/matters/{matter.pk}/acts/assign/"
    done = caller.post(address, {"handler": handler}, format="json", HTTP_IF_MATCH=tag)
    assert done.status_code == 200 and done["ETag"] == f'"{version(matter)}"' != tag
    stale = caller.post(address, {"handler": handler}, format="json", HTTP_IF_MATCH=tag)
    assert stale.status_code == 409 and stale.json()["code"] == "stale" and stale.json()["missing"]
    both = caller.post(address, {"handler": handler, "version": 1}, format="json", HTTP_IF_MATCH=done["ETag"])
    assert both.status_code == 422


def test_an_act_sent_twice_with_its_key_is_done_once(place, caller):
    key, mediator = new_key(), place.who("tiaojie")
    body = {"assignee": mediator.pk, "text": "核实边界"}
    first = do(caller, place.matter, "task", headers=key, **body)
    assert do(caller, place.matter, "task", headers=key, **body) == first
    assert Assignment.objects.count() == 1
    other = do(caller, place.matter, "task", 409, headers=key, **{**body, "text": "别的"})
    assert other["code"] == "idempotency-key-reused"
    merge_into, key = place.report(), new_key()
    seen = version(place.matter)
    merge = {"other": merge_into.number, "reason": "重复", "version": seen}
    first = do(caller, place.matter, "merge", headers=key, **merge)
    assert do(caller, place.matter, "merge", headers=key, **merge) == first, "also where the act is offered no more"


def test_whoever_may_not_see_it_or_may_not_do_it_is_refused(place):
    matter, other = place.matter, place.who("cun2").home_unit
    far = with_token(issue(make_client(other, "village_officer", username="far")))
    for act in ("note", "assign", "instruct", "grant"):
        assert do(far, matter, act, 404, text="x", version=1)["code"] == "not-found"
    parts = ("acts/", "people/?act=task", "attachments/", "assignments/", "links/", "readers/", "staff-questions/")
    for part in parts:
        assert far.get(f"/api/v1/matters/{matter.pk}/{part}").status_code == 404
        # A parameter that the address does not know tells nothing of what is there: refused alike, there or not.
        told = [far.get(f"/api/v1/matters/{pk}/{part.partition('?')[0]}?odd=1") for pk in (matter.pk, 999_999_999)]
        assert {(answer.status_code, answer.content) for answer in told} == {(422, told[0].content)}
    reading = with_token(issue(make_client(place.township, username="reading"), "matters:read"))
    assert do(reading, matter, "note", 403, text="x")["code"] == "scope-missing"
    office = with_token(issue(make_client(place.township, "office", username="office")))
    assert do(office, matter, "assign", 403, version=1, handler=1)["code"] == "not-your-right"


def test_whoever_steps_aside_sees_nothing_from_then_on(place):
    clerk = with_session(place.who("wenshu"))
    assert do(clerk, place.matter, "recuse", 204, person=place.who("wenshu").pk, reason="亲属") is None
    for address in ("", "timeline/", "attachments/", "acts/"):
        assert clerk.get(f"/api/v1/matters/{place.matter.pk}/{address}").status_code == 404
    assert all(place.matter.pk != (row["matter"] or {}).get("id") for row in get(clerk, "messages/")["results"])
    assert do(clerk, place.matter, "note", 404, text="x")["code"] == "not-found"


def cost(caller, address):
    with CaptureQueriesContext(connection) as asked:
        assert caller.get(f"/api/v1/{address}").status_code == 200, address
    return len(asked)


def test_reading_costs_the_same_whatever_hangs_on_it(place, caller, settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path
    matter, clerk = place.matter, with_session(place.who("wenshu"))
    parts = ("acts/", "people/?act=task", "attachments/", "assignments/", "links/", "readers/", "staff-questions/")
    addresses = [(caller, f"matters/{matter.pk}/{part}") for part in parts]
    addresses += [(clerk, "inbox/"), (clerk, "messages/"), (caller, f"matters/{matter.pk}/clocks/")]
    def measured():
        return [cost(*address) for address in addresses]

    fill(place, caller)
    measured()  # words of the vocabularies come from the cache afterwards
    before = measured()
    for _ in range(3):
        fill(place, caller)
    assert measured() == before and max(before) <= 15, dict(zip([a for _c, a in addresses], before, strict=True))


def fill(place, caller):
    """One more of everything that hangs on the matter, and on the clerk's desk."""
    free = MatterUserGrant.objects.values("user")
    reader = User.objects.filter(posts__role__in=["village_officer", "grid_worker"]).exclude(pk__in=free).exclude(
        home_unit__path__startswith=place.village.path).order_by("pk").first()
    do(caller, place.matter, "attach", as_form=True, photos=paper())
    do(caller, place.matter, "task", assignee=place.who("wenshu").pk, text="核实")
    do(caller, place.matter, "grant", person=reader.pk, reason="两村交界")
    do(caller, place.matter, "link", other=place.report().number, relation="related")
