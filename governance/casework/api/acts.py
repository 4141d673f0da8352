"""One address for each act that every kind has, described with its own fields (通用操作接口)."""
from django.http import Http404
from django.urls import path
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.organisation.api.authentication import origin_of
from governance.organisation.api.errors import Invalid
from governance.organisation.api.schema import WRITE_ERRORS

from .. import registry
from ..forms import CorrectForm, form_class
from ..forms.act_table import ACTS, Sent, require_offered, subject_of
from ..models import Matter
from ..serializers import ActDone, ContactOutput
from ..visibility import Sight, roles_of
from .entering import CONFLICT, IF_MATCH, STATE_EXAMPLE, Repeatable, checked, key_parameter, visible_matter
from .inputs import VERSION, example_of, form_data, input_serializer

TAG = "acts"
SCOPES = ("matters:read", "matters:write")
REVEAL = "reveal"
_DONE = {
    200: OpenApiResponse(
        ActDone, description=_("Done; where the matter stands now, and the ids of what was made."),
        examples=[OpenApiExample("done", response_only=True, value={**STATE_EXAMPLE.value, "made": [815]})],
    ),
    204: OpenApiResponse(description=_("Done, and with it the caller sees the matter no longer.")),
}
_CONTACT = OpenApiExample(
    "contact", response_only=True, value={"phone": "13800000000", "address": "三组12号"}
)
_REASON = serializers.CharField(max_length=20_000, help_text=_("The reason."))
# What forms add to themselves when they are made for a matter.
_ADDED = {
    "correct-party": {"reason": _REASON},
    "extend": {"consents": serializers.ListField(
        child=serializers.CharField(max_length=40), required=False,
        help_text=_("Codes of the consents on record that the rule of the clock asks for."),
    )},
}
_EXAMPLES = {
    "assign": {"handler": 12}, "urge": {"text": "请尽快联系双方"}, "grade": {"grade": "red", "reason": "扬言动武"},
    "correct": {"address": "三组12号", "reason": "门牌号登记有误"}, "add-party": {"kind": "witness", "name": "王春生"},
    "correct-party": {"phone": "13800000000", "reason": "号码登记有误"}, "decide-extension": {"approve": "yes"},
    "staff-match": {"same": "no"}, "link": {"other": "990101101-JF-2026-00042", "relation": "related"},
    "merge": {"other": "990101101-JF-2026-00042", "reason": "同一纠纷重复登记"}, "attach": {"photos": ["证明.pdf"]},
    "pause": {"photos": ["鉴定委托书.pdf"]},
}
# Corrections: what is left out stays as it is.
_CORRECTIONS = frozenset({"correct", "correct-party"})
_ABOUT = {
    "note": _("Adds a note to the history, also of a closed matter."),
    "attach": _("Adds files (multipart): pictures, PDF, Word, Excel; checked by their content, pictures without EXIF."),
    "assign": _("Makes somebody handler, or a unit responsible, or both; handing over is the same. They are told."),
    "instruct": _("A written instruction of a leader or of their office to a person, with a day."),
    "task": _("A task in the matter for a person; who does not see the matter yet sees it from then on."),
    "finish": _("Answers an instruction, or reports a task as done; only the person whose it is."),
    "urge": _("Urges the handler, or the head of the unit where there is none."),
    "correct": _("Corrects what was entered wrong, with a reason; what stood there before stays in the history. "
                 "What is left out stays as it is. Closed matters are not corrected."),
    "grade": _("Sets the colour by hand. It is lowered only after a revisit."),
    "add-party": _("Adds a party to an open matter."),
    "correct-party": _("Corrects a party. What is left out stays as it is."),
    "reveal": _("Phone and address of a party in clear. Who looked, when and why stands in the history each time, "
                "so no `Idempotency-Key` is read. The token needs the scope `contacts:reveal`."),
    "staff-match": _("Says whether a party is the member of staff of the same name; if so, that person sees nothing "
                     "of the matter from then on."),
    "withdraw": _("Takes back a permission to read that was given by name."),
    "link": _("Links the matter with another that the caller sees; the same affair counts once."),
    "pause": _("Pauses a clock whose rule allows it; the paper that it rests on is sent along (multipart)."),
    "resume": _("Lets a paused clock run again; its end moves by the length of the pause."),
    "extend": _("Proposes an extension; somebody else decides on it."),
    "decide-extension": _("Approves or refuses a proposed extension. Whoever proposed it may not decide."),
}


def _added(act) -> dict:
    """Fields that a form adds to itself; a date may have typed days beside it, which each kind names."""
    if act.name != "correct-date":
        return _ADDED.get(act.name, {})
    return {
        name: serializers.DateField(required=False, help_text=label)
        for kind in registry.all_kinds() for name, label in kind.day_names.items()
    }


