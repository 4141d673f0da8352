"""Fields that every form shares: moments, days, files, units."""
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.organisation.forms.days import within_calendar

from ..pictures import ALLOWED
from ..services.attaching import MAX_FILE_BYTES, MAX_FILES_PER_ACT

DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
MOMENT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", *DAY_FORMATS]

# With a last year of four digits a browser goes on to the month by itself while a date is typed.
LAST_DAY, LAST_MOMENT = "9999-12-31", "9999-12-31T23:59"


class MomentField(forms.DateTimeField):
    """A moment in local time that has been; a day alone will do (paper forms know no hour)."""

    default_validators = [within_calendar]

    def __init__(self, *, may_be_future=False, **kwargs):
        kwargs.setdefault("input_formats", MOMENT_FORMATS)
        picker = {"type": "datetime-local", "max": LAST_MOMENT}
        kwargs.setdefault("widget", forms.DateTimeInput(attrs=picker, format="%Y-%m-%dT%H:%M"))
        super().__init__(**kwargs)
        self.may_be_future = may_be_future
        self.error_messages["invalid"] = _("This is not a date and time. Write it like 2026-11-23 09:30.")

    def clean(self, value):
        """The instant; an error if it has not come yet."""
        moment = super().clean(value)
        if moment is not None and not self.may_be_future and moment > timezone.now():
            raise forms.ValidationError(_("This lies in the future."), code="act-in-the-future")
        return moment


class DayField(forms.DateField):
    """A day of a year that is meant: what is reckoned from it stays in the calendar."""

    default_validators = [within_calendar]

    def __init__(self, **kwargs):
        kwargs.setdefault("input_formats", DAY_FORMATS)
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date", "max": LAST_DAY}, format="%Y-%m-%d"))
        super().__init__(**kwargs)
        self.error_messages["invalid"] = _("There is no such day. Write it like 2026-11-23.")


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; cleans to a list. What is in them is checked by the act that takes them in."""

    most, largest_mb = MAX_FILES_PER_ACT, MAX_FILE_BYTES // 1024 // 1024

    def __init__(self, *, accept="image/*,.pdf,.docx,.xlsx", **kwargs):
        bounds = {"data-types": ",".join(ALLOWED), "data-most": self.most, "data-largest": MAX_FILE_BYTES}
        kwargs.setdefault("widget", FilesInput(attrs={"accept": accept, **bounds}))
        super().__init__(**kwargs)

    def clean(self, data, initial=None):
        """A list of uploaded files, empty if none was chosen."""
        single = super().clean
        if isinstance(data, (list, tuple)):
            return [single(one, initial) for one in data] if data else self._none(single, initial)
        return [single(data, initial)] if data else self._none(single, initial)

    def _none(self, single, initial):
        single(None, initial)
        return []


class UnitField(forms.ModelChoiceField):
    """A unit, shown with its place in the tree."""

    def label_from_instance(self, unit):
        """The short name, indented below its village."""
        return "　" + unit.short_name if unit.level == "grid" else unit.short_name


class UnitsField(forms.ModelMultipleChoiceField):
    """Several units."""

    def label_from_instance(self, unit):
        """The short name."""
        return unit.short_name
