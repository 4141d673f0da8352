"""Opening a matter and taking steps over the interface: the forms, acts and refusals of the screens (办理接口)."""
import re

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework.exceptions import ParseError
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.organisation.api.authentication import origin_of
from governance.organisation.api.doors import Door
from governance.organisation.api.errors import Invalid
from governance.organisation.api.schema import refusal

from .. import forms, registry
from ..models import Matter
from ..serializers import MatterState, StepOutput
from ..services import moving, opening, repeating
from ..visibility import roles_of
from ..workflow import Refused
from .inputs import form_data, party_rows

LONGEST_KEY = 100
_VERSION = re.compile(r'(?:W/)?"?(\d{1,9})"?')
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=False,
    description=_("The version that the caller read (`ETag`), in place of `version` in the body."),
)
STATE_EXAMPLE = OpenApiExample(
    "done", response_only=True,
    value={"id": 4711, "number": "990101101-JF-2026-00042", "kind": "dispute", "status": "accepted", "is_open": True,
           "outcome": "", "version": 3, "next_due_at": "2026-12-23T16:00:00Z",
           "url": "http://portal.example/matters/4711/"},
)
STATE = OpenApiResponse(MatterState, description=_("Done; where the matter stands now."), examples=[STATE_EXAMPLE])
CONFLICT = {409: refusal(
    _("Refused by a rule of the work; nothing was written. `stale`: somebody changed it meanwhile. The codes of the "
      "guards are named in docs/api.md."),
    "stale", "step-not-possible", "similar-open", "evidence-missing", "idempotency-key-reused",
)}


def key_parameter(*, required: bool) -> OpenApiParameter:
    """The header of a call that may be repeated."""
    return OpenApiParameter(
        "Idempotency-Key", str, OpenApiParameter.HEADER, required=required,
        description=_("8 to 100 visible characters of your own, new for each entry. Sent again with the same body, it "
                      "gets the same answer and nothing is done twice; with another body it is refused."),
    )


class Repeatable(Door):
    """A call that is done once for each `Idempotency-Key` of the caller."""

    key_required = False

    def answer_once(self, request, perform) -> Response:
        """`perform()` gives (status, answer); the header `Idempotency-Replayed` marks a repetition."""
        key, is_replayed = self.read_key(request), False
        if not key:
            status, answer = perform()
        else:
            status, answer, is_replayed = repeating.once(
                user=request.user, key=key, fingerprint=_fingerprint(request), perform=perform
            )
        headers = {"Idempotency-Replayed": "true"} if is_replayed else {}
        headers |= etag(answer["version"]) if "version" in answer else {}
        return Response(answer or None, status=status, headers=headers)

    def read_key(self, request) -> str:
        """The key; 400 `idempotency-key-missing` where one is needed, and for one that is no key."""
        key = request.headers.get("Idempotency-Key", "")
        if not key and not self.key_required:
            return ""
        if not 8 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
            raise ParseError(
                gettext("Send a header Idempotency-Key with 8 to 100 visible characters."),
                code="idempotency-key-missing",
            )
        return key


