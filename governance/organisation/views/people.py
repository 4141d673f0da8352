"""People and their posts, stand-ins, codes and lockouts (用户、任职、代理)."""
from urllib.parse import quote

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import forms
from ..filters import read_id
from ..models import Post, PostProposal, Role, StandIn
from ..services import appointing, ending, people, resetting
from ..services.importing import import_users, users_list_template
from ..services.importing.tables import read_rows
from ..services.second_factor import has_second_factor
from ..visibility import Area, hand_of, is_oneself
from .serving import needs, serve

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ASKERS = ("issue_code_user", "issue_code_own_staff", "release_code_user")
RIGHTS = ("change_user", "change_post", "issue_code_own_staff")


@needs(*RIGHTS)
@require_safe
def users(request):
    """The list of people, with search."""
    text = request.GET.get("q", "").strip()
    rows = Area.of(request.user).people().by_name().select_related("home_unit")
    page = Paginator(rows.matching(text) if text else rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "organisation/users.html", {"page": page, "q": text})


@needs(*RIGHTS)
@require_safe
def user(request, pk):
    """One person: posts, stand-ins, what may be done."""
    person = _found(request, pk)
    within = Area.of(request.user).within("unit")
    posts = person.posts.filter(within).select_related("unit").prefetch_related("stand_ins__user").order_by("-from_on")
    waiting = person.code_requests.waiting(timezone.now()).select_related("asked_by")
    return render(request, "organisation/user.html", {
        "person": person, "posts": posts, "today": timezone.localdate(),
        "proposals": person.proposals.filter(within).select_related("unit"), "request_waiting": waiting.first(),
        "may_ask": bool(hand_of(request.user, person)), "has_factor": has_second_factor(person),
        "is_own": is_oneself(request.user, person),
    })


@needs("add_user")
def user_new(request):
    """Make an account."""
    return serve(
        request, lambda data, files: forms.UserForm(data, actor=request.user),
        lambda v: people.create_user(actor=request.user, **v),
        title=_("New person"), done=_("The account is made. Give out a one-time code next."), to="organisation:users",
    )


@needs("change_user")
def user_edit(request, pk):
    """Change name, phone, home unit."""
    person = _found(request, pk)
    return serve(
        request, lambda data, files: forms.UserForm(data, actor=request.user, person=person),
        lambda v: people.update_user(user=person, actor=request.user, **v),
        title=person.name, done=_("Saved."), to=("organisation:user", pk),
    )


@needs("change_user")
def user_close(request, pk):
    """Close an account; who still holds a post keeps it."""
    person = _found(request, pk)
    return serve(
        request, lambda data, files: forms.ConfirmForm(data),
        lambda v: people.deactivate_user(user=person, actor=request.user),
        button=_("Close the account"),
        title=_("Close the account of %(name)s") % {"name": person.name}, done=_("The account is closed."),
        hint=_("The person is logged out and can no longer log in. What they did stays on record under their name."),
        to=("organisation:user", pk),
    )


@needs("change_user")
def user_open(request, pk):
    """Open a closed account again."""
    person = _found(request, pk)
    return serve(
        request, lambda data, files: forms.ConfirmForm(data),
        lambda v: people.reactivate_user(user=person, actor=request.user),
        button=_("Open the account again"), title=_("Open the account of %(name)s again") % {"name": person.name},
        done=_("The account is open again. Give out a one-time code next."),
        hint=_("The old password no longer opens it. Posts are given anew by the security administrator."),
        to=("organisation:user", pk),
    )


@needs(*ASKERS)
@require_POST
def code(request, pk):
    """Ask for a one-time code: its first half is shown once, the second hand gives out the other."""
    person = _found(request, pk)
    takes_factor = request.POST.get("takes_factor") == "1"
    first = resetting.ask_for_code(user=person, actor=request.user, takes_factor=takes_factor)
    return render(request, "organisation/codes.html", {
        "codes": [(person.name, person.username, "", first)], "half": "first",
    })


@needs("unlock_user")
@require_POST
def unlock(request, pk):
    """Lift a lockout and end the sessions."""
    person = _found(request, pk)
    people.lift_lockout(username=person.username, actor=request.user)
    people.end_sessions(user=person, actor=request.user)
    return redirect("organisation:user", pk)


