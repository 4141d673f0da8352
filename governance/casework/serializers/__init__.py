"""What the interface gives: shape and wording only (接口输出)."""
from .answers import MatterState, StepOutput, VocabularyOutput
from .clocks import ClockOutput, ClockQuery
from .matters import EventOutput, MatterDetail, MatterQuery, MatterRow, PartyOutput

__all__ = [
    "ClockOutput", "ClockQuery", "EventOutput", "MatterDetail", "MatterQuery", "MatterRow", "MatterState",
    "PartyOutput", "StepOutput", "VocabularyOutput",
]
