"""The clocks of a dispute (纠纷时限), each with its source."""
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

COURT_GUIDE = "最高人民法院关于人民法院特邀调解的规定 (法释〔2016〕14号) art. 27 ✓"
COURT_ARTICLE = article_of("最高人民法院关于人民法院特邀调解的规定", "27")
BOTH_CONSENT = ExtensionPolicy(
    max_times=None, max_days=None, approver="parties", requires=("consent-both-parties",)
)
MEDIATION_ENDS = _("agreed, failed or withdrawn")
AGREEMENT_EFFECTIVE = _("the agreement takes effect")

register_rules(
    ClockRule(
        code="dispute.acceptance", label=_("Acceptance of the dispute"), basis=Basis.WORKING_DAYS, length=3,
        starts=_("dispute reported"), stops=_("accepted or declined"), source="local", is_local=True,
    ),
    ClockRule(
        code="dispute.first_session", label=_("First mediation session"), basis=Basis.WORKING_DAYS, length=5,
        starts=_("dispute accepted"), stops=_("first session held"), source="local", is_local=True,
    ),
    # 人民调解工作若干规定 art. 33: as a rule within a month.
    ClockRule(
        code="dispute.mediation", label=_("Time for mediation"), basis=Basis.MONTHS, length=1,
        starts=_("dispute accepted"), stops=MEDIATION_ENDS,
        extension=ExtensionPolicy(
            max_times=1, max_days=30, approver="unit_head", requires=("consent-both-parties", "reason")
        ),
        pause=PausePolicy(ground=_("an expert opinion (鉴定) is made"), evidence="expert_commission"),
        source="人民调解工作若干规定 (司法部令第75号) art. 33: as a rule within a month ✓ (cap local)",
        article=article_of("人民调解工作若干规定", "33"), verified=True,
    ),
    # 法释〔2016〕14号 art. 27: thirty days for a delegation before filing, fifteen and seven in the case.
    ClockRule(
        code="dispute.court_pre_filing", label=_("Mediation delegated by the court before filing"), length=30,
        starts=_("material signed for"), stops=_("agreed or failed"), extension=BOTH_CONSENT,
        source=f"{COURT_GUIDE} (length read in a court's guide)", article=COURT_ARTICLE, verified=True,
    ),
    ClockRule(
        code="dispute.court_in_case_ordinary",
        label=_("Mediation entrusted by the court, ordinary procedure"), length=15,
        starts=_("material signed for"), stops=_("agreed or failed"), extension=BOTH_CONSENT,
        source=COURT_GUIDE, article=COURT_ARTICLE, verified=True,
    ),
    ClockRule(
        code="dispute.court_in_case_simple",
        label=_("Mediation entrusted by the court, simple procedure"), length=7,
        starts=_("material signed for"), stops=_("agreed or failed"), extension=BOTH_CONSENT,
        source=COURT_GUIDE, article=COURT_ARTICLE, verified=True,
    ),
    ClockRule(
        code="dispute.sender_reply", label=_("Reply to the sender"), basis=Basis.WORKING_DAYS, length=3,
        starts=_("mediation ended"), stops=_("result told to the court, police or petition office that sent it"),
        source="local", is_local=True,
    ),
    # 人民调解法 art. 33: jointly, within thirty days from the day the agreement takes effect.
    ClockRule(
        code="dispute.confirmation", label=_("Application for judicial confirmation"), bearer=Bearer.WINDOW,
        length=30, roll=Roll.FORWARD, starts=AGREEMENT_EFFECTIVE,
        stops=_("joint application filed, or both waive it"),
        source="人民调解法 art. 29, 30, 33 ✓; 民事诉讼法 (2023) art. 205, art. 201 before ✓",
        article=article_of("人民调解法", "33"), verified=True, survives_closing=True,
    ),
    # 人民调解法 art. 31: the committee watches over performance; the day is the parties' own.
    ClockRule(
        code="dispute.performance", label=_("Performance of the agreement"), bearer=Bearer.PARTY,
        basis=Basis.AGREED, period_roll=Roll.FORWARD, starts=AGREEMENT_EFFECTIVE,
        stops=_("instalment performed"),
        extension=ExtensionPolicy(
            max_times=None, max_days=None, approver="parties", requires=("written-change",), before_end=False
        ),
        source="人民调解法 art. 31 ✓: the committee watches over performance",
        article=article_of("人民调解法", "31"), verified=True, survives_closing=True,
    ),
    ClockRule(
        code="dispute.performance_check", label=_("Check of performance"), basis=Basis.WORKING_DAYS, length=3,
        starts=_("an instalment fell due"), stops=_("mediator's entry"), source="local", is_local=True,
        survives_closing=True,
    ),
    ClockRule(
        code="dispute.revisit", label=_("Revisit after a dispute"), length=30,
        starts=_("closed as performed"), stops=_("revisit recorded"), source="local", is_local=True,
        survives_closing=True,
    ),
)
