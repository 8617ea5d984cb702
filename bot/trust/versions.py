"""The versions of the trust file that were accepted, in the database, where every process looks before it acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePath

from sqlalchemy import Connection, DateTime, Engine, Integer, String, Text, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.config.trust import Trust
from bot.runtime.db import Base
from knowledge.library.tables import StateRow
from knowledge.library.transactions import in_line, narrow
from knowledge.library.versions import covers
from knowledge.passages import EVERYONE_PRINCIPAL, Audience

# No id of the trust file is written so, and nobody holds it.
NOBODY_YET = Audience(frozenset({"(nobody)"}))


class TrustVersionRow(Base):
    """A version that was accepted: `place` says from which machine and file. Only the one in force has its words."""

    __tablename__ = "trust_versions"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[str | None] = mapped_column(Text)
    accepted: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    place: Mapped[str] = mapped_column(Text)


class TrustFolderRow(Base):
    """A folder that a copy of the trust file was read from: the library's paths go on from there."""

    __tablename__ = "trust_folders"

    folder: Mapped[str] = mapped_column(Text, primary_key=True)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the trust file. `number` grows with every one that is accepted, whatever any clock says; `database`
    tells the versions of this database from those of others."""

    number: int
    digest: str
    accepted: datetime
    place: str
    database: str


# Built once: it is asked before every answer.
_NEWEST = (
    select(
        TrustVersionRow.number,
        TrustVersionRow.digest,
        TrustVersionRow.accepted,
        TrustVersionRow.place,
        select(StateRow.library_id).scalar_subquery().label("database"),
    )
    .order_by(TrustVersionRow.number.desc())
    .limit(1)
)


def digest_of(text: str) -> str:
    """What tells one text from another."""
    return sha256(text.encode()).hexdigest()


def newest(connection: Connection) -> Version | None:
    """The version in force; None where none was ever accepted."""
    row = connection.execute(_NEWEST).one_or_none()
    if row is None:
        return None
    accepted = row.accepted if row.accepted.tzinfo else row.accepted.replace(tzinfo=UTC)
    return Version(row.number, row.digest, accepted, row.place, row.database)


def text_of(connection: Connection, version: Version) -> str | None:
    """The words of the version in force; None where it is not that any more."""
    query = select(TrustVersionRow.text).where(TrustVersionRow.number == version.number)
    text: str | None = connection.scalar(query.where(TrustVersionRow.digest == version.digest))
    return text


class Acceptance:
    """A transaction in which the next version may be accepted: nobody else accepts one, or writes to the library."""

    def __init__(self, connection: Connection, database: str) -> None:
        self._connection = connection
        self.database = database
        self.newest = newest(connection)

    def before(self) -> str | None:
        """The words of the version in force."""
        return text_of(self._connection, self.newest) if self.newest else None

    def know(self, folder: Path) -> None:
        """Keep in mind that a copy of the file lies in this folder."""
        if str(folder) not in self._folders():
            self._connection.execute(insert(TrustFolderRow), {"folder": str(folder)})

    def accept(self, text: str, trust: Trust, before: Trust | None, version: Version) -> int:
        """Put this version in force in place of `before`, and close what fewer may read from now on; returns how many
        documents that are."""
        self.know(trust.folder)
        self._connection.execute(update(TrustVersionRow).values(text=None))
        values = {"number": version.number, "digest": version.digest, "accepted": version.accepted}
        self._connection.execute(insert(TrustVersionRow), {**values, "text": text, "place": version.place})
        return narrow(self._connection, narrowed(before, trust, [Path(each) for each in self._folders()]))

    def _folders(self) -> list[str]:
        return list(self._connection.scalars(select(TrustFolderRow.folder)))


@contextmanager
def accepting(engine: Engine) -> Iterator[Acceptance]:
    """The one transaction at a time in which a version may be accepted."""
    with in_line(engine) as (connection, library_id):
        yield Acceptance(connection, library_id)


def narrowed(before: Trust | None, after: Trust, folders: list[Path]) -> Callable[[str, Audience], Audience]:
    """What a document's audience may still be, by its source, when `after` comes into force in place of `before`.

    Where the rule of its folder has changed, nobody may read it whom the new rule does not name, and in a folder that
    is not listed any more nobody at all. Nothing becomes wider here: who may read more is for the next sync to say,
    which reads what the document says of itself.
    """
    old = _rules(before, folders) if before else {}
    new = _rules(after, folders)

    def allowed(source: str, audience: Audience) -> Audience:
        was, now = _nearest(old, source), _nearest(new, source)
        if now is None:
            return audience if was is None else NOBODY_YET
        if now == was or covers(now, audience):
            return audience
        if EVERYONE_PRINCIPAL in audience.principals:
            return now
        common = now.principals & audience.principals
        return Audience(common) if common else NOBODY_YET

    return allowed


def _rules(trust: Trust, folders: list[Path]) -> dict[str, Audience]:
    """Place -> who may read what lies there, wherever a copy of the file lies."""
    return {
        str((folder / rule.path).resolve()): Audience(frozenset(rule.audience))
        for folder in folders
        for rule in trust.library
    }


def _nearest(rules: dict[str, Audience], source: str) -> Audience | None:
    """The rule of the deepest place that holds this file."""
    path = PurePath(source)
    return next((rules[place] for place in map(str, (path, *path.parents)) if place in rules), None)
