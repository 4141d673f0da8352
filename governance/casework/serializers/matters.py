"""Matters as the interface gives them: the row, the whole, its parties, its history (事项输出)."""
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from governance.organisation.serializers import PersonBrief, UnitBrief

from .. import registry
from ..models import Grade, Matter, Party
from ..sentences import reason_of, sentence
from ..services.parties import masked_contact
from ..services.vocabularies import term_label


class MatterRow(serializers.ModelSerializer):
    """A matter in a list (事项)."""

    number = serializers.CharField(help_text=_("Number: township, kind, year, serial."))
    kind = serializers.CharField(help_text=_("Code of the kind, for example `dispute`."))
    title = serializers.CharField(help_text=_("Short title."))
    category = serializers.CharField(help_text=_("Code of the category; see the vocabularies."))
    category_label = serializers.SerializerMethodField(help_text=_("The category in words."))
    unit = UnitBrief(help_text=_("Village or grid in which it lies."))
    status = serializers.CharField(help_text=_("Code of the state."))
    status_label = serializers.SerializerMethodField(help_text=_("The state in words."))
    is_open = serializers.BooleanField(help_text=_("Whether it is still worked on."))
    outcome = serializers.CharField(help_text=_("Code of the outcome; empty while there is none."))
    grade = serializers.ChoiceField([("", "—"), *Grade.choices], help_text=_("Colour of the matter; empty if none."))
    handler = PersonBrief(allow_null=True, help_text=_("Who handles it; null if nobody yet."))
    reported_at = serializers.DateTimeField(help_text=_("When it was received."))
    accepted_at = serializers.DateTimeField(allow_null=True, help_text=_("When it was accepted."))
    closed_at = serializers.DateTimeField(allow_null=True, help_text=_("When it was closed last."))
    next_due_at = serializers.DateTimeField(
        allow_null=True, help_text=_("Earliest time limit of the office that still runs.")
    )
    is_overdue = serializers.SerializerMethodField(help_text=_("Whether that time limit has run out."))
    version = serializers.IntegerField(help_text=_("Counts changes; send it back with a step."))

    class Meta:
        model = Matter
        fields = (
            "id", "number", "kind", "title", "category", "category_label", "unit", "status", "status_label", "is_open",
            "outcome", "grade", "handler", "reported_at", "accepted_at", "closed_at", "next_due_at", "is_overdue",
            "version",
        )
        extra_kwargs = {"id": {"help_text": _("Id of the matter.")}}
        read_only_fields = fields

    def get_category_label(self, matter) -> str:
        """The label in the reader's language."""
        return term_label(registry.get(matter.kind).categories.code, matter.category)

    def get_status_label(self, matter) -> str:
        """The label in the reader's language."""
        return str(registry.get(matter.kind).state(matter.status).label)

    def get_is_overdue(self, matter) -> bool:
        """Late means: the instant has passed."""
        return matter.next_due_at is not None and matter.next_due_at < timezone.now()


class PartyOutput(serializers.ModelSerializer):
    """A party, contact data masked (当事人)."""

    kind = serializers.CharField(help_text=_("Role in the matter, for example `applicant`."))
    name = serializers.CharField(help_text=_("Name."))
    unit = UnitBrief(allow_null=True, help_text=_("The unit, if the party is one."))
    phone = serializers.SerializerMethodField(
        help_text=_("Phone, masked. In clear by the act `reveal`, with a reason.")
    )
    address = serializers.SerializerMethodField(help_text=_("Address, masked."))

    class Meta:
        model = Party
        fields = ("id", "kind", "name", "unit", "phone", "address")
        extra_kwargs = {"id": {"help_text": _("Id of the party.")}}
        read_only_fields = fields

    def get_phone(self, party) -> str:
        """138****2617."""
        return masked_contact(party)["phone"]

    def get_address(self, party) -> str:
        """The first characters."""
        return masked_contact(party)["address"]


