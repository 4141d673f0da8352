"""Who asks over the interface: a client by its token, or a person by their session (接口身份)."""
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from ..registry import Refused
from ..services.clients import check_token


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer TOKEN`; `request.auth` is the token, `request.user` the client's account."""

    keyword = "Bearer"

    def authenticate(self, request):
        """The client, or None when no token is shown; a token that does not work ends the request with 401."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword.lower().encode():
            return None
        if len(parts) != 2:
            raise AuthenticationFailed(code="token-unknown")
        try:
            token = check_token(parts[1].decode("latin-1"))
        except Refused as refusal:
            raise AuthenticationFailed(str(refusal.message), code=refusal.code) from refusal
        return token.client.user, token

    def authenticate_header(self, request):
        """What a 401 asks for."""
        return f'{self.keyword} realm="api"'


def origin_of(request) -> str:
    """How the history names the way in: `api`, with the beginning of the token when a client came."""
    return f"api:{request.auth.prefix}" if request.auth else "api"
