"""All addresses, included by string so that wiring imports no app; only those of installed apps."""

from importlib.util import find_spec

from django.apps import apps
from django.urls import include, path

_PLACES = (
    ("", "governance.organisation.views.health"),
    ("", "governance.organisation.views.metrics"),
    ("", "governance.organisation.urls"),
    ("", "governance.casework.urls"),
    ("keeping/", "governance.keeping.urls"),
    ("reports/", "governance.reporting.urls"),
    ("ledgers/", "governance.ledgers.urls"),
    ("disputes/", "disputes.urls"),
)

# Each app's room `api` exports its addresses; together they are one interface.
_INTERFACES = (
    "governance.organisation.api.urls",
    "governance.casework.api",
    "governance.reporting.api",
    "governance.leadership.api",
    "disputes.api",
    "petitions.api",
    "safety.api",
)

handler500 = "governance.casework.views.trouble.server_error"


def _is_there(module):
    return apps.get_containing_app_config(module) is not None and find_spec(module) is not None


urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    *(path(prefix, include(module)) for prefix, module in _PLACES if _is_there(module)),
    *(path("api/v1/", include(module)) for module in _INTERFACES if _is_there(module)),
]
