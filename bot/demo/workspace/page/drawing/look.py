"""All that one window shows: a person at one place of the workspace, as regions of pieces of HTML with keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock

from markupsafe import Markup

from bot.demo.workspace.api.methods import Site
from bot.demo.workspace.page.drawing.messages import Drawer, title_of
from bot.demo.workspace.state import BOT_USER, Channel, Json, Message, User
from bot.demo.workspace.terminal.mrkdwn import unescaped

HOME, MESSAGES = "home", "messages"
Regions = dict[str, list[tuple[str, Markup]]]
"""Region name -> its pieces in order, as (key, HTML); keys are unique within a region."""


@dataclass(slots=True)
class Read:
    """Up to which ts each person has read each conversation."""

    _upto: dict[tuple[str, str], str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def upto(self, user: str, channel: str) -> str:
        """The ts of the last message that this person has seen there."""
        return self._upto.get((user, channel), "0")

    def mark(self, user: str, channel: str, ts: str) -> None:
        """Say that everything until `ts` has been seen."""
        with self._lock:
            self._upto[(user, channel)] = max(ts, self.upto(user, channel))


@dataclass(frozen=True, slots=True)
class Look:
    """One window. `place` is `home`, `messages` or a channel's id; `thread` the ts of an open thread's root."""

    site: Site
    user: User
    place: str
    thread: str
    read: Read

    @property
    def base(self) -> str:
        """The address of everything that is this person's."""
        return f"/as/{self.user.name}"

    @property
    def drawer(self) -> Drawer:
        """Draws for this person."""
        return Drawer(self.site, self.user, self.base)

    @property
    def channel(self) -> Channel | None:
        """The conversation that is open; None on the Home tab."""
        if self.place == HOME:
            return None
        if self.place == MESSAGES:
            return self.site.state.direct(BOT_USER, self.user.id)
        return self.site.state.channels.get(self.place)

    def regions(self) -> Regions:
        """Everything as it is now. What is shown counts as read."""
        with self.site.state.changed:
            channel = self.channel
            shown = {
                "talk": list(self._talk(channel)) if channel else [],
                "thread": list(self._thread(channel)) if channel and self.thread else [],
                "home": list(self._home()) if self.place == HOME else [],
                "status" if self.place == MESSAGES else "thread-status": list(self._statuses(channel)),
                "prompts": list(self._prompts(channel)),
                "modal": list(self._modal()),
            }
            if channel:
                self.read.mark(self.user.id, channel.id, self.site.state.ts())
            return {"side": [("side", self._side())], **shown}

    def _side(self) -> Markup:
        channels = sorted(self.site.state.of_user(self.user.id), key=lambda each: each.name)
        mine = [each for each in channels if each.kind in ("channel", "group")]
        groups = [each for each in channels if each.kind == "mpim"]
        others = [
            each for each in sorted(self.site.state.channels.values(), key=lambda each: each.name)
            if each.kind == "channel" and each not in mine and self.site.state.may_see(self.user.id, each)
        ]  # fmt: skip
        direct = self.site.state.direct(BOT_USER, self.user.id)
        app = [self._entry(MESSAGES, Markup("Messages"), self.unread(direct), "app")]
        app.insert(0, self._entry(HOME, Markup("Home"), 0, "app"))
        parts = [self._list(self.site.state.users[BOT_USER].real_name, app)]
        parts.append(self._list("Channels", [self._entry(each.id, title_of(each), self.unread(each)) for each in mine]))
        if groups:
            parts.append(
                self._list("Groups", [self._entry(each.id, title_of(each), self.unread(each)) for each in groups])
            )
        if others:
            entries = [self._entry(each.id, title_of(each), 0, "other") for each in others]
            parts.append(self._list("Open to you", entries))
        return Markup("").join(parts)

    def _list(self, title: str, entries: list[Markup]) -> Markup:
        return Markup("<h2>{}</h2><ul>{}</ul>").format(title, Markup("").join(entries))

    def _entry(self, place: str, name: Markup, unread: int, kind: str = "") -> Markup:
        here = Markup(' aria-current="page"') if place == self.place else Markup()
        count = Markup('<span class="count">{}<span class="spoken"> unread</span></span>').format(unread)
        return Markup('<li><a class="{}{}" href="{}/{}"{}><span class="name">{}</span>{}</a></li>').format(
            kind, " unread" if unread else "", self.base, place, here, name, count if unread else ""
        )

    def unread(self, channel: Channel) -> int:
        """How many messages of others came since this person looked: in a channel those outside threads."""
        since = self.read.upto(self.user.id, channel.id)
        return sum(
            each.ts > since and each.user != self.user.id and (channel.kind == "im" or not each.thread_ts)
            for each in self._visible(channel)
        )

    def _visible(self, channel: Channel) -> Iterator[Message]:
        yield from self.site.state.messages.get(channel.id, {}).values()
        yield from (each for each in self.site.state.ephemerals if each.channel == channel.id
                    and each.seen_by == self.user.id)  # fmt: skip

    def _talk(self, channel: Channel) -> Iterator[tuple[str, Markup]]:
        """The conversation: in the Messages tab each question with what came under it, elsewhere without threads."""
        drawer, address = self.drawer, f"{self.base}/{self.place}"
        everything = sorted(self._visible(channel), key=lambda each: each.ts)
        under: dict[str, list[Message]] = {}
        for each in everything:
            if each.thread_ts and each.thread_ts != each.ts:
                under.setdefault(each.thread_ts, []).append(each)
        known = {each.ts for each in everything}
        last: date | None = None
        if not everything:
            yield "empty", self._opening(channel)
        for each in everything:
            replies = under.get(each.ts, [])
            orphan = channel.kind == "im" and each.thread_ts is not None and each.thread_ts not in known
            if each.thread_ts and each.thread_ts != each.ts and not each.broadcast and not orphan:
                continue
            day = drawer.when(each.ts).date()
            if day != last:
                yield f"day-{day}", self._day(day)
                last = day
            if channel.kind == "im":
                yield _key(each), drawer.message(each, place=address)
                for reply in replies:
                    yield _key(reply), drawer.message(reply, place=address, kind="reply")
            else:
                yield _key(each), drawer.message(each, replies=replies, place=address)

    def _opening(self, channel: Channel) -> Markup:
        if channel.kind == "im":
            name = self.site.state.users[BOT_USER].real_name
            words = f"What you write here is between you and {name}."
        else:
            words = "Nobody has written here yet."
        return Markup('<div class="opening"><h3>{}</h3><p>{}</p></div>').format(title_of(channel), words)

    def _day(self, day: date) -> Markup:
        today = self.drawer.when(str(self.site.state.clock())).date()
        near = {today: "Today", today - timedelta(days=1): "Yesterday"}
        return Markup('<div class="day"><span>{}</span></div>').format(near.get(day, f"{day:%A} {day.day} {day:%B}"))

    def _thread(self, channel: Channel) -> Iterator[tuple[str, Markup]]:
        thread = [each for each in self._visible(channel) if self.thread in (each.root, each.ts)]
        for each in sorted(thread, key=lambda each: each.ts):
            yield f"t{_key(each)}", self.drawer.message(each)

    def _home(self) -> Iterator[tuple[str, Markup]]:
        view = self.site.state.homes.get(self.user.id)
        if view is None:
            yield "none", Markup('<p class="quiet">Your Home is being drawn …</p>')
        else:
            yield view["hash"], Markup('<div data-target="v:{}">{}</div>').format(view["id"], self.drawer.view(view))

    def _statuses(self, channel: Channel | None) -> Iterator[tuple[str, Markup]]:
        if channel is None:
            return
        now = self.site.state.clock()
        for (place, root), status in self.site.state.statuses.items():
            seen = channel.kind == "im" or root == self.thread
            if place == channel.id and now < status.until and seen:
                name = self.site.state.users[BOT_USER].real_name
                yield (
                    root,
                    Markup('<p><span class="dots" aria-hidden="true"></span>{} {}</p>').format(
                        name, unescaped(status.text)
                    ),
                )

    def _prompts(self, channel: Channel | None) -> Iterator[tuple[str, Markup]]:
        if channel is None or channel.kind != "im" or self.site.state.messages.get(channel.id):
            return
        for at, each in enumerate(self.site.state.prompts.get(channel.id, ())):
            yield (
                str(at),
                Markup('<button type="button" class="btn" data-say="{}">{}</button>').format(
                    each["message"], each["title"]
                ),
            )

    def _modal(self) -> Iterator[tuple[str, Markup]]:
        stack = self.site.state.modals.get(self.user.id, [])
        if stack:
            yield stack[-1]["hash"], self._dialog(stack[-1], len(stack))

    def _dialog(self, view: Json, depth: int) -> Markup:
        words = [unescaped((view.get(key) or {}).get("text", "")) for key in ("title", "close", "submit")]
        title, close, submit = words
        sends = Markup('<button type="submit" class="btn primary"{}>{}</button>').format(
            Markup(" disabled") if view.get("submit_disabled") else "", submit
        )
        return Markup(
            '<dialog aria-labelledby="modal-title" data-target="v:{}" data-view="{}"><form novalidate><header>'
            '<h2 id="modal-title" tabindex="-1">{}</h2><button type="button" class="plain" data-close aria-label="{}">✕'
            '</button></header><div class="inside" tabindex="0" role="group" aria-label="{}">{}</div>'
            '<p class="fault whole" role="alert" hidden></p>'
            '<footer><button type="button" class="btn" data-close>{}</button>{}</footer></form></dialog>'
        ).format(
            view["id"], view["id"], title, "Back" if depth > 1 else "Close", title, self.drawer.view(view),
            close or "Close", sends if submit else "",
        )  # fmt: skip


def _key(message: Message) -> str:
    return f"{'e' if message.seen_by else 'm'}-{message.ts}"
