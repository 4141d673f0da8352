"""Forms of one's own account: password, codes of the second factor (个人设置表单)."""
from django import forms
from django.utils.translation import gettext_lazy as _


class PasswordForm(forms.Form):
    """A new password of one's own, typed twice, and the old one."""

    old_password = forms.CharField(
        label=_("Your password until now"), max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password1 = forms.CharField(
        label=_("New password"), max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "Ten characters at least. No common words, pinyin of surnames, rows of keys, birthdays or phone numbers "
            "with a few letters; nothing of your own names and numbers; none of your last five."
        ),
    )
    new_password2 = forms.CharField(
        label=_("The same once more"), max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, asks_old=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_old:
            del self.fields["old_password"]

    def clean(self):
        """Both must be the same."""
        cleaned = super().clean()
        if cleaned.get("new_password1") != cleaned.get("new_password2"):
            self.add_error("new_password2", _("The two are not the same."))
        return cleaned


class CodeForm(forms.Form):
    """A code of the authenticator, or a recovery code."""

    code = forms.CharField(
        label=_("Code of the phone, or recovery code"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


class SetUpForm(CodeForm):
    """The first code of a phone, and the password, so that nobody does it at a screen that was left open."""

    old_password = forms.CharField(
        label=_("Your password"), max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old_password", "code")

    def __init__(self, *args, asks_password=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The six digits that the phone shows now")
        # The picture has to be seen first: no keyboard of a phone may cover it.
        del self.fields["code"].widget.attrs["autofocus"]
        if not asks_password:
            del self.fields["old_password"]
