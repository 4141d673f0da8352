"""Papers of a matter: the list, and each as a Word file (文书下载)."""
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from governance.casework.models import Matter
from governance.casework.views.refusals import signed_in

from ..services import papers

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@signed_in
@never_cache
@require_GET
def listing(request, pk):
    """Which papers the matter has, and what the others still lack."""
    matter = Matter.objects.visible_to(request.user).for_detail().filter(pk=pk, kind="dispute").first()
    if matter is None:
        raise Http404
    return render(request, "disputes/papers.html", {"matter": matter, "papers": papers.available(matter)})


@signed_in
@never_cache
@require_POST
def paper(request, pk, code):
    """One paper; making it is recorded, so it is sent for by POST."""
    name, content = papers.make_paper(matter_id=pk, code=code, actor=request.user)
    answer = HttpResponse(content, content_type=WORD)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
