"""What is held on somebody (个人信息查阅、复制): asked for by themselves, answered on one sheet, on record."""
from django.shortcuts import render

from ..forms.retention import GiveForm, WhoForm
from ..services import personal_data
from ..workflow import Refused
from .refusals import only_for
from .submitting import put_refusal


@only_for(*personal_data.ANSWERERS)
def search(request):
    """Ask for a name, choose what is about this person."""
    form, context = WhoForm(request.POST or None), {}
    if request.method == "POST" and form.is_valid():
        try:
            found = personal_data.search(actor=request.user, **form.cleaned_data)
            context = {"found": found, "give": GiveForm(found=found), "asked": form.cleaned_data}
        except Refused as refusal:
            put_refusal(form, refusal)
    status = 422 if form.errors else 200
    return render(request, "casework/personal_data.html", {"form": form, **context}, status=status)


@only_for(*personal_data.ANSWERERS)
def give(request):
    """The sheet for the person: everything that is held on them in the chosen matters."""
    who = WhoForm(request.POST or None)
    if request.method != "POST" or not who.is_valid():
        return render(request, "casework/personal_data.html", {"form": WhoForm()})
    found = personal_data.search(actor=request.user, **who.cleaned_data)
    form = GiveForm(request.POST, found=found)
    if form.is_valid():
        try:
            given = personal_data.give(
                actor=request.user, party_ids=form.cleaned_data["party"], identified=form.cleaned_data["identified"]
            )
            name = who.cleaned_data["name"]
            return render(request, "casework/personal_data_sheet.html", {"given": given, "name": name})
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
    return render(request, "casework/personal_data.html", {
        "form": who, "found": found, "give": form, "asked": who.cleaned_data,
    }, status=422)
