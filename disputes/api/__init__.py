"""The interface of disputes: list, open, the whole, every step (接口)."""
from django.urls import include, path

from governance.casework.api.steps import step_paths

from .disputes import TAG, DisputeRoot, OneDispute
from .inputs import INSTALMENTS, SIGNED


def with_rows(values: dict) -> dict:
    """Instalments as the fields of the form."""
    rows = values.get("instalments") or ()
    rest = {name: value for name, value in values.items() if name != "instalments"}
    flat = {f"{name}_{place}": row.get(field) for place, row in enumerate(rows, start=1)
            for name, field in (("due", "due_on"), ("what", "what"), ("yuan", "yuan"))}
    return {**rest, **flat, "instalment_rows": len(rows)}


_ROWS = ((), {"instalments": INSTALMENTS}, with_rows)
_ON_THE_SPOT = ((), {"instalments": INSTALMENTS, "evidence_signed_agreement": SIGNED}, with_rows)
app_name = "disputes-api"
urlpatterns = [
    path("disputes/", include([
        path("", DisputeRoot.as_view(), name="disputes"),
        path("<int:pk>/", OneDispute.as_view(), name="dispute"),
        *step_paths(
            "dispute", tag=TAG, scopes=("matters:read", "disputes:write"),
            special={
                **{name: _ROWS for name in ("agree", "agree_orally", "change_agreement")},
                "settle_on_the_spot": _ON_THE_SPOT,
            },
        ),
    ])),
]
