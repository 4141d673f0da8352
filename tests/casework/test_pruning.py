"""Messages and deliveries whose time is over go; what waits to be sent, what is owed and histories stay."""
from datetime import timedelta

import pytest
from django.utils import timezone

from governance.casework.models import Event, Message, Reminder, WebhookAttempt, WebhookDelivery, WebhookSubscription
from governance.casework.services import pruning
from governance.casework.services.reminding import owe_reminders, pay_reminders
from governance.casework.tasks import prune_outbox
from governance.organisation.models import ApiClient
from tests.support.factories.casework import make_town, report
from tests.support.fakes import probe_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    with probe_kind():
        yield make_town()


def message(user, days_ago, channel="portal", **more):
    at = timezone.now() - timedelta(days=days_ago)
    sent = {"sent_at": at} if channel == "portal" else {}
    return Message.objects.create(
        channel=channel, recipient=user, subject="stuck", data={"count": 1}, created_at=at, send_after=at,
        key=f"{channel}:{days_ago}:{len(more)}", **{**sent, **more},
    )


def test_old_messages_go_unless_they_wait_to_be_sent(town, settings, monkeypatch):
    settings.KEEP_MESSAGES_DAYS = 180
    monkeypatch.setattr(pruning, "BATCH", 1)
    gone = [message(town.clerk, 181), message(town.clerk, 400, "email", sent_at=timezone.now()),
            message(town.clerk, 300, "email", tries=8)]
    kept = [message(town.clerk, 179), message(town.clerk, 300, "email"), message(town.clerk, 250, "email", tries=3)]
    assert prune_outbox() == {"messages": len(gone), "deliveries": 0}
    assert set(Message.objects.all()) == set(kept)
    assert prune_outbox() == {"messages": 0, "deliveries": 0}


def test_nobody_is_reminded_twice_because_the_message_went(town, settings):
    settings.KEEP_MESSAGES_DAYS = 1
    report(town)
    late = timezone.now() + timedelta(days=60)
    # Reminders keep office hours: paid on a later day.
    paid_at = late + timedelta(days=12)
    owe_reminders(late)
    assert pay_reminders(paid_at) > 0
    events, reminders = Event.objects.count(), Reminder.objects.count()
    assert pruning.prune(now=paid_at + timedelta(days=2))["messages"] > 0
    owe_reminders(late)
    assert pay_reminders(paid_at) == 0 and not Message.objects.filter(subject="reminder").exists()
    assert (Event.objects.count(), Reminder.objects.count()) == (events, reminders)


def test_old_deliveries_go_with_their_tries_unless_they_wait(town, settings):
    settings.KEEP_DELIVERIES_DAYS = 90
    now = timezone.now()
    client = ApiClient.objects.create(
        user=town.far_officer, purpose="对接", created_by=town.system_admin, created_at=now
    )
    subscription = WebhookSubscription.objects.create(
        client=client, url="https://example.org/", events=["notice"], secret_encrypted=b"x", created_at=now
    )
    for days_ago in (91, 10):
        for state in WebhookDelivery.State.values:
            row = WebhookDelivery.objects.create(
                subscription=subscription, type="notice", state=state, key=f"{state}{days_ago}",
                created_at=now - timedelta(days=days_ago), next_try_at=now,
            )
            WebhookAttempt.objects.create(delivery=row, at=now, ms=3)
    assert prune_outbox() == {"messages": 0, "deliveries": 3}
    assert sorted(WebhookDelivery.objects.values_list("key", flat=True)) == [
        "delivered10", "failed10", "waiting10", "waiting91", "withheld10"
    ]
    assert WebhookAttempt.objects.count() == 5
