"""What every feature is given, and what it gives back: listeners, jobs, words, its part of Home, the clock's work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from slack_bolt import Ack
from slack_sdk import WebClient
from sqlalchemy import Engine

from bot.config.settings import Settings
from bot.runtime.inbox import Care, Failed, Handler, Inbox
from bot.slack.acknowledging import AcknowledgingApp
from bot.slack.block_kit import Block
from bot.slack.messages.outbox import Outbox
from bot.slack.payloads import SlashCommand
from bot.slack.people.people import People
from bot.slack.slack_time import SlackTime

Word = Callable[[SlashCommand, str, Ack], None]
"""Handles a word after `/trust`: the command, what stands after the word, and the acknowledgement."""
Listen = Callable[[AcknowledgingApp], None]
Tick = Callable[[], object]


@dataclass(frozen=True, slots=True)
class AppContext:
    """What all features share. `token` is the bot's own, `reading` the client that asks Slack, `outbox` what writes to
    it; `time` is Slack's, and `now` says it. `show_home` draws a user's App Home anew."""

    settings: Settings
    token: str
    engine: Engine
    time: SlackTime
    inbox: Inbox
    outbox: Outbox
    reading: WebClient
    people: People
    show_home: Callable[[str], None]

    @property
    def now(self) -> Callable[[], datetime]:
        """What says the time."""
        return self.time.now


@dataclass(frozen=True, slots=True)
class Jobs:
    """Who handles which kind of kept event, who tells the person that one failed, and how kinds are handled that need
    care."""

    handlers: Mapping[str, Handler]
    failed: Failed
    care: Mapping[str, Care] = field(default_factory=dict)


def _nothing() -> None:
    """Nothing is to be done."""


@dataclass(frozen=True, slots=True)
class Feature:
    """What one feature adds. `words` are those after `/trust` that stand alone, `phrases` those that need something
    after them. `ticks` are what the clock does, by a name for each. `at_last` listens to what nobody else hears.
    `start` is called before anybody is heard, `stop` when nobody is heard any more."""

    name: str
    listeners: Sequence[Listen] = ()
    at_last: Sequence[Listen] = ()
    jobs: Sequence[Jobs] = ()
    words: Mapping[str, Word] = field(default_factory=dict)
    phrases: Mapping[str, Word] = field(default_factory=dict)
    home: Callable[[str], Sequence[Block]] | None = None
    ticks: Mapping[str, Tick] = field(default_factory=dict)
    start: Callable[[], object] = _nothing
    stop: Callable[[], object] = _nothing


class Registry:
    """All features, whatever the order in which they were added; `words`, `phrases` and `ticks` are those of all."""

    def __init__(self) -> None:
        self.features: list[Feature] = []
        self.words: dict[str, Word] = {}
        self.phrases: dict[str, Word] = {}
        self.ticks: dict[str, Tick] = {}

    def add(self, feature: Feature) -> None:
        """Add a feature; ValueError where another has one of its words or ticks."""
        words = {**self.words, **self.phrases}
        if taken := [*words.keys() & {*feature.words, *feature.phrases}, *self.ticks.keys() & feature.ticks.keys()]:
            raise ValueError(f"{feature.name} adds what is there already: {', '.join(taken)}")
        self.features.append(feature)
        self.words |= feature.words
        self.phrases |= feature.phrases
        self.ticks |= feature.ticks

    def home(self, user: str) -> list[Block]:
        """All features' parts of somebody's App Home."""
        return [block for feature in self.features if feature.home for block in feature.home(user)]

    def connect(self, app: AcknowledgingApp, inbox: Inbox) -> None:
        """Tell Bolt and the inbox who handles what: once all features are there."""
        for feature in self.features:
            for listen in feature.listeners:
                listen(app)
            for jobs in feature.jobs:
                inbox.handle(jobs.handlers, jobs.failed, jobs.care)
        for feature in self.features:
            for listen in feature.at_last:
                listen(app)

    def start(self) -> None:
        """Let each feature do what it does before anybody is heard."""
        for feature in self.features:
            feature.start()

    def stop(self) -> None:
        """Let each feature give back what it holds."""
        for feature in self.features:
            feature.stop()
