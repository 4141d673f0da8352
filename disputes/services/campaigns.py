"""Concentrated investigations (专项排查): announced, reported by each village, summed up; figures are only counted."""
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.casework.models import Matter
from governance.casework.registry import MessageKind, register_message
from governance.casework.services.arranging import working_calendar
from governance.casework.services.notifying import tell
from governance.casework.services.opening import open_matter
from governance.casework.workflow import Refused
from governance.organisation.models import Post, Unit, User
from governance.organisation.services.recording import record_change

from ..models import Campaign, CampaignFinding, CampaignVillage, InvestigationRound
from ..querysets import campaigns as questions
from .campaign_counts import freeze, village_count

OFFICE, REPORTERS = ("office",), ("village_officer",)
FINDERS = ("village_officer", "grid_worker", "clerk")
BACK_DAYS = 31
_COLUMNS = ("title", "text", "categories", "starts_on", "ends_on", "report_by")

for _subject, _sentence in (
    ("campaign_announced", gettext_lazy("A concentrated investigation is announced; your village reports by %(day)s.")),
    ("campaign_missing", gettext_lazy("Your village has not reported to the concentrated investigation, due %(day)s.")),
    ("campaign_moved", gettext_lazy("The days of an investigation changed; your village reports by %(day)s.")),
    ("campaign_cancelled", gettext_lazy("A concentrated investigation was cancelled; your village need not report.")),
    ("campaign_returned", gettext_lazy("Your village's report to the concentrated investigation was sent back.")),
):
    register_message(MessageKind(_subject, _sentence, "disputes:campaign", "campaign"))


