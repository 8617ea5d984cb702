"""The channels that the trust file names, kept by their ids once they were found: a new name loses none of them."""

from __future__ import annotations

from sqlalchemy import Engine, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.runtime.db import Base
from bot.slack.notices import Notices
from bot.slack.people.people import People

RENAMED = (
    "The trust file names #{name}, which is called #{called} in Slack now. Trustbot goes on posting there. Write the "
    "new name in the trust file, so that both say the same."
)
ARCHIVED = (
    "The weekly digest of #{name} cannot be posted: the channel is archived. Bring it back in Slack, or take its "
    "digest out of the trust file. Trustbot tries again by itself."
)
GONE = (
    "The weekly digest of #{name} cannot be posted: Trustbot is not in a channel of that name. Invite it there with "
    "`/invite @Trustbot`, or correct the name in the trust file. Trustbot tries again by itself."
)


class ChannelRow(Base):
    """A channel by the name that the trust file has for it."""

    __tablename__ = "channels"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    id: Mapped[str] = mapped_column(String(40))


class Channels:
    """Finds channels. What was found once is that channel for as long as the bot is in it, whatever it is called and
    whatever else bears its name; only then is the name looked for again."""

    def __init__(self, engine: Engine, people: People) -> None:
        self._engine = engine
        self._people = people

    def find(self, name: str, notices: Notices | None = None) -> str | None:
        """The id of the channel that the trust file calls so; None where the bot is not in it. With `notices`, the
        administrators are told what is wrong with it, once."""
        name = name.lstrip("#")
        kept = self._load(name)
        about = self._people.about_channel(kept) if kept else None
        archived = bool(about and about.get("is_archived"))
        if kept and about and about.get("is_member", True) and not archived:
            called = str(about.get("name") or name)
            if notices and called != name:
                notices.tell(f"channel:{name}", f"renamed:{called}", RENAMED.format(name=name, called=called))
            elif notices:
                notices.clear(f"channel:{name}")
            return kept
        found = self._people.channel_named(name)
        if found:
            self.keep(name, found)
        if notices and found:
            notices.clear(f"channel:{name}")
        elif notices and archived:
            notices.tell(f"channel:{name}", "archived", ARCHIVED.format(name=name))
        elif notices and name:
            notices.tell(f"channel:{name}", "gone", GONE.format(name=name))
        return found

    def keep(self, name: str, channel: str) -> None:
        """From now on the channel of this name is that one."""
        with Session(self._engine) as session, session.begin():
            session.merge(ChannelRow(name=name, id=channel))

    def named(self, channel: str, called: str) -> str:
        """What the trust file calls a channel that is `called` so in Slack: nothing where that name is another's."""
        with Session(self._engine) as session:
            names = session.scalars(select(ChannelRow.name).where(ChannelRow.id == channel).order_by(ChannelRow.name))
            known = list(names)
        if known:
            return called if called in known else known[0]
        return called if self._load(called) is None or self.find(called) == channel else ""

    def names_before(self, name: str) -> list[str]:
        """The other names under which the trust file had the channel that it calls so now."""
        channel = self.find(name)
        with Session(self._engine) as session:
            there = ChannelRow.id == channel, ChannelRow.name != name
            return list(session.scalars(select(ChannelRow.name).where(*there).order_by(ChannelRow.name)))

    def _load(self, name: str) -> str | None:
        with Session(self._engine) as session:
            row = session.get(ChannelRow, name)
            return row.id if row else None
