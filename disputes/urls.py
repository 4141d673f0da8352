"""Addresses of disputes beside those of the kernel."""
from django.urls import path

from .views import campaigns, paper_templates, papers

app_name = "disputes"
urlpatterns = [
    path("campaigns/", campaigns.listing, name="campaigns"),
    path("campaigns/new/", campaigns.announce, name="campaign-new"),
    path("campaigns/<int:pk>/", campaigns.board, name="campaign"),
    path("campaigns/<int:pk>/correct/", campaigns.correct, name="campaign-correct"),
    path("campaigns/<int:pk>/extend/", campaigns.extend, name="campaign-extend"),
    path("campaigns/<int:pk>/cancel/", campaigns.cancel, name="campaign-cancel"),
    path("campaigns/<int:pk>/remind/", campaigns.remind, name="campaign-remind"),
    path("campaigns/<int:pk>/found/", campaigns.found, name="campaign-found"),
    path("campaigns/<int:pk>/sum-up/", campaigns.sum_up, name="campaign-sum-up"),
    path("campaigns/<int:pk>/summary/", campaigns.summary, name="campaign-summary"),
    path("campaigns/<int:pk>/summary.docx", campaigns.summary_word, name="campaign-summary-word"),
    path("campaigns/<int:pk>/villages/<int:unit>/", campaigns.village, name="campaign-village"),
    path("campaigns/<int:pk>/villages/<int:unit>/finding/", campaigns.finding, name="campaign-finding"),
    path("campaigns/<int:pk>/villages/<int:unit>/return/", campaigns.send_back, name="campaign-return"),
    path("rounds/", campaigns.rounds, name="rounds"),
    path("rounds/<int:pk>/withdraw/", campaigns.round_withdraw, name="round-withdraw"),
    path("templates/", paper_templates.listing, name="paper-templates"),
    path("templates/<int:township>/<slug:code>/", paper_templates.template, name="paper-template"),
    path("templates/<int:township>/<slug:code>/file/", paper_templates.file, name="paper-template-file"),
    path("templates/<int:township>/<slug:code>/default/", paper_templates.default, name="paper-template-default"),
    path("<int:pk>/papers/", papers.listing, name="papers"),
    path("<int:pk>/papers/<slug:code>/", papers.paper, name="paper"),
]
