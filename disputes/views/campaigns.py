"""Concentrated investigations (专项排查): list, board, a village's report, summing up; routine rounds."""
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from governance.casework import registry
from governance.casework.filters import PAGE_SIZE, page_by_keyset
from governance.casework.views.matters import name_pressing_clocks
from governance.casework.views.opening import matter_as_kept
from governance.casework.views.refusals import signed_in
from governance.casework.views.submitting import attempt, send_once
from governance.casework.visibility import Sight
from governance.casework.workflow import Refused
from governance.organisation.models import Unit

from ..forms import campaigns as forms
from ..models import Campaign, InvestigationRound
from ..querysets import campaigns as questions
from ..services import campaign_counts as counts
from ..services import campaigns as acts
from ..services.campaign_papers import summary_as_word, summary_of
from .papers import WORD


@signed_in
@require_GET
def listing(request):
    """The campaigns that the user sees, newest first."""
    today = timezone.localdate()
    rows = list(Campaign.objects.visible_to(request.user).for_list()[:100])
    for row in rows:
        row.state = Campaign.State(row.state_on(today))
    return render(request, "disputes/campaigns.html", {
        "campaigns": rows, "may_announce": _township(request.user) is not None, "own": _own_villages(request.user),
    })


@signed_in
@never_cache
def announce(request):
    """Announce one."""
    township = _township(request.user)
    if township is None:
        raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))
    return _serve(
        request, lambda data, files: forms.CampaignForm(data, user=request.user, township=township),
        lambda form: send_once(request, form, lambda: acts.announce(
            actor=request.user, township=township, values=form.values(), villages=form.chosen_villages(),
            client_uuid=form.cleaned_data["client_uuid"],
        ), lambda campaign: (campaign.title, reverse("disputes:campaign", args=[campaign.pk]))),
        title=_("Announce a concentrated investigation"), done=_("Announced; the villages have been told."),
        lead=lambda kept: redirect(kept["url"]),
    )


@signed_in
@never_cache
def correct(request, pk):
    """Correct what was announced."""
    campaign = _seen(request, pk)
    _require_office(request, campaign)
    return _serve(
        request,
        lambda data, files: forms.CampaignForm(data, user=request.user, township=campaign.township, campaign=campaign),
        lambda form: acts.correct(
            campaign_id=pk, actor=request.user, version=campaign.version, values=form.values(),
            villages=form.chosen_villages(),
        ),
        title=_("Correct"), campaign=campaign, done=_("Corrected."),
    )


@signed_in
@never_cache
@require_GET
def board(request, pk):
    """Who has reported, what was found, how it stands: each figure opens its list."""
    campaign = _seen(request, pk)
    rows = counts.board(campaign, request.user)
    seen, overseen = questions.places(request.user, [row["unit"] for row in rows["villages"]])
    villages = [row for row in rows["villages"] if row["unit"].pk in seen]
    for row in villages:
        row["is_own"] = questions.holds(request.user, acts.REPORTERS, row["unit"].pk)
    is_office = questions.holds(request.user, acts.OFFICE, campaign.township_id)
    return render(request, "disputes/campaign.html", {
        "campaign": campaign, "villages": villages, "total": rows["total"] if overseen else None,
        "lacking": [row["unit"] for row in villages if row["report"] is None], "is_office": is_office,
        "is_overseer": bool(overseen), "today": timezone.localdate(), "is_open": not campaign.is_ended,
        "confidential": rows["confidential"] if overseen else 0,
    })


@signed_in
@never_cache
@require_GET
def found(request, pk):
    """The disputes behind a figure (`which`) of a village or of all, as far as the user sees them."""
    campaign, now = _seen(request, pk), timezone.now()
    village = request.GET.get("village", "")
    chosen = int(village) if village.isdecimal() and len(village) < 19 else None
    rows = counts.listed(campaign, request.user, village=chosen, which=request.GET.get("which", ""))
    page = page_by_keyset(rows.for_list(now), request.GET)
    name_pressing_clocks(page.rows)
    query = "&".join(f"{name}={quote(request.GET[name])}" for name in ("village", "which") if name in request.GET)
    return render(request, "disputes/campaign_found.html", {
        "campaign": campaign, "matters": page.rows, "page": page, "query": query, "now": now,
    })


