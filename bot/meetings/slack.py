"""The meetings room in Slack: all its listeners, its words after `/trust`, its part of App Home."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from slack_bolt import Ack, App

from bot.meetings.actions.shortcut import MakeListeners
from bot.meetings.actions.slack import ActionListeners
from bot.meetings.notes.slack import NotesListeners
from bot.meetings.records.slack import RecordListeners
from bot.meetings.room import Room
from bot.slack.block_kit import Block
from bot.slack.payloads import SlashCommand

Word = Callable[[SlashCommand, str, Ack], None]


class MeetingListeners:
    """The listeners of the meetings room, by kind."""

    def __init__(self, room: Room) -> None:
        self._notes = NotesListeners(room)
        self._actions = ActionListeners(room)
        self._records = RecordListeners(room)
        self._make = MakeListeners(room)

    def register(self, app: App) -> None:
        """Tell Bolt who listens to what."""
        self._notes.register(app)
        self._actions.register(app)
        self._records.register(app)
        self._make.register(app)

    def words(self) -> Mapping[str, Word]:
        """Who handles which word after `/trust`."""
        return {
            "notes": self._notes.command,
            "actions": self._actions.command,
            "decisions": self._records.decisions,
            "agenda": self._records.open_agenda,
            "return": self._records.return_command,
        }

    def home(self, user: str) -> Sequence[Block]:
        """This room's part of somebody's App Home."""
        return self._actions.home(user)
