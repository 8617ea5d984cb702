"""The bot at work in a Slack workspace: started once, and stopped once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from bot.config.trust import CurrentTrust, Trust
from bot.errors import Refusal
from bot.runtime.scheduler import Clock
from bot.slack.acknowledging import AcknowledgingApp
from bot.slack.connection import HttpLine, SocketLine
from bot.slack.feature import AppContext, Registry


class Trustbot:
    """A bot that can be started once and stopped once. One to a process: the durable engine is. Listeners run in
    `threads`; a bot that is not `ticking` writes to nobody of its own accord."""

    def __init__(
        self,
        context: AppContext,
        registry: Registry,
        trust: CurrentTrust | None,
        app: AcknowledgingApp,
        clock: Clock,
        line: SocketLine | HttpLine,
        threads: Sequence[Executor],
        *,
        ticking: bool,
    ) -> None:
        self.app = app
        self.clock = clock
        self.line = line
        self.time = context.time
        self.people = context.people
        self.outbox = context.outbox
        self.words = frozenset({*registry.words, *registry.phrases})
        self._inbox = context.inbox
        self._registry = registry
        self._trust = trust
        self._threads = threads
        self._ticking = ticking

    @property
    def trust(self) -> Trust | None:
        """The trust as it is now; None where there is no trust file."""
        return self._trust.present if self._trust else None

    def start(self) -> None:
        """Take up what was left unanswered, and listen to Slack; a Refusal where Slack does not let it."""
        self._registry.start()
        self.people.start()
        self._inbox.launch()
        try:
            self.line.start()
        except Refusal:
            self.stop()
            raise
        if self._ticking:
            self.clock.start()

    def stop(self) -> None:
        """Hear nothing more, finish what is under way, and stop."""
        self.clock.stop()
        self.line.stop()
        for threads in self._threads:
            threads.shutdown(wait=True)
        self._inbox.stop()
        self._registry.stop()
