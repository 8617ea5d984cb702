"""Has what the trust file says come into force while the bot runs, and tells the administrators where it cannot."""

from __future__ import annotations

import json
import logging
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread

from filelock import FileLock, Timeout

from bot.errors import Refusal
from bot.runtime.failures import record_failure
from bot.slack import block_kit as kit
from bot.slack.messages.outbox import Outbox
from bot.slack.people.people import People
from bot.trust.file import NotInForce, TrustFile
from bot.trust.live import LiveTrust
from bot.trust.versions import Version

EVERY_SECONDS, AGAIN_SECONDS, STOP_SECONDS = 1.0, 5.0, 10.0
PATIENCE = 60
STATE, LOCK = "trust-problem.json", "trust-problem.lock"
BROKEN = "*The trust file on {host} needs you.* Trustbot cannot go by it:"
STAYS = (
    "Until that is put right, everything goes on by version {number} of the trust file, in force since {day}. Save the "
    "file once it is right: Trustbot takes it up within seconds and tells you."
)
GOOD_AGAIN = "The trust file on {host} is in order again. Version {number} is in force since {day}."
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps the file from coming into force, in which words; `told` are those that the administrators were told
    under `key`. `over`: it is put right, and that is to be told."""

    key: str
    words: str
    told: str = ""
    over: bool = False


class TrustWatch:
    """Looks at this machine's copy of the trust file and at the version in force, every second.

    A file is taken as it is when two looks in a row found the same, so that one that is being written is left alone.
    One that has missed a version is given `patience` looks more: files of several machines are not changed at once.
    What is wrong is kept in `home`, to be told once whatever process finds it.
    """

    def __init__(
        self,
        file: TrustFile,
        trust: LiveTrust,
        home: Path,
        people: People,
        outbox: Outbox,
        patience: int = PATIENCE,
    ) -> None:
        self._file = file
        self._trust = trust
        self._home = home
        self._people = people
        self._outbox = outbox
        self._patience = patience
        self._version = trust.in_force.version
        self._seen: str | None = None
        self._done: tuple[str, Version] | None = None
        self._found: Refusal | None = None
        self._looks = 0

    def run(self, stop: Event) -> None:
        """Look until `stop` is set, and tell beside it: what Slack is slow to take holds up no change."""
        telling = Thread(target=_again_and_again, args=(self.report, stop), name="trust-file-told", daemon=True)
        telling.start()
        _again_and_again(self.look, stop)
        telling.join(STOP_SECONDS)

    def look(self) -> None:
        """Look once: take the file as it is, where two looks found the same."""
        version = self._trust.in_force.version
        if version != self._version:
            log.warning("version %d of the trust file is in force, accepted from %s", version.number, version.place)
            self._version = version
        seen, before = self._glance(), self._seen
        self._seen = seen
        if seen != before:
            return
        if self._done != (seen, version):
            self._done, self._looks = None, 0
            self._found = self._settle()
            self._done = (seen, self._trust.in_force.version)
        self._looks += 1

    def report(self) -> None:
        """Tell the administrators what the looks found, as far as they were not told; in one process at a time."""
        # Where another process has it, that one sees the same file.
        with suppress(Timeout), FileLock(self._home / LOCK).acquire(timeout=0):
            done, found, looks = self._done, self._found, self._looks
            if done != (self._glance(), self._trust.in_force.version):
                # What this process found is of a file, or a version, that is none any more.
                return
            if not isinstance(found, NotInForce) or looks > self._patience:
                self._report(found)

    def _glance(self) -> str:
        try:
            return sha256(self._file.path.read_bytes()).hexdigest()
        except OSError as error:
            return type(error).__name__

    def _settle(self) -> Refusal | None:
        """Take the file as it is; what is wrong with it, if anything."""
        try:
            self._file.settle()
        except Refusal as refusal:
            return refusal
        return None

    def _report(self, found: Refusal | None) -> None:
        """Keep in mind what is wrong now, or that nothing is any more, and tell it."""
        words, known = str(found) if found else "", self._problem()
        if words and (known is None or known.over):
            log.error("the trust file cannot come into force: %s", words)
            known = Problem(secrets.token_hex(8), words)
        elif words and known and known.words != words:
            log.error("the trust file cannot come into force: %s", words)
            known = replace(known, words=words)
        elif known and not words:
            log.warning("the trust file is in order again")
            known = replace(known, over=True) if known.told else None
            self._keep(known)
        if known and (known.over or known.told != known.words):
            self._keep(known)
            self._tell(known)
            self._keep(None if known.over else replace(known, told=known.words))

    def _tell(self, known: Problem) -> None:
        """Tell each administrator once what is wrong, and once that it is put right."""
        key = f"trust-file:{known.key}"
        version = self._trust.in_force.version
        users = self._people.accounts(self._trust.present.administrators).values()
        if not users:
            log.error("nobody of the trust file is an administrator with a Slack account, so nobody was told")
        for user in users:
            if known.over:
                self._outbox.post(f"{key}:good:{user}", self._outbox.direct(user), *self._good(version))
            elif not (known.told and self._outbox.update(f"{key}:{user}", *self._wrong(known.words, version))):
                self._outbox.post(f"{key}:{user}", self._outbox.direct(user), *self._wrong(known.words, version))

    def _wrong(self, words: str, version: Version) -> tuple[str, list[kit.Block]]:
        lead = BROKEN.format(host=kit.escape(socket.gethostname()))
        stays = STAYS.format(number=version.number, day=self._day(version))
        return kit.fallback(f"{lead} {words}"), [kit.section(lead), *kit.quote(words), kit.section(stays)]

    def _good(self, version: Version) -> tuple[str, list[kit.Block]]:
        text = GOOD_AGAIN.format(host=kit.escape(socket.gethostname()), number=version.number, day=self._day(version))
        return kit.fallback(text), [kit.section(text)]

    def _day(self, version: Version) -> str:
        return f"{version.accepted.astimezone(self._trust.latest.zone):%-d %B %Y, %H:%M}"

    def _problem(self) -> Problem | None:
        try:
            return Problem(**json.loads((self._home / STATE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _keep(self, problem: Problem | None) -> None:
        if problem is None:
            (self._home / STATE).unlink(missing_ok=True)
            return
        fresh = self._home / f".{STATE}.new"
        fresh.write_text(json.dumps(asdict(problem)), encoding="utf-8")
        fresh.replace(self._home / STATE)


def _again_and_again(act: Callable[[], object], stop: Event) -> None:
    """Do this every second until `stop` is set; after a failure a little later."""
    while not stop.is_set():
        try:
            act()
            pause = EVERY_SECONDS
        except Exception as error:
            record_failure(error)
            pause = AGAIN_SECONDS
        stop.wait(pause)
