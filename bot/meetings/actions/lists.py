"""A person's list of actions with its menus: whose, of which school or meeting, in which state."""

from __future__ import annotations

from typing import get_args

from bot.meetings.actions import blocks as shown
from bot.meetings.actions.tracking import Which
from bot.meetings.model import Action
from bot.meetings.payloads import ALL, ListChoice
from bot.meetings.room import Room
from bot.slack import block_kit as kit
from bot.slack.block_kit import Block

MINE, EVERYBODY = "mine", "everybody"
MEETINGS = 60
STATES = (("Open", "open"), ("Overdue", "overdue"), ("Done", "done"), ("All", "all"))


class Lists:
    """Lists of actions, each for whoever looks at it: nothing that they may not see is in it or in its menus."""

    menus = ("whose", "school", "meeting", "which")

    def __init__(self, room: Room) -> None:
        self._room = room
        self._tracking = room.service.tracking

    def choice(self, words: str) -> ListChoice:
        """What words after `/trust actions` choose: a state, a school, `mine`; unknown ones choose nothing."""
        said = words.casefold()
        chosen: dict[str, str] = {}
        for state in get_args(Which):
            if state in said.split():
                chosen["which"] = state
        for school, names in self._room.trust.names.schools.items():
            if any(name.casefold() in said for name in names):
                chosen |= {"school": school, "whose": EVERYBODY}
        if "all" in said.split() or "everybody" in said:
            chosen["whose"] = EVERYBODY
        return ListChoice.read(chosen)

    def view(self, user: str, chosen: ListChoice) -> Block:
        """The modal with the list."""
        found = self.find(user, chosen)
        today = self._tracking.today()
        return shown.listing(found, self._menus(user, chosen), chosen, today, self._title(chosen))

    def find(self, user: str, chosen: ListChoice) -> list[Action]:
        """The actions of a list."""
        return self._tracking.actions(
            self._room.reader(user),
            chosen.which,
            person=self._room.person(user) if chosen.whose == MINE else None,
            school=chosen.school or None,
            meeting=chosen.meeting or None,
        )

    def _menus(self, user: str, chosen: ListChoice) -> list[Block]:
        schools = [(school.name, school.id) for school in self._room.trust.schools]
        reader = self._room.reader(user)
        meetings = [(meeting.title, meeting.id) for meeting in self._tracking.meetings(reader)[:MEETINGS]]
        return [
            _menu("whose", [("Mine", MINE), ("Everybody's", EVERYBODY)], chosen.whose),
            _menu("which", list(STATES), chosen.which),
            _menu("school", [("All schools", ALL), *schools], chosen.school),
            _menu("meeting", [("All meetings", ALL), *meetings], chosen.meeting),
        ]

    def _title(self, chosen: ListChoice) -> str:
        state = next((name for name, value in STATES if value == chosen.which), "Open")
        whose = "my actions" if chosen.whose == MINE else "actions"
        names = self._room.trust.names.schools.get(chosen.school)
        of = f", {names[0]}" if names else ""
        return f"{state} · {whose}{of}"


def _menu(name: str, options: list[tuple[str, str]], value: str) -> Block:
    listed = [kit.option(text, value) for text, value in options]
    return kit.select(f"{shown.FILTER}.{name}", listed, "Choose", value or ALL)
