"""A filter that a list does not know, or a value that it cannot read, is refused with a word (筛选条件有误)."""
from django.contrib import messages
from django.utils.translation import gettext as _

_PAGING = frozenset({"page", "after", "before", "day"})


def refuses(request, form, also=()) -> bool:
    """Whether the address names a filter that the form does not have, or a value that it cannot read; then it is said.

    The list has to stay empty: whoever believes it narrowed would read everything as what they asked for.
    """
    unknown = sorted(set(request.GET) - set(form.fields) - _PAGING - set(also))
    wrong = [str(form.fields[name].label or name) for name in form.errors if name in form.fields]
    if not (unknown or wrong):
        return False
    messages.error(request, _("Nothing is listed, because a filter in the address is not known or not readable: "
                              "%(names)s. Take it out, or choose anew.") % {
        "names": "、".join([*wrong, *(name[:40] for name in unknown)][:8]),
    })
    return True