class OpenMatter(Repeatable, APIView):
    """Register a matter of one kind. A case app names kind and input serializer."""

    kind_code = ""
    input_class = None
    key_required = True

    def post(self, request):
        """201 with number and state."""
        kind = registry.get(self.kind_code)
        if not forms.may_open(request.user, kind):
            raise Refused("not-your-right", gettext("Your posts do not let you register anything."))
        values = checked(self.input_class, request)
        client_uuid = repeating.entry_uuid(request.user, self.read_key(request))

        def perform():
            form = self.build(request, kind, values, client_uuid)
            if not form.cleaned_data.get("not_duplicate"):
                opening.refuse_similar(
                    kind=kind, actor=request.user, values=form.values(), client_uuid=client_uuid
                )
            matter = opening.open_matter(
                kind=kind.code, actor=request.user, values=form.values(), parties=form.party_values(),
                facts=form.facts(), files=form.file_pairs(), client_uuid=client_uuid, origin=origin_of(request),
            )
            return 201, MatterState(matter).data

        return self.answer_once(request, perform)

    def build(self, request, kind, values, client_uuid):
        """The kind's own form, filled in; Invalid if it does not hold."""
        token = opening.issue_client_uuid(request.user, client_uuid)
        sent = {**values, "client_uuid": token, **party_rows(values.get("parties", ()))}
        sent.pop("parties", None)
        form_class = forms.form_class(kind, "open", forms.OpenForm)
        form = form_class(form_data(sent), _files_of(request), user=request.user, kind=kind)
        if not form.is_valid():
            rows = {"parties": [row.errors for row in form.parties.forms]} if form.parties.total_error_count() else {}
            raise Invalid({**form.errors, **rows})
        return form


class TakeStep(Repeatable, APIView):
    """Take one step of a kind's workflow. `step_name` is set for each step where its address is made."""

    kind_code = ""
    step_name = ""
    input_class = None
    to_form = staticmethod(lambda values: values)

    def post(self, request, pk):
        """200 with the new state."""
        matter = visible_matter(request, pk, self.kind_code)
        kind = registry.get(self.kind_code)
        step = kind.workflow.step(self.step_name)
        if not roles_of(request.user, matter) & set(step.roles):
            raise Refused("not-your-right", gettext("Your posts do not give you the right to do this here."))
        values = self.to_form(checked(self.input_class, request))

        def perform():
            form_class = forms.form_class(kind, step.name, forms.StepForm)
            form = form_class(form_data(values), _files_of(request), matter=matter, user=request.user, step=step)
            if not form.is_valid():
                raise Invalid(form.errors)
            moved = moving.move(
                matter_id=matter.pk, step=step.name, actor=request.user, version=form.version_value(),
                facts=form.facts(), reason=form.reason_text(), acted_at=form.acted_at_value(),
                files=form.file_pairs(), origin=origin_of(request),
            )
            return 200, MatterState(moved).data

        return self.answer_once(request, perform)


def steps_of(request, matter) -> list:
    """The steps that the caller may take now, each with what stands against it."""
    steps = moving.steps_for(matter, request.user, roles=roles_of(request.user, matter))
    rows = [{"step": step, "refusal": moving.blocked(matter, request.user, step)} for step in steps]
    return StepOutput(rows, many=True).data


def visible_matter(request, pk, kind="") -> Matter:
    """The matter, if the caller sees it and it is of this kind; 404 else."""
    rows = Matter.objects.visible_to(request.user).for_detail()
    return get_object_or_404(rows.filter(kind=kind) if kind else rows, pk=pk)


def etag(version: int) -> dict:
    """The header that names a version."""
    return {"ETag": f'"{version}"'}


def checked(input_class, request) -> dict:
    """What was sent, by name; the version from `If-Match` where the body has none. Invalid if it does not hold."""
    serializer = input_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    values = {name: value for name, value in serializer.validated_data.items() if name not in request.FILES}
    if "version" in serializer.fields and "If-Match" in request.headers:
        found = _VERSION.fullmatch(request.headers["If-Match"].strip())
        if found is None or values.setdefault("version", int(found[1])) != int(found[1]):
            raise Invalid({"version": [gettext("If-Match names no version, or another one than the body.")]})
    return values


def _files_of(request):
    return request.FILES


def _fingerprint(request) -> str:
    """SHA-256 of address, values and files: what makes two calls the same."""
    data = request.data
    values = {name: data.getlist(name) for name in data} if isinstance(data, QueryDict) else data
    for name in request.FILES:
        values.pop(name, None)
    seen = {"if_match": request.headers["If-Match"]} if "If-Match" in request.headers else {}
    return repeating.fingerprint(path=request.path, values=values, files=request.FILES.lists(), **seen)