@transaction.atomic
def announce(*, actor, township, values, villages, client_uuid) -> Campaign:
    """Announce a campaign to villages of the township, by its office; their officers are told.

    Sent twice it is one. Refused: `not-your-right`, `campaign-days`, `villages-missing`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"campaign:{client_uuid}"])
    written = Campaign.objects.filter(client_uuid=client_uuid, announced_by=actor).first()
    if written is not None:
        return written
    _require(actor, OFFICE, township.pk)
    _check(values, villages, township)
    now = timezone.now()
    campaign = Campaign.objects.create(
        township=township, announced_by=actor, announced_at=now, client_uuid=client_uuid,
        **{name: values[name] for name in _COLUMNS},
    )
    CampaignVillage.objects.bulk_create(CampaignVillage(campaign=campaign, unit=unit) for unit in villages)
    _log(campaign, "announced", actor, {**_plain(values), "villages": [unit.pk for unit in villages]})
    _tell_villages(campaign, "campaign_announced", key="announced", now=now)
    return campaign


@transaction.atomic
def correct(*, campaign_id, actor, version, values, villages) -> Campaign:
    """Correct what was announced, before it is summed up; a village that has reported stays in."""
    campaign = _open_one(campaign_id, actor, OFFICE)
    if version != campaign.version:
        raise Refused("stale", _("Somebody else has changed this meanwhile. Load the page again."))
    _check(values, villages, campaign.township)
    wanted, held = {unit.pk for unit in villages}, set(campaign.villages.values_list("unit_id", flat=True))
    reported = set(campaign.reports.held().values_list("unit_id", flat=True))
    if reported - wanted:
        raise Refused("village-has-reported", _("A village that has reported stays in."), missing=("villages",))
    before = _plain({name: getattr(campaign, name) for name in _COLUMNS})
    for name in _COLUMNS:
        setattr(campaign, name, values[name])
    campaign.version += 1
    campaign.save(update_fields=[*_COLUMNS, "version"])
    campaign.villages.exclude(unit_id__in=wanted).delete()
    CampaignVillage.objects.bulk_create(CampaignVillage(campaign=campaign, unit_id=pk) for pk in wanted - held)
    after = _plain(values)
    changed = [name for name in _COLUMNS if before[name] != after[name]]
    _log(campaign, "corrected", actor, {
        "before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed},
        "villages": sorted(wanted),
    })
    now = timezone.now()
    _tell_villages(campaign, "campaign_announced", key="announced", unit_ids=wanted - held, now=now)
    if {"ends_on", "report_by"} & set(changed):
        _tell_villages(campaign, "campaign_moved", key=f"moved:{campaign.version}", unit_ids=wanted & held, now=now)
    return campaign


@transaction.atomic
def extend(*, campaign_id, actor, ends_on, report_by, reason) -> Campaign:
    """Give the villages more time, for a reason; they are told. What they have reported stands, counts go on.

    Refused: `campaign-not-found`, `not-your-right`, `campaign-summed-up`, `campaign-cancelled`, `not-longer`,
    `reason-missing`.
    """
    campaign = _open_one(campaign_id, actor, OFFICE)
    if not reason.strip():
        raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
    before = {"ends_on": campaign.ends_on, "report_by": campaign.report_by}
    after = {"ends_on": ends_on, "report_by": report_by}
    is_shorter = any(after[name] < before[name] for name in before)
    if is_shorter or before == after or report_by < timezone.localdate():
        raise Refused("not-longer", _("Give days that lie later than those of now."), missing=("ends_on",))
    campaign.ends_on, campaign.report_by, campaign.version = ends_on, report_by, campaign.version + 1
    campaign.save(update_fields=["ends_on", "report_by", "version"])
    _log(campaign, "extended", actor, {"before": _plain(before), "after": _plain(after)}, reason=reason)
    _tell_villages(campaign, "campaign_moved", key=f"moved:{campaign.version}", now=timezone.now())
    return campaign


@transaction.atomic
def cancel(*, campaign_id, actor, reason) -> Campaign:
    """Call a campaign off, for a reason: villages are told, their reports stay, what was counted is frozen.

    Refused: `campaign-not-found`, `not-your-right`, `campaign-summed-up`, `campaign-cancelled`, `reason-missing`.
    """
    campaign = _open_one(campaign_id, actor, OFFICE)
    if not reason.strip():
        raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
    campaign.figures = freeze(campaign)
    campaign.cancelled_at, campaign.cancelled_by = timezone.now(), actor
    campaign.cancelled_reason, campaign.version = reason.strip()[:300], campaign.version + 1
    campaign.save(update_fields=["figures", "cancelled_at", "cancelled_by", "cancelled_reason", "version"])
    reported = campaign.reports.held().count()
    _log(campaign, "cancelled", actor, {"figures": campaign.figures["total"], "reported": reported}, reason=reason)
    _tell_villages(campaign, "campaign_cancelled", key="cancelled", now=campaign.cancelled_at)
    return campaign


@transaction.atomic
def report_village(*, campaign_id, unit_id, actor, seen_count: int, comment="") -> InvestigationRound:
    """A village reports: what was found is counted now; nothing counted is its zero report.

    `seen_count`: what the officer saw. Refused: `campaign-not-found` (also a village that takes no part),
    `not-your-right`, `campaign-summed-up`, `campaign-not-begun`, `campaign-reported`, `count-changed`.
    """
    campaign = _open_one(campaign_id, actor, REPORTERS, unit_id=unit_id)
    today = timezone.localdate()
    if today < campaign.starts_on:
        raise Refused("campaign-not-begun", _("The investigation has not begun yet."))
    if campaign.reports.held().filter(unit_id=unit_id).exists():
        raise Refused("campaign-reported", _("Your village has reported already."))
    count = village_count(campaign, unit_id, actor)
    if count != seen_count:
        raise Refused(
            "count-changed", _("Meanwhile %(count)s were found. Look at them, then report.") % {"count": count}
        )
    row = InvestigationRound.objects.create(
        unit_id=unit_id, campaign=campaign, held_on=today, found_count=count, comment=comment.strip(),
        is_late=today > campaign.report_by, recorded_by=actor, recorded_at=timezone.now(),
    )
    _log(campaign, "reported", actor, {"unit": unit_id, "found": count, "is_late": row.is_late})
    return row


@transaction.atomic
def return_report(*, campaign_id, unit_id, actor, reason) -> None:
    """The office sends a village's report back with a reason; the village reports anew."""
    campaign = _open_one(campaign_id, actor, OFFICE)
    row = campaign.reports.held().filter(unit_id=unit_id).first()
    if row is None:
        raise Refused("campaign-not-reported", _("This village has not reported."))
    _withdraw(row, actor, reason)
    _log(campaign, "returned", actor, {"unit": unit_id, "round": row.pk})
    _tell(campaign, "campaign_returned", row.unit, key=f"returned:{row.pk}", now=row.withdrawn_at)


