"""What changes of a township's habits of reporting say (报表设置变更的措辞)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.changes import unit_names
from governance.organisation.registry import (
    ChangeSubject,
    ChangeVerb,
    Difference,
    Fact,
    register_subject,
    register_verbs,
)

SETTING = "report_setting"


def _month(day: int):
    return _("day %(day)s") % {"day": day} if day else _("the month's own end (calendar month)")


def _days(count: int):
    return _("%(count)s working days") % {"count": count}


register_subject(ChangeSubject(SETTING, _("Report settings"), unit_names))
register_verbs(ChangeVerb(
    SETTING, "set", _("The report settings of %(subject)s were changed"), {},
    (
        Difference(_("Last day of a month"), Fact("before.month_cut_day", _month), Fact("after.month_cut_day", _month)),
        Difference(_("Villages confirm within"), Fact("before.confirm_days", _days), Fact("after.confirm_days", _days)),
    ),
))
