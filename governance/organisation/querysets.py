"""Questions about units, posts, stand-ins and duties: who is where and answers for what on a day."""
from datetime import datetime, time, timedelta

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length
from django.utils import timezone

# Whose duty makes the leader in charge, the first that is there.
IN_CHARGE = ("scope", "first")


class DatedQuerySet(models.QuerySet):
    """Rows that hold from a day to a day, both included; no last day means still."""

    first_day, last_day = "from_on", "to_on"

    def on(self, day):
        """Rows in force on ``day``."""
        ends = Q(**{f"{self.last_day}__isnull": True}) | Q(**{f"{self.last_day}__gte": day})
        return self.filter(ends, **{f"{self.first_day}__lte": day})

    def overlapping(self, from_on, to_on):
        """Rows in force on any day of the range; ``to_on`` None is open."""
        rows = self.filter(Q(**{f"{self.last_day}__isnull": True}) | Q(**{f"{self.last_day}__gte": from_on}))
        return rows if to_on is None else rows.filter(**{f"{self.first_day}__lte": to_on})


class UnitQuerySet(DatedQuerySet):
    """Units: the tree is asked by path prefix (one index range scan on ``path``)."""

    first_day, last_day = "valid_from", "valid_to"

    def not_ended(self, day=None):
        """Units that go on by ``day`` (today), also those whose last day is set but has not passed."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day or timezone.localdate()))

    def under(self, unit):
        """The unit and everything below it."""
        return self.filter(path__startswith=unit.path)

    def above(self, unit):
        """The unit and its ancestors, topmost first."""
        return self.filter(pk__in=path_ids(unit.path)).order_by(Length("path"))

    def visible_to(self, user):
        """Units of the townships in which the user holds posts, their parents, and whatever lies below a post.

        Two queries before the one that is asked; nobody without a post sees any.
        """
        posts = apps.get_model("organisation", "Post").objects.held_by(user, timezone.localdate())
        places = list(posts.values_list("unit__path", "unit__township_id"))
        within = Q(pk__in=[pk for path, _township in places for pk in path_ids(path)])
        for path, township in places:
            within |= Q(path__startswith=path)
            if township is not None:
                within |= Q(township_id=township)
        return self.filter(within) if places else self.none()

    def in_tree_order(self):
        """By official code: a parent comes before its children."""
        return self.order_by("code")

    def named(self, text):
        """Units whose code is ``text``, or whose official or short name is."""
        return self.filter(Q(code=text) | Q(name=text) | Q(short_name=text))


class UserQuerySet(models.QuerySet):
    """People."""

    def active(self):
        """People who may log in."""
        return self.filter(is_active=True)

    def people(self):
        """Without service accounts: programs are given no work and stand in for nobody."""
        return self.filter(is_service=False)

    def holding(self, post_ids, day):
        """Who holds these posts, and who stands in for them on `day`; two queries before the one that is asked."""
        standing = apps.get_model("organisation", "StandIn").objects.on(day).filter(post_id__in=post_ids)
        holders = apps.get_model("organisation", "Post").objects.filter(pk__in=post_ids)
        ids = {*holders.values_list("user_id", flat=True), *standing.values_list("user_id", flat=True)}
        return self.filter(pk__in=ids)

    def of_one_person(self, user):
        """An account and those with the same mobile phone: one person may have several."""
        is_mobile = user.phone_hash and len(user.phone) == 11 and user.phone.startswith("1")
        return self.filter(Q(pk=user.pk) | Q(phone_hash=user.phone_hash) if is_mobile else Q(pk=user.pk))

    def by_name(self):
        """In pinyin order."""
        return self.order_by("name_key", "pk")

    def matching(self, text):
        """People whose name, login name, phone or pinyin contains ``text``."""
        return self.filter(
            Q(name__icontains=text) | Q(username__icontains=text) | Q(phone__contains=text)
            | Q(name_key__istartswith=text)
        )

    def staff_of(self, unit, day):
        """People whose home is in the unit's subtree or who hold a post there on ``day``."""
        held = apps.get_model("organisation", "Post").objects.on(day).filter(
            user=OuterRef("pk"), unit__path__startswith=unit.path
        )
        return self.filter(Q(home_unit__path__startswith=unit.path) | Exists(held))


class PostQuerySet(DatedQuerySet):
    """Posts."""

    def held_by(self, user, day):
        """Own posts of ``user`` and those stood in for on ``day``; ``standing_in`` tells which. One query.

        The few ids come first, by the indexes of both tables: ``OR EXISTS`` would read every post of the city.
        """
        stood = apps.get_model("organisation", "StandIn").objects.on(day).filter(user=user).order_by()
        own = self.model.objects.filter(user=user).order_by()
        ids = own.values("pk").union(stood.values("post"))
        return self.on(day).annotate(standing_in=Exists(stood.filter(post=OuterRef("pk")))).filter(pk__in=ids)

    def with_role(self, *roles):
        """Posts of one of the roles."""
        return self.filter(role__in=roles)

    def reaching(self, unit):
        """Posts whose unit is ``unit`` or above it: what happens in ``unit`` lies in their subtree."""
        return self.filter(unit__in=path_ids(unit.path))


