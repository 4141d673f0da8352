"""Logging in and out, one's own account (登录与个人设置)."""
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ..forms import PasswordForm, ProfileForm
from ..models import Post
from ..registry import Refused
from ..services import logins, people
from ..services.logins import Outcome
from .locking import client_of, mark_browser


class Login(LoginView):
    """The login page; whoever comes with a one-time code has to choose a password first."""

    template_name = "organisation/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form):
        """A code that has lapsed does not open the door; who comes in stands in the login log."""
        user = form.get_user()
        expires = user.one_time_code_expires_at
        if user.must_change_password and expires is not None and expires < timezone.now():
            logins.record(Outcome.FAILED, client_of(self.request), person=user)
            form.add_error(None, _("This one-time code has lapsed. Ask for a new one."))
            return self.form_invalid(form)
        answer = super().form_valid(form)
        enter(self.request, answer, user)
        return answer


def enter(request, answer, user) -> None:
    """Somebody is wholly logged in: write it down and know the browser from now on."""
    mark_browser(request, answer, user)
    logins.record(Outcome.LOGIN, client_of(request), person=user)


class Logout(LogoutView):
    """Log out, by POST only."""

    http_method_names = ["post", "options"]

    def post(self, request, *args, **kwargs):
        """Write it down before the session is gone."""
        if request.user.is_authenticated:
            logins.record(Outcome.LOGOUT, client_of(request), person=request.user)
        return super().post(request, *args, **kwargs)


@login_required
@never_cache
def me(request):
    """One's own account: posts, phone, e-mail, language."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            people.update_own_profile(user=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("phone", str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation:me")
    posts = Post.objects.held_by(request.user, timezone.localdate()).select_related("unit", "user")
    return render(request, "organisation/me.html", {"form": form, "posts": posts})


@login_required
@never_cache
def password(request):
    """Choose a new password."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = people.change_password(user=request.user, password=form.cleaned_data["new_password1"])
        except ValidationError as error:
            form.add_error("new_password1", error)
        except Refused as refusal:
            form.add_error("new_password1", str(refusal.message))
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("The password is changed."))
            return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "organisation/password.html", {"form": form})
