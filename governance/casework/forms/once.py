"""Forms that write something new once, however often they are sent (一次性表单)."""
from django import forms

from ..services.opening import issue_client_uuid, read_client_uuid
from ..workflow import Refused

TOKEN = "client_uuid"


class OnceForm(forms.Form):
    """A form with a token of its own: sent twice it writes once. Subclasses set `user` before it is validated.

    A form that nobody has sent yet gets its token here; `renew_token` makes of a sent one a new form.
    """

    user = None
    client_uuid = forms.CharField(widget=forms.HiddenInput)

    def give_token(self) -> None:
        """A token for a form that nobody has sent yet."""
        if not self.is_bound:
            self.initial.setdefault(TOKEN, issue_client_uuid(self.user))

    def clean_client_uuid(self):
        """The id inside the token; a token that no longer holds is replaced, and the form asks once more."""
        try:
            return read_client_uuid(self.cleaned_data[TOKEN], self.user)
        except Refused as refusal:
            self.renew_token()
            raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal

    def renew_token(self) -> None:
        """What was typed stays; sent again it is a new one."""
        self.data = self.data.copy()
        self.data[self.add_prefix(TOKEN)] = issue_client_uuid(self.user)
