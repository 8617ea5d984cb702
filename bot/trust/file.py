"""The trust file on this machine: a copy that may propose the next version, and never undoes one that it has missed."""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from bot.config import trust as trust_file
from bot.config.trust import Trust
from bot.errors import Refusal
from bot.trust.versions import Acceptance, Version, accepting, digest_of, newest, text_of

STEP = "trust-copy.json"
GONE = (
    "There is no trust file at {path} any more, and version {number} of it is in force. Put it back: `trustbot trust "
    "show` prints it as it was."
)
BEHIND = (
    "{path} is not the trust file in force. That is version {number}, accepted on {day} from {place}. This copy "
    "has missed it, so nothing goes by this copy. Put the newer file here (`trustbot trust show` prints it) and make "
    "your change in that. If this copy is the right one all the same, run `trustbot trust accept` here."
)
TOO_NEW = (
    "The trust file that is in force was accepted by another version of Trustbot, and this one cannot read it: it "
    "answers nothing until both are of one version. Update this one."
)
NOT_WRITABLE = "The folder {folder} cannot be written to. Set TRUSTBOT_HOME to a folder that you may write to."
log = logging.getLogger(__name__)


Step = dict[str, str | int]


class NotInForce(Refusal):
    """This copy of the trust file has missed the version that is in force."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The version in force and what it says."""

    version: Version
    trust: Trust


class TrustFile:
    """The copy of the trust file at `path`. `home` remembers with which version it was last in step."""

    def __init__(self, path: Path, home: Path, engine: Engine, now: Callable[[], datetime]) -> None:
        self.path = path
        self._step_file = home / STEP
        self._engine = engine
        self._now = now

    def newest(self) -> Version | None:
        """The version in force; None where none was ever accepted."""
        with self._engine.connect() as connection:
            return newest(connection)

    def text(self) -> str:
        """The file's words as they are now; a Refusal where there are none."""
        version = None if self.path.exists() else self.newest()
        if version:
            raise Refusal(GONE.format(path=self.path, number=version.number))
        return trust_file.words(self.path)

    def settle(self, *, insist: bool = False) -> InForce:
        """Have what the file says come into force, where it is not so already; returns what is in force then.

        A Refusal where the file is not as it should be. NotInForce where this copy has missed a version: it is not
        the one in force, and was not the same as that before it was changed. With `insist` it comes into force even so.
        """
        while True:
            text = self.text()
            trust = trust_file.parse(text, self.path)
            version = self.newest()
            if version is None or digest_of(text) != version.digest or self._step() != _step_of(version):
                version = self._propose(text, trust, insist=insist)
            if version is not None:
                return InForce(version, trust)

    def in_force(self) -> InForce:
        """What is in force, whatever this copy says; a Refusal where that cannot be read."""
        return in_force(self._engine, self.path)

    def behind(self) -> str | None:
        """What is to be said where this copy has missed the version in force; nothing is changed. A Refusal where the
        file is not as it should be."""
        text, version = self.text(), self.newest()
        trust = trust_file.parse(text, self.path)
        if version is None or version.digest == digest_of(text) or self._follows(version):
            return None
        return self._behind(version, trust)

    def _propose(self, text: str, trust: Trust, *, insist: bool) -> Version | None:
        """Accept these words, where they are not in force already; None where the file says something else by now."""
        digest = digest_of(text)
        with accepting(self._engine) as at:
            if self.text() != text:
                return None
            if at.newest and at.newest.digest == digest:
                at.know(trust.folder)
                self._remember(at.newest)
                return at.newest
            if not insist and not self._follows(at.newest):
                raise NotInForce(self._behind(at.newest, trust))
            version = self._next(at, digest)
            closed = at.accept(text, trust, self._readable(at.before()), version)
            # Before the transaction ends: a copy that believes to be ahead may try again, one behind is refused.
            self._remember(version)
        log.info("version %d of the trust file is in force; %d documents are read by fewer", version.number, closed)
        return version

    def _next(self, at: Acceptance, digest: str) -> Version:
        """The version that these words become. In a database that was put back to an earlier day numbers go on."""
        known = [at.newest.number] if at.newest else []
        if (step := self._step()) and step["database"] == at.database:
            known.append(int(step["number"]))
        place = f"{socket.gethostname()}, {self.path}"
        return Version(max(known, default=0) + 1, digest, self._now().astimezone(UTC), place, at.database)

    def _follows(self, version: Version | None) -> bool:
        """Whether this copy was the same as the version in force before it was changed, or knows a later one that the
        database has lost."""
        step = self._step()
        if version is None:
            return True
        if step is None or step["database"] != version.database:
            return False
        return step == _step_of(version) or int(step["number"]) > version.number

    def _behind(self, version: Version | None, trust: Trust) -> str:
        if version is None:
            raise RuntimeError("a copy can only be behind a version")
        day = f"{version.accepted.astimezone(trust.zone):%-d %B %Y at %H:%M}"
        return BEHIND.format(path=self.path, number=version.number, day=day, place=version.place)

    def _readable(self, text: str | None) -> Trust | None:
        """What an earlier version said; None where nobody can tell any more, so that nothing of it counts."""
        try:
            return trust_file.parse(text, self.path) if text else None
        except Refusal:
            return None

    def _step(self) -> Step | None:
        """With which version of which database this copy was last the same."""
        try:
            step = json.loads(self._step_file.read_text(encoding="utf-8"))
            return {"database": str(step["database"]), "number": int(step["number"]), "digest": str(step["digest"])}
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def _remember(self, version: Version) -> None:
        fresh = self._step_file.with_name(f".{self._step_file.name}.{os.getpid()}")
        try:
            fresh.write_text(json.dumps(_step_of(version)), encoding="utf-8")
            fresh.replace(self._step_file)
        except OSError as error:
            raise Refusal(NOT_WRITABLE.format(folder=self._step_file.parent)) from error


def words_in_force(engine: Engine, path: Path) -> tuple[Version, str]:
    """The version in force and its words; a Refusal where there never was one."""
    while True:
        with engine.connect() as connection:
            version = newest(connection)
            text = text_of(connection, version) if version else None
        if version is None:
            raise Refusal(f"No trust file was ever in force. Write one to {path}; see `trustbot guide set-up`.")
        if text is not None:
            return version, text


def in_force(engine: Engine, path: Path) -> InForce:
    """What is in force, as a copy at `path` would say it; a Refusal where nothing is, or it cannot be read."""
    version, text = words_in_force(engine, path)
    try:
        return InForce(version, trust_file.parse(text, path))
    except Refusal as error:
        raise Refusal(TOO_NEW) from error


def _step_of(version: Version) -> Step:
    return {"database": version.database, "number": version.number, "digest": version.digest}