class StandInQuerySet(DatedQuerySet):
    """Stand-ins."""


class DutyQuerySet(DatedQuerySet):
    """Duties: the responsibility matrix."""

    def in_charge(self, places, day) -> list:
        """For each (line of work, unit): the duty of the leader in charge there on ``day``, or None; one query.

        Who has the field in scope comes before who has the first responsibility; the nearest unit, and a duty for
        the line before one for all lines.
        """
        paths = [path_ids(unit.path) for _line, unit in places]
        rows = self.on(day).filter(
            Q(post__to_on__isnull=True) | Q(post__to_on__gte=day), post__from_on__lte=day,
            responsibility__in=IN_CHARGE, line__in={"all", *(line for line, _unit in places)},
            unit__in={pk for path in paths for pk in path},
        ).select_related("post__user", "post__unit").order_by("from_on", "pk")
        duties = list(rows) if places else []
        return [_nearest(duties, line, path) for (line, _unit), path in zip(places, paths, strict=True)]


def _nearest(duties, line, path):
    """The duty that holds for a line of work at the end of a path; None if there is none."""
    fitting = [duty for duty in duties if duty.line in (line, "all") and duty.unit_id in path]
    return min(
        fitting, default=None,
        key=lambda d: (IN_CHARGE.index(d.responsibility), -path.index(d.unit_id), d.line != line),
    )


class LoginSessionQuerySet(models.QuerySet):
    """Where people are logged in."""

    def living(self, now):
        """Neither idle for too long nor older than any session may become, whatever its row says."""
        oldest = now - timedelta(hours=settings.SESSION_HOURS)
        return self.filter(expire_date__gt=now, begun_at__gt=oldest)

    def of(self, person):
        """Those of one person, the last used first."""
        return self.filter(person=person).order_by("-seen_at", "-begun_at")


class LoginRecordQuerySet(models.QuerySet):
    """The login log."""

    def visible_to(self, area):
        """Those of people within an auditor's area; tries of names that nobody has only to the one of the whole."""
        if area.covers_all():
            return self
        return self.filter(person__in=area.people().values("pk"))

    def named(self, name):
        """Those of, or lifted by, somebody of this full name or login name (index `login_of_person`)."""
        people = apps.get_model("organisation", "User").objects.filter(Q(name=name) | Q(username=name))
        return self.filter(person_id__in=list(people.values_list("pk", flat=True)))

    def between(self, first, last):
        """Those of the days from `first` to `last`, both included; None is open."""
        rows = self.filter(at__gte=_midnight(first)) if first else self
        return rows.filter(at__lt=_midnight(last + timedelta(days=1))) if last else rows

    def for_list(self):
        """With the people, in one query."""
        return self.select_related("person__home_unit", "by")


class WaitingQuerySet(models.QuerySet):
    """What was asked for and waits for a second hand."""

    def waiting(self, now):
        """Neither agreed to nor taken back nor lapsed."""
        return self.filter(agreed_at=None, dropped_at=None, lapses_at__gt=now)


class ApiTokenQuerySet(models.QuerySet):
    """Tokens of clients."""

    def working(self, now):
        """Released, not revoked, not expired, of an active client."""
        return self.filter(
            released_at__isnull=False, revoked_at=None, expires_at__gt=now, client__user__is_active=True
        )

    def for_list(self):
        """With who issued, released and revoked them, newest first (one query)."""
        return self.select_related("created_by", "released_by", "revoked_by").order_by("-created_at", "-pk")


class ChangeQuerySet(models.QuerySet):
    """The change log."""

    def about(self, subject_type, subject_id):
        """The changes of one subject, oldest first."""
        return self.filter(subject_type=subject_type, subject_id=str(subject_id)).order_by("seq")

    def by(self, name):
        """Those that somebody of this full name or login name made (index `change_of_actor`)."""
        people = apps.get_model("organisation", "User").objects.filter(Q(name=name) | Q(username=name))
        return self.filter(actor_id__in=list(people.values_list("pk", flat=True)))

    def naming(self, name):
        """Those about the person or unit of this name, login name or code; unique index `change_seq_once`."""
        people = apps.get_model("organisation", "User").objects.filter(Q(name=name) | Q(username=name))
        units = apps.get_model("organisation", "Unit").objects.named(name)
        of_people = [str(pk) for pk in people.values_list("pk", flat=True)]
        of_units = [str(pk) for pk in units.values_list("pk", flat=True)]
        return self.filter(
            Q(subject_type="user", subject_id__in=of_people) | Q(subject_type="unit", subject_id__in=of_units)
        )

    def between(self, first, last):
        """Those of the days from `first` to `last`, both included; None is open."""
        rows = self.filter(at__gte=_midnight(first)) if first else self
        return rows.filter(at__lt=_midnight(last + timedelta(days=1))) if last else rows

    def visible_to(self, user):
        """All for the auditor; an administrator finds what they did themselves."""
        return self if user.has_perm("organisation.view_change") else self.filter(actor=user)

    def for_list(self):
        """With who did it and the personal values, in one query."""
        return self.select_related("actor__home_unit", "personal")


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def path_ids(path) -> list[int]:
    """Return the ids of a materialised path, topmost first."""
    return [int(part) for part in path.split("/") if part]
