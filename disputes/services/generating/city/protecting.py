"""What keeps generated matters out of a real township's portal (保护真实数据)."""
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from governance.casework.workflow import Refused
from governance.organisation.models import Unit

# The demo township and the generated ones have codes that no real division has.
FICTIONAL = Q(code__startswith="99")


def refuse_demo_beside_real_township() -> None:
    """Refused `real-portal` where a real division is held: the demo's accounts have a password that everybody knows."""
    real = Unit.objects.exclude(FICTIONAL).order_by("code").first()
    if real is not None:
        raise Refused("real-portal", _(
            "This looks like the portal of a real township (%(why)s). The demo township has accounts with a password "
            "that everybody knows, and could never be taken out again. Start the portal with PORTAL_DEMO=0, or give "
            "the demo a data folder of its own (PORTAL_DATA)."
        ) % {"why": f"{real.name} {real.code}"})


def refuse_on_real_portal(is_told: bool) -> bool:
    """Whether this is a real township's portal. Refused `real-portal` on one, unless told to go on.

    Real is a portal that was started without the demo, or that holds a division with a real code. Even there
    nothing that exists is touched: generated matters lie in townships of their own, with their own numbers,
    and nobody can log in there. But history is append-only, so they could never be taken out again.
    """
    real = Unit.objects.exclude(FICTIONAL).order_by("code").first()
    if settings.DEMO and real is None:
        return False
    if not is_told:
        raise Refused("real-portal", _(
            "This looks like the portal of a real township (%(why)s). Generated matters could never be taken out of "
            "it again, as history is append-only. Use a data folder of its own (PORTAL_DATA), or, if you are sure, "
            "give --on-real-portal."
        ) % {"why": f"{real.name} {real.code}" if real else "PORTAL_DEMO=0"})
    return True
