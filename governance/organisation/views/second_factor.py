"""The second factor: asked at the login, set up, renewed, given up (第二因素)."""
from base64 import b32encode
from binascii import unhexlify
from functools import partial

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ..forms.account import CodeForm, SetUpForm
from ..registry import Refused
from ..services import passwords, second_factor
from .account import NEXT, enter, take_session_along
from .gate import SECOND_FACTOR
from .locking import client_of

# The key that a phone is about to learn; it becomes the person's with the first right code.
KEY = "second_factor_key"


@login_required
@never_cache
def ask(request):
    """The code after the password, once for each login."""
    if request.session.get(SECOND_FACTOR) != second_factor.DUE:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form, kind = _tried(request, CodeForm, second_factor.check_code)
    if not kind:
        return _page(request, "second_factor.html", form)
    request.session[SECOND_FACTOR] = ""
    target = request.session.pop(NEXT, "")
    request.session.cycle_key()
    answer = redirect(target or settings.LOGIN_REDIRECT_URL)
    enter(request, answer, request.user)
    if kind == "recovery":
        left = second_factor.codes_left(request.user)
        messages.warning(request, _("A recovery code is used up; %(left)s are left.") % {"left": left})
    return answer


@login_required
@never_cache
def set_up(request):
    """Teach a phone the key: picture and letters, then the first code; also in place of another phone."""
    key = request.session.setdefault(KEY, second_factor.new_key())
    device = second_factor.device_with(request.user, key)

    is_demanded = request.session.get(SECOND_FACTOR) == second_factor.TO_SET_UP

    def act(user, code, client, old_password=None):
        if old_password is not None:
            passwords.check_old_password(user=user, password=old_password, client=client)
        return second_factor.set_up(user=user, key=key, code=code, client=client)

    # Who has just logged in has just typed the password.
    form, codes = _tried(request, partial(SetUpForm, asks_password=not is_demanded), act)
    if codes:
        request.user.refresh_from_db()
        request.session[SECOND_FACTOR] = ""
        del request.session[KEY]
        take_session_along(request, request.user)
        return _codes(request, codes)
    letters = b32encode(unhexlify(key)).decode()
    return _page(
        request, "second_factor_set_up.html", form, letters=" ".join(letters[at:at + 4] for at in range(0, 32, 4)),
        picture=mark_safe(segno.make(device.config_url, error="m").svg_inline(border=4, omitsize=True)),
        uri=device.config_url, is_demanded=is_demanded,
    )


@login_required
@never_cache
def renew_codes(request):
    """New recovery codes in place of the old ones."""
    form, codes = _tried(request, CodeForm, second_factor.renew_codes)
    if codes:
        return _codes(request, codes)
    return _page(request, "second_factor_act.html", form, title=_("New recovery codes"),
                 hint=_("The old recovery codes are worthless afterwards."), button=_("Make new codes"))


@login_required
@never_cache
def remove(request):
    """Do without it again."""
    form, done = _tried(request, CodeForm, _remove)
    if done:
        request.user.refresh_from_db()
        take_session_along(request, request.user)
        messages.success(request, _("Your account has no second factor any longer."))
        return redirect("organisation:me")
    return _page(request, "second_factor_act.html", form, title=_("Turn the second factor off"),
                 hint=_("Whoever knows your password can then log in as you."), button=_("Turn it off"))


def _remove(**given) -> bool:
    second_factor.remove_own(**given)
    return True


def _tried(request, build, act):
    """The form, and what the act gave; None while there is nothing or it was refused."""
    form = build(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form, None
    try:
        return form, act(user=request.user, client=client_of(request), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(refusal.missing[0] if refusal.missing else None, str(refusal.message))
        return form, None


def _page(request, template, form, **more):
    status = 422 if form.is_bound and form.errors else 200
    return render(request, f"organisation/{template}", {"form": form, **more}, status=status)


def _codes(request, codes):
    return render(request, "organisation/recovery_codes.html", {"codes": codes})
