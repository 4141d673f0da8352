"""The description of the interface, and the page that shows it (接口文档)."""
from csp.decorators import csp_update
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated


class Description(SpectacularAPIView):
    """OpenAPI 3.1, as YAML or JSON by the Accept header; `?lang=en` or `?lang=zh-hans` names the language."""

    permission_classes = [IsAuthenticated]
    throttle_classes = []


# The page draws itself with style attributes in its own markup; scripts still come from files only.
@csp_update({"style-src-attr": ["'unsafe-inline'"]})
@never_cache
@login_required
@ensure_csrf_cookie
def documentation(request):
    """The description as a page, from this server's own files; calls are tried as the person logged in."""
    return render(request, "organisation/api_docs.html", {"language": get_language()})
