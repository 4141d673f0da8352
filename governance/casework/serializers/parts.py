"""What hangs on a matter, as the interface gives it: files, tasks, links, readers, open questions (附属输出)."""
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from governance.organisation.serializers import PersonBrief, UnitBrief

from ..models import Assignment, Attachment, MatterLink, MatterUserGrant, Message, StaffMatch
from ..services.sending import in_words, path_of
from .matters import MatterRow


class MatterBrief(serializers.Serializer):
    """A matter in a few words."""

    id = serializers.IntegerField(help_text=_("Id of the matter."))
    number = serializers.CharField(help_text=_("Number: township, kind, year, serial."))
    kind = serializers.CharField(help_text=_("Code of the kind, for example `dispute`."))
    status = serializers.CharField(help_text=_("Code of the state."))


class FileOutput(serializers.ModelSerializer):
    """A file of a matter, without its content (附件)."""

    name = serializers.CharField(help_text=_("Name of the file."))
    evidence = serializers.CharField(help_text=_("Code of what it proves; empty: just a file."))
    content_type = serializers.CharField(help_text=_("Media type, found out from the content."))
    size_bytes = serializers.IntegerField(help_text=_("Size in bytes."))
    sha256 = serializers.CharField(help_text=_("SHA-256 of the content as it is given out."))
    uploaded_by = PersonBrief(help_text=_("Who attached it."))
    uploaded_at = serializers.DateTimeField(help_text=_("When it was attached."))
    content = serializers.SerializerMethodField(help_text=_("Address of the content."))

    class Meta:
        model = Attachment
        fields = ("id", "name", "evidence", "content_type", "size_bytes", "sha256", "uploaded_by", "uploaded_at",
                  "content")
        extra_kwargs = {"id": {"help_text": _("Id of the file.")}}
        read_only_fields = fields

    def get_content(self, row) -> str:
        """In this interface, with the same token."""
        return f"{settings.PUBLIC_URL}/api/v1/attachments/{row.pk}/"


class AssignmentOutput(serializers.ModelSerializer):
    """A task or a leader's instruction in a matter (交办、批示)."""

    kind = serializers.ChoiceField(Assignment.Kind.choices, help_text=_("`instruction` or `task`."))
    assignee = PersonBrief(help_text=_("Whose it is."))
    given_by = PersonBrief(help_text=_("Who gave it."))
    text = serializers.CharField(help_text=_("What is to be done."))
    due_on = serializers.DateField(allow_null=True, help_text=_("By which day; null if none was set."))
    given_at = serializers.DateTimeField(help_text=_("When it was given."))
    done_at = serializers.DateTimeField(allow_null=True, help_text=_("When it was reported as done; null while open."))
    matter = serializers.IntegerField(source="matter_id", help_text=_("Id of the matter."))

    class Meta:
        model = Assignment
        fields = ("id", "matter", "kind", "assignee", "given_by", "text", "due_on", "given_at", "done_at")
        extra_kwargs = {"id": {"help_text": _("Id of the task or instruction.")}}
        read_only_fields = fields


class LinkOutput(serializers.Serializer):
    """A matter that belongs to this one (关联事项)."""

    relation = serializers.ChoiceField(
        [*MatterLink.Relation.choices, ("merged_into", _("merged into that one")),
         ("merged_from", _("that one was merged into this"))],
        help_text=_("How they belong together."),
    )
    matter = MatterBrief(help_text=_("The other matter, if the caller sees it."))


class ReaderOutput(serializers.ModelSerializer):
    """Somebody who may read the matter by name alone (点名授权)."""

    person = PersonBrief(source="user", help_text=_("Who may read it."))

    class Meta:
        model = MatterUserGrant
        fields = ("id", "person")
        extra_kwargs = {"id": {"help_text": _("Id of the permission; the act `withdraw` names it.")}}
        read_only_fields = fields


class QuestionOutput(serializers.ModelSerializer):
    """Is this party the member of staff of the same name? (同名核对)"""

    party = serializers.IntegerField(source="party_id", help_text=_("Id of the party."))
    person = PersonBrief(source="user", help_text=_("The member of staff of the same name."))

    class Meta:
        model = StaffMatch
        fields = ("id", "party", "person")
        extra_kwargs = {"id": {"help_text": _("Id of the question; the act `staff-match` names it.")}}
        read_only_fields = fields


class PersonOutput(PersonBrief):
    """A member of staff who can be named in an act."""

    unit = UnitBrief(source="home_unit", allow_null=True, help_text=_("Where they belong."))


class MessageOutput(serializers.ModelSerializer):
    """A message in the portal (站内消息): number and link, never content."""

    subject = serializers.CharField(help_text=_("Permanent code: `assigned`, `instructed`, `urged`, `reminder`…"))
    sentence = serializers.SerializerMethodField(help_text=_("What it is about, in one sentence."))
    matter = MatterBrief(allow_null=True, help_text=_("The matter; null if it is about none."))
    url = serializers.SerializerMethodField(help_text=_("Address of the page on the portal, for people."))
    created_at = serializers.DateTimeField(help_text=_("When it was written."))
    read_at = serializers.DateTimeField(allow_null=True, help_text=_("When it was read; null while unread."))

    class Meta:
        model = Message
        fields = ("id", "subject", "sentence", "matter", "url", "created_at", "read_at")
        extra_kwargs = {"id": {"help_text": _("Id of the message.")}}
        read_only_fields = fields

    def get_sentence(self, message) -> str:
        """As the portal shows it."""
        return in_words(message)

    def get_url(self, message) -> str:
        """Where it leads."""
        return f"{settings.PUBLIC_URL}{path_of(message)}"


class ReadOutput(serializers.Serializer):
    """How many messages were marked as read."""

    read = serializers.IntegerField(help_text=_("Messages that were unread and are read now."))


class MessageQuery(serializers.Serializer):
    """How messages may be narrowed."""

    unread = serializers.BooleanField(required=False, default=False, help_text=_("Only those not yet read."))


class SectionOutput(serializers.Serializer):
    """A section of the inbox: how many, and the most urgent of them."""

    name = serializers.ChoiceField(
        ["late", "today", "mine", "accept", "waiting"],
        help_text=_("`late` overdue, `today` due today, `mine` in the caller's hands and due later, `accept` to be "
                    "taken up, `waiting` with others."),
    )
    count = serializers.IntegerField(help_text=_("How many there are, exact to 1,000; 1,001: more."))
    matters = MatterRow(many=True, help_text=_("The most urgent of them, twelve at most."))


class ItemOutput(serializers.Serializer):
    """Something beside matters that waits for the caller (其他待办)."""

    text = serializers.CharField(help_text=_("What waits, in one sentence."))
    url = serializers.SerializerMethodField(help_text=_("Address of the page on the portal, for people."))
    due_at = serializers.DateTimeField(allow_null=True, help_text=_("Until when; null if there is no limit."))

    def get_url(self, item) -> str:
        """On the portal."""
        return f"{settings.PUBLIC_URL}{item.url}"


class InboxOutput(serializers.Serializer):
    """What there is to do for the caller (我的待办)."""

    sections = SectionOutput(many=True, help_text=_("Sections that the caller's posts have, each with its count."))
    others = ItemOutput(many=True, help_text=_("What waits beside matters: weekly reports to be confirmed or signed…"))
    tasks = AssignmentOutput(many=True, help_text=_("Open tasks and instructions of the caller."))
    given = AssignmentOutput(many=True, help_text=_("Open tasks and instructions that the caller gave."))
