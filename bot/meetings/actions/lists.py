"""A person's list of actions with its menus: whose, of which school or meeting, in which state."""

from __future__ import annotations

from typing import get_args

from bot.meetings.actions import blocks as shown
from bot.meetings.actions.tracking import Which
from bot.meetings.model import Action
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

    def wanted(self, words: str, user: str) -> dict[str, str]:
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
        return chosen

    def view(self, user: str, chosen: dict[str, str]) -> Block:
        """The modal with the list."""
        chosen = {key: "" if value == "-" else value for key, value in chosen.items()}
        whose, which = chosen.get("whose", MINE), chosen.get("which", "open")
        school, meeting = chosen.get("school", ""), chosen.get("meeting", "")
        held = {"whose": whose, "which": which, "school": school, "meeting": meeting}
        found = self.find(user, held)
        today = self._tracking.today()
        title = self._title(held)
        return shown.listing(found, self._menus(user, held), held, int(chosen.get("page", "0")), today, title)

    def find(self, user: str, held: dict[str, str]) -> list[Action]:
        """The actions of a list."""
        which: Which = next((each for each in get_args(Which) if each == held["which"]), "open")
        return self._tracking.actions(
            self._room.reader(user),
            which,
            person=self._room.person(user) if held["whose"] == MINE else None,
            school=held["school"] or None,
            meeting=held["meeting"] or None,
        )

    def _menus(self, user: str, held: dict[str, str]) -> list[Block]:
        schools = [(school.name, school.id) for school in self._room.trust.schools]
        reader = self._room.reader(user)
        meetings = [(each.title, each.id) for each in self._tracking.meetings(reader)[:MEETINGS]]
        return [
            _menu("whose", [("Mine", MINE), ("Everybody's", EVERYBODY)], held),
            _menu("which", list(STATES), held),
            _menu("school", [("All schools", "-"), *schools], held),
            _menu("meeting", [("All meetings", "-"), *meetings], held),
        ]

    def _title(self, held: dict[str, str]) -> str:
        state = next((name for name, value in STATES if value == held["which"]), "Open")
        whose = "my actions" if held["whose"] == MINE else "actions"
        names = self._room.trust.names.schools.get(held["school"])
        of = f", {names[0]}" if names else ""
        return f"{state} · {whose}{of}"


def _menu(name: str, options: list[tuple[str, str]], held: dict[str, str]) -> Block:
    listed = [kit.option(text, value) for text, value in options]
    return kit.select(f"{shown.FILTER}.{name}", listed, "Choose", held[name] or "-")
