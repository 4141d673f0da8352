"""Logging in and out, one's own account and where one is logged in (登录与个人设置)."""
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
from django.views.decorators.http import require_POST

from governance.sessions import hash_of

from ..forms import ProfileForm
from ..forms.account import PasswordForm
from ..models import LoginSession, Post
from ..registry import Refused
from ..services import alerts, logins, passwords, people, second_factor, sessions
from ..services.logins import Outcome
from .gate import SECOND_FACTOR
from .locking import client_of, mark_browser

# Where somebody wanted to go before the second factor was asked for.
NEXT = "login_next"


class Login(LoginView):
    """The login page; whoever comes with a one-time code has to choose a password first."""

    template_name = "organisation/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form):
        """A code that has lapsed or was used does not open the door; who comes in stands in the login log."""
        user = form.get_user()
        if user.must_change_password and not self._code_opens(user):
            logins.record(Outcome.FAILED, client_of(self.request), person=user)
            form.add_error(None, _("This one-time code has lapsed or was used already. Ask for a new one."))
            return self.form_invalid(form)
        answer = super().form_valid(form)
        if self.request.session.get(SECOND_FACTOR) == second_factor.DUE:
            logins.record(Outcome.PASSWORD, client_of(self.request), person=user)
            self.request.session[NEXT] = answer.url
            return redirect("organisation:second-factor")
        enter(self.request, answer, user)
        return answer

    @staticmethod
    def _code_opens(user) -> bool:
        expires = user.one_time_code_expires_at
        return not (expires is not None and expires < timezone.now()) and passwords.use_up_code(user)


def enter(request, answer, user) -> None:
    """Somebody is wholly logged in: write it down, know the browser from now on, tell of one that is new."""
    is_new = mark_browser(request, answer, user)
    record = logins.record(Outcome.LOGIN, client_of(request), person=user)
    if is_new:
        alerts.alert_login(user, record)


def take_session_along(request, user) -> None:
    """Every session of a person has ended but this one goes on, under a new key."""
    update_session_auth_hash(request, user)


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
    """One's own account: posts, phone, e-mail, language, second factor, where one is logged in."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            people.update_own_profile(user=request.user, **form.edited())
        except Refused as refusal:
            form.add_error("phone", str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation:me")
    posts = Post.objects.held_by(request.user, timezone.localdate()).select_related("unit", "user")
    places = list(LoginSession.objects.of(request.user).living(timezone.now()))
    for place in places:
        place.name = logins.device_name(place.device) or _("unknown device")
        place.is_this = place.pk == hash_of(request.session.session_key)
    return render(request, "organisation/me.html", {
        "form": form, "posts": posts, "places": places, "has_factor": second_factor.has_second_factor(request.user),
        "codes_left": second_factor.codes_left(request.user), "is_demanded": second_factor.is_demanded_of(request.user),
    })


@login_required
@never_cache
def password(request):
    """Choose a new password; the old one is asked for unless a one-time code was used up."""
    form = PasswordForm(request.POST or None, asks_old=not request.user.must_change_password)
    if request.method == "POST" and form.is_valid():
        user, typed = request.user, form.cleaned_data
        try:
            if "old_password" in typed:
                passwords.check_old_password(user=user, password=typed["old_password"], client=client_of(request))
            user = passwords.change_password(user=user, password=typed["new_password1"])
        except ValidationError as error:
            form.add_error("new_password1", error)
        except Refused as refusal:
            form.add_error(refusal.missing[0] if refusal.missing else None, str(refusal.message))
        else:
            take_session_along(request, user)
            messages.success(request, _("The password is changed. You are logged out everywhere else."))
            return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "organisation/password.html", {"form": form})


@login_required
@require_POST
def session_end(request):
    """End one of one's own sessions, or all but this one."""
    key = request.POST.get("session", "")
    if key:
        sessions.end_own_session(user=request.user, key=key[:64])
    else:
        sessions.end_other_sessions(user=request.user, but=hash_of(request.session.session_key))
    messages.success(request, _("Logged out there."))
    return redirect("organisation:me")
