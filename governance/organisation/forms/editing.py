"""Forms that change what is stored: only what this person changed is applied, a real conflict is theirs to settle."""
import json

from django import forms
from django.utils.translation import gettext_lazy as _

MINE, THEIRS = "mine", "theirs"
_NOT_STORED = frozenset({"version", "reason", "opened"})


class EditForm(forms.Form):
    """A form of stored values; its hidden field `opened` holds what stood in it when it was opened.

    What is sent as it was opened is left as it stands now, whatever somebody else made of it meanwhile. Where both
    changed the same value to something else, the form shows both and asks; nothing is chosen beforehand. A subclass
    calls `remember` when its fields and initial values are complete; `not_stored` names fields that hold no value.
    """

    not_stored = frozenset()

    def remember(self) -> None:
        """Keep what stands there now, to be compared with what was opened and what is sent."""
        names = set(self.fields) - _NOT_STORED - self.not_stored
        self._now = {name: self._standing(name) for name in names if not self.fields[name].disabled}
        self.changed, self.conflicts = set(), []
        self.fields["opened"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=json.dumps({"values": self._now, "asked": []})
        )

    def edited(self) -> dict:
        """The cleaned values that this person changed; all of them in a form of something new."""
        if not hasattr(self, "_now"):
            return self.cleaned_data
        return {name: value for name, value in self.cleaned_data.items() if name in self.changed}

    def full_clean(self):
        """Compare first, so that every value that was not changed is the one that stands there now."""
        if self.is_bound and hasattr(self, "_now"):
            self._compare()
        super().full_clean()

    def clean(self):
        """A conflict that is not settled holds the form up."""
        cleaned = super().clean()
        for name in getattr(self, "conflicts", ()):
            self.add_error(name, forms.ValidationError(
                _("Somebody else has changed this meanwhile. Choose which holds."), code="changed-meanwhile"
            ))
        return cleaned

    def _compare(self) -> None:
        was, asked = self._opened()
        self.data, self.changed, self.conflicts = self.data.copy(), set(), []
        for name, now in self._now.items():
            mine = self._plain(name, self.fields[name].widget.value_from_datadict(
                self.data, self.files, self.add_prefix(name)
            ))
            choice = self.data.get(f"choose_{name}", "") if name in asked else ""
            before = was.get(name, now)
            if mine in (before, now) or (choice == THEIRS and before == now):
                self._put(name, now)
            elif before != now or (name in asked and choice != MINE):
                self._ask(name, now, mine)
            else:
                self.changed.add(name)
        self.data[self.add_prefix("opened")] = json.dumps({"values": self._now, "asked": self.conflicts})
        if self.conflicts and "version" in self.fields:
            # What changed stands on the page now: choosing is not stale.
            self.data[self.add_prefix("version")] = str(self.get_initial_for_field(self.fields["version"], "version"))

    def _opened(self) -> tuple[dict, list]:
        """What stood in the form when it was opened, and what it asked; nothing that is not ours is believed."""
        try:
            held = json.loads(self.data.get(self.add_prefix("opened")) or "{}")
            return dict(held.get("values", {})), list(held.get("asked", ()))
        except (ValueError, TypeError, AttributeError, RecursionError):
            return {}, []

    def _ask(self, name: str, now, mine) -> None:
        self.conflicts.append(name)
        self.fields[name].conflict = {
            "name": f"choose_{name}", "theirs": self._words(name, now), "mine": self._words(name, mine),
        }

    def _standing(self, name: str):
        field = self.fields[name]
        value = field.prepare_value(self.get_initial_for_field(field, name))
        if isinstance(field.widget, (forms.TextInput, forms.Textarea)):
            value = field.widget.format_value(value)
        return self._plain(name, value)

    def _plain(self, name: str, value):
        """A value as it is compared: a text, or a sorted list of texts."""
        widget = self.fields[name].widget
        if isinstance(widget, forms.CheckboxInput):
            return "on" if value else ""
        if getattr(widget, "allow_multiple_selected", False):
            return sorted(str(one) for one in value or ())
        return "" if value is None else str(value).replace("\r\n", "\n").strip()

    def _put(self, name: str, value) -> None:
        key = self.add_prefix(name)
        if isinstance(value, list):
            self.data.setlist(key, value)
        elif value or not isinstance(self.fields[name].widget, forms.CheckboxInput):
            self.data[key] = value
        else:
            self.data.pop(key, None)

    def _words(self, name: str, value) -> str:
        """A value as people read it."""
        field = self.fields[name]
        if isinstance(field.widget, forms.CheckboxInput):
            return str(_("Yes") if value else _("No"))
        held = set(value if isinstance(value, list) else [value])
        if hasattr(field, "choices"):
            return "、".join(str(label).strip() for key, label in field.choices if key and str(key) in held) or "—"
        return value.replace("T", " ") if isinstance(field, forms.DateTimeField) else value or "—"
