"""What changes say about the store of files (数据保管记录的措辞)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.registry import ChangeSubject, ChangeVerb, register_subject, register_verbs

STORE = "store"

register_subject(ChangeSubject(STORE, _("Store of files"), lambda ids: {pk: pk[:8] for pk in ids}))
register_verbs(ChangeVerb(STORE, "adopted", _("The folder of the attachments was made the store %(subject)s")))