@signed_in
@never_cache
def village(request, pk, unit):
    """A village's page on the phone: what is looked for, what it has found, and its report."""
    campaign, place = _village(request, pk, unit)
    rows = counts.listed(campaign, request.user, village=unit)
    context = {
        "campaign": campaign, "village": place, "matters": list(rows.for_list(timezone.now())[:100]),
        "count": 0 if campaign.is_ended else counts.village_count(campaign, unit, request.user),
        "report": campaign.reports.held().filter(unit=unit).select_related("recorded_by").first(),
        "may_report": questions.holds(request.user, acts.REPORTERS, unit), "today": timezone.localdate(),
        "may_find": not campaign.is_ended,
    }

    def build(data, files):
        return forms.VillageReportForm(data, initial={"seen_count": context["count"]})

    def send(form):
        return acts.report_village(
            campaign_id=pk, unit_id=unit, actor=request.user, seen_count=form.cleaned_data["seen_count"],
            comment=form.cleaned_data["comment"],
        )

    template = "disputes/campaign_village.html"
    if request.method != "POST":
        return render(request, template, {**context, "form": build(None, None)})
    tried = attempt(request, build, send)
    if tried.is_done:
        messages.success(request, _("Your village has reported."))
        return redirect("disputes:campaign-village", pk, unit)
    if tried.refusal is not None and tried.refusal.code == "count-changed":
        tried.form.data = {**tried.form.data.dict(), "seen_count": context["count"]}
    return render(request, template, {**context, "form": tried.form}, status=tried.http_status)


@signed_in
@never_cache
def finding(request, pk, unit):
    """Report a dispute found: it is attached to the campaign."""
    campaign, place = _village(request, pk, unit)
    kind = registry.get("dispute")

    def build(data, files):
        return forms.FindingForm(data, files, user=request.user, kind=kind, campaign=campaign, village=place)

    def send(form):
        return send_once(request, form, lambda: acts.report_finding(
            campaign_id=pk, unit_id=unit, actor=request.user, client_uuid=form.cleaned_data["client_uuid"],
            values=form.values(), parties=form.party_values(), facts=form.facts(), files=form.file_pairs(),
        ), matter_as_kept)

    context = {"campaign": campaign, "village": place}
    if request.method != "POST":
        return render(request, "disputes/campaign_finding.html", {**context, "form": build(None, None)})
    tried = attempt(request, build, send)
    if not tried.is_done:
        return render(request, "disputes/campaign_finding.html", {**context, "form": tried.form},
                      status=tried.http_status)
    messages.success(request, _("Registered as %(number)s.") % {"number": tried.result["words"]})
    return redirect("disputes:campaign-village", pk, unit)


@signed_in
@never_cache
def send_back(request, pk, unit):
    """The office sends a village's report back."""
    campaign, place = _village(request, pk, unit)
    _require_office(request, campaign)
    return _serve(
        request, lambda data, files: forms.ReasonForm(data),
        lambda form: acts.return_report(
            campaign_id=pk, unit_id=unit, actor=request.user, reason=form.cleaned_data["reason"]
        ),
        title=_("Send the report of %(village)s back") % {"village": place.short_name}, campaign=campaign,
        done=_("Sent back; the village has been told."),
    )


@signed_in
@require_POST
def remind(request, pk):
    """Remind the villages that have not reported."""
    campaign = _seen(request, pk)
    told = acts.remind_missing(campaign_id=campaign.pk, actor=request.user)
    words = _("%(count)s people have been reminded.") % {"count": told} if told else _("They were reminded today.")
    messages.success(request, words)
    return redirect("disputes:campaign", pk)


@signed_in
@never_cache
def extend(request, pk):
    """Give the villages more time."""
    campaign = _seen(request, pk)
    _require_office(request, campaign)
    return _serve(
        request, lambda data, files: forms.ExtendForm(data, campaign=campaign),
        lambda form: acts.extend(campaign_id=pk, actor=request.user, **form.values()),
        title=_("Extend the period"), campaign=campaign, done=_("Extended; the villages have been told."),
    )


@signed_in
@never_cache
def cancel(request, pk):
    """Call it off: reports stay, counts are frozen."""
    campaign = _seen(request, pk)
    _require_office(request, campaign)
    return _serve(
        request, lambda data, files: forms.ReasonForm(data),
        lambda form: acts.cancel(campaign_id=pk, actor=request.user, reason=form.cleaned_data["reason"]),
        title=_("Cancel the investigation"), campaign=campaign, done=_("Cancelled; the villages have been told."),
        warning=_("The villages are told. Their reports stay and the figures are frozen as they are now; nothing is "
                  "reported to it any more. This cannot be taken back."),
    )


@signed_in
@never_cache
def sum_up(request, pk):
    """Write the conclusion; the figures are frozen with their cut-off."""
    campaign = _seen(request, pk)
    _require_office(request, campaign)
    return _serve(
        request, lambda data, files: forms.SumUpForm(data),
        lambda form: acts.sum_up(campaign_id=pk, actor=request.user, **form.cleaned_data),
        title=_("Sum up"), campaign=campaign, done=_("Summed up; the figures are frozen."),
        lead=lambda _campaign: redirect("disputes:campaign-summary", pk),
        warning=_("The figures are counted now and frozen; later reports are not taken in. This cannot be taken back."),
    )


