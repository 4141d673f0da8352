"""What is asked for when a ledger comes in (导入条件): the file, what its columns mean, which rows are shown."""
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from governance.organisation.models import Unit

from .. import layout
from ..models import ImportRow
from ..reading import words_of
from ..services import importing


class UploadForm(forms.Form):
    """A file, and which ledger of which township it is; what is the only one is not asked for."""

    kind = forms.ChoiceField(label=_("Ledger"))
    township = forms.TypedChoiceField(label=_("Township"), coerce=int)
    file = forms.FileField(
        label=_("Ledger as Excel or CSV"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        help_text=_("As you keep it: titles, merged cells and several sheets are fine. Nothing is entered yet."),
    )

    def __init__(self, data=None, files=None, *, user):
        super().__init__(data, files)
        kinds = importing.importable_kinds(user)
        self._townships = {unit.pk: unit for one in kinds for unit in importing.townships_of(user, one.kind)}
        self.fields["kind"].choices = [(one.kind, one.title) for one in kinds]
        self.fields["township"].choices = [(pk, unit.short_name) for pk, unit in self._townships.items()]
        self._only = {}
        for name in ("kind", "township"):
            if len(self.fields[name].choices) == 1:
                self._only[name] = self.fields.pop(name).choices[0][0]

    def upload(self) -> dict:
        """What was chosen."""
        chosen = self._only | self.cleaned_data
        township: Unit = self._townships[chosen["township"]]
        return {"kind": chosen["kind"], "township": township, "name": chosen["file"].name, "content": chosen["file"]}


class ColumnsForm(forms.Form):
    """What each heading of a file means; one choice for each, whatever sheets it stands in."""

    LEAVE_OUT = "-"
    # Columns that the portal does not hold are shown, not offered; nor are further ones that are read with a first.
    NOT_OFFERED = ("not-held", "official", "part", "also")

    def __init__(self, data=None, *, batch):
        super().__init__(data)
        columns = layout.get(batch.kind).columns
        choices = [(self.LEAVE_OUT, _("Leave out")), *((column.code, column.heading) for column in columns)]
        self.held = importing.columns_of(batch)
        for number, one in enumerate(self.held):
            if one["how"] not in self.NOT_OFFERED:
                self.fields[f"heading_{number}"] = forms.ChoiceField(
                    label=one["heading"], choices=choices, initial=one["code"] or self.LEAVE_OUT,
                )

    def meanings(self) -> dict:
        """Heading -> code ("" leaves it out), of those that were changed."""
        chosen = {one["heading"]: (one["code"], self._chosen(number)) for number, one in enumerate(self.held)}
        return {heading: now for heading, (before, now) in chosen.items() if now is not None and now != before}

    def clean(self):
        """Two headings of one sheet cannot both be the same column."""
        cleaned = super().clean()
        seen = {}
        for number, one in enumerate(self.held):
            code = self._chosen(number)
            for sheet in one["sheets"] if code and one["how"] not in self.NOT_OFFERED else ():
                other = seen.setdefault((sheet, code), one["heading"])
                if other != one["heading"]:
                    self.add_error(
                        f"heading_{number}",
                        _("“%(heading)s” of the same sheet already means this.") % {"heading": other},
                    )
                    break
        return cleaned

    def _chosen(self, number: int) -> str | None:
        chosen = self.cleaned_data.get(f"heading_{number}")
        return "" if chosen == self.LEAVE_OUT else chosen


class PlacesForm(forms.Form):
    """Which village the text of a cell means: first what was not understood, then what was guessed."""

    def __init__(self, data=None, *, batch):
        super().__init__(data)
        self._held = sorted(batch.places, key=lambda one: (bool(one["code"]), -one["count"]))
        choices = [("", _("Not said")), *((u.code, u.short_name) for u in importing.villages_of(batch.township))]
        for number, one in enumerate(self._held):
            rows = ngettext("%(count)s row", "%(count)s rows", one["count"]) % {"count": one["count"]}
            self.fields[f"place_{number}"] = forms.ChoiceField(
                label=f"{one['text']}（{rows}）", choices=choices, initial=one["code"], required=False,
            )

    def meanings(self) -> dict:
        """Text -> code of the village, of those that were changed."""
        chosen = {one["text"]: (one["code"], self.cleaned_data.get(f"place_{n}")) for n, one in enumerate(self._held)}
        return {text: now for text, (before, now) in chosen.items() if now and now != before}


class RowFilter(forms.Form):
    """Which rows are shown; what is wrong in the address is left out, never an error page."""

    verdict = forms.ChoiceField(
        required=False, label=_("Verdict"), choices=[("", _("All")), *ImportRow.Verdict.choices]
    )
    reason = forms.ChoiceField(required=False, label=_("Reason"))
    cell = forms.CharField(required=False, label=_("Cell or column"), max_length=12)
    guesses = forms.BooleanField(required=False, label=_("Only with guesses"))

    def __init__(self, data, *, batch):
        super().__init__(data)
        codes = batch.rows.exclude(reason_code="").order_by("reason_code").values_list("reason_code", flat=True)
        self.fields["reason"].choices = [("", _("All")), *((code, _short(code)) for code in codes.distinct())]
        self.is_valid()

    def narrow(self, rows):
        """The rows that the filter leaves; index `import_row_verdict`."""
        chosen = self.cleaned_data
        if chosen.get("verdict"):
            rows = rows.filter(verdict=chosen["verdict"])
        if chosen.get("reason"):
            rows = rows.filter(reason_code=chosen["reason"])
        cell = chosen.get("cell", "").strip().upper()
        if cell.isascii() and cell.isalnum():
            rows = rows.filter(reason_cell__regex=rf"^{cell}[0-9]*$" if cell.isalpha() else rf"^{cell}$")
        return rows.filter(has_guesses=True) if chosen.get("guesses") else rows

    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(self.cleaned_data.values())


def _short(code: str) -> str:
    """The first sentence of a reason, its blanks left open."""
    return words_of({"code": code}).split("。")[0].split(". ")[0]