class MatterDetail(MatterRow):
    """A matter as a whole. Who only reported it gets what they reported and how it ended: the rest is null."""

    is_reporter_only = serializers.SerializerMethodField(
        help_text=_("Whether the caller sees it only as its reporter.")
    )
    description = serializers.CharField(help_text=_("What happened."))
    address = serializers.CharField(help_text=_("Where."))
    channel = serializers.CharField(help_text=_("Code of the source; see the vocabularies."))
    occurred_at = serializers.DateTimeField(allow_null=True, help_text=_("When it happened."))
    created_at = serializers.DateTimeField(help_text=_("When it was typed."))
    first_closed_at = serializers.DateTimeField(allow_null=True, help_text=_("When it was closed first."))
    is_confidential = serializers.BooleanField(help_text=_("Seen only by those named in it."))
    creator = PersonBrief(help_text=_("Who registered it."))
    responsible_unit = UnitBrief(allow_null=True, help_text=_("Unit responsible for it."))
    other_units = serializers.SerializerMethodField(help_text=_("Further villages concerned."))
    duplicate_of = serializers.SerializerMethodField(
        help_text=_("Id of the matter that this one was merged into; null also where the caller does not see that one.")
    )
    parties = serializers.SerializerMethodField(help_text=_("Parties, contact data masked."))

    # What a reporter without any other right does not get.
    withheld = ("handler", "responsible_unit", "other_units", "duplicate_of", "parties", "next_due_at", "grade")

    class Meta(MatterRow.Meta):
        fields = (
            *MatterRow.Meta.fields, "is_reporter_only", "description", "address", "channel", "occurred_at",
            "created_at", "first_closed_at", "is_confidential", "creator", "responsible_unit", "other_units",
            "duplicate_of", "parties",
        )
        read_only_fields = fields

    def to_representation(self, matter):
        """The whole, or what a reporter may see."""
        shown = super().to_representation(matter)
        if self.context.get("is_reporter_only"):
            empty = {"other_units": [], "parties": [], "grade": ""}
            shown.update({name: empty.get(name) for name in self.withheld if name in shown})
            shown["is_overdue"] = False
        return shown

    def get_is_reporter_only(self, matter) -> bool:
        """As the view found out."""
        return bool(self.context.get("is_reporter_only"))

    def get_duplicate_of(self, matter) -> int | None:
        """One query, if it was merged."""
        if matter.duplicate_of_id is None or "user" not in self.context:
            return None
        seen = Matter.objects.visible_to(self.context["user"]).filter(pk=matter.duplicate_of_id)
        return seen.values_list("pk", flat=True).first()

    def get_other_units(self, matter) -> UnitBrief(many=True):
        """One query."""
        rows = matter.other_units.select_related("unit")
        return UnitBrief([row.unit for row in rows], many=True).data

    def get_parties(self, matter) -> PartyOutput(many=True):
        """One query."""
        return PartyOutput(matter.parties.present().select_related("unit"), many=True).data


class EventOutput(serializers.Serializer):
    """An entry of the history (经过)."""

    id = serializers.IntegerField(help_text=_("Id of the entry; the act `correct-date` names it."))
    seq = serializers.IntegerField(help_text=_("Place in the history of this matter."))
    version = serializers.IntegerField(help_text=_("Version of the matter after it."))
    verb = serializers.CharField(help_text=_("Permanent code of what was done."))
    at = serializers.DateTimeField(help_text=_("When it was entered."))
    acted_at = serializers.DateTimeField(help_text=_("When it was done."))
    actor = PersonBrief(allow_null=True, help_text=_("Who did it; null: the system itself."))
    on_behalf_of = PersonBrief(allow_null=True, help_text=_("For whom, when a stand-in acted."))
    origin = serializers.CharField(help_text=_("Way in: `web`, `api:` and the beginning of a token, `reminder`…"))
    before = serializers.SerializerMethodField(help_text=_("Code of the state before; empty if it did not change."))
    after = serializers.SerializerMethodField(help_text=_("Code of the state after."))
    sentence = serializers.SerializerMethodField(help_text=_("What happened, in one sentence."))
    reason = serializers.SerializerMethodField(help_text=_("The reason that was given; empty if none."))

    def get_before(self, event) -> str:
        """From the facts of a step."""
        return str(event.data.get("before") or "") if "after" in event.data else ""

    def get_after(self, event) -> str:
        """From the facts of a step."""
        return str(event.data.get("after") or "") if "before" in event.data else ""

    def get_sentence(self, event) -> str:
        """As the portal shows it."""
        return sentence(event)

    def get_reason(self, event) -> str:
        """As the portal shows it."""
        return reason_of(event)


class MatterQuery(serializers.Serializer):
    """How the list of matters may be narrowed: the filters of the screen."""

    q = serializers.CharField(
        required=False, max_length=100, help_text=_("Full text: number, title, parties' names, address, what happened.")
    )
    kind = serializers.CharField(required=False, max_length=20, help_text=_("Code of the kind."))
    category = serializers.CharField(required=False, max_length=40, help_text=_("Code of the category."))
    status = serializers.CharField(required=False, max_length=40, help_text=_("Code of the state."))
    grade = serializers.ChoiceField(Grade.choices, required=False, help_text=_("Colour."))
    channel = serializers.CharField(required=False, max_length=40, help_text=_("Code of the source."))
    unit = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text=_("Id of a unit: it and everything below it.")
    )
    handler = serializers.CharField(
        required=False, max_length=19, help_text=_("Id of a person, `me`, or `none` for nobody yet.")
    )
    state = serializers.ChoiceField(["open", "closed"], required=False, help_text=_("Open or closed."))
    due = serializers.ChoiceField(
        ["late", "today", "week"], required=False,
        help_text=_("Overdue, due today, due within 7 days; the list then comes by due time."),
    )
    reported_from = serializers.DateField(required=False, help_text=_("Received on this day or later."))
    reported_to = serializers.DateField(required=False, help_text=_("Received on this day or earlier."))
