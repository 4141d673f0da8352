"""What every address of figures shares: who may come in, and how a code is looked up (统计接口公共部分)."""
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound

from governance.casework.visibility import Sight
from governance.organisation.api.doors import Door
from governance.organisation.registry import Refused

from .. import registry
from ..visibility import READERS, units_with_figures

SCOPE = "figures:read"


class ReaderDoor(Door):
    """Only for holders of a post that opens the pages of reports; Refused `not-your-page` else."""

    scope = SCOPE

    def initial(self, request, *args, **kwargs):
        """As on the pages."""
        super().initial(request, *args, **kwargs)
        if not READERS & set(Sight.of(request.user).roles_at):
            raise Refused("not-your-page", _("This page is not for your posts."))


def metric_or_404(code: str):
    """The figure of the registry."""
    try:
        return registry.get(code)
    except KeyError as fault:
        raise Http404 from fault


def asked(query_class, request) -> dict:
    """The parameters of the address, checked."""
    query = query_class(data=request.query_params)
    query.is_valid(raise_exception=True)
    return query.validated_data


def place_of(user, unit_id=None) -> tuple:
    """The unit asked for, else the widest that the posts reach, and the places side by side below it; 404 if none."""
    units = list(units_with_figures(user))
    widest = min(units, key=lambda unit: (len(unit.path), unit.code), default=None)
    unit = widest if unit_id is None else next((one for one in units if one.pk == unit_id), None)
    if unit is None:
        raise NotFound
    levels = ("township",) if unit.level == "district" else ("village", "community")
    return unit, [one for one in units if one.level in levels and one.pk != unit.pk and one.path.startswith(unit.path)]
