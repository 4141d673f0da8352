"""What the interface takes and gives: shape and wording only (接口输入输出)."""
from .answers import MatterState, StepOutput, VocabularyOutput
from .clocks import ClockOutput, ClockQuery
from .from_forms import Ids, PartyInput, Rows, form_data, input_serializer, party_rows
from .matters import EventOutput, MatterDetail, MatterQuery, MatterRow, PartyOutput

__all__ = [
    "ClockOutput", "ClockQuery", "EventOutput", "Ids", "MatterDetail", "MatterQuery", "MatterRow", "MatterState",
    "PartyInput", "PartyOutput", "Rows", "StepOutput", "VocabularyOutput", "form_data", "input_serializer",
    "party_rows",
]
