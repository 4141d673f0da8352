"""The ledger of disputes (矛盾纠纷排查化解台账): its columns, and what a row stands for."""
from governance.ledgers.layout import Layout, register

from ..services import entering
from . import values
from .columns import COLUMNS

DISPUTES = register(Layout(
    kind="dispute", title="矛盾纠纷排查化解台账", columns=COLUMNS, matters=values.matters,
    identity=("reported_on", "village", "applicants", "respondents"), check=entering.check, past=entering.past,
    update=entering.update, revert=entering.revert, held=values.held, against=entering.against,
    quiet_guesses=("form-assumed", "closed-on-reported", "result-column-absent"),
))
