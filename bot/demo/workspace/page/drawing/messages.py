"""One message as a person sees it: who, when, what, what can be done with it, and what hangs on it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.demo.workspace.api.methods import Site
from bot.demo.workspace.page.drawing.blocks import Blocks
from bot.demo.workspace.page.drawing.icons import icon
from bot.demo.workspace.page.drawing.marks import Marks
from bot.demo.workspace.state import BOT_USER, SLACKBOT, Channel, Json, Message, User

HUES = 8
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
"""What a browser may show in place, by the ending of its name; everything else is downloaded."""


@dataclass(frozen=True, slots=True)
class Drawer:
    """Draws for one person; `base` is the address of everything that is theirs, such as `/as/ada`."""

    site: Site
    user: User
    base: str

    @property
    def marks(self) -> Marks:
        """Mark-up as this person reads it."""
        return Marks(self.site.state, self.user.tz)

    def when(self, ts: str) -> datetime:
        """The moment of a ts, in this person's zone."""
        return datetime.fromtimestamp(float(ts), UTC).astimezone(ZoneInfo(self.user.tz))

    def message(self, message: Message, *, replies: Sequence[Message] = (), place: str = "", kind: str = "") -> Markup:
        """A whole message. `replies` are summed up under it, with a way into the thread at the address `place`."""
        author = self.site.state.users[message.user]
        target = f"{'e' if message.seen_by else 'm'}:{message.channel}:{message.ts}"
        whisper = (
            Markup('<p class="only">{} Only visible to you</p>').format(icon("eye")) if message.seen_by else Markup()
        )
        at = self.when(message.ts)
        return Markup(
            '<article class="msg {}{}{}" data-target="{}">{}<div class="body">{}<header><b>{}</b>{}'
            '<time datetime="{}" title="{}">{}</time></header><div class="said">{}</div>{}</div>{}</article>'
        ).format(
            kind, " whisper" if message.seen_by else "", " streaming" if message.streaming else "", target,
            avatar(author), whisper, author.real_name,
            Markup('<span class="badge">APP</span>') if author.id in (BOT_USER, SLACKBOT) else "",
            at.isoformat(), f"{at:%A} {at.day} {at:%B %Y}, {at:%H:%M}", f"{at:%H:%M}",
            self._said(message), self._replies(message, replies, place), self._menu(message, place),
        )  # fmt: skip

    def _said(self, message: Message) -> Markup:
        marks = self.marks
        kept = self.site.drafts.get((self.user.id, message.ts), {"values": {}})["values"]
        prefix = f"m{message.ts.replace('.', '-')}"
        parts: list[Markup] = []
        if message.text and (message.markdown or not message.blocks):
            parts.append(marks.markdown(message.text) if message.markdown else marks.mrkdwn(message.text))
        parts.append(Blocks(marks, f"{self.base}/file", message.blocks, kept, prefix).draw())
        for at, each in enumerate(message.attachments):
            blocks = each.get("blocks", ())
            parts.append(Blocks(marks, f"{self.base}/file", blocks, kept, f"{prefix}-{at}").draw())
        parts += [self._file(key) for key in message.files if key in self.site.state.files]
        if message.edited and message.user != BOT_USER:
            parts.append(Markup('<span class="quiet">(edited)</span>'))
        counts = {name: [each for each, _ in message.reactions].count(name) for name, _ in message.reactions}
        parts += [
            Markup('<span class="reaction">{} {}</span>').format(marks.mrkdwn(f":{name}:"), count)
            for name, count in counts.items()
        ]
        return Markup("").join(parts)

    def _file(self, key: str) -> Markup:
        file = self.site.state.files[key]
        address = f"{self.base}/file/{key}"
        ending = file.name.rpartition(".")[2].lower()
        if ending in PICTURES:
            return Markup(
                '<figure><figcaption>{}</figcaption><a href="{}" target="_blank" rel="noopener"><img src="{}" '
                'alt="{}"></a></figure>'
            ).format(file.title or file.name, address, address, file.alt or file.title or file.name)
        return Markup(
            '<a class="file" href="{}" download="{}"><span class="ending" aria-hidden="true">{}</span><span><b>{}</b>'
            '<span class="quiet">{}</span></span></a>'
        ).format(address, file.name, ending[:4], file.title or file.name, size_of(file.size))

    def _replies(self, message: Message, replies: Sequence[Message], place: str) -> Markup:
        if not replies:
            return Markup()
        words = "1 reply" if len(replies) == 1 else f"{len(replies)} replies"
        faces = Markup("").join(avatar(self.site.state.users[each]) for each in dict.fromkeys(
            reply.user for reply in replies[-3:]))  # fmt: skip
        return Markup('<a class="replies" href="{}?thread={}">{}<span>{}</span></a>').format(
            place, message.root, faces, words
        )

    def _menu(self, message: Message, place: str) -> Markup:
        items = [
            Markup('<button type="button" data-shortcut="{}">{}</button>').format(callback, name)
            for callback, name in self.site.manifest.on_messages.items()
        ]
        if place and not message.seen_by:
            items.insert(0, Markup('<a href="{}?thread={}">Reply in thread</a>').format(place, message.root))
        if message.user == self.user.id:
            items.append(Markup('<button type="button" data-delete>Delete message</button>'))
        if not items:
            return Markup()
        return Markup(
            '<details class="menu more"><summary aria-label="More to do with this message">⋯</summary>'
            "<div>{}</div></details>"
        ).format(Markup("").join(items))

    def view(self, view: Json) -> Markup:
        """The blocks of a modal or Home."""
        return Blocks(self.marks, f"{self.base}/file", view["blocks"], view["state"]["values"], view["id"]).draw()


def avatar(user: User) -> Markup:
    """A person's initials on a colour of their own; the app has its mark."""
    if user.id == BOT_USER:
        return Markup('<span class="face app" aria-hidden="true">T</span>')
    initials = "".join(part[0] for part in user.real_name.split()[:2]).upper()
    return Markup('<span class="face hue-{}" aria-hidden="true">{}</span>').format(
        zlib.crc32(user.id.encode()) % HUES, initials
    )


def title_of(channel: Channel) -> Markup:
    """A conversation's name with its sign."""
    if channel.kind == "im":
        return Markup("Trustbot")
    sign = "#" if channel.kind == "channel" else icon("lock")
    return Markup('<span class="sign" aria-hidden="true">{}</span>{}').format(sign, channel.name)


def size_of(count: int) -> str:
    """A number of bytes as people say it."""
    for unit, size in (("MB", 1_000_000), ("kB", 1_000)):
        if count >= size:
            return f"{count / size:.1f} {unit}".replace(".0 ", " ")
    return f"{count} bytes"
