"""What is sent to register a dispute and to record its agreements (纠纷输入)."""
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from governance.casework.api.inputs import PartyInput, Rows, input_serializer

from ..forms import DisputeOpenForm
from ..forms.agreement import MOST_ROWS


class InstalmentInput(serializers.Serializer):
    """One thing that is due under an agreement (履行期次)."""

    due_on = serializers.DateField(help_text=_("Day on which it is due."))
    what = serializers.CharField(required=False, allow_blank=True, max_length=200, help_text=_("What is due."))
    yuan = serializers.DecimalField(
        14, 2, min_value=0, required=False, allow_null=True, help_text=_("Amount in yuan.")
    )


INSTALMENTS = Rows(
    child=InstalmentInput(), required=False, max_length=MOST_ROWS,
    help_text=_("What is due; in a multipart form as JSON text."),
)
SIGNED = serializers.ListField(
    child=serializers.FileField(), required=False,
    help_text=_("Signed agreement (multipart), only for a written agreement."),
)
DisputeOpenInput = input_serializer(
    "DisputeOpenInput", DisputeOpenForm, without=("not_duplicate",),
    extra={
        "not_duplicate": serializers.BooleanField(
            required=False, default=False, help_text=_("It is another one, although similar ones are open.")
        ),
        "parties": Rows(
            child=PartyInput(), required=False, max_length=40,
            help_text=_("The parties; in a multipart form as JSON text."),
        ),
    },
)
