"""The help page (使用帮助): what each role does here and where; before the login what everybody needs."""
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..models import Role
from ..registry import topics_for
from ..visibility import current_roles


@require_safe
def guide(request):
    """The topics of the reader's roles, then those of everybody (one query)."""
    roles = current_roles(request.user)
    topics = topics_for(roles)
    return render(request, "organisation/guide.html", {
        "own": [topic for topic in topics if topic.roles is not None],
        "common": [topic for topic in topics if topic.roles is None],
        "roles": [Role(role).label for role in Role.values if role in roles],
        "base": "portal.html" if request.user.is_authenticated else "portal_bare.html",
    })
