"""A township in which every address of the URL table names something, and two matters that nobody may come to."""
from django.utils import timezone

from disputes.workflow import WORKFLOW
from governance.casework.forms.act_table import ACTS
from governance.casework.models import (
    Attachment,
    Clock,
    Event,
    Message,
    Party,
    SavedFilter,
    WebhookDelivery,
    WebhookSubscription,
)
from governance.organisation.models import ApiClient, ApiToken, Duty, Post, StandIn, User
from tests.support.addresses import table

_SUBJECTS = {Party: "p", Event: "e", Clock: "c", Attachment: "a"}
# The beginning of a route, and what its first number names.
_FIRST = (
    ("organisation/users/", "user"), ("organisation/posts/", "post"), ("organisation/stand-ins/", "stand"),
    ("organisation/units/", "ru"), ("organisation/duties/", "duty"), ("organisation/clients/", "client"),
    ("organisation/tokens/", "token"), ("matters/bulk/runs/", "r"), ("matters/", "m"), ("filters/", "filter"),
    ("attachments/", "a"), ("notifications/", "message"), ("webhooks/deliveries/", "delivery"), ("^webhooks/", "hook"),
    ("webhooks/", "hook"), ("ledgers/imports/", "i"), ("ledgers/exports/", "x"), ("disputes/campaigns/", "k"),
    ("disputes/rounds/", "w"), ("disputes/", "m"), ("api/v1/units/", "ru"), ("api/v1/attachments/", "a"),
    ("api/v1/messages/", "message"), ("api/v1/webhooks/deliveries/", "delivery"), ("api/v1/rollups/", "rk"),
    ("api/v1/", "m"),
)
_CODES = {
    "vocabulary": "dispute.category", "way": "up", "kind": "dispute", "day": "2026-01-05", "rule": "dispute.mediation",
    "year": "2027", "form": "docx", "metric": "reported", "letter": "n", "period": "2026", "act": "sign",
}
_CODES_AT = {
    "casework:term": {"code": "neighbour"}, "casework:webhook-act": {"act": "pause"},
    "reporting:table-file": {"code": "weekly"}, "reporting-api:table": {"code": "weekly"},
    "ledgers:export-new": {"code": "dispute"}, "disputes:paper": {"code": "registration"},
    "casework:bulk": {"act": "note"},
}


def furnish(place: dict) -> dict:
    """The place with one of everything that an address can name."""
    clerk, admin = User.objects.get(username="wenshu"), User.objects.get(username="xitong")
    officer, now, today = User.objects.get(username="cun1"), timezone.now(), timezone.localdate()
    service = User.objects.create(username="svc", name="程序", is_service=True, home_unit=clerk.home_unit)
    client = ApiClient.objects.create(user=service, purpose="x", created_by=admin, created_at=now)
    token = ApiToken.objects.create(
        client=client, scopes=[], prefix="p", digest="d", created_by=admin, created_at=now,
        expires_at=now + timezone.timedelta(days=1))
    hook = WebhookSubscription.objects.create(
        client=client, url="https://example.org/", events=["opened"], created_by=admin, created_at=now)
    delivery = WebhookDelivery.objects.create(subscription=hook, type="test", created_at=now, next_try_at=now, key="t")
    post = Post.objects.get(user=officer, role="village_officer")
    stand_in = StandIn.objects.create(
        post=post, user=User.objects.get(username="cun3"), from_on=today, to_on=today, reason="x")
    return {
        **place, "user": officer.pk, "post": post.pk, "stand": stand_in.pk, "duty": Duty.objects.first().pk,
        "client": client.pk, "token": token.pk, "hook": hook.pk, "delivery": delivery.pk,
        "filter": SavedFilter.objects.create(user=clerk, name="x", query="state=open", created_at=now).pk,
        "township": clerk.home_unit_id, "message": Message.objects.filter(channel="portal").first().pk,
    }


def every_address(made: dict) -> list[tuple[str, str]]:
    """(name, path) of every address, filled in; those of acts and steps once for each act and step."""
    found = []
    for one in table():
        values = {**_CODES, **_CODES_AT.get(one.name, {})}
        values |= {"rollup_id": made["rk"], "part_id": made["rt"], "version_id": made["rv"], "unit": made["v"],
                   "township": made["township"], "subject": made["p"]}
        values["code"] = values.get("code", "registration")
        start = next((key for key, _what in _FIRST if one.route.startswith(key)), None)
        # An address that is not told here is asked with the first id of its table.
        values["pk"] = made[dict(_FIRST)[start]] if start is not None else 1
        values |= {name: "x" for name in one.parameters if name not in values}
        for more in _expanded(one, made):
            found.append((one.name, one.filled({**values, **more})))
    return found


def _expanded(one, made):
    if one.name == "casework:step":
        return [{"step": step.name} for step in WORKFLOW.steps]
    if one.name == "casework:act":
        return [{"act": act.name} for act in ACTS.values() if act.subject is None]
    if one.name in ("casework:act-on",):
        return [{"act": act.name, "subject": made.get(_SUBJECTS.get(act.subject), 1)}
                for act in ACTS.values() if act.subject is not None]
    return [{}]
