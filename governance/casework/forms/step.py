"""The form of a step: the kind's own fields, and what every step asks (环节表单)."""
from django import forms
from django.utils.translation import gettext_lazy as _

from .. import registry
from .fields import FilesField, MomentField

_EVIDENCE = "evidence_"


class StepForm(forms.Form):
    """Base of every step's form; a kind declares its own fields in a subclass.

    Every field that is not the kernel's (`version`, `acted_at`, `reason`, `evidence_*`, `files`) is one of
    the kind's facts. `asks_time` False leaves the moment out; `asks_files` True offers further files.
    """

    asks_time = True
    asks_files = False

    def __init__(self, data=None, files=None, *, matter, user, step, **kwargs):
        super().__init__(data, files, **kwargs)
        self.matter, self.user, self.step = matter, user, step
        self.kind = registry.get(matter.kind)
        self._kernel = {"version"}
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=matter.version)
        self._add_reason()
        self._add_evidence()
        if self.asks_time:
            self._add("acted_at", MomentField(
                label=_("Done at"), required=False,
                help_text=_("Leave empty if it is done now. Fill it in when you enter something later."),
            ))

    def facts(self) -> dict:
        """What the kind's recorder takes: all fields but the kernel's."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self._kernel}

    def version_value(self):
        """The version of the matter that the user saw."""
        return self.cleaned_data.get("version")

    def reason_text(self) -> str:
        """The reason, or ""."""
        return self.cleaned_data.get("reason") or ""

    def acted_at_value(self):
        """When it was done; None means now."""
        return self.cleaned_data.get("acted_at")

    def file_pairs(self) -> list:
        """Pairs (evidence code, uploaded file)."""
        pairs = [
            (name.removeprefix(_EVIDENCE), upload)
            for name in self._kernel if name.startswith(_EVIDENCE)
            for upload in self.cleaned_data.get(name) or ()
        ]
        return pairs + [("", upload) for upload in self.cleaned_data.get("files") or ()]

    def _add(self, name, field) -> None:
        self.fields[name] = field
        self._kernel.add(name)

    def _add_reason(self) -> None:
        """A subclass that words the reason itself declares the field; it stays the kernel's."""
        self._kernel.add("reason")
        if "reason" not in self.fields and self.step.reason_required:
            self._add("reason", forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3})))

    def _add_evidence(self) -> None:
        """Files are asked for, not required here: one that lies on the matter already is enough."""
        for code in self.step.evidence:
            label = self.kind.evidence.get(code, code)
            self._add(_EVIDENCE + code, FilesField(label=label, required=False))
        if self.asks_files:
            self._add("files", FilesField(label=_("Files"), required=False))
