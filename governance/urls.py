"""All addresses, included by string so that wiring imports no app; only those of installed apps."""

from importlib.util import find_spec

from django.apps import apps
from django.urls import include, path

_PLACES = (
    ("", "governance.organisation.views.health"),
    ("", "governance.organisation.urls"),
    ("", "governance.casework.urls"),
    ("reports/", "governance.reporting.urls"),
    ("ledgers/", "governance.ledgers.urls"),
    ("disputes/", "disputes.urls"),
)


def _is_there(module):
    return apps.get_containing_app_config(module) is not None and find_spec(module) is not None


urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    *(path(prefix, include(module)) for prefix, module in _PLACES if _is_there(module)),
]
