"""A trust that asks pulses: two schools, thirteen people to ask, a channel for the results, a clock moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.demo.workspace.state import Message
from tests.scenarios.conftest import said
from tests.scenarios.meetings.office import LONDON, Staffroom, staffroom_at

OAK = ("ann", "hal", "eve", "ivo", "jan", "kim", "lou")
RIVER = ("rex", "sam", "tia", "uma", "val", "wil")
TRUST = f"""\
name: Alder Learning Trust
schools:
  - {{id: oakfield, name: Oakfield Primary School, phase: primary, hub: north}}
  - {{id: riverside, name: Riverside Primary School, phase: primary, hub: north}}
people:
  - {{id: dana, name: Dana Voss, roles: [chief-executive]}}
  - {{id: ann, name: Ann Birch, roles: [headteacher], schools: [oakfield]}}
  - {{id: rex, name: Rex Tully, roles: [headteacher], schools: [riverside]}}
{"".join(f"  - {{id: {each}, name: {each.title()} Oakes, schools: [oakfield]}}{chr(10)}" for each in OAK[1:])}\
{"".join(f"  - {{id: {each}, name: {each.title()} Rivers, schools: [riverside]}}{chr(10)}" for each in RIVER[1:])}\
groups:
  - {{id: exec, name: Executive team, roles: [chief-executive, executive]}}
  - {{id: readers, name: Reading leads, people: [ann, rex, hal, sam, eve, tia, ivo, uma, jan, val, kim, wil, lou]}}
terms:
  - {{name: Autumn 2026, start: 2026-09-01, end: 2026-12-18, half_term: {{start: 2026-10-26, end: 2026-10-30}}}}
  - {{name: Spring 2027, start: 2027-01-04, end: 2027-03-25, half_term: {{start: 2027-02-15, end: 2027-02-19}}}}
"""
EVERYBODY = (*OAK, *RIVER)
OPENS, CLOSES = "2026-11-09", "2026-11-17"
NAME = "Reading across the hub"


@dataclass
class Hall:
    """The bot at work, and what people do with pulses."""

    room: Staffroom

    def at(self, when: str) -> None:
        """Move the clock to this moment and let it strike."""
        self.room.clock.now = datetime.fromisoformat(when).replace(tzinfo=LONDON)
        self.room.tick()

    def collaborate(self, by: str = "dana", **fields: Any) -> None:
        """Open the collaboration."""
        somebody = self.room.workspace.as_user(by)
        assert somebody.command("/trust", "collaborations").ok
        assert somebody.click(self.room.modal(by, "Collaborations"), "pulse.open").ok
        form = self.room.modal(by, "Open a collaboration")
        values = {
            "name": NAME, "schools": ["oakfield", "riverside"], "outcome": "More children read well at eleven",
            "lead": "ann", "start": "2026-09-07", "end": "2027-03-20", "purpose": "All agree on reading at eleven.",
        }  # fmt: skip
        sent = somebody.submit(form, values | fields)
        assert sent.ok, sent

    def plan(self, by: str = "ann", **fields: Any) -> Any:
        """Plan a pulse; what Slack says to the form."""
        somebody = self.room.workspace.as_user(by)
        assert somebody.command("/trust", "pulse").ok
        form = self.room.modal(by, "Pulse", lambda view: view.get("submit"))
        where = self.room.workspace.state.channel("general").id
        values = {"groups": ["group:readers"], "opens": OPENS, "closes": CLOSES, "where": where}
        return somebody.submit(form, {name: value for name, value in (values | fields).items() if value is not None})

    def asked(self, **fields: Any) -> None:
        """A pulse that was planned, opened and asked."""
        self.collaborate()
        assert self.plan(**fields).ok
        self.at(f"{OPENS}T08:00")

    def invitation(self, person: str) -> Message:
        """The message with the button."""
        return self.room.told(person, "How is")

    def form(self, person: str, message: Message | None = None) -> dict[str, Any]:
        """The open form of somebody's invitation."""
        before = self.room.workspace.modal(person) or {}
        assert self.room.workspace.as_user(person).click(message or self.invitation(person), "pulse.answer").ok
        return self.room.modal(person, "Two-minute pulse", lambda view: view["id"] != before.get("id"))

    def answer(self, person: str, choice: int = 4, comment: str = "", **choices: str) -> dict[str, Any]:
        """Fill in the form and send it; the view that follows."""
        form = self.form(person)
        radios = [
            block["block_id"] for block in form["blocks"] if block.get("element", {}).get("type") == "radio_buttons"
        ]
        values = {each: str(choice) for each in radios} | choices | ({"comment": comment} if comment else {})
        sent = self.room.workspace.as_user(person).submit(form, values)
        assert sent.ok, sent
        return self.room.modal(person, "Pulse")

    def channel(self, name: str = "general") -> list[Message]:
        """What the bot said in a channel, threads included."""
        bot = self.room.workspace.state.user("Trustbot").id
        return [each for each in self.room.workspace.messages(name) if each.user == bot]

    def results(self) -> Message:
        """The message with the results."""
        return next(each for each in self.channel() if "Pulse on" in each.text and not each.thread_ts)

    def words(self) -> str:
        """All that was said in the channel."""
        return "\n".join(said(each) for each in self.channel())


@contextmanager
def hall_at(home: Path, trust: str = TRUST, **options: Any) -> Iterator[Hall]:
    """The bot at work in the first week of November."""
    with staffroom_at(home, trust, **options) as room:
        room.open()
        yield Hall(room)
