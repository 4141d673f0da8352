"""The one place where what went wrong becomes an answer of the interface: `{code, message, missing}` (接口错误)."""
import logging

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from governance import trouble

from ..registry import Refused, status_of

log = logging.getLogger("portal.api.trouble")
# Codes of the framework that say less than ours.
_CODES = {
    "not_authenticated": "login-required", "authentication_failed": "token-unknown",
    "permission_denied": "not-permitted", "not_found": "not-found", "method_not_allowed": "method-not-allowed",
    "parse_error": "not-readable", "unsupported_media_type": "media-type-unknown",
    "not_acceptable": "not-acceptable", "throttled": "throttled",
}


class Invalid(exceptions.APIException):
    """Input that does not hold: `errors` names each field; status 422."""

    status_code = 422

    def __init__(self, errors):
        super().__init__(_("Please check what was sent."), code="invalid")
        self.errors = errors


def answer(exception, context):
    """Turn an exception into the answer; None leaves it to the server as an error of its own."""
    if isinstance(exception, Refused):
        set_rollback()
        return _response(exception.code, exception.message, exception.missing, status_of(exception))
    found = trouble.of(exception)
    if found is not None:
        log.error("trouble with the database", exc_info=exception)
        set_rollback()
        answer = _response(found.code, found.message, (), 503)
        answer["Retry-After"] = str(found.seconds)
        return answer
    if isinstance(exception, exceptions.ValidationError):
        exception = Invalid(exception.detail)
    elif isinstance(exception, Http404):
        exception = exceptions.NotFound()
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    if not isinstance(exception, exceptions.APIException):
        return None
    set_rollback()
    return _of_framework(exception)


def _of_framework(exception) -> Response:
    if isinstance(exception, Invalid):
        errors = exception.errors if isinstance(exception.errors, dict) else {"non_field_errors": exception.errors}
        answer = _response("invalid", exception.detail, errors, exception.status_code)
        answer.data["errors"] = errors
        return answer
    code = exception.get_codes()
    code = code if isinstance(code, str) else "refused"
    if str(exception.detail).startswith("CSRF"):
        code = "csrf"
    answer = _response(_CODES.get(code, code.replace("_", "-")), exception.detail, (), exception.status_code)
    if getattr(exception, "auth_header", None):
        answer["WWW-Authenticate"] = exception.auth_header
    if getattr(exception, "wait", None):
        answer["Retry-After"] = str(int(exception.wait) + 1)
    return answer


def _response(code, message, missing, status) -> Response:
    body = {"code": code, "message": str(message), "missing": [str(one) for one in missing]}
    return Response(body, status=status)
