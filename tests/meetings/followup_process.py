"""The follow-up in processes of its own that can be killed: a nursery that has everything imported forks them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.demo.workspace import Workspace
from bot.runtime import db
from tests.meetings.following import follow_up

ROOT = Path(__file__).parents[2]
PAUSE = 0.002
Work = Callable[[str, str, str, Path], None]


def write(path: Path, text: str) -> None:
    """Replace a file whole."""
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(text)
    fresh.replace(path)


def work(url: str, token: str, api: str, clock: Path) -> None:
    """Tick without end at the time that the file says; after each tick say which time it began at."""
    engine = db.make_engine(url)

    def now() -> datetime:
        return datetime.fromisoformat(clock.read_text())

    followed = follow_up(engine, token, api, now)
    while True:
        began = now().isoformat()
        followed.tick()
        write(clock.with_name(f"ticked-{os.getpid()}"), began)
        time.sleep(PAUSE)


def nursery(url: str, token: str, api: str, clock: str, work: Work = work) -> None:
    """Fork a process for each line that comes in, and say its id."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                work(url, token, api, Path(clock))
            finally:
                os._exit(1)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


@dataclass
class Nursery:
    """Processes that tick, and the clock that they go by."""

    process: subprocess.Popen[str]
    clock: Path

    def start(self) -> int:
        """A new process; returns its id."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def set(self, moment: datetime) -> None:
        """Move the clock."""
        write(self.clock, moment.isoformat())

    def kill(self, child: int) -> None:
        """`kill -9`, and wait for the end."""
        os.kill(child, signal.SIGKILL)
        while alive(child):
            time.sleep(PAUSE)

    def ticked(self, child: int, moment: datetime) -> bool:
        """Whether this process has ended a tick that began at this moment."""
        path = self.clock.with_name(f"ticked-{child}")
        return path.exists() and path.read_text() == moment.isoformat()

    def wait(self, child: int, moment: datetime) -> None:
        """Wait until it has."""
        deadline = time.monotonic() + 60
        while not self.ticked(child, moment):
            if time.monotonic() > deadline or not alive(child):
                raise TimeoutError(f"no tick at {moment}")
            time.sleep(PAUSE)


def alive(child: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(child, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def processes(
    url: str, workspace: Workspace, folder: Path, moment: datetime, module: str = "tests.meetings.followup_process"
) -> Iterator[Nursery]:
    """A nursery over this database and this workspace; all that it forked ends with it."""
    clock = folder / "clock"
    write(clock, moment.isoformat())
    command = [sys.executable, "-m", module]
    command += [url, workspace.bot_token, workspace.api_url, str(clock)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, process_group=0
        )
    try:
        yield Nursery(process, clock)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()


if __name__ == "__main__":
    nursery(*sys.argv[1:])
