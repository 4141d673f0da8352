"""The page of one matter (事项详情): next act, clocks, timeline, parties, files, what belongs to it."""
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.organisation.models import Unit, User

from .. import clocks, registry
from ..forms.act_table import ACTS, may
from ..models import Clock, Extension, Matter, Pause, StaffMatch
from ..querysets import hang, revived, show_others
from ..services import moving, naming, parties, timing
from ..visibility import NAMED_ROLES, Sight
from .refusals import signed_in

TIMELINE_ROWS = 200
ENDED_SHOWN = 3
_IN_HEAD = ("assign", "instruct", "urge", "task", "note", "attach")
_IN_MENU = ("correct", "add-party", "grade", "link", "grant", "merge", "recuse", "hold")
_GIVES_WORK = {"instructed", "task_given"}


@dataclass
class MatterPage:
    """What the page shows, read once: `roles` in which the reader comes, the timeline, and the rest."""

    matter: Matter
    user: object
    roles: set = field(default_factory=set)
    is_reporter_only: bool = False
    clock_subjects: dict = field(default_factory=dict)
    _asks: bool = False

    @classmethod
    def of(cls, user, pk) -> "MatterPage":
        """The page of a visible matter; 404 for everybody else."""
        matter = get_object_or_404(Matter.objects.visible_to(user).for_detail(), pk=pk)
        page = cls(matter=matter, user=user)
        page.kind = registry.get(matter.kind)
        page.sight = Sight.of(user)
        page.other_units = [revived(Unit, held) for held in matter.further_units]
        page.roles = page.sight.roles_over(matter, [unit.pk for unit in page.other_units])
        page._read_grants()
        # Nothing is done to what has been anonymised: the page offers nothing that the door would refuse.
        page.is_anonymised = hasattr(matter, "tombstone")
        page.roles = set() if page.is_anonymised else page.roles
        return page

    def _read_grants(self) -> None:
        """Roles given by name; a reporter without any other right sees what they reported and its outcome."""
        grounds = self.sight.grounds.get(self.matter.pk, set())
        self.roles |= grounds & NAMED_ROLES
        self.is_reporter_only = self.roles <= {"reporter"} and not grounds - {"reporter"}

    def steps(self) -> list[dict]:
        """Steps that the reader may take, each with what stands against it; the next act marked."""
        rows = []
        for step in moving.steps_for(self.matter, self.user, roles=self.roles):
            refusal = moving.blocked(self.matter, self.user, step)
            rows.append({"step": step, "refusal": refusal, "is_next": False})
        main = [row for row in rows if row["step"].is_main]
        # What stands against a step may be just what its own form asks for.
        free = [row for row in main if row["refusal"] is None]
        for row in (free or [row for row in main if row["step"].name in self.kind.forms])[:1]:
            row["is_next"], row["refusal"] = True, None
        return rows

    def acts(self, names) -> list:
        """Acts without a subject that are offered to the reader."""
        return [ACTS[name] for name in names if may(ACTS[name], self.matter, self.kind, self.roles)]

    def may(self, name: str) -> bool:
        """Whether an act is offered to the reader."""
        return may(ACTS[name], self.matter, self.kind, self.roles)

    def events(self) -> list:
        """The timeline, newest first, with its files (two queries)."""
        events = list(
            self.matter.events.select_related("actor", "on_behalf_of", "personal").order_by("-seq")[:TIMELINE_ROWS]
        )
        by_event = {}
        for attachment in self.attachments():
            by_event.setdefault(attachment.event_id, []).append(attachment)
        dates = {e.data["event"]: e for e in reversed(events) if e.verb in ("date_corrected", "day_corrected")}
        for event in events:
            event.files = by_event.get(event.pk, [])
            event.corrected_to = dates.get(event.pk)
            event.may_correct_date = self.may("correct-date") and ACTS["correct-date"].fits(event)
            event.is_dated_apart = abs(event.at - event.acted_at) > timezone.timedelta(minutes=1)
        show_others(events, self.user)
        return events

    def attachments(self) -> list:
        """Files of the matter, with what each proves in words."""
        if not hasattr(self, "_attachments"):
            rows = self.matter.attachments.filter(removed_at=None).select_related("uploaded_by")
            self._attachments = list(rows)
            for row in self._attachments:
                row.evidence_label = self.kind.evidence.get(row.evidence, "") if row.evidence else ""
                row.is_picture = row.content_type.startswith("image/")
        return self._attachments

    def clocks(self, events) -> list[dict]:
        """Clocks with their sentence of why, their pauses and extensions (one query)."""
        rows = list(Clock.objects.filter(matter=self.matter).with_story().order_by("-state", "due_at", "id"))
        verbs = {event.pk: event.verb for event in events}
        for row in rows:
            row.ended_by = verbs.get(row.stopped_event_id, "")
            hang(row, "pauses", [revived(Pause, told) for told in row.pauses_told])
            hang(row, "extensions", [_extension(told) for told in row.extensions_told])
        live = ("running", "paused")
        rows.sort(key=lambda c: (c.state not in live, c.due_at is None, c.due_at or c.started_at))
        return [self._clock(row) for row in rows]

    def _clock(self, clock) -> dict:
        rule = clocks.get_rule(clock.rule)
        proposed = [e for e in clock.extensions.all() if e.state == "proposed"]
        return {
            "clock": clock, "rule": rule, "why": timing.why(clock), "is_window": clock.bearer != "office",
            "is_live": clock.state in ("running", "paused"), "is_paused": clock.state == "paused",
            "is_late": clock.state == "running" and clock.due_at is not None and clock.due_at <= timezone.now(),
            "was_late": clock.state == "stopped" and clock.due_at is not None and clock.stopped_at > clock.due_at,
            "acts": [
                ACTS[name] for name in ("pause", "resume", "extend")
                if self.may(name) and ACTS[name].fits(clock) and not (name == "extend" and proposed)
            ],
            "proposed": proposed, "may_decide": self.may("decide-extension"),
            "moot_reason": self._moot_reason(clock), "subject": self.clock_subjects.get(clock.subject, ""),
            "bar": bar_of(clock), "stopped": clock.state in ("stopped", "moot", "lapsed"),
        }

    def _moot_reason(self, clock):
        """Why a clock ended as pointless, by the step that ended it; "" for any other."""
        if clock.state != "moot" or not self.kind.workflow.has_step(clock.ended_by):
            return ""
        step = self.kind.workflow.step(clock.ended_by)
        if step.moot_reason:
            return step.moot_reason
        closes = step.targets and not self.kind.state(step.targets[0]).is_open
        return _("the matter was closed") if closes else ""

    def parties(self) -> list[dict]:
        """Parties with masked contact data and what the reader may do to each (one query)."""
        rows = list(self.matter.parties.present().select_related("unit").annotate(is_asked=_is_asked()))
        self._asks = any(row.is_asked for row in rows)
        flags = {name: self.may(name) for name in ("reveal", "correct-party", "remove-party", "erase-contact")}
        return [
            {"party": row, "contact": parties.masked_contact(row), "may_reveal": flags["reveal"],
             "may_correct": flags["correct-party"], "may_remove": flags["remove-party"],
             "may_erase": flags["erase-contact"] and ACTS["erase-contact"].fits(row)}
            for row in rows
        ]

    def staff_questions(self) -> list:
        """Open questions whether a party is the member of staff of the same name (one query if any).

        After `parties`, which knows whether there are any; shown to correctors only.
        """
        if not (self._asks and self.may("staff-match")):
            return []
        rows = StaffMatch.objects.filter(party__matter=self.matter, party__removed_at=None, answer="open")
        return list(rows.exclude(user=self.user).select_related("party", "user", "user__home_unit"))

    def assignments(self, events) -> list:
        """Tasks and instructions, open ones first; read only if the history has any."""
        if len(events) < TIMELINE_ROWS and not any(event.verb in _GIVES_WORK for event in events):
            return []
        rows = list(self.matter.assignments.select_related("assignee", "given_by"))
        for row in rows:
            row.is_mine = row.assignee_id in self.sight.acting_for
        return sorted(rows, key=lambda row: row.done_at is not None)

    def readers(self, events) -> list:
        """Who may read it by name alone, for those who may take it back; read only if the history has any."""
        if not self.may("withdraw") or not any(event.verb == "read_granted" for event in events):
            return []
        return list(self.matter.grants.filter(ground=naming.GROUND).select_related("user", "user__home_unit"))

    def belonging(self, events) -> list:
        """Matters linked, merged or of the same affair, if the reader may see them (one query if any)."""
        ids = {event.data["other"] for event in events if event.verb in ("linked", "merged_in")}
        same = Q(pk__in=ids)
        if self.matter.duplicate_of_id:
            same |= Q(pk=self.matter.duplicate_of_id)
        if self.matter.affair_id:
            same |= Q(affair_id=self.matter.affair_id)
        if not (ids or self.matter.duplicate_of_id or self.matter.affair_id):
            return []
        rows = Matter.objects.visible_to(self.user).filter(same).exclude(pk=self.matter.pk)
        return list(rows.select_related("township", "unit")[:20])

    def similar(self) -> list:
        """Open matters like this one, while nobody has taken it up: is it one of these?"""
        if self.matter.status != self.kind.workflow.initial or not self.may("link"):
            return []
        rows = Matter.objects.visible_to(self.user).similar_open(
            self.matter.kind, self.matter.unit, self.matter.category
        )
        return list(rows.exclude(pk=self.matter.pk).select_related("township", "unit")[:5])


