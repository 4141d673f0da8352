"""Clocks (时限) as data and pure functions: rules with their sources, counting, wording, reminders.

No model is imported and the working calendar is passed in, so that every due date can be computed again
from stored facts alone.
"""
from .counting import Due, Pause, counts_instants, due
from .ladder import ReminderMoment, reminder_moments
from .rules import (
    LOCAL,
    Basis,
    Bearer,
    ClockRule,
    ExtensionPolicy,
    PausePolicy,
    Roll,
    Variant,
    all_rules,
    article_of,
    get_rule,
    register_rules,
)
from .wording import explain

__all__ = [
    "LOCAL", "Basis", "Bearer", "ClockRule", "Due", "ExtensionPolicy", "Pause", "PausePolicy",
    "ReminderMoment", "Roll", "Variant", "all_rules", "article_of", "counts_instants", "due", "explain",
    "get_rule", "register_rules", "reminder_moments",
]
