"""What is asked for when a township replaces the form of a paper (上传文书模板)."""
from django import forms
from django.utils.translation import gettext_lazy as _


class PaperTemplateForm(forms.Form):
    """A Word file."""

    file = forms.FileField(
        label=_("Your template as Word (.docx)"), widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        help_text=_("It is tried out with invented facts first; if something does not fit, nothing is changed."),
    )
