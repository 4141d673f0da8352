"""Two years of disputes for the demo township, entered through the same acts as real ones (演示事项)."""
import random
import uuid
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from governance.casework.models import Matter
from governance.casework.services import moving
from governance.casework.services.opening import open_matter
from governance.organisation.models import Unit, User

from .texts import CASES, FAMILY, GIVEN, PLACES, SEASON
from .township import TOWNSHIP

SEED = uuid.UUID("6f1c0e0a-9d55-4f7e-8a43-5d1c2b7e9a10")


def make_matters(count: int = 300) -> int:
    """Make the disputes that are not there yet; a run that was cut off goes on where it stopped."""
    rng, now = random.Random(20260101), timezone.now()
    made = 0
    for place, days_ago in enumerate(_days(rng, count)):
        key, seed = uuid.uuid5(SEED, str(place)), rng.getrandbits(64)
        if Matter.objects.filter(client_uuid=key).exists():
            continue
        with transaction.atomic():
            _Life(random.Random(seed), now - timedelta(days=days_ago), now, key).live()
        made += 1
    return made


def _days(rng, count: int) -> list[float]:
    """Ages in days, oldest first, more before Spring Festival and at harvest; the last ones of this week."""
    today, ages = timezone.localdate(), []
    while len(ages) < count - 12:
        age = rng.uniform(2, 730)
        month = (today - timedelta(days=int(age))).month
        if rng.random() < SEASON[month]:
            ages.append(age)
    return sorted(ages + [rng.uniform(0.1, 2) for _ in range(12)], reverse=True)


class _Life:
    """One dispute from report to wherever it has come by now."""

    def __init__(self, rng, reported_at, now, key):
        self.rng, self.at, self.now, self.key = rng, reported_at, now, key
        self.clerk = User.objects.get(username=rng.choice(["wenshu", "wenshu2"]))
        self.mediator = User.objects.get(username=rng.choice(["tiaojie", "tiaojie2"]))
        self.matter = None

    def live(self) -> None:
        """Report it, then take step after step while its day has come."""
        self._report()
        if not self._step("accept", self.clerk, (0.3, 2.5), committee=self._town(), initiative="applied",
                          is_unopposed=True):
            return
        told = timezone.localdate(self.at)
        if not self._step("start", self.clerk, (0.2, 2), mediators=[self.mediator], is_chosen=True,
                          rights_told_on=told):
            return
        for number in (1, 2):
            record = f"第{number}次调解，双方陈述了各自的意见，调解员释明了有关规定。"
            if not self._step("record_session", self.mediator, (1, 2), place="镇调解室", record=record,
                              participants="双方当事人、调解员", result="继续协商"):
                return
        self._end()

    def _end(self) -> None:
        way = self.rng.random()
        if way < 0.12:
            if self._step("fail", self.mediator, (1, 5), reason="双方分歧较大", advice="可向人民法院起诉") and \
                    self._step("refer", self.clerk, (1, 3), way="court", authority="云川县人民法院"):
                self._step("close", self.clerk, (1, 3))
            return
        if way < 0.17:
            if self._step("withdraw", self.clerk, (1, 4), asked_by=self.matter.parties.first()):
                self._step("close", self.clerk, (1, 3))
            return
        self._agree()

    def _agree(self) -> None:
        yuan, day = self.rng.randrange(5, 300) * 100, timezone.localdate(self.at) + timedelta(days=2)
        rows = [
            {"due_on": day + timedelta(days=days), "what": f"支付第{number}期款项", "amount_yuan": yuan}
            for number, days in ((1, 15), (2, 60))
        ] if self.rng.random() < 0.6 else []
        paper = ("signed_agreement", SimpleUploadedFile("协议书.pdf", b"%PDF-1.4\n%%EOF"))
        terms = "双方各让一步，当场和解，互相道歉。"
        if rows:
            terms = f"被申请人向申请人支付{yuan * 2}元，分两期付清，双方就此再无争议。"
        if not self._step("agree", self.mediator, (1, 2), files=[paper], agreed_on=day, terms=terms,
                          manner="银行转账" if rows else "当场履行", instalments=rows):
            return
        for row in list(self.matter.instalments.all()):
            if self.rng.random() < 0.1:
                self._default(row)
                return
            if not self._step_by(row.due_on, "record_performance", self.mediator, instalment=row):
                return
        self.matter.refresh_from_db()
        if self.matter.status == "performed" and self._step("close", self.clerk, (1, 4)):
            self._step("record_revisit", self.mediator, (10, 29), manner="phone", satisfied="satisfied",
                       finding="双方和好，协议已履行。")

    def _default(self, row) -> None:
        """The debtor did not pay: urged, advised, closed as not performed."""
        if self._step_by(row.due_on + timedelta(days=1), "record_default", self.mediator, urging="电话催促两次",
                         advice="可向人民法院起诉"):
            self._step("close", self.clerk, (3, 20), way_after_default="suit")

    def _report(self) -> None:
        category, title, text = self.rng.choice(CASES)
        grid = self.rng.choice(list(Unit.objects.filter(code__startswith=f"{TOWNSHIP}2", level="grid")))
        number = int(grid.parent.code[-3:]) - 200
        names = [self.rng.choice(FAMILY) + self.rng.choice(GIVEN) for _ in range(2)]
        self.matter = open_matter(
            kind="dispute", actor=User.objects.get(username=f"cun{number}"), client_uuid=self.key, origin="demo",
            values={
                "title": title, "description": text.format(a=names[0], b=names[1]), "category": category,
                "unit": grid, "address": grid.parent.short_name + self.rng.choice(PLACES),
                "channel": self.rng.choice(["investigation", "application", "grid_report"]), "reported_at": self.at,
                "occurred_at": self.at - timedelta(days=self.rng.uniform(0.1, 5)),
            },
            parties=[
                {"kind": kind, "name": name, "phone": f"1991{self.rng.randrange(10**7):07d}"}
                for kind, name in zip(("applicant", "respondent"), names, strict=True)
            ],
            facts={
                "people_count": self.rng.choice([2, 2, 2, 3, 4, 6]), "amount_yuan": self.rng.randrange(0, 60) * 1000,
            },
        )

    def _step(self, step, actor, pause, *, files=(), reason="", **facts) -> bool:
        """Take a step some days later; False once that day has not come yet."""
        self.at += timedelta(days=self.rng.uniform(*pause))
        if self.at > self.now or facts.get("agreed_on", timezone.localdate(self.now)) > timezone.localdate(self.now):
            return False
        self.matter = moving.move(
            matter_id=self.matter.pk, step=step, actor=actor, facts=facts, reason=reason, acted_at=self.at,
            files=files, origin="demo",
        )
        return True

    def _step_by(self, day, step, actor, **facts) -> bool:
        """Take a step on the day after this one, or a moment after the last step if that day is past."""
        noon = timezone.make_aware(timezone.datetime.combine(day, timezone.datetime.min.time())).replace(hour=12)
        self.at = max(self.at, noon)
        return self._step(step, actor, (0.01, 1.5), **facts)

    def _town(self):
        return Unit.objects.get(code=TOWNSHIP)
