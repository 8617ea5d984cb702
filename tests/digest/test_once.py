"""A year of weeks with `kill -9`, failing and ambiguous Slack and two processes: each digest once, none lost."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from bot.demo.workspace import Workspace
from bot.digest.schedule import is_school_week, week_of
from tests.at_work import PATIENT
from tests.digest.year import CHANNELS, FIRST, LONDON, MANIFEST, TRUST, WEEKS, furnish, jobs, put_return, token
from tests.meetings.followup_process import PAUSE, Nursery, alive, processes
from tests.scenarios.conftest import said

SEED, SATURDAY = 20261127, 5
MINUTE, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(weeks=1)
KILLS = {"sqlite": 80, "postgresql": 40}
SLOW = ("chat.postMessage", "chat.postMessage", "conversations.members", "files.completeUploadExternal",
        "conversations.history", "conversations.replies")  # fmt: skip
FAULTS: tuple[dict[str, Any], ...] = (
    {"status": 500}, {"error": "internal_error"}, {"drop": "before"}, {"drop": "after"}, {"drop": "after"},
)  # fmt: skip


@contextmanager
def workspace_at(clock: list[datetime]) -> Iterator[Workspace]:
    with Workspace.start(MANIFEST, **PATIENT, clock=lambda: clock[0].timestamp()) as workspace:
        furnish(workspace)
        yield workspace


def at(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


class Year:
    """Lets a year pass over processes that are killed and a Slack that fails."""

    def __init__(
        self, engine: Engine, workspace: Workspace, nursery: Nursery, clock: list[datetime], count: int
    ) -> None:
        self.engine, self.workspace, self.nursery, self.clock = engine, workspace, nursery, clock
        self.rng = random.Random(SEED)
        self.children = [nursery.start() for _ in range(count)]
        self.down = False
        self.kills = self.faults = self.missed = self.left = 0
        self.most = KILLS[engine.dialect.name]
        self.tokens: list[tuple[str, str]] = []

    def live(self) -> None:
        """All weeks of the year; the last digest looks back on the last returns."""
        self._tick(at(FIRST - DAY, 12, 0))
        for number in range(WEEKS + 1):
            monday = FIRST + WEEK * number
            if number < WEEKS:
                self._record(number, monday)
            for day, hour, minute in ((0, 7, 46), (2, 17, 16), (4, 15, 1), (5, 12, 0)):
                self._moment(at(monday + DAY * day, hour, minute), number)

    def _record(self, number: int, monday: date) -> None:
        for school in ("oak", "elm"):
            if number % 3 == 0 or 8 <= number < 16:
                sent = at(monday, 20, 0) + timedelta(hours=self.rng.randrange(80))
                put_return(self.engine, school, monday, sent)
                self.tokens.append((school, token(school, monday)))

    def _moment(self, moment: datetime, number: int) -> None:
        # Never two in a row: a week in which the bot was down throughout has no digest, its news are in the next.
        if self.rng.random() < 0.15 and moment.weekday() in (0, 2, 4) and number < WEEKS and not self.down:
            self.missed += 1
            self.down = True
            return
        self.down = self.down and moment.weekday() == SATURDAY
        self.clock[0] = moment
        troubled = self.rng.random() < 0.3
        if troubled:
            method = self.rng.choice(("chat.postMessage", "chat.postMessage", "files.completeUploadExternal"))
            self.workspace.fail(method, self.rng.choice((1, 2, 5)), **self.rng.choice(FAULTS))
            self.faults += 1
        for _ in range(self.rng.choice((0, 1, 1, 2))):
            if self.kills < self.most and number < WEEKS and moment.weekday() in (0, 2, 4):
                moment = self._kill(moment)
        self._tick(moment)
        self.workspace.api.faults.clear()
        if troubled:
            # What failed is made good by the next tick.
            self._tick(moment + 2 * MINUTE)

    def _tick(self, moment: datetime) -> None:
        self.clock[0] = moment
        self.nursery.set(moment)
        # Of two processes one has the clock: what is due is done when either has ticked.
        deadline = time.monotonic() + 60
        while not self._ticked(moment):
            if time.monotonic() > deadline or not all(map(alive, self.children)):
                raise TimeoutError(f"no tick at {moment}")
            time.sleep(PAUSE)

    def _ticked(self, moment: datetime) -> bool:
        return any(self.nursery.ticked(child, moment) for child in self.children)

    def _kill(self, moment: datetime) -> datetime:
        """Kill one of the processes, or all, within a call to Slack or at any other time; start as many again."""
        worst = self.rng.choice((*SLOW, ""))
        calls = len(self.workspace.calls)
        if worst:
            self.workspace.fail(worst, seconds=5)
        self.nursery.set(moment)
        end = time.monotonic() + self.rng.random() * 0.15
        while not self._ticked(moment):
            slow = worst and any(call.method == worst for call in self.workspace.calls[calls:])
            if slow or (not worst and time.monotonic() > end):
                break
            time.sleep(PAUSE)
        for child in self.children:
            self.nursery.kill(child)
        self.workspace.api.faults.clear()
        self.kills += 1
        with self.engine.connect() as connection:
            query = text("SELECT count(*) FROM digests WHERE posted IS NULL")
            self.left += int(connection.execute(query).scalar_one())
        self.children = [self.nursery.start() for _ in self.children]
        return moment + MINUTE


@pytest.mark.slow
@pytest.mark.timeout(500)
def test_a_year_of_weeks(engine: Engine, tmp_path: Path) -> None:
    clock = [at(FIRST - DAY, 12, 0)]
    count = 2 if engine.dialect.name == "postgresql" else 1
    url = engine.url.render_as_string(hide_password=False)
    with workspace_at(clock) as workspace:
        with processes(url, workspace, tmp_path, clock[0], "tests.digest.digest_process") as nursery:
            year = Year(engine, workspace, nursery, clock, count)
            year.live()
        assert year.kills == year.most
        assert year.left > 3, "no kill found a digest that was begun"
        total = 0
        for channel in CHANNELS:
            total += posted_once(workspace, channel, year.tokens)
    print(
        f"\n{engine.dialect.name}: {total} digests in {len(CHANNELS)} channels, each once; {year.kills} kills "
        f"({year.left} within a digest), {year.faults} failures of Slack, {year.missed} ticks missed, "
        f"{count} process(es)"
    )


def posted_once(workspace: Workspace, channel: str, tokens: list[tuple[str, str]]) -> int:
    """Every school week's digest is in the channel once, all its parts once, every return in one; how many weeks."""
    messages = workspace.messages(channel)
    held = [(each.metadata or {}).get("event_payload", {}) for each in messages if not each.files]
    keys = Counter(str(each.get("key")) for each in held)
    assert max(keys.values()) == 1, keys.most_common(3)
    calendar = TRUST.calendar("oak" if channel == "oak-slt" else None)
    weeks = [each for each in range(WEEKS) if is_school_week(FIRST + WEEK * each, calendar)]
    wanted = {f"digest:{channel}:{week_of(FIRST + WEEK * each)}" for each in weeks}
    roots = {key for key in keys if re.fullmatch(r"digest:[^:]+:\d{4}-W\d\d", key)}
    last = f"digest:{channel}:{week_of(FIRST + WEEK * WEEKS)}"
    assert roots - {last} == wanted
    files = Counter(workspace.state.files[file].name for each in messages for file in each.files)
    assert not files or max(files.values()) == 1, files.most_common(3)
    where: dict[str, str] = {}
    for each in messages:
        where[each.root] = where.get(each.root, "") + said(each)
    for school, word in tokens:
        found = [ts for ts, words in where.items() if word in words]
        assert len(found) == (channel != "oak-slt" or school == "oak"), (channel, word)
    return len(wanted)


