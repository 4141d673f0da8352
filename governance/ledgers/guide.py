"""What is read of ledgers on the help page (使用帮助)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.registry import HelpTopic as Topic
from governance.organisation.registry import register_topics

register_topics(
    Topic("import", _("Take in an old Excel ledger"), (
        _("Upload the file as it is. Look at what each column was taken for, and correct it where it is wrong."),
        _("Each row gets a verdict before anything is entered; good rows may go in without the bad ones."),
        _("The file comes back with a column of reasons; an import can be undone."),
    ), frozenset({"clerk"}), "ledgers:imports", 31),
    Topic("export", _("Take out a ledger"), (
        _("Choose the period and places; telephone numbers are masked unless you have the right and give a reason."),
    ), frozenset({"clerk", "office"}), "ledgers:exports", 32),
)
