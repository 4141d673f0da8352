"""Forms: shape and wording of input only; every rule lies in the acts behind them."""
from .acts import (
    AssignForm,
    AttachForm,
    ConfirmForm,
    DateCorrectForm,
    DecideExtensionForm,
    ExtendForm,
    FinishForm,
    GradeForm,
    GrantForm,
    InstructForm,
    LinkForm,
    MergeForm,
    NoteForm,
    PauseForm,
    ReasonForm,
    RecuseForm,
    ResumeForm,
    RevealForm,
    StaffMatchForm,
    TaskForm,
    UrgeForm,
)
from .audit import RevealLogForm
from .choices import form_class, may_open, openable_units, term_choices
from .fields import DayField, FilesField, MomentField, UnitField, UnitsField
from .numbers import find_by_number
from .opening import CorrectForm, OpenForm, QuickReportForm
from .parties import PartyCorrectForm, PartyForm
from .step import StepForm

__all__ = [
    "AssignForm", "AttachForm", "ConfirmForm", "CorrectForm", "DateCorrectForm", "DayField",
    "DecideExtensionForm", "ExtendForm", "FilesField", "FinishForm", "GradeForm", "GrantForm", "InstructForm",
    "LinkForm", "MergeForm", "MomentField", "NoteForm", "OpenForm", "PartyCorrectForm", "PartyForm",
    "PauseForm", "QuickReportForm", "ReasonForm", "RecuseForm", "ResumeForm", "RevealForm", "RevealLogForm",
    "StaffMatchForm", "StepForm", "TaskForm", "UnitField", "UnitsField", "UrgeForm", "find_by_number",
    "form_class", "may_open", "openable_units", "term_choices",
]
