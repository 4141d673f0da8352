"""The ledger of disputes (矛盾纠纷排查化解台账): its columns, and how they are read from a dispute."""
from governance.ledgers.layout import Layout, register

from . import values
from .columns import COLUMNS

DISPUTES = register(Layout(
    kind="dispute", title="矛盾纠纷排查化解台账", columns=COLUMNS, matters=values.matters,
    identity=("reported_on", "village", "applicants", "respondents"),
))