def test_the_clock_goes_back_and_forth(sqlite_engine: Engine) -> None:
    """On both nights of the year a digest comes at its wall-clock time; time that runs again posts nothing again."""
    clock = [at(date(2026, 10, 18), 12, 0)]
    with workspace_at(clock) as workspace:
        posting = jobs(sqlite_engine, workspace.bot_token, workspace.api_url, lambda: clock[0])
        posting.tick()
        for day in (date(2026, 10, 19), date(2026, 10, 26), date(2027, 3, 22), date(2027, 3, 29)):
            for hour, minute, count in ((7, 44, 0), (7, 45, 1), (7, 40, 0), (7, 46, 0)):
                clock[0] = at(day, hour, minute)
                before = len([each for each in workspace.messages("execs") if not each.thread_ts])
                posting.tick()
                after = len([each for each in workspace.messages("execs") if not each.thread_ts])
                if day == date(2027, 3, 29):
                    # Easter Monday: the digest waits for Tuesday.
                    assert after == before
                else:
                    assert after - before == count, (day, hour, minute)
        clock[0] = at(date(2027, 3, 30), 7, 45)
        posting.tick()
        assert len([each for each in workspace.messages("execs") if not each.thread_ts]) == 4


def test_missed_is_caught_up_once_and_said_to_be_late(sqlite_engine: Engine) -> None:
    clock = [at(date(2026, 9, 6), 12, 0)]
    with workspace_at(clock) as workspace:
        jobs(sqlite_engine, workspace.bot_token, workspace.api_url, lambda: clock[0]).tick()
        put_return(sqlite_engine, "elm", date(2026, 9, 4), at(date(2026, 9, 6), 20, 0))
        for moment in (at(date(2026, 9, 7), 20, 0), at(date(2026, 9, 9), 7, 50), at(date(2026, 9, 10), 7, 50)):
            clock[0] = moment
            jobs(sqlite_engine, workspace.bot_token, workspace.api_url, lambda: clock[0]).tick()
        (top,) = [each for each in workspace.messages("execs") if not each.thread_ts]
        assert "This digest is late: it was due on Monday at 07:45." in said(top)
        assert token("elm", date(2026, 9, 4)) in said(top)


def test_membership_unknown_waits(sqlite_engine: Engine) -> None:
    clock = [at(date(2026, 9, 6), 12, 0)]
    with workspace_at(clock) as workspace:
        posting = jobs(sqlite_engine, workspace.bot_token, workspace.api_url, lambda: clock[0])
        posting.tick()
        clock[0] = at(date(2026, 9, 7), 8, 0)
        workspace.fail("conversations.members", 10, error="missing_scope")
        posting.tick()
        assert not workspace.messages("execs")
        workspace.api.faults.clear()
        clock[0] += MINUTE
        posting.tick()
        assert len(workspace.messages("execs")) == 1