class DoAct(Repeatable, APIView):
    """One act on one matter. `act` and `input_class` are set where its address is made."""

    act = None
    kind_code = ""
    input_class = None
    scope, write_scope = SCOPES

    def post(self, request, pk, subject=None):
        """200 with the new state; 204 when the caller sees the matter no longer."""
        matter = visible_matter(request, pk, self.kind_code)

        def perform():
            require_offered(self.act, matter, registry.get(matter.kind), roles_of(request.user, matter))
            row = subject_of(self.act, matter, subject)
            if self.act.subject is not None and row is None:
                raise Http404
            form = self.build(request, matter, row, checked(self.input_class, request))
            made = self.act.perform(Sent(matter, request.user, form, row, origin_of(request)))
            return self.told(request, matter, made)

        return self.answer_once(request, perform)

    def build(self, request, matter, row, values):
        """The act's own form, filled in; Invalid if it does not hold."""
        about = {"matter": matter, "user": request.user, "subject": row}
        if self.act.name in _CORRECTIONS:
            values = {**_standing(self.act.form(**about)), **values}
        form = self.act.form(form_data(values), request.FILES, **about)
        if not form.is_valid():
            raise Invalid(form.errors)
        return form

    def told(self, request, matter, made):
        """Status and answer."""
        Sight.of(request.user, fresh=True)
        now = Matter.objects.visible_to(request.user).filter(pk=matter.pk).first()
        if now is None:
            return 204, {}
        rows = made if isinstance(made, list) else [made]
        ids = [row.pk for row in rows] if self.act.makes else []
        return 200, ActDone(now, context={"made": ids}).data


class RevealContact(DoAct):
    """Contact data in clear: never kept for a repetition."""

    write_scope = "contacts:reveal"

    def answer_once(self, request, perform):
        """Each look is an entry of its own."""
        _status, answer = perform()
        return Response(answer)

    def told(self, request, matter, made):
        """Phone and address."""
        return 200, ContactOutput(made).data


def act_paths() -> list:
    """Addresses of all acts: `matters/<id>/acts/<act>/`, with the id of the row for those that are about one.

    Facts are corrected where the kind has its address: each has facts of its own.
    """
    return [
        path(
            f"matters/<int:pk>/acts/{act.name}/" + ("<int:subject>/" if act.subject else ""),
            _view_of(act, RevealContact if act.name == REVEAL else DoAct, act.form).as_view(),
            name=f"act-{act.name}",
        )
        for act in ACTS.values() if act.name != "correct"
    ]


def correct_path(kind, *, tag: str, scopes: tuple[str, str]):
    """The address `<id>/acts/correct/` of a kind, with the kind's own facts."""
    own = form_class(kind, "correct", CorrectForm)
    view = _view_of(ACTS["correct"], DoAct, own, tag=tag, kind=kind.code, scopes=scopes)
    return path("<int:pk>/acts/correct/", view.as_view(), name="act-correct")


def _view_of(act, base, own_form, *, tag=TAG, kind="", scopes=None) -> type:
    name = "".join(part.capitalize() for part in (kind or "matter", *act.name.split("-")))
    is_versioned = getattr(own_form, "is_versioned", True)
    extra = {**({"version": VERSION} if is_versioned else {}), **_added(act)}
    input_class = input_serializer(
        f"{name}Input", own_form, extra=extra, is_partial=act.name in _CORRECTIONS
    )
    members = {
        "__doc__": f"The act `{act.name}`.", "act": act, "kind_code": kind, "input_class": input_class,
        **({"scope": scopes[0], "write_scope": scopes[1]} if scopes else {}),
    }
    if act.subject is None:
        def post(self, request, pk):
            return base.post(self, request, pk)
    else:
        def post(self, request, pk, subject):
            return base.post(self, request, pk, subject)
    members["post"] = _described(act, tag, kind or "matter", input_class, is_versioned)(post)
    return type(f"{name}Act", (base,), members)


def _described(act, tag, kind, input_class, is_versioned):
    about, done = _ABOUT.get(act.name) or act.hint, _DONE
    if act.subject is not None:
        about = format_lazy("{about} {where}", about=about, where=_SUBJECTS[act.subject._meta.model_name])
    headers = [] if act.name == REVEAL else [key_parameter(required=False)]
    if act.name == REVEAL:
        done = {200: OpenApiResponse(ContactOutput, description=_("In clear."), examples=[_CONTACT])}
    return extend_schema(
        tags=[tag], summary=act.label, description=about, request=input_class,
        operation_id=f"{kind}_{act.name.replace('-', '_')}",
        parameters=[*headers, *([IF_MATCH] if is_versioned else [])], responses={**done, **WRITE_ERRORS, **CONFLICT},
        examples=[OpenApiExample("shortest", request_only=True, value=_example_of(act, input_class))],
    )


def _example_of(act, input_class) -> dict:
    return {**example_of(input_class), **_EXAMPLES.get(act.name, {})}


def _standing(form) -> dict:
    """What stands there now, by field."""
    return {
        name: form.get_initial_for_field(field, name)
        for name, field in form.fields.items() if name not in ("version", "reason")
    }


_SUBJECTS = {
    "attachment": _("`subject`: id of the file (`attachments/`)."),
    "assignment": _("`subject`: id of the task or instruction (`assignments/`)."),
    "event": _("`subject`: id of the entry in the history (`timeline/`)."),
    "party": _("`subject`: id of the party."),
    "retentionhold": _("`subject`: id of what keeps it longer (in the answer of `hold`)."),
    "staffmatch": _("`subject`: id of the question (`staff-questions/`)."),
    "matterusergrant": _("`subject`: id of the permission (`readers/`)."),
    "clock": _("`subject`: id of the clock (`clocks/`)."),
    "extension": _("`subject`: id of the extension (in `clocks/`)."),
}