def _is_asked():
    """Whether it is still open if a party is the member of staff of the same name."""
    return Exists(StaffMatch.objects.filter(party=OuterRef("pk"), answer="open"))


def bar_of(clock) -> int:
    """How much of its time a clock has used, in tenths (0-10), for the bar beside it."""
    if clock.due_at is None:
        return 0
    whole = (clock.due_at - clock.started_at).total_seconds()
    used = ((clock.stopped_at or timezone.now()) - clock.started_at).total_seconds()
    return 10 if whole <= 0 else max(0, min(10, round(10 * used / whole)))


def context_of(page: MatterPage) -> dict:
    """The context of the page; case apps add theirs through `kind.detail`."""
    context = {
        "page": page, "matter": page.matter, "kind": page.kind, "roles": page.roles, "now": timezone.now(),
        "other_units": page.other_units, "phases": phases_of(page.kind, page.matter),
    }
    if page.is_reporter_only:
        return context
    # The kind's own part comes first: what it has read of the matter, conditions of steps need not ask for again.
    own = page.kind.detail(page.matter, page.user) if page.kind.detail is not None else {}
    page.clock_subjects = own.get("clock_subjects", {})
    events = page.events()
    limits = page.clocks(events)
    context.update(
        events=events, dated=[event for event in events if event.may_correct_date],
        clocks=limits, **_folded(limits), parties=page.parties(), steps=page.steps(),
        acts=page.acts(_IN_HEAD), menu=page.acts(_IN_MENU), questions=page.staff_questions(),
        assignments=page.assignments(events), belonging=page.belonging(events), similar=page.similar(),
        attachments=page.attachments(), may_remove_file=page.may("remove-file"), readers=page.readers(events),
        may_add_party=page.may("add-party"),
        grade_rule=page.kind.grade_rules.get(page.matter.grade_rule, ""), may_merge=page.may("merge"),
    )
    if page.kind.outcome_note is not None:
        context["outcome_note"] = page.kind.outcome_note(page.matter)
    context.update(own)
    if page.kind.extra_acts is not None:
        context["extra_acts"] = page.kind.extra_acts(page.matter, page.user)
    return context


