"""Due dates: a small closed grammar over a due phrase alone, with the meeting, the school's terms and its meetings."""

from knowledge.school.due.model import Due, DueContext, Meetings, State
from knowledge.school.due.read import read_due

__all__ = ["Due", "DueContext", "Meetings", "State", "read_due"]
