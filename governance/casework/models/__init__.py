"""Tables of the kernel."""
from .answer import ApiAnswer
from .clock import Clock, Extension, LocalLength, Pause
from .desk import BulkRow, BulkRun, SavedFilter
from .event import DatedAct, Event, EventPersonal
from .holidays import HolidayArrangement, WorkingHours
from .matter import Grade, Matter, MatterLink, MatterUnit, NumberSeries
from .party import Party, PartyKind, PartyPhone, Recusal, StaffMatch
from .reminder import Message, Reminder
from .retention import RetentionHold, RetentionPeriod, Tombstone
from .seal import Seal
from .vocabulary import VocabularyTerm
from .webhook import EventType, WebhookAttempt, WebhookDelivery, WebhookSubscription
from .work import Assignment, Attachment, Draft, MatterUserGrant

__all__ = [
    "ApiAnswer", "Assignment", "Attachment", "BulkRow", "BulkRun", "Clock", "DatedAct", "Draft", "Event",
    "EventPersonal", "EventType", "Extension", "Grade", "HolidayArrangement", "LocalLength", "Matter", "MatterLink",
    "MatterUnit", "MatterUserGrant", "Message", "NumberSeries", "Party", "PartyKind", "PartyPhone", "Pause", "Recusal",
    "Reminder", "RetentionHold", "RetentionPeriod", "SavedFilter", "Seal", "StaffMatch", "Tombstone",
    "VocabularyTerm", "WebhookAttempt", "WebhookDelivery", "WebhookSubscription", "WorkingHours",
]
