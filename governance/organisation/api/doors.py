"""What every door of the interface shares: scopes, throttling, one log line for each call (接口公共部分)."""
import logging
import time

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.throttling import SimpleRateThrottle

from .errors import Invalid

calls = logging.getLogger("portal.api")


# (view class, method) -> names in the query that its description tells.
_KNOWN: dict[tuple, frozenset] = {}


def known_parameters(view) -> frozenset[str]:
    """The parameters in the query that the address of this call describes, and those of its pages."""
    method = view.request.method.lower()
    key = (type(view), method)
    if key not in _KNOWN:
        own = getattr(getattr(type(view), method, None), "kwargs", {}).get("schema")
        schema = (own or type(view.schema))()
        schema.view, schema.method = view, method.upper()
        names = set()
        for one in getattr(schema, "get_override_parameters", list)():
            names.update(_query_name(one) if isinstance(one, OpenApiParameter) else _fields_of(one))
        if getattr(view, "pagination_class", None) is not None:
            names.update(("limit", "cursor"))
        _KNOWN[key] = frozenset(names)
    return _KNOWN[key]


def _query_name(parameter) -> list[str]:
    return [parameter.name] if parameter.location == OpenApiParameter.QUERY else []


def _fields_of(serializer) -> list[str]:
    return list((serializer() if isinstance(serializer, type) else serializer).fields)


class HasScope(IsAuthenticated):
    """A client needs the scope that the door names; a person in a session needs none beside their posts."""

    def has_permission(self, request, view):
        """Whether the caller may come in; a missing scope is named."""
        if not super().has_permission(request, view):
            return False
        needed = view.scope_for(request.method)
        if request.auth is not None and needed not in request.auth.scopes:
            raise PermissionDenied(_("This token lacks the scope %(scope)s.") % {"scope": needed}, code="scope-missing")
        return True


class CallerThrottle(SimpleRateThrottle):
    """So many calls a minute for each token, and for each person without one (setting PORTAL_API_RATE)."""

    scope = "caller"

    def get_cache_key(self, request, view):
        """One counter for each token or person."""
        if request.auth is not None:
            return f"api-throttle:token:{request.auth.pk}"
        return f"api-throttle:user:{request.user.pk}" if request.user and request.user.pk else None


class Door:
    """Mixed into every view of the interface, before the view's own class.

    `scope` is asked for reading, `write_scope` for everything else.
    """

    scope = ""
    write_scope = ""
    permission_classes = [HasScope]
    throttle_classes = [CallerThrottle]

    def scope_for(self, method: str) -> str:
        """The scope that a token needs for this method."""
        return self.scope if method in ("GET", "HEAD", "OPTIONS") else self.write_scope or self.scope

    def initial(self, request, *args, **kwargs):
        """Refused by name: a parameter that the address does not know, so that nobody believes a list narrowed."""
        super().initial(request, *args, **kwargs)
        unknown = sorted(set(request.query_params) - known_parameters(self))
        if unknown:
            raise Invalid({name[:60]: [str(_("This address knows no such parameter."))] for name in unknown[:20]})

    def initialize_request(self, request, *args, **kwargs):
        """Begin to measure."""
        self.began = time.perf_counter()
        return super().initialize_request(request, *args, **kwargs)

    def finalize_response(self, request, response, *args, **kwargs):
        """One line for each call: route and codes, never what was asked for or answered."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.setdefault("Cache-Control", "no-store")
        match, token = request.resolver_match, getattr(request, "auth", None)
        data = getattr(answer, "data", None)
        calls.info("api", extra={"fields": {
            "method": request.method, "route": match.route if match else "", "status": answer.status_code,
            "code": data.get("code", "") if answer.status_code >= 400 and isinstance(data, dict) else "",
            "client": token.client_id if token else None, "token": token.prefix if token else "",
            "ms": round((time.perf_counter() - self.began) * 1000),
        }})
        return answer
