"""What is read of disputes on the help page (使用帮助)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.registry import HelpTopic as Topic
from governance.organisation.registry import register_topics

register_topics(
    Topic("mediate", _("Mediate a dispute"), (
        _("Tell the parties their rights and duties, record each session, then the agreement or why it failed."),
        _("What was settled at once goes into one form: mediation on the spot."),
        _("An agreement names what is due and by when; each instalment has its own time limit and check."),
        _("Both parties may apply to the court for confirmation within thirty days (People's Mediation Law, art. 33)."),
        _("Papers are made from the matter as Word files."),
    ), frozenset({"mediator", "clerk"}), "casework:inbox", 6),
    Topic("campaigns", _("Concentrated investigations"), (
        _("The office announces it; each village reports what it found, or that it found nothing."),
        _("What is found is registered as a dispute and counted by itself."),
    ), frozenset({"office", "clerk", "village_officer"}), "disputes:campaigns", 33),
    Topic("paper-templates", _("The township's own papers"), (
        _("Download the form, change it in Word, upload it; a fault is named with its place before it is used."),
    ), frozenset({"system_admin"}), "disputes:paper-templates", 14),
)
