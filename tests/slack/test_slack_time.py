"""The time is our own as long as Slack agrees, else Slack's; no leap is believed before Slack says the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.workspace import Workspace
from bot.slack.slack_time import SlackTime, apart

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
SECOND, MINUTE, WEEK = timedelta(seconds=1), timedelta(minutes=1), timedelta(weeks=1)


@dataclass
class Clocks:
    """Slack's clock, ours, and the seconds that pass on both."""

    workspace: Workspace
    slacks: list[datetime]
    ahead: timedelta = timedelta()

    def ours(self) -> datetime:
        return self.slacks[0] + self.ahead

    def elapsed(self) -> float:
        return self.slacks[0].timestamp()

    def time(self) -> SlackTime:
        """The time as a process has it that has just started."""
        return SlackTime(self.workspace.bot_token, self.workspace.api_url, self.ours, self.elapsed)

    def asked(self) -> int:
        """How often Slack was asked for the time."""
        return sum(1 for call in self.workspace.calls if call.method == "api.test")


@pytest.fixture
def clocks() -> Iterator[Clocks]:
    slacks = [NOON]
    with Workspace.start(rates=None, clock=lambda: slacks[0].timestamp()) as workspace:
        yield Clocks(workspace, slacks)


def test_our_clock_counts_as_long_as_it_agrees(clocks: Clocks) -> None:
    clocks.ahead = timedelta(seconds=1.5)
    time = clocks.time()
    assert time.confirm()
    assert time.now() == clocks.ours()
    clocks.slacks[0] += MINUTE
    assert time.now() == clocks.ours()
    assert time.ahead == timedelta()
    assert clocks.asked() == 1


@pytest.mark.parametrize("ahead", [11 * MINUTE, -11 * MINUTE, 12 * WEEK])
def test_slacks_counts_where_they_differ(clocks: Clocks, ahead: timedelta) -> None:
    clocks.ahead = ahead
    time = clocks.time()
    assert time.confirm()
    assert abs(time.now() - NOON) <= SECOND
    assert abs(time.ahead - ahead) <= SECOND
    clocks.slacks[0] += MINUTE
    assert abs(time.now() - NOON - MINUTE) <= SECOND
    clocks.ahead = timedelta()
    assert abs(time.now() - NOON - MINUTE) <= SECOND
    time.confirm()
    assert time.ahead == timedelta()


def test_a_leap_is_asked_about_at_once(clocks: Clocks) -> None:
    time = clocks.time()
    time.confirm()
    clocks.ahead = 12 * WEEK
    assert abs(time.now() - NOON) <= SECOND
    asked = clocks.asked()
    clocks.slacks[0] += MINUTE
    assert abs(time.now() - NOON - MINUTE) <= SECOND
    assert clocks.asked() == asked, "a clock that goes on wrongly is not asked about again and again"


def test_while_slack_is_away_the_seconds_are_counted(clocks: Clocks) -> None:
    time = clocks.time()
    time.confirm()
    clocks.workspace.fail("api.test", 50, status=503)
    clocks.ahead = 12 * WEEK
    for count in range(1, 30):
        clocks.slacks[0] += SECOND
        assert time.now() == NOON + SECOND * count
    assert clocks.asked() <= 4
    assert time.confirm(), "it is known from before"


def test_a_machine_that_slept_is_right(clocks: Clocks) -> None:
    """The seconds stood still: Slack says that the night is over."""
    stood = [0.0]
    time = SlackTime(clocks.workspace.bot_token, clocks.workspace.api_url, clocks.ours, lambda: stood[0])
    time.confirm()
    clocks.slacks[0] += timedelta(hours=8)
    assert time.now() == clocks.ours()


def test_it_is_not_known_before_slack_said_it(clocks: Clocks) -> None:
    clocks.workspace.fail("api.test", drop="before")
    time = clocks.time()
    assert not time.confirm()
    assert time.confirm()


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (11 * MINUTE, "11 minutes ahead of"),
        (-MINUTE, "1 minute behind"),
        (12 * WEEK + MINUTE, "12 weeks ahead of"),
        (-timedelta(days=2), "2 days behind"),
    ],
)
def test_how_far_apart_in_words(ahead: timedelta, words: str) -> None:
    assert apart(ahead) == words
