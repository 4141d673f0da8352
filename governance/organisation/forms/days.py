"""Which days a form takes (日期范围)."""
from django import forms
from django.utils.translation import gettext_lazy as _


def within_calendar(value) -> None:
    """A validator of forms: a day or moment of the years 1900 to 2199, so that what is reckoned from it exists."""
    if not 1900 <= value.year <= 2199:
        raise forms.ValidationError(_("There is no such day. Write it like 2026-11-23."), code="invalid")
