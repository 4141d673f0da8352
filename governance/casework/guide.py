"""What those who handle matters read on the help page (使用帮助)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.registry import HelpTopic as Topic
from governance.organisation.registry import register_topics

from .navigation import OVERSEERS, REPORTERS, WORKERS

_CLERKS = frozenset({"clerk", "petition_clerk"})
_DECIDERS = frozenset({"unit_head", "leader"})

register_topics(
    Topic("todo", _("What waits for me"), (
        _("The first page shows what is overdue, due today, to be accepted, waiting for others and returned to you."),
        _("Each row names the time limit that presses; open it and take the marked step."),
    ), WORKERS, "casework:inbox", 1),
    Topic("report", _("Report something"), (
        _("Choose what it is, say what happened and where, and add a photo."),
        _("Without reception the report waits on the phone and sends itself; until it has a number it is not sent."),
        _("Open the page once with reception, so that it is there without."),
    ), REPORTERS, "casework:report", 2),
    Topic("accept", _("Accept, assign, correct"), (
        _("Look for duplicates first: the page shows what is like it."),
        _("Accept it or decline it with the ground, name the handler, and the next time limits begin."),
        _("Correct facts and dates with a reason; time limits that rest on a date are computed anew."),
        _("Tick several in the list to accept, assign, urge or note them at once."),
    ), _CLERKS, "casework:matters", 3),
    Topic("limits", _("Time limits"), (
        _("Each time limit says why it ends on that day and by which article."),
        _("An extension is proposed with a reason before the end and decided by the head of the unit or a leader."),
        _("A pause needs its ground and the paper for it; the end moves by the length of the pause."),
    ), WORKERS, "", 40),
    Topic("instruct", _("Instruct and urge"), (
        _("Open a matter, write an instruction to a person with a day; it stands in their to-do until it is done."),
        _("Decide on extensions that are proposed to you."),
    ), _DECIDERS, "casework:inbox", 4),
    Topic("stuck", _("What does not move"), (
        _("The list shows what has not moved for two weeks, the longest first, and whose it is."),
    ), OVERSEERS, "casework:stuck", 30),
    Topic("unit-work", _("Work of my unit"), (
        _("What your unit is responsible for stands in your to-do. Take it up and name who handles it."),
        _("Report tasks and instructions as done with a sentence of what was done."),
    ), frozenset({"liaison", "unit_head"}), "casework:inbox", 5),
    Topic("asked", _("A resident asks what is held on them"), (
        _("Let the person show who they are, search by name and telephone number, and tick their own entries."),
        _("Print the sheet for them. Correct what is wrong in the matter; erase contact data that nobody needs."),
    ), _CLERKS, "casework:personal-data", 35),
    Topic("vocabularies", _("Words, lengths, keeping"), (
        _("Local words and local time limits are changed here; what the law fixes cannot be changed."),
        _("A new length binds from its day; what runs already keeps its own."),
    ), frozenset({"system_admin"}), "casework:vocabularies", 12),
    Topic("seals", _("Seals and looks"), (
        _("Print the day's seal and keep it outside the machine; with it the whole history can be proved."),
        _("Read who looked at contact data and why, and verify the history."),
    ), frozenset({"auditor"}), "casework:seals", 11),
)