def _folded(limits) -> dict:
    """A few time limits that have ended stand below those that run; many are folded away."""
    ended = [row for row in limits if row["stopped"]]
    if len(ended) <= ENDED_SHOWN:
        return {"clocks_shown": limits, "clocks_folded": []}
    return {"clocks_shown": [row for row in limits if not row["stopped"]], "clocks_folded": ended}


def phases_of(kind, matter) -> list[dict]:
    """The phases of the workflow for the bar on top; one beside the way (voided, merged) has none."""
    now = str(kind.state(matter.status).phase)
    labels = kind.workflow.phases()
    if not now or now not in [str(label) for label in labels]:
        return []
    place = [str(label) for label in labels].index(now)
    return [
        {"label": label, "is_past": index < place, "is_now": index == place} for index, label in enumerate(labels)
    ]


@signed_in
@require_safe
def matter(request, pk):
    """The page; a reporter without further right gets the short one."""
    page = MatterPage.of(request.user, pk)
    template = "casework/matter_reported.html" if page.is_reporter_only else "casework/matter_detail.html"
    return render(request, template, context_of(page))



def _extension(told: dict) -> Extension:
    """An extension with the name of who proposed it."""
    proposer = User(name=told.pop("proposed_by"))
    extension = revived(Extension, told)
    extension.proposed_by = proposer
    return extension
