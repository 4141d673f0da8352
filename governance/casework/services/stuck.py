"""The daily list of what does not move (停滞事项)."""
from collections import defaultdict

from django.db.models import Count
from django.utils import timezone

from governance.organisation.models import Post, Role

from ..models import Matter, Message

STUCK_DAYS = 14


def stuck_before(now=None):
    """Whoever has not moved since this instant is stuck."""
    return (now or timezone.now()) - timezone.timedelta(days=STUCK_DAYS)


def tell_stuck(now=None) -> int:
    """Tell each township's office once a day how many matters are stuck; returns how many people were told."""
    now = now or timezone.now()
    day = timezone.localdate(now)
    counts = dict(
        Matter.objects.stuck(stuck_before(now)).order_by().values_list("township_id").annotate(Count("pk"))
    )
    offices = defaultdict(list)
    posts = Post.objects.on(day).with_role(Role.OFFICE.value).select_related("user", "unit")
    for post in posts.filter(unit__township_id__in=counts):
        offices[post.user].append(post.unit.township_id)
    rows = [
        Message(
            channel="portal", recipient=user, subject="stuck", key=f"stuck:{day}:{user.pk}", created_at=now,
            send_after=now, sent_at=now, data={"count": sum(counts[pk] for pk in set(townships))},
        )
        for user, townships in offices.items()
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
