"""What is new for a person since they last looked: messages, what only they see, modals and their Home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.workspace.state import BOT_USER, SLACKBOT, Channel, Json, Message, State
from bot.demo.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class News:
    """Something that came onto the screen; `changed` when it was there before in another form."""

    shown: Message | Json
    at: str
    changed: bool = False


@dataclass(slots=True)
class Screen:
    """One person's screen; `since` is the ts up to which they have looked."""

    workspace: Workspace
    user: str
    since: str = "0"

    @property
    def _state(self) -> State:
        return self.workspace.state

    def look(self) -> list[News]:
        """Everything from others that is new, oldest first; afterwards it has been looked at."""
        with self._state.changed:
            news = self.news()
            self.since = self._state.ts()
        return news

    def news(self) -> list[News]:
        """Everything from others that is new and complete."""
        places = [self._state.messages.get(channel.id, {}) for channel in self._state.of_user(self.user)]
        mine = [each for place in places for each in place.values()]
        mine += [each for each in self._state.ephemerals if each.seen_by == self.user]
        found = [
            News(each, max(each.ts, each.edited or ""), each.ts <= self.since)
            for each in mine
            if max(each.ts, each.edited or "") > self.since and each.user != self.user and not each.streaming
        ]
        found += [
            News(view, view["hash"]) for view in self._state.modals.get(self.user, ())[-1:] if view["hash"] > self.since
        ]
        return sorted(found, key=lambda each: each.at)

    def status(self) -> str:
        """What the app says that it is doing for this person."""
        now = self._state.clock()
        for channel in self._state.of_user(self.user):
            for (place, _), status in self._state.statuses.items():
                if place == channel.id and now < status.until:
                    return status.text
        return ""

    def answered(self) -> bool:
        """Whether the app has said something new and is doing nothing more."""
        app = (BOT_USER, SLACKBOT)
        said = [each for each in self.news() if not isinstance(each.shown, Message) or each.shown.user in app]
        return bool(said) and not self.status()

    def wait(self, timeout: float, working: Callable[[str], None] = lambda status: None) -> bool:
        """Wait for the app's answer, telling `working` each new status; False if none came in `timeout` seconds."""
        told = ""
        end = self._state.clock() + timeout

        def moved() -> str:
            if self.answered():
                return "answered"
            status = self.status()
            return status if status and status != told else ""

        while (left := end - self._state.clock()) > 0:
            try:
                told = self.workspace.wait_for(moved, left)
            except TimeoutError:
                return False
            if told == "answered":
                return True
            working(told)
        return False

    def place(self, channel: Channel) -> str:
        """The name that this person sees over a conversation."""
        if channel.kind == "im":
            return "Messages"
        return f"#{channel.name}"
