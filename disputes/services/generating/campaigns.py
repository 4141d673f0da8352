"""The demo's concentrated investigations and kept filters (演示专项排查、常用筛选)."""
import uuid
from datetime import timedelta

from django.db import transaction

from governance.casework.models import SavedFilter
from governance.casework.services.keeping import save_filter
from governance.organisation.models import Unit, User

from ...models import Campaign
from .. import campaigns as acts
from ..campaign_counts import village_count
from .township import TOWNSHIP

_KEY = uuid.UUID("0d6f0c52-6c0a-4f5e-9d0e-3f2d5c1b7a44")


@transaction.atomic
def make_campaigns(today) -> None:
    """One that runs, with villages missing, and one summed up; a second run changes nothing."""
    _one("running", today, begin=-9, end=8, report_by=10, reported=5, title="岁末年初矛盾纠纷专项排查", categories=[])
    past = _one("past", today, begin=-75, end=-45, report_by=-40, reported=11, title="秋收前土地山林纠纷专项排查",
                categories=["land_forest", "homestead"])
    if past.summed_up_at is None:
        acts.sum_up(campaign_id=past.pk, actor=_who("bangongshi"), may_lack=True,
                    conclusion="土地边界类纠纷仍集中在田埂和山林交界处，下一步由各村网格员入冬前复查界址。")


def make_filters() -> None:
    """Two filters of the demo clerk."""
    clerk, village = _who("wenshu"), Unit.objects.get(code=f"{TOWNSHIP}201")
    if SavedFilter.objects.filter(user=clerk).exists():
        return
    save_filter(user=clerk, name="南庄村土地未结", query=f"category=land_forest&unit={village.pk}&state=open")
    save_filter(user=clerk, name="尚无承办人", query="handler=none&state=open")


def _one(key, today, *, begin, end, report_by, reported, title, categories) -> Campaign:
    token = uuid.uuid5(_KEY, key)
    written = Campaign.objects.filter(client_uuid=token).first()
    if written is not None:
        return written
    villages = list(Unit.objects.filter(township__code=TOWNSHIP, level="village", valid_to=None).in_tree_order())
    first = today + timedelta(days=begin)
    campaign = acts.announce(
        actor=_who("bangongshi"), township=Unit.objects.get(code=TOWNSHIP), villages=villages, client_uuid=token,
        values={"title": title, "text": "以网格为单位逐组走访，发现一件登记一件；没有发现的零报告。",
                "categories": categories, "starts_on": first, "ends_on": today + timedelta(days=end),
                "report_by": today + timedelta(days=report_by)},
    )
    for number, village in enumerate(villages[:reported], start=1):
        officer = _who(f"cun{number}")
        acts.report_village(campaign_id=campaign.pk, unit_id=village.pk, actor=officer,
                            seen_count=village_count(campaign, village.pk, officer))
    # The villages reported in time, on the days before the last one.
    held_on = min(today - timedelta(days=1), campaign.report_by - timedelta(days=1))
    campaign.reports.update(held_on=held_on, is_late=False)
    return campaign


def _who(name) -> User:
    return User.objects.get(username=name)
