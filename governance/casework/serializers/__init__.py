"""What the interface gives: shape and wording only (接口输出)."""
from .acts import NAMING, ActDone, ActOutput, ContactOutput, PeopleQuery
from .answers import MatterState, StepOutput, VocabularyOutput
from .clocks import ClockOutput, ClockQuery
from .matters import EventOutput, MatterDetail, MatterQuery, MatterRow, PartyOutput
from .parts import (
    AssignmentOutput,
    FileOutput,
    InboxOutput,
    LinkOutput,
    MessageOutput,
    MessageQuery,
    PersonOutput,
    QuestionOutput,
    ReaderOutput,
    ReadOutput,
)

__all__ = [
    "NAMING", "ActDone", "ActOutput", "AssignmentOutput", "ClockOutput", "ClockQuery", "ContactOutput", "EventOutput",
    "FileOutput", "InboxOutput", "LinkOutput", "MatterDetail", "MatterQuery", "MatterRow", "MatterState",
    "MessageOutput", "MessageQuery", "PartyOutput", "PeopleQuery", "PersonOutput", "QuestionOutput", "ReadOutput",
    "ReaderOutput", "StepOutput", "VocabularyOutput",
]
