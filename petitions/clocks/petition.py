"""The clocks of a petition until it is answered (信访时限): 信访工作条例, and the simple procedure."""
from django.utils.translation import gettext_lazy as _

from governance.casework.clocks import Basis, ClockRule, ExtensionPolicy, Variant, article_of, register_rules

REGULATION = "信访工作条例"
SIMPLE = "信访事项简易办理办法(试行)"
AT_ONCE_LOCAL = "(hours local)"

register_rules(
    # 信访工作条例 art. 22: transferred or assigned within fifteen days of receipt.
    ClockRule(
        code="petition.transfer", label=_("Transfer of the petition"), length=15,
        starts=_("received by the petition office"),
        stops=_("transferred or assigned to the competent organ"),
        source="信访工作条例 art. 22 ✓", article=article_of(REGULATION, "22"), verified=True,
    ),
    # art. 23: told within fifteen days; no clock when name or address is unknown.
    ClockRule(
        code="petition.notice", label=_("Notice of acceptance"), length=15,
        starts=_("received directly, or transfer received"),
        stops=_("written notice of receipt, path and procedure served"),
        source="信访工作条例 art. 23 ✓", article=article_of(REGULATION, "23"), verified=True,
    ),
    # art. 23: an objection within five working days.
    ClockRule(
        code="petition.objection", label=_("Objection to competence"), basis=Basis.WORKING_DAYS, length=5,
        starts=_("transfer or assignment received"),
        stops=_("objection sent to the sender, with reasons"),
        source="信访工作条例 art. 23 ✓", article=article_of(REGULATION, "23"), verified=True,
    ),
    # art. 34: sixty days, extended once by at most thirty, approved and told.
    ClockRule(
        code="petition.handling", label=_("Handling of the petition"), length=60,
        starts=_("accepted in the petition procedure"), stops=_("written opinion served"),
        extension=ExtensionPolicy(
            max_times=1, max_days=30, approver="head_of_organ", requires=("reason", "told-before-end")
        ),
        source="信访工作条例 art. 31, 34 ○", article=article_of(REGULATION, "34"), verified=False,
    ),
    # 行政诉讼法 art. 47: two months, unless a special law sets its own length.
    ClockRule(
        code="petition.statutory_duty", label=_("Performance of a statutory duty"), basis=Basis.MONTHS,
        length=2, starts=_("application to perform a statutory duty"), stops=_("performed or answered"),
        variants=(Variant("special_law", _("length of the special law"), basis=Basis.AGREED),),
        source="信访工作条例 art. 31; 行政诉讼法 art. 47 ○", article=article_of("行政诉讼法", "47"),
        verified=False,
    ),
    ClockRule(
        code="petition.opinion_performance", label=_("Carrying out the opinion"), basis=Basis.AGREED,
        starts=_("opinion served"), stops=_("opinion carried out"),
        extension=ExtensionPolicy(max_times=None, max_days=None, approver="head_of_organ"),
        source="信访工作条例 art. 32 ○", article=article_of(REGULATION, "32"), verified=False,
        survives_closing=True,
    ),
    # art. 26 says immediately; two hours are the township's own.
    ClockRule(
        code="petition.urgent_report", label=_("Urgent report of a grave petition"), basis=Basis.HOURS,
        length=2, starts=_("grave or urgent matter known"), stops=_("reported upwards"),
        source=f"信访工作条例 art. 26: immediately ○ {AT_ONCE_LOCAL}", article=article_of(REGULATION, "26"),
        verified=False, is_local=True, urgent=True,
    ),
    # Leaving the simple procedure puts `notice` and `handling` back with their first start.
    ClockRule(
        code="petition.simple_notice", label=_("Acceptance, simple procedure"), basis=Basis.WORKING_DAYS,
        length=3, starts=_("received, simple procedure"), stops=_("accepted or not"),
        source="信访事项简易办理办法(试行) ○", article=article_of(SIMPLE), verified=False,
    ),
    ClockRule(
        code="petition.simple_handling", label=_("Handling, simple procedure"), basis=Basis.WORKING_DAYS,
        length=10, starts=_("accepted, simple procedure"), stops=_("petition answered"),
        source="信访事项简易办理办法(试行) ○", article=article_of(SIMPLE), verified=False,
    ),
)
