"""Moving the clock from the page, and what arrived through it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from threading import Lock

from markupsafe import Markup

from bot.demo.workspace.controls import NotThere
from bot.demo.workspace.movable_clock import MovableClock
from bot.demo.workspace.page.days import Move, in_words
from bot.demo.workspace.page.drawing.icons import icon
from bot.demo.workspace.page.drawing.look import Regions
from bot.demo.workspace.page.drawing.messages import title_of
from bot.demo.workspace.state import BOT_USER, Message
from bot.demo.workspace.workspace import Workspace
from knowledge.school.calendar import SchoolCalendar

SHOWN = 12
WHILE = 90.0


@dataclass(slots=True)
class TimeMachine:
    """Moves `clock`, and lets the bot do by `strike` what has become due."""

    workspace: Workspace
    clock: MovableClock
    zone: tzinfo
    calendar: SchoolCalendar
    moves: Sequence[Move]
    strike: Callable[[], object]
    moved: Callable[[datetime], object] = lambda when: None
    _since: str = ""
    _until: str = ""
    _when: str = ""
    _moving: Lock = field(default_factory=Lock)

    def now(self) -> datetime:
        """The time in the trust's zone."""
        return self.clock.now(self.zone)

    def move(self, name: str) -> bool:
        """Move on, and let the clock strike. Returns when all that was due at once has been done."""
        chosen = next((move for move in self.moves if move.name == name), None)
        when = chosen.moment(self.now(), self.calendar) if chosen else None
        if when is None:
            raise NotThere("the clock cannot be moved there")
        self.move_to(when)
        return True

    def move_to(self, when: datetime) -> None:
        """Move on to a moment, and let the clock strike; a moment that is past already changes nothing."""
        with self._moving:
            if when <= self.now():
                return
            self._since = self.workspace.state.ts()
            self.clock.move_to(when)
            self._when = in_words(when)
            self._until = f"{when.timestamp() + WHILE:.6f}"
            self.moved(when)
            self._tell()
            self.strike()
            self._tell()

    def _tell(self) -> None:
        with self.workspace.state.changed:
            self.workspace.state.changed.notify_all()

    def regions(self) -> Regions:
        """The clock with its ways to move on, and what came since it was moved."""
        return {"clock": [("clock", self._face())], "news": list(self._news())}

    def _face(self) -> Markup:
        now = self.now()
        ways = Markup("").join(
            Markup('<button type="button" data-move="{}"><b>{}</b><span class="quiet">{}</span></button>').format(
                move.name, move.label, in_words(when)
            )
            for move in self.moves
            if (when := move.moment(now, self.calendar))
        )
        return Markup(
            '<details class="menu clock"><summary>{} <span class="spoken">The clock: '
            "</span><span>{} {} {}</span> <b>{}</b></summary><div><p>Move the clock on, and see what arrives</p>{}"
            "</div></details>"
        ).format(icon("clock"), f"{now:%a}", now.day, f"{now:%b}", f"{now:%H:%M}", ways)

    def _news(self) -> list[tuple[str, Markup]]:
        if not self._since:
            return []
        with self.workspace.state.changed:
            arrived = [
                (channel, message)
                for channel in self.workspace.state.channels.values()
                for message in self.workspace.state.messages.get(channel.id, {}).values()
                if message.user == BOT_USER and self._since < message.ts < self._until and not message.thread_ts
            ]
            places: dict[str, list[Message]] = {}
            for channel, message in arrived:
                places.setdefault(channel.id, []).append(message)
            lines = [self._line(channel, messages) for channel, messages in places.items()]
        more = Markup("<li>and {} more</li>").format(len(lines) - SHOWN) if len(lines) > SHOWN else Markup()
        told = (
            Markup("<p>It is now <b>{}</b>. Trustbot wrote to:</p><ul>{}{}</ul>").format(
                self._when, Markup("").join(lines[:SHOWN]), more
            )
            if lines
            else Markup("<p>It is now <b>{}</b>. Nothing has arrived: nothing was due.</p>").format(self._when)
        )
        body = Markup(
            '<div class="card">{}<button type="button" class="plain" data-dismiss aria-label="Close">✕</button></div>'
        ).format(told)
        return [(f"news-{self._since}", body)]

    def _line(self, channel_id: str, messages: Sequence[Message]) -> Markup:
        state = self.workspace.state
        channel = state.channels[channel_id]
        people = sorted((state.users[each] for each in channel.members - {BOT_USER}), key=lambda each: each.real_name)
        count = "" if len(messages) == 1 else f" ({len(messages)} messages)"
        if not people:
            return Markup("<li>{}{}</li>").format(title_of(channel), count)
        if channel.kind == "im":
            return Markup('<li><a href="/as/{}/messages">{}</a>{}</li>').format(
                people[0].name, people[0].real_name, count
            )
        return Markup('<li><a href="/as/{}/{}">{}</a>, as {} sees it{}</li>').format(
            people[0].name, channel.id, title_of(channel), people[0].real_name, count
        )
