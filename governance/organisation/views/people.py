"""People and their posts, stand-ins, codes and lockouts (用户、任职、代理)."""
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import forms
from ..models import Post, PostProposal, StandIn, User
from ..services import appointing, people
from ..services.importing import import_users
from ..services.importing.tables import read_rows
from ..visibility import may_issue_code
from .serving import needs, serve

PAGE = 50
RIGHTS = ("change_user", "change_post", "issue_code_own_staff")


@needs(*RIGHTS)
def users(request):
    """The list of people, with search."""
    text = request.GET.get("q", "").strip()
    rows = User.objects.by_name().select_related("home_unit")
    page = Paginator(rows.matching(text) if text else rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "organisation/users.html", {"page": page, "q": text})


@needs(*RIGHTS)
def user(request, pk):
    """One person: posts, stand-ins, what may be done."""
    person = get_object_or_404(User.objects.select_related("home_unit"), pk=pk)
    posts = person.posts.select_related("unit").prefetch_related("stand_ins__user").order_by("-from_on")
    return render(request, "organisation/user.html", {
        "person": person, "posts": posts, "today": timezone.localdate(),
        "proposals": person.proposals.select_related("unit"), "may_issue": may_issue_code(request.user, person),
    })


@needs("add_user")
def user_new(request):
    """Make an account."""
    return serve(
        request, lambda data, files: forms.UserForm(data), lambda v: people.create_user(actor=request.user, **v),
        title=_("New person"), done=_("The account is made. Give out a one-time code next."), to="organisation:users",
    )


@needs("change_user")
def user_edit(request, pk):
    """Change name, phone, home unit."""
    person = get_object_or_404(User, pk=pk)
    return serve(
        request, lambda data, files: forms.UserForm(data, person=person),
        lambda v: people.update_user(user=person, actor=request.user, **v),
        title=person.name, done=_("Saved."), to=("organisation:user", pk),
    )


@needs("change_user")
def user_close(request, pk):
    """Close an account; who still holds a post keeps it."""
    person = get_object_or_404(User, pk=pk)
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
    person = get_object_or_404(User, pk=pk)
    return serve(
        request, lambda data, files: forms.ConfirmForm(data),
        lambda v: people.reactivate_user(user=person, actor=request.user),
        button=_("Open the account again"), title=_("Open the account of %(name)s again") % {"name": person.name},
        done=_("The account is open again. Give out a one-time code next."),
        hint=_("The old password no longer opens it. Posts are given anew by the security administrator."),
        to=("organisation:user", pk),
    )


@needs("issue_code_user", "issue_code_own_staff")
@require_POST
def code(request, pk):
    """Give out a one-time code: shown once."""
    person = get_object_or_404(User, pk=pk)
    issued = people.issue_one_time_code(user=person, actor=request.user)
    return render(request, "organisation/codes.html", {"codes": [(person.name, person.username, "", issued)]})


@needs("unlock_user")
@require_POST
def unlock(request, pk):
    """Lift a lockout and end the sessions."""
    person = get_object_or_404(User, pk=pk)
    people.lift_lockout(username=person.username, actor=request.user)
    people.end_sessions(user=person, actor=request.user)
    return redirect("organisation:user", pk)


@needs("change_post")
def appoint(request, pk):
    """Give a post; a proposal from an import fills the form."""
    person = get_object_or_404(User, pk=pk)
    proposal = PostProposal.objects.filter(user=person, pk=request.GET.get("proposal") or 0).first()
    initial = proposal and {
        "unit": proposal.unit_id, "role": proposal.role, "title": proposal.title, "from_on": proposal.from_on
    }
    return serve(
        request, lambda data, files: forms.PostForm(data, initial=initial or {}),
        lambda v: appointing.appoint(user=person, actor=request.user, **v),
        title=_("Appoint %(name)s") % {"name": person.name}, done=_("The post is given."), to=("organisation:user", pk),
    )


@needs("change_post")
def post_end(request, pk):
    """End a post."""
    post = get_object_or_404(Post.objects.select_related("user", "unit"), pk=pk)
    return serve(
        request, lambda data, files: forms.EndForm(data),
        lambda v: appointing.end_post(post=post, actor=request.user, **v),
        title=_("End the post of %(name)s") % {"name": post.user.name}, done=_("The post ends."),
        to=("organisation:user", post.user_id),
    )


@needs("change_post")
def post_hand_over(request, pk):
    """Hand a post over to a successor, with its duties and the open work."""
    post = get_object_or_404(Post.objects.select_related("user", "unit"), pk=pk)
    return serve(
        request, lambda data, files: forms.HandOverForm(data, holder=post.user),
        lambda v: appointing.transfer_post(post=post, actor=request.user, **v),
        button=_("Hand over"),
        title=_("Hand over the post of %(name)s") % {"name": post.user.name}, done=_("The post is handed over."),
        hint=_("The duties of the post go over to the successor, and the open matters that the person handles."),
        to=("organisation:user", post.user_id),
    )


@needs("change_standin")
def stand_in(request, pk):
    """Have somebody stand in for a post."""
    post = get_object_or_404(Post.objects.select_related("user", "unit"), pk=pk)
    return serve(
        request, lambda data, files: forms.StandInForm(data),
        lambda v: appointing.set_stand_in(post=post, actor=request.user, **v),
        title=_("Stand-in for %(name)s") % {"name": post.user.name}, done=_("The stand-in is set."),
        to=("organisation:user", post.user_id),
    )


@needs("change_standin")
@require_POST
def stand_in_end(request, pk):
    """End a stand-in today."""
    row = get_object_or_404(StandIn.objects.select_related("post"), pk=pk)
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