@signed_in
@never_cache
@require_GET
def summary(request, pk):
    """One page: text and table, frozen; printed as it stands."""
    campaign = _summed_up(request, pk)
    return render(request, "disputes/campaign_summary.html", {
        "campaign": campaign, "summary": summary_of(campaign, request.user),
    })


@signed_in
@never_cache
@require_GET
def summary_word(request, pk):
    """The same page as Word."""
    campaign = _summed_up(request, pk)
    answer = HttpResponse(summary_as_word(campaign, request.user), content_type=WORD)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(campaign.title)}.docx"
    return answer


@signed_in
@never_cache
def rounds(request):
    """The rounds that villages have held; a village officer records a routine one."""
    own, today = _own_villages(request.user), timezone.localdate()
    held = InvestigationRound.objects.visible_to(request.user).held()
    rows = held.select_related("unit", "campaign", "recorded_by").order_by("-held_on", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "rounds": page.object_list, "own": own, "own_ids": {unit.pk for unit in own}}

    def build(data, files):
        return forms.RoundForm(data, villages=own, today=today)

    if request.method != "POST":
        return render(request, "disputes/rounds.html", {**context, "form": build(None, None)})
    tried = attempt(request, build, lambda form: acts.record_round(actor=request.user, **form.cleaned_data))
    if tried.is_done:
        messages.success(request, _("Recorded."))
        return redirect("disputes:rounds")
    return render(request, "disputes/rounds.html", {**context, "form": tried.form}, status=tried.http_status)


@signed_in
@never_cache
def round_withdraw(request, pk):
    """A round entered by mistake."""
    row = InvestigationRound.objects.held().routine().filter(pk=pk).select_related("unit").first()
    if row is None or not questions.holds(request.user, acts.REPORTERS, row.unit_id):
        raise Http404
    return _serve(
        request, lambda data, files: forms.ReasonForm(data),
        lambda form: acts.withdraw_round(round_id=pk, actor=request.user, reason=form.cleaned_data["reason"]),
        title=_("Withdraw the round"), done=_("Withdrawn."), lead=lambda _row: redirect("disputes:rounds"),
    )


def _serve(request, build, send, *, title, done, campaign=None, lead=None, warning=""):
    """Show a form, or try it."""
    context = {"title": title, "campaign": campaign, "warning": warning}
    if request.method != "POST":
        return render(request, "disputes/campaign_form.html", {**context, "form": build(None, None)})
    tried = attempt(request, build, send)
    if not tried.is_done:
        return render(request, "disputes/campaign_form.html", {**context, "form": tried.form},
                      status=tried.http_status)
    messages.success(request, done)
    return lead(tried.result) if lead else redirect("disputes:campaign", campaign.pk)


def _seen(request, pk) -> Campaign:
    rows = Campaign.objects.visible_to(request.user)
    rows = rows.select_related("township", "announced_by", "summed_up_by", "cancelled_by")
    campaign = rows.filter(pk=pk).first()
    if campaign is None:
        raise Http404
    campaign.state = Campaign.State(campaign.state_on(timezone.localdate()))
    return campaign


def _village(request, pk, unit):
    """The campaign and one of its villages whose row the user sees."""
    campaign = _seen(request, pk)
    place = Unit.objects.filter(pk=unit, pk__in=campaign.villages.values("unit_id")).first()
    if place is None or unit not in questions.places(request.user, [place])[0]:
        raise Http404
    return campaign, place


def _summed_up(request, pk) -> Campaign:
    """Frozen figures of all villages are for those who oversee the township."""
    campaign = _seen(request, pk)
    if campaign.summed_up_at is None or not questions.holds(request.user, questions.OVERSEERS, campaign.township_id):
        raise Http404
    return campaign


def _require_office(request, campaign) -> None:
    if not questions.holds(request.user, acts.OFFICE, campaign.township_id):
        raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))


def _township(user):
    """The township whose office the user is."""
    ids = Sight.of(user).roles_at.get("office", ())
    return Unit.objects.filter(pk__in=ids, level="township").first() if ids else None


def _own_villages(user) -> list:
    """Villages for which the user reports."""
    ids = Sight.of(user).roles_at.get("village_officer", ())
    rows = Unit.objects.filter(pk__in=ids, level__in=["village", "community"]).not_ended()
    return list(rows.in_tree_order()) if ids else []