@transaction.atomic
def report_finding(*, campaign_id, unit_id, actor, client_uuid, **matter) -> Matter:
    """Register a dispute found in a campaign, attached to it; opened as any other, once."""
    campaign = _open_one(campaign_id, actor, FINDERS, unit_id=unit_id)
    if unit_id not in (matter["values"]["unit"].pk, matter["values"]["unit"].parent_id):
        raise Refused("other-village", _("The place lies in another village."), missing=("unit",))
    matter["values"] = {**matter["values"], "channel": questions.SOURCE}
    row = open_matter(kind="dispute", actor=actor, client_uuid=client_uuid, **matter)
    CampaignFinding.objects.get_or_create(campaign=campaign, matter=row)
    return row


def remind_missing(*, campaign_id, actor, now=None) -> int:
    """The office reminds the villages that have not reported, once a day at most; how many people were told."""
    campaign = _one(campaign_id)
    _require(actor, OFFICE, campaign.township_id)
    _refuse_ended(campaign)
    now = now or timezone.now()
    with transaction.atomic():
        told = _remind(campaign, f"asked:{timezone.localdate(now)}", now)
        if told:
            _log(campaign, "reminded", actor, {"people": told})
    return told


def remind_due(now=None) -> int:
    """Remind villages of the day before, the day and, on working days, of what is late; safe to run twice."""
    now = now or timezone.now()
    today, told = timezone.localdate(now), 0
    near = Campaign.objects.unfinished().filter(starts_on__lte=today, report_by__lte=today + timedelta(days=1))
    for campaign in near:
        if campaign.report_by >= today or working_calendar().is_working_day(today):
            with transaction.atomic():
                told += _remind(campaign, f"due:{today}", now)
    return told


@transaction.atomic
def sum_up(*, campaign_id, actor, conclusion, may_lack=False) -> Campaign:
    """Close a campaign: its figures are counted now over all that counts and frozen with their cut-off.

    Refused: `campaign-summed-up`, `campaign-running`, `conclusion-missing`, `villages-lack` unless `may_lack`.
    """
    campaign = _open_one(campaign_id, actor, OFFICE)
    figures = freeze(campaign)
    lacking = [row for row in figures["villages"] if row["report"] == "missing"]
    if timezone.localdate() <= campaign.ends_on and lacking:
        raise Refused("campaign-running", _("The investigation still runs, and villages have not reported."))
    if not conclusion.strip():
        raise Refused("conclusion-missing", _("Write the conclusion."), missing=("conclusion",))
    if lacking and not may_lack:
        raise Refused("villages-lack", _("Villages lack: they will stand there by name. Tick that you know it."),
                      missing=("may_lack",))
    campaign.figures = figures
    campaign.summed_up_at, campaign.summed_up_by = timezone.now(), actor
    campaign.conclusion, campaign.version = conclusion.strip(), campaign.version + 1
    campaign.save(update_fields=["figures", "summed_up_at", "summed_up_by", "conclusion", "version"])
    _log(campaign, "summed_up", actor, {"figures": campaign.figures["total"], "lacking": len(lacking)})
    return campaign


@transaction.atomic
def record_round(*, unit, actor, held_on, comment="") -> InvestigationRound:
    """A village records that it held a routine round on a day (日常排查): once a day, at most a month back."""
    _require(actor, REPORTERS, unit.pk)
    today = timezone.localdate()
    if not today - timedelta(days=BACK_DAYS) <= held_on <= today:
        raise Refused("round-day", _("Give a day of the last %(days)s days.") % {"days": BACK_DAYS},
                      missing=("held_on",))
    Unit.objects.select_for_update().get(pk=unit.pk)
    if InvestigationRound.objects.held().routine().filter(unit=unit, held_on=held_on).exists():
        raise Refused("round-recorded", _("A round of this day is recorded already."), missing=("held_on",))
    row = InvestigationRound.objects.create(
        unit=unit, held_on=held_on, comment=comment.strip(), recorded_by=actor, recorded_at=timezone.now()
    )
    record_change(subject_type="round", subject_id=row.pk, verb="recorded", actor=actor,
                  data={"unit": unit.pk, "held_on": held_on.isoformat()})
    return row


