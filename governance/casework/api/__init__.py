"""The interface of the kernel: matters of every kind, their history and clocks, acts on them, the inbox (接口)."""
from django.urls import path

from .acts import act_paths
from .desk import Inbox, Messages, ReadAll, ReadOne
from .matters import Clocks, MatterClocks, Matters, MatterSteps, OneMatter, Timeline, Vocabularies
from .parts import Assignments, FileContent, Files, Links, MatterActs, People, Readers, StaffQuestions
from .webhooks import Again, Deliveries

app_name = "casework-api"
urlpatterns = [
    path("matters/", Matters.as_view(), name="matters"),
    path("matters/<int:pk>/", OneMatter.as_view(), name="matter"),
    path("matters/<int:pk>/timeline/", Timeline.as_view(), name="timeline"),
    path("matters/<int:pk>/clocks/", MatterClocks.as_view(), name="matter-clocks"),
    path("matters/<int:pk>/steps/", MatterSteps.as_view(), name="steps"),
    path("matters/<int:pk>/acts/", MatterActs.as_view(), name="acts"),
    *act_paths(),
    path("matters/<int:pk>/people/", People.as_view(), name="people"),
    path("matters/<int:pk>/attachments/", Files.as_view(), name="attachments"),
    path("matters/<int:pk>/assignments/", Assignments.as_view(), name="assignments"),
    path("matters/<int:pk>/links/", Links.as_view(), name="links"),
    path("matters/<int:pk>/readers/", Readers.as_view(), name="readers"),
    path("matters/<int:pk>/staff-questions/", StaffQuestions.as_view(), name="staff-questions"),
    path("attachments/<int:pk>/", FileContent.as_view(), name="attachment"),
    path("inbox/", Inbox.as_view(), name="inbox"),
    path("messages/", Messages.as_view(), name="messages"),
    path("messages/read/", ReadAll.as_view(), name="messages-read"),
    path("messages/<int:pk>/read/", ReadOne.as_view(), name="message-read"),
    path("clocks/", Clocks.as_view(), name="clocks"),
    path("webhooks/deliveries/", Deliveries.as_view(), name="deliveries"),
    path("webhooks/deliveries/<int:pk>/again/", Again.as_view(), name="delivery-again"),
    path("vocabularies/", Vocabularies.as_view(), name="vocabularies"),
]
