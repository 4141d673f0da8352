"""What is read of reports and figures on the help page (使用帮助)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.registry import HelpTopic as Topic
from governance.organisation.registry import register_topics

from .visibility import OVERSEERS, REVIEWERS, SIGNERS, VILLAGE_ROLES

register_topics(
    Topic("confirm", _("Confirm the village's weekly report"), (
        _("On Monday the figures of last week are there. Open each number to see what it counts."),
        _("Confirm it, or say in the remark what is missing; no number is typed."),
    ), frozenset(VILLAGE_ROLES), "reporting:rollups", 20),
    Topic("review", _("Review the weekly report"), (
        _("See which villages lack, send a part back with a reason, review the whole."),
        _("What comes late makes a new version that shows the difference."),
    ), frozenset(REVIEWERS), "reporting:rollups", 21),
    Topic("sign", _("Sign the weekly report"), (
        _("Open it from the to-do, look at the numbers, sign it or send it back with a reason."),
    ), frozenset(SIGNERS), "reporting:rollups", 22),
    Topic("dashboard", _("Two minutes for the leader"), (
        _("First what is overdue and whose, then what rises, then the villages side by side, then next week."),
        _("Every number opens the matters behind it."),
    ), frozenset(OVERSEERS), "reporting:dashboard", 2),
)