@transaction.atomic
def withdraw_round(*, round_id, actor, reason) -> None:
    """A routine round entered by mistake no longer counts; it stays on record."""
    row = InvestigationRound.objects.held().routine().select_for_update().filter(pk=round_id).first()
    if row is None or not questions.holds(actor, REPORTERS, row.unit_id):
        raise Refused("round-not-found", _("There is no such round."))
    _withdraw(row, actor, reason)
    record_change(subject_type="round", subject_id=row.pk, verb="withdrawn", actor=actor, data={"unit": row.unit_id})


def _one(campaign_id) -> Campaign:
    campaign = Campaign.objects.select_related("township").filter(pk=campaign_id).first()
    if campaign is None:
        raise Refused("campaign-not-found", _("There is no such investigation."))
    return campaign


def _open_one(campaign_id, actor, roles, *, unit_id=None) -> Campaign:
    """The campaign, locked and not summed up, for somebody with the right; with `unit_id` one of its villages."""
    seen = Campaign.objects.visible_to(actor).filter(pk=campaign_id).exists()
    campaign = Campaign.objects.select_for_update().filter(pk=campaign_id).first() if seen else None
    if campaign is None or (unit_id is not None and not campaign.villages.filter(unit_id=unit_id).exists()):
        raise Refused("campaign-not-found", _("There is no such investigation."))
    if unit_id is None:
        _require(actor, roles, campaign.township_id)
    else:
        grids = Unit.objects.filter(parent_id=unit_id).values_list("pk", flat=True)
        if not any(questions.holds(actor, roles, pk) for pk in (unit_id, *(grids if "grid_worker" in roles else ()))):
            raise Refused("campaign-not-found", _("There is no such investigation."))
    _refuse_ended(campaign)
    return campaign


def _refuse_ended(campaign) -> None:
    if campaign.cancelled_at is not None:
        raise Refused("campaign-cancelled", _("The investigation was cancelled."))
    if campaign.summed_up_at is not None:
        raise Refused("campaign-summed-up", _("The investigation is summed up already."))


def _require(actor, roles, unit_id) -> None:
    if not questions.holds(actor, roles, unit_id):
        raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))


def _check(values, villages, township) -> None:
    if not values["starts_on"] <= values["ends_on"] or values["report_by"] < values["starts_on"]:
        raise Refused("campaign-days", _("The days are not in order."), missing=("ends_on",))
    if not villages or any(unit.township_id != township.pk for unit in villages):
        raise Refused("villages-missing", _("Choose villages of the township."), missing=("villages",))


def _withdraw(row, actor, reason) -> None:
    if not reason.strip():
        raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = timezone.now(), actor, reason.strip()[:300]
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])


def _remind(campaign, level: str, now) -> int:
    reported = campaign.reports.held().values("unit_id")
    lacking = Unit.objects.filter(pk__in=campaign.villages.exclude(unit_id__in=reported).values("unit_id"))
    is_late = timezone.localdate(now) > campaign.report_by
    roles = ("village_officer", "unit_head") if is_late else ("village_officer",)
    return sum(_tell(campaign, "campaign_missing", unit, key=level, roles=roles, now=now) for unit in lacking)


def _tell(campaign, subject, unit, *, key, now, roles=("village_officer",)) -> int:
    """Tell the holders of these posts in the village, and whoever stands in for them."""
    return _tell_villages(campaign, subject, key=key, now=now, unit_ids=[unit.pk], roles=roles)


def _tell_villages(campaign, subject, *, key, now, unit_ids=None, roles=questions.VILLAGE_ROLES) -> int:
    """The same for several villages, all that take part without `unit_ids`."""
    if unit_ids is None:
        unit_ids = campaign.villages.values("unit_id")
    day = timezone.localdate(now)
    posts = Post.objects.on(day).filter(unit_id__in=unit_ids, role__in=roles)
    people = User.objects.holding(list(posts.values_list("pk", flat=True)), day)
    data = {"campaign": campaign.pk, "day": campaign.report_by.isoformat()}
    return tell(people, subject, key=f"campaign:{campaign.pk}:{key}", data=data, now=now)


def _plain(values) -> dict:
    """Days as text."""
    return {n: v.isoformat() if hasattr(v, "isoformat") else v for n, v in values.items() if n in _COLUMNS}


def _log(campaign, verb: str, actor, data, reason="") -> None:
    record_change(
        subject_type="campaign", subject_id=campaign.pk, verb=verb, actor=actor, data=data,
        personal={"reason": reason.strip()} if reason else None,
    )
