"""The interface of disputes: list, open, the whole, every step (接口)."""
from django.urls import include, path

from governance.casework.api.steps import step_paths

from .disputes import TAG, DisputeRoot, OneDispute
from .inputs import INSTALMENTS

ROW_FIELDS = tuple(f"{name}_{place}" for place in range(1, 5) for name in ("due", "what", "yuan"))


def with_rows(values: dict) -> dict:
    """Instalments as the fields of the form."""
    rows = values.get("instalments") or ()
    flat = {f"{name}_{place}": row.get(field) for place, row in enumerate(rows, start=1)
            for name, field in (("due", "due_on"), ("what", "what"), ("yuan", "yuan"))}
    return {**{name: value for name, value in values.items() if name != "instalments"}, **flat}


_ROWS = (ROW_FIELDS, {"instalments": INSTALMENTS}, with_rows)
app_name = "disputes-api"
urlpatterns = [
    path("disputes/", include([
        path("", DisputeRoot.as_view(), name="disputes"),
        path("<int:pk>/", OneDispute.as_view(), name="dispute"),
        *step_paths(
            "dispute", tag=TAG, scopes=("matters:read", "disputes:write"),
            special={name: _ROWS for name in ("agree", "agree_orally", "change_agreement")},
        ),
    ])),
]
