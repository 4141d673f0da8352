"""Who is told that a weekly report waits for them, and when (周报提醒): once for each person and state."""
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.casework.registry import MessageKind, register_message
from governance.casework.services.arranging import working_calendar
from governance.casework.services.notifying import tell
from governance.organisation.models import Post, User

from ..models import RollupVersion
from ..visibility import REVIEWERS, SIGNERS, VILLAGE_ROLES

_OFFICER, _HEAD = VILLAGE_ROLES
TOLD_DAYS = 30

for _subject, _sentence in (
    ("rollup_to_confirm", _("Weekly report, week %(week)s of %(year)s: waits for your confirmation by %(day)s.")),
    ("rollup_due", _("Weekly report, week %(week)s of %(year)s: not confirmed yet by your village, due %(day)s.")),
    ("rollup_again", _("Weekly report, week %(week)s of %(year)s: your village's figures changed, confirm again.")),
    ("rollup_returned", _("Weekly report, week %(week)s of %(year)s: sent back to your village, look at it again.")),
    ("rollup_back", _("Weekly report, week %(week)s of %(year)s: the leader sent it back to the township. What your "
                      "village has to say can be added until it is handed up again.")),
    ("rollup_complete", _("Weekly report, week %(week)s of %(year)s: all villages have confirmed, it waits for your "
                          "review.")),
    ("rollup_over", _("Weekly report, week %(week)s of %(year)s: the villages' time is over, %(missing)s of "
                      "%(villages)s have not confirmed.")),
    ("rollup_unreviewed", _("Weekly report, week %(week)s of %(year)s: counted anew with other figures, hand it up "
                            "again.")),
    ("rollup_sent_back", _("Weekly report, week %(week)s of %(year)s: the leader sent it back, look it over again.")),
    ("rollup_to_sign", _("Weekly report, week %(week)s of %(year)s: waits for your signature.")),
):
    register_message(MessageKind(_subject, _sentence, "reporting:rollup", "rollup"))


def tell_villages(version, subject: str, *, key: str, unit_ids=None, with_heads=False, now=None) -> int:
    """Tell the officers of these villages (all that have not confirmed) and whoever stands in for them.

    A village without an officer is told through its head; `with_heads` tells both.
    """
    now = now or timezone.now()
    if unit_ids is None:
        unit_ids = version.parts.filter(is_village=True, confirmed_at=None).values_list("unit_id", flat=True)
    posts = list(Post.objects.on(timezone.localdate(now)).filter(unit_id__in=list(unit_ids), role__in=VILLAGE_ROLES))
    served = {post.unit_id for post in posts if post.role == _OFFICER}
    chosen = [post for post in posts if with_heads or post.role == _OFFICER or post.unit_id not in served]
    return _tell(version, subject, chosen, key, now)


def tell_reviewers(version, subject: str, *, key: str, now=None) -> int:
    """Tell the township's clerks and office."""
    return _tell(version, subject, _posts(version, REVIEWERS, now), key, now)


def tell_signers(version, *, now=None) -> int:
    """Tell the leaders that it waits for their signature; whoever reviewed it does not sign it."""
    posts = [post for post in _posts(version, SIGNERS, now) if post.user_id != version.reviewed_by_id]
    return _tell(version, "rollup_to_sign", posts, f"sign:{version.reviewed_at.isoformat()}", now)


def look_at_deadlines(now=None) -> int:
    """On the last day remind the villages, afterwards tell the township who lacks; how many people were told now.

    Safe to run as often as one likes, and to miss.
    """
    now, told = now or timezone.now(), 0
    lacking = Count("parts", filter=Q(parts__is_village=True, parts__confirmed_at=None))
    # A week that was left lying is not spoken of for ever: messages are removed one day, and would come again.
    waiting = RollupVersion.objects.filter(
        state=RollupVersion.State.COMPUTED, confirm_by__gte=now - timezone.timedelta(days=TOLD_DAYS)
    )
    for version in waiting.annotate(lacking=lacking).filter(lacking__gt=0).select_related("rollup"):
        opening = working_calendar().opening(timezone.localdate(version.confirm_by))
        if version.confirm_by <= now:
            told += tell_reviewers(version, "rollup_over", key="over", now=now)
        elif opening <= now:
            told += tell_villages(version, "rollup_due", key="due", with_heads=True, now=now)
    return told


def _posts(version, roles, now) -> list:
    day = timezone.localdate(now)
    return list(Post.objects.on(day).with_role(*roles).filter(unit_id=version.rollup.township_id))


def _tell(version, subject: str, posts, key: str, now) -> int:
    now = now or timezone.now()
    villages = version.parts.filter(is_village=True)
    year, week = version.rollup.period_code.split("-W")
    data = {
        "rollup": version.rollup_id, "year": int(year), "week": int(week),
        "day": timezone.localdate(version.confirm_by or version.cut_off_at).isoformat(),
        "villages": villages.count(), "missing": villages.filter(confirmed_at=None).count(),
    }
    people = User.objects.holding([post.pk for post in posts], timezone.localdate(now))
    return tell(people, subject, key=f"rollup:{version.pk}:{key}", data=data, now=now)
