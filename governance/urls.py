"""All addresses, included by string so that wiring imports no app."""

from importlib.util import find_spec

from django.urls import include, path

_PLACES = (
    ("", "governance.organisation.views.health"),
    ("", "governance.organisation.urls"),
    ("", "governance.casework.urls"),
    ("reports/", "governance.reporting.urls"),
    ("ledgers/", "governance.ledgers.urls"),
    ("disputes/", "disputes.urls"),
)

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    *(path(prefix, include(module)) for prefix, module in _PLACES if find_spec(module)),
]
