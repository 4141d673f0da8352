"""What waits for a second hand (待复核), and pending appointments confirmed many at once (待确认任职)."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..models import ApiToken, CodeRequest, PostEnding, User
from ..registry import all_waiting
from ..services import ending, proposing, resetting
from ..visibility import Area
from .serving import needs

HANDS = ("issue_code_user", "release_code_user")
PAGE = 100


@needs(*HANDS)
@require_safe
def waiting(request):
    """Codes, ends of auditors' posts, tokens and what the floors above hand up; each with what this reader may do."""
    area, now = Area.of(request.user), timezone.now()
    found = User.objects.filter(pk__in=area.people().values("pk"))
    codes = CodeRequest.objects.waiting(now).filter(user__in=found)
    codes = list(codes.select_related("user__home_unit", "asked_by").order_by("asked_at")[:PAGE])
    for row in codes:
        row.may_release = resetting.may_release(request.user, row)
    endings = PostEnding.objects.waiting(now).filter(area.within("post__unit"))
    tokens = ApiToken.objects.filter(client__user__in=found, released_at=None, revoked_at=None, expires_at__gt=now)
    others = [{"label": source.label, "rows": source.rows(request.user)} for source in all_waiting()]
    return render(request, "organisation/waiting.html", {
        "codes": codes, "endings": endings.select_related("post__user", "post__unit", "asked_by").order_by("asked_at"),
        "tokens": tokens.select_related("client__user", "created_by").order_by("created_at")[:PAGE],
        "others": [one for one in others if one["rows"]],
    })


@needs("release_code_user")
@require_POST
def code_release(request, pk):
    """Release a code: its second half is shown once."""
    row = _code(request, pk)
    half = resetting.release_code(request=row, actor=request.user)
    return render(request, "organisation/codes.html", {
        "codes": [(row.user.name, row.user.username, "", half)], "half": "second",
    })


@needs(*HANDS, "issue_code_own_staff")
@require_POST
def code_drop(request, pk):
    """Take a request back, or turn it down."""
    resetting.drop_request(request=_code(request, pk), actor=request.user)
    messages.success(request, _("The request is taken back; the old password stays."))
    return redirect("organisation:user", _code(request, pk).user_id) if _is_head(request) else redirect(
        "organisation:waiting"
    )


@needs("agree_to_ending_post")
@require_POST
def ending_agree(request, pk):
    """Agree to the end of an auditor's post."""
    ending.agree_to_end(ending=_ending(request, pk), actor=request.user)
    messages.success(request, _("The post ends."))
    return redirect("organisation:waiting")


@needs("agree_to_ending_post", "change_post")
@require_POST
def ending_drop(request, pk):
    """Turn it down, or take it back."""
    ending.drop_ending(ending=_ending(request, pk), actor=request.user)
    messages.success(request, _("The request is taken back; the post goes on."))
    return redirect("organisation:waiting")


@needs("change_post")
@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request):
    """Pending appointments; those that are ticked are confirmed, each with a verdict of its own."""
    if request.method == "POST":
        ids = [pk for pk in request.POST.getlist("proposal") if pk.isascii() and pk.isdecimal() and len(pk) < 19]
        verdicts = proposing.confirm_many(ids=ids, actor=request.user)
        return render(request, "organisation/proposals_done.html", {
            "verdicts": verdicts, "done": sum(not one.reason for one in verdicts),
            "halves": [(one.proposal.user.name, one.proposal.user.username, one.proposal.unit.short_name, one.half)
                       for one in verdicts if one.half],
        })
    page = Paginator(proposing.waiting_for(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "organisation/proposals.html", {"page": page})


@needs("change_post")
@require_POST
def proposal_decline(request, pk):
    """Turn a pending appointment down."""
    row = get_object_or_404(proposing.waiting_for(request.user), pk=pk)
    proposing.decline_proposal(proposal=row, actor=request.user)
    messages.success(request, _("The appointment is turned down; the account stays without a post."))
    return redirect("organisation:proposals")


def _is_head(request) -> bool:
    return not any(request.user.has_perm(f"organisation.{name}") for name in HANDS)


def _code(request, pk) -> CodeRequest:
    rows = CodeRequest.objects.filter(user__in=Area.of(request.user).people().values("pk"))
    return get_object_or_404(rows.select_related("user"), pk=pk)


def _ending(request, pk) -> PostEnding:
    return get_object_or_404(PostEnding.objects.filter(Area.of(request.user).within("post__unit")), pk=pk)
