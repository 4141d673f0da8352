"""What django-axes asks of the portal: is this name locked from there, and what to say then (登录锁定)."""
import math
import secrets

from axes.handlers.base import AxesHandler
from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.addresses import address_of

from ..services import lockouts, logins
from ..services.logins import Client, Outcome

MARK_COOKIE = "portal_device"
MARK_DAYS = 400
DEVICE_LETTERS = 200


def client_of(request) -> Client:
    """Where a request comes from."""
    return Client(
        address=address_of(request), device=device_of(request), mark=request.COOKIES.get(MARK_COOKIE, "")[:64],
    )


def device_of(request) -> str:
    """What the browser calls itself, in a length that can be stored."""
    return request.META.get("HTTP_USER_AGENT", "")[:DEVICE_LETTERS].replace("\0", "")


def mark_browser(request, response, person) -> bool:
    """Leave a mark in a browser in which somebody has logged in; whether it is a new one of theirs.

    The mark opens nothing: it only tells this browser's tries from a stranger's.
    """
    mark = client_of(request).mark or secrets.token_urlsafe(24)
    response.set_cookie(
        MARK_COOKIE, mark, max_age=MARK_DAYS * 86400, httponly=True, samesite="Lax", secure=settings.TLS,
    )
    request.COOKIES[MARK_COOKIE] = mark
    return logins.know_device(person, mark)


class Handler(AxesHandler):
    """Counts by the login log instead of axes' own tables (setting AXES_HANDLER)."""

    def is_locked(self, request, credentials=None):
        """Asked before a password is compared."""
        request.locked_until = lockouts.locked_until(_name(credentials), client_of(request))
        return request.locked_until is not None

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        """Write the try down; the one that fills the measure is answered like those after it."""
        if request is None:
            return
        name, client = _name(credentials), client_of(request)
        if getattr(request, "locked_until", None) is not None:
            logins.record(Outcome.LOCKED, client, name=name)
            return
        logins.record(Outcome.FAILED, client, name=name)
        request.axes_locked_out = self.is_locked(request, credentials)

    def reset_attempts(self, *, ip_address=None, username=None, ip_or_username=False):
        """Forget what was wrong until now: a new code opens an account at once."""
        if username:
            logins.record(Outcome.LIFTED, Client(), name=username)
        return 0


def locked(request, response=None, credentials=None):
    """The page of a lockout: until when, and who can lift it (setting AXES_LOCKOUT_CALLABLE)."""
    until = getattr(request, "locked_until", None) or timezone.now()
    seconds = max(math.ceil((until - timezone.now()).total_seconds()), 1)
    if "application/json" in request.headers.get("Accept", ""):
        message = _("Too many wrong tries. Wait, or ask the security administrator to lift the lockout.")
        answer = JsonResponse({"code": "locked", "message": message, "missing": []}, status=429)
    else:
        answer = render(request, "organisation/locked.html", {"until": until}, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def _name(credentials) -> str:
    return str((credentials or {}).get("username") or "")
