"""What changes say about the store of files (数据保管记录的措辞)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.registry import ChangeSubject, ChangeVerb, Fact, register_subject, register_verbs

STORE, KEY = "store", "personal_key"

register_subject(ChangeSubject(STORE, _("Store of files"), lambda ids: {pk: pk[:8] for pk in ids}))
register_subject(ChangeSubject(KEY, _("Personal key"), lambda ids: {pk: pk for pk in ids}))
register_verbs(
    ChangeVerb(STORE, "adopted", _("The folder of the attachments was made the store %(subject)s")),
    ChangeVerb(KEY, "rotated", _("Everything was put under the personal key %(subject)s; not to be opened: %(failed)s"),
               {"failed": Fact("failed")}),
)
