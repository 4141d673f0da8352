"""How the interface describes itself (OpenAPI 3.1): errors that every operation can answer, tokens."""
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from ..serializers import InvalidOutput, RefusalOutput


def refusal(description, *codes) -> OpenApiResponse:
    """An answer `{code, message, missing}` with an example for each code."""
    examples = [
        OpenApiExample(code, value={"code": code, "message": "…", "missing": []}, response_only=True)
        for code in codes
    ]
    return OpenApiResponse(RefusalOutput, description=description, examples=examples)


_INVALID = OpenApiExample(
    "invalid", response_only=True,
    value={"code": "invalid", "message": "…", "missing": ["limit"], "errors": {"limit": ["…"]}},
)
READ_ERRORS = {
    401: refusal(_("No token or session, or the token does not work."), "login-required", "token-unknown",
                 "token-expired", "token-revoked", "token-not-released", "client-closed"),
    403: refusal(_("The token lacks the scope, or the posts do not give the right."), "scope-missing",
                 "not-your-right"),
    404: refusal(_("Not there, or not to be seen by the caller."), "not-found"),
    422: OpenApiResponse(InvalidOutput, description=_("What was sent does not hold; `errors` names each field."),
                         examples=[_INVALID]),
    429: refusal(_("Too many calls; `Retry-After` says after how many seconds."), "throttled"),
}
WRITE_ERRORS = {
    **READ_ERRORS,
    400: refusal(_("The body cannot be read, or the idempotency key is missing."), "not-readable",
                 "idempotency-key-missing"),
    409: refusal(
        _("Refused by a rule of the work; nothing was written. `stale`: somebody changed it meanwhile."), "stale",
        "step-not-possible", "idempotency-key-reused",
    ),
    415: refusal(_("Only JSON and multipart forms are read."), "media-type-unknown"),
}


class TokenScheme(OpenApiAuthenticationExtension):
    """Tokens of clients, in the description."""

    target_class = "governance.organisation.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        """A bearer token."""
        return {
            "type": "http", "scheme": "bearer",
            "description": str(_("Token of a client: issued by the system administrator, released by the security "
                                 "administrator.")),
        }