@needs("change_post")
def appoint(request, pk):
    """Give a post; a proposal from an import fills the form."""
    person = _found(request, pk)
    proposal = PostProposal.objects.filter(user=person, pk=read_id(request.GET.get("proposal"))).first()
    initial = proposal and {
        "unit": proposal.unit_id, "role": proposal.role, "title": proposal.title, "from_on": proposal.from_on
    }
    found = {}

    def act(values):
        with transaction.atomic():
            appointing.appoint(user=person, actor=request.user, **values)
            found["half"] = resetting.release_first_code(user=person, actor=request.user)

    answer = serve(
        request, lambda data, files: forms.PostForm(data, actor=request.user, initial=initial or {}), act,
        title=_("Appoint %(name)s") % {"name": person.name}, done=_("The post is given."), to=("organisation:user", pk),
    )
    if not found.get("half"):
        return answer
    return render(request, "organisation/codes.html", {
        "codes": [(person.name, person.username, "", found["half"])], "half": "second",
    })


@needs("change_post")
def post_end(request, pk):
    """End a post; an auditor's only when a system administrator agrees."""
    post = _found_post(request, pk)
    needs_two = post.role == Role.AUDITOR
    act, done = appointing.end_post, _("The post ends.")
    if needs_two:
        act, done = ending.ask_to_end, _("The system administrator has to agree; the auditor is told.")
    return serve(
        request, lambda data, files: forms.EndForm(data), lambda v: act(post=post, actor=request.user, **v),
        title=_("End the post of %(name)s") % {"name": post.user.name}, done=done,
        hint=_("An auditor’s post ends only when the system administrator agrees.") if needs_two else "",
        to=("organisation:user", post.user_id),
    )


@needs("change_post")
def post_hand_over(request, pk):
    """Hand a post over to a successor, with its duties and the open work."""
    post = _found_post(request, pk)
    return serve(
        request, lambda data, files: forms.HandOverForm(data, actor=request.user, holder=post.user),
        lambda v: appointing.transfer_post(post=post, actor=request.user, **v),
        button=_("Hand over"),
        title=_("Hand over the post of %(name)s") % {"name": post.user.name}, done=_("The post is handed over."),
        hint=_("The duties of the post go over to the successor, and the open matters that the person handles."),
        to=("organisation:user", post.user_id),
    )


@needs("change_standin")
def stand_in(request, pk):
    """Have somebody stand in for a post."""
    post = _found_post(request, pk)
    return serve(
        request, lambda data, files: forms.StandInForm(data, actor=request.user, holder=post.user),
        lambda v: appointing.set_stand_in(post=post, actor=request.user, **v),
        title=_("Stand-in for %(name)s") % {"name": post.user.name}, done=_("The stand-in is set."),
        to=("organisation:user", post.user_id),
    )


@needs("change_standin")
@require_POST
def stand_in_end(request, pk):
    """End a stand-in today."""
    within = Area.of(request.user).within("post__unit")
    row = get_object_or_404(StandIn.objects.select_related("post").filter(within), pk=pk)
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    appointing.end_stand_in(stand_in=row, on=yesterday, actor=request.user)
    return redirect("organisation:user", row.post.user_id)


@needs("add_user")
def users_import(request):
    """Take people in from a list: trial run first, then a printable list of one-time codes."""
    found = {}

    def take(values):
        rows = read_rows(values["file"].name, values["file"].read())
        found["report"] = import_users(rows=rows, actor=request.user, commit=values["commit"])

    answer = serve(
        request, lambda data, files: forms.FileForm(data, files), take, title=_("Import people"),
        done=_("The file was read."), to="organisation:users",
        hint=_("Headings: 姓名 登录名 手机 单位代码或名称 角色 职务 任职日期"),
    )
    if "report" not in found:
        return answer
    return render(request, "organisation/import_result.html", {"report": found["report"], "title": _("Import people")})


@needs("add_user")
@require_safe
def users_template(request):
    """The users' list to be filled in, with the roles and the units of one's area on a second sheet."""
    answer = HttpResponse(users_list_template(request.user), content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote('用户名单模板.xlsx')}"
    return answer


def _found(request, pk):
    """A person of the administrator's area; 404 for all others."""
    return get_object_or_404(Area.of(request.user).people().select_related("home_unit"), pk=pk)


def _found_post(request, pk):
    """A post in the administrator's area; 404 for all others."""
    rows = Post.objects.filter(Area.of(request.user).within("unit")).select_related("user", "unit")
    return get_object_or_404(rows, pk=pk)
