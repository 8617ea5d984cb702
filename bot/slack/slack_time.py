"""The time that everything goes by: this machine's clock, put right by Slack's where the two differ."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from threading import Lock

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.web import SlackResponse

AGREES = 2.0
ASK_SECONDS = 5
HELD_OFF = 10.0
# From here on people are told.
TOLD = timedelta(minutes=2)
log = logging.getLogger(__name__)


def boot_seconds() -> float:
    """Seconds that run on while the machine sleeps and that nobody can set."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True)
class Measure:
    """What Slack's clock said once: our clock and the elapsed seconds then, and how far our clock was `behind`."""

    own: datetime
    elapsed: float
    behind: timedelta


class SlackTime:
    """Our clock as long as it agrees with Slack's, else Slack's. A leap of our clock is not believed until Slack says
    the same; while Slack cannot be asked, the seconds are counted from what it said last. `elapsed` counts them."""

    def __init__(
        self, token: str, base_url: str, clock: Callable[[], datetime], elapsed: Callable[[], float] = boot_seconds
    ) -> None:
        self._client = WebClient(token, base_url=base_url, timeout=ASK_SECONDS, retry_handlers=[])
        self._clock = clock
        self._elapsed = elapsed
        self._lock = Lock()
        self._last: Measure | None = None
        self._failed: float | None = None

    def now(self) -> datetime:
        """The time, in the zone of our clock."""
        last = self._last
        if last is not None and self._leapt(last):
            last = self._asked_anew(last)
            if self._leapt(last):
                return last.own + last.behind + timedelta(seconds=self._elapsed() - last.elapsed)
        return self._clock() + (last.behind if last else timedelta())

    def confirm(self) -> bool:
        """Ask Slack for the time. Whether it is known now, be it from before."""
        with self._lock:
            self._ask()
        return self._last is not None

    @property
    def ahead(self) -> timedelta:
        """How far our clock was ahead of Slack's when Slack was asked last; nothing where the two agree."""
        return -self._last.behind if self._last else timedelta()

    def _asked_anew(self, before: Measure) -> Measure:
        with self._lock:
            held_off = self._failed is not None and self._elapsed() - self._failed < HELD_OFF
            if self._last is before and not held_off and not self._ask():
                log.warning("Our clock has leapt, and Slack does not say what time it is.")
            return self._last or before

    def _leapt(self, last: Measure) -> bool:
        """Whether our clock has gone another way than the seconds since Slack was asked."""
        return abs((self._clock() - last.own).total_seconds() - (self._elapsed() - last.elapsed)) > AGREES

    def _ask(self) -> bool:
        """Whether Slack says what time it is; a command line that cannot reach it says so in its own words."""
        began = self._elapsed()
        try:
            answer = self._client.api_test()
        except (SlackClientError, OSError, HTTPException) as error:
            self._failed = began
            log.info("Slack does not say what time it is: %s", type(error).__name__)
            return False
        own, ended = self._clock(), self._elapsed()
        told = slack_clock(answer)
        behind = told - own if told else timedelta()
        if abs(behind.total_seconds()) <= AGREES + (ended - began):
            behind = timedelta()
        self._last, self._failed = Measure(own, ended, behind), None
        return True


def slack_clock(answer: SlackResponse) -> datetime | None:
    """Slack's clock when it gave this answer, to a second; None where the answer does not say."""
    said = next((value for name, value in answer.headers.items() if name.casefold() == "date"), None)
    try:
        return parsedate_to_datetime(str(said)).astimezone(UTC) if said else None
    except ValueError:
        return None


def apart(ahead: timedelta) -> str:
    """How far one clock is from another, in words: "11 minutes ahead of", "3 weeks behind"."""
    seconds = abs(ahead.total_seconds())
    units = {604800: "week", 86400: "day", 3600: "hour", 60: "minute"}
    size = next((each for each in units if seconds >= each), 60)
    count, unit = round(seconds / size), units[size]
    return f"{count} {unit}{'' if count == 1 else 's'} {'ahead of' if ahead > timedelta() else 'behind'}"
