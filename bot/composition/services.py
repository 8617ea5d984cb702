"""The services of the house: each is built when it is first asked for, and is the same one from then on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Engine

from bot.config.settings import Settings
from bot.config.trust import CurrentTrust, Person
from knowledge.library.library import Library
from knowledge.masking.pupil_names import Masker
from knowledge.pipeline import Answerer
from knowledge.safety.patterns import child_at_risk

if TYPE_CHECKING:
    from bot.ask.answer_router import AnswerRouter
    from bot.ask.service import AskService
    from bot.digest.service import DigestService
    from bot.insights.service import InsightService
    from bot.meetings.service import MeetingService
    from bot.privacy.audit import Audit
    from bot.pulse.results.report import Seats
    from bot.pulse.sealed.safe import Safe
    from bot.pulse.service import PulseService
    from bot.standard.service import StandardService


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known of whoever asks, and of Slack. `person` and `roster_name` take the name that they ask under: a
    Slack user's id, on the command line an id of the trust file. `seats` says who is in a channel, and the `safe` holds
    the secrets of open pulses; both are only there with a way into Slack."""

    person: Callable[[str], Person | None]
    roster_name: Callable[[str], str]
    seats: Callable[[str], Seats | None] | None = None
    safe: Safe | None = None
    in_slack: bool = False


def command_line(trust: CurrentTrust | None) -> Reach:
    """Whoever asks is known by the id of the trust file."""
    return Reach(lambda ident: trust.present.person(ident) if trust else None, lambda ident: ident)


class Services:
    """Services that share an engine, a trust and a clock. One that needs a trust file, or the library, may be asked for
    only where there is one. Modules are loaded with their service: a command waits for no more than it uses."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        trust: CurrentTrust | None,
        now: Callable[[], datetime],
        answerer: Answerer | None = None,
        library: Library | None = None,
        reach: Reach | None = None,
    ) -> None:
        self.settings = settings
        self.engine = engine
        self.now = now
        self.reach = reach or command_line(trust)
        self.masker = Masker((lambda: trust.latest.staff) if trust else ())
        self.has_trust = trust is not None
        self._trust = trust
        self._answerer = answerer
        self._library = library
        self._at_risk = answerer.at_risk if answerer else child_at_risk

    @property
    def trust(self) -> CurrentTrust:
        """The trust."""
        return _there(self._trust, "a trust file")

    @property
    def answerer(self) -> Answerer:
        """What answers from documents."""
        return _there(self._answerer, "the library")

    @property
    def library(self) -> Library:
        """The documents."""
        return _there(self._library, "the library")

    @cached_property
    def meetings(self) -> MeetingService:
        """Notes, actions, agendas and returns; without the library nothing is put into it."""
        from bot.meetings.service import MeetingService
        from ingest.isolated.reader import Readers, sent_within
        from knowledge.llm.action_detector import action_detector

        writer = self._answerer.writer if self._answerer else None
        point = action_detector(writer, self.masker.short) if writer else None
        readers = Readers(sent_within(self.settings.reader_seconds))
        return MeetingService(self.engine, self.trust, self.now, self._library, point, readers, self._at_risk)

    @cached_property
    def pulses(self) -> PulseService:
        """Pulses; without a way into Slack none is opened or counted."""
        from bot.pulse.sealed.sealing import OldKeys
        from bot.pulse.service import PulseService

        keys, reach = OldKeys(self.settings.pulse_keys), self.reach
        return PulseService(self.engine, keys, self.trust, self.now, reach.safe, reach.seats, self._at_risk)

    @cached_property
    def digests(self) -> DigestService:
        """The weekly digests of channels."""
        from bot.digest.content.pulses import headlines_of
        from bot.digest.content.summaries import summarised_by
        from bot.digest.service import DigestService

        writer, headlines = self.answerer.writer, headlines_of(self.pulses)
        summarise = summarised_by(writer, self.masker.short) if writer else None
        return DigestService(
            self.engine, self.meetings, self.now, headlines, self.library.encode, summarise, self._at_risk
        )

    @cached_property
    def standard_answers(self) -> StandardService:
        """Answers that an administrator approved."""
        from bot.standard.service import StandardService

        return StandardService(self.engine, self.library, self.library.encoder, self.trust, self.now)

    @cached_property
    def answers(self) -> AnswerRouter:
        """Who may answer a question, in order."""
        from bot.composition.answers import answer_router

        return answer_router(self)

    @cached_property
    def ask(self) -> AskService:
        """Questions that were asked in Slack, with their answers."""
        from bot.ask.service import AskService

        return AskService(self.engine, self.answers, self.library, self.now, self.audit.seen)

    @cached_property
    def insights(self) -> InsightService:
        """What is asked, and what the documents lack."""
        from bot.insights.service import InsightService

        return InsightService(self.engine, self.library, self.library.encoder, self.masker, self.now)

    @cached_property
    def audit(self) -> Audit:
        """Which documents were shown to whom."""
        from bot.privacy.audit import Audit

        return Audit(self.engine, self.now)


T = TypeVar("T")


def _there(part: T | None, what: str) -> T:
    if part is None:
        raise RuntimeError(f"this needs {what}: ask for it only where there is one")
    return part
