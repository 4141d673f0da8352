"""The clocks around the opinion on a petition: review, superiors, accusations, promises (信访程序时限)."""
from django.utils.translation import gettext_lazy as _

from governance.casework.clocks import (
    Basis,
    Bearer,
    ClockRule,
    ExtensionPolicy,
    PausePolicy,
    Roll,
    article_of,
    register_rules,
)

REGULATION = "信访工作条例"

register_rules(
    # 信访工作条例 art. 35: thirty days from receipt of the answer; a right of the petitioner.
    ClockRule(
        code="petition.review_window", label=_("Window to request review"), bearer=Bearer.WINDOW, length=30,
        roll=Roll.FORWARD, starts=_("answer served"), stops=_("review requested, or lapse"),
        source="信访工作条例 art. 35 ○", article=article_of(REGULATION, "35"), verified=False,
        survives_closing=True,
    ),
    ClockRule(
        code="petition.review", label=_("Review by the organ above"), bearer=Bearer.EXTERNAL, length=30,
        starts=_("request for review received"), stops=_("review opinion served"),
        source="信访工作条例 art. 35 ○", article=article_of(REGULATION, "35"), verified=False,
    ),
    # art. 36: thirty days from receipt of the review opinion.
    ClockRule(
        code="petition.reexamination_window", label=_("Window to request re-examination"), bearer=Bearer.WINDOW,
        length=30, roll=Roll.FORWARD, starts=_("review opinion served"),
        stops=_("re-examination requested, or lapse"),
        source="信访工作条例 art. 36 ✓", article=article_of(REGULATION, "36"), verified=True,
    ),
    # art. 36: the days of the hearing are not counted.
    ClockRule(
        code="petition.reexamination", label=_("Re-examination by the organ above"), bearer=Bearer.EXTERNAL, length=30,
        starts=_("request for re-examination received"), stops=_("re-examination opinion served"),
        pause=PausePolicy(ground=_("a hearing is held"), evidence="hearing_record"),
        source=(
            "信访工作条例 art. 36 ✓ (hearing not counted; afterwards the same facts and grounds"
            " are not accepted again)"
        ),
        article=article_of(REGULATION, "36"), verified=True,
    ),
    ClockRule(
        code="petition.superior", label=_("Report to the superior"), basis=Basis.AGREED,
        starts=_("assigned by a superior"), stops=_("result reported to the superior"),
        extension=ExtensionPolicy(
            max_times=None, max_days=None, approver="superior", requires=("consent-superior",)
        ),
        source="信访工作条例 art. 22 ○", article=article_of(REGULATION, "22"), verified=False,
    ),
    # Never to the accused or their unit (art. 30).
    ClockRule(
        code="petition.accusation", label=_("Forwarding an accusation"), basis=Basis.WORKING_DAYS, length=3,
        starts=_("accusation received"),
        stops=_("forwarded to the competent discipline or judicial organ"),
        source="local; secrecy: 信访工作条例 art. 30 ○", verified=False, is_local=True,
    ),
    ClockRule(
        code="petition.callback", label=_("Call-back on satisfaction"), length=7, starts=_("opinion served"),
        stops=_("satisfaction asked"), source="local", is_local=True, survives_closing=True,
    ),
    ClockRule(
        code="petition.promise", label=_("Leader's promise at a reception"), basis=Basis.AGREED,
        starts=_("promised by a leader at a reception"), stops=_("promise kept"),
        extension=ExtensionPolicy(max_times=None, max_days=None, approver="promising_leader"),
        source="local", is_local=True,
    ),
)
