"""Addresses of the kernel's screens."""
from datetime import date

from django.urls import path, re_path, register_converter

from .views import (
    audit,
    bulk,
    drafts,
    files,
    holidays,
    inbox,
    kept,
    matter,
    matters,
    notifications,
    opening,
    personal_data,
    retention,
    step,
    timewatch,
    vocabularies,
    webhooks,
)


class DayConverter:
    """A day in an address: 2026-11-24."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value):
        """The day; ValueError (no such address) if there is none."""
        return date.fromisoformat(value)

    def to_url(self, value):
        """The day as it is written."""
        return value.isoformat() if isinstance(value, date) else value


register_converter(DayConverter, "day")
app_name = "casework"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("matters/", matters.matters, name="matters"),
    path("matters/stuck/", matters.stuck, name="stuck"),
    path("matters/bulk/runs/", bulk.runs, name="bulk-runs"),
    path("matters/bulk/runs/<int:pk>/", bulk.run, name="bulk-run"),
    path("matters/bulk/<slug:act>/", bulk.bulk_act, name="bulk"),
    path("matters/<int:pk>/", matter.matter, name="matter"),
    path("matters/<int:pk>/steps/<slug:step>/", step.step, name="step"),
    path("matters/<int:pk>/acts/<slug:act>/", step.act, name="act"),
    path("matters/<int:pk>/acts/<slug:act>/<int:subject>/", step.act, name="act-on"),
    path("search/", matters.search, name="search"),
    path("filters/", kept.filters, name="filters"),
    path("filters/save/", kept.save, name="filter-save"),
    path("filters/<int:pk>/", kept.rename, name="filter"),
    path("filters/<int:pk>/move/<slug:way>/", kept.move, name="filter-move"),
    path("filters/<int:pk>/delete/", kept.delete, name="filter-delete"),
    path("report/", opening.choose_kind, name="report"),
    path("report/quick/", opening.quick_report, name="quick-report"),
    path("report/<slug:kind>/", opening.register, name="register"),
    path("queue/token/", opening.queue_token, name="queue-token"),
    path("sw.js", files.service_worker, name="service-worker"),
    path("drafts/", drafts.draft, name="draft"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.read_all, name="notifications-read"),
    path("notifications/<int:pk>/open/", notifications.open_notification, name="notification-open"),
    path("audit/reveals/", audit.reveal_log, name="reveal-log"),
    path("audit/verify/", audit.verify, name="verify"),
    path("audit/seals/", audit.seals, name="seals"),
    path("audit/seals/<day:day>/", audit.seal_of_day, name="seal-of-day"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/new/", webhooks.webhook_new, name="webhook-new"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    re_path(
        r"^webhooks/(?P<pk>\d{1,18})/(?P<act>release|pause|resume|end|test)/$", webhooks.webhook_act,
        name="webhook-act",
    ),
    path("webhooks/deliveries/<int:pk>/again/", webhooks.delivery_again, name="delivery-again"),
    path("vocabularies/", vocabularies.vocabularies, name="vocabularies"),
    path("vocabularies/<str:vocabulary>/add/", vocabularies.term, name="term-add"),
    path("vocabularies/<str:vocabulary>/<slug:code>/", vocabularies.term, name="term"),
    path("retention/", retention.periods, name="retention"),
    path("retention/<slug:kind>/set/", retention.period, name="retention-set"),
    path("retention/ending/", retention.ending, name="retention-ending"),
    path("personal-data/", personal_data.search, name="personal-data"),
    path("personal-data/give/", personal_data.give, name="personal-data-give"),
    path("lengths/", vocabularies.lengths, name="lengths"),
    path("lengths/<str:rule>/", vocabularies.length, name="length"),
    path("time/", timewatch.time_watch, name="time-watch"),
    path("holidays/", holidays.holidays, name="holidays"),
    path("hours/", holidays.hours, name="hours"),
    re_path(r"^holidays/(?P<year>20\d{2})/$", holidays.holiday_year, name="holiday-year"),
]
