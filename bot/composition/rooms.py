"""The rooms of the house: each is built over the same ground, opened to Slack, and says what it adds to the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from time import monotonic

from slack_sdk import WebClient
from sqlalchemy import Engine

from bot.ask.answer_router import Records, first_of, masked_records, no_records
from bot.ask.jobs import AskJobs
from bot.ask.safeguarding_leads import Leads, lead_line
from bot.ask.service import AskService
from bot.ask.slack import AskListeners
from bot.config.settings import Settings
from bot.config.trust import CurrentTrust, Retention
from bot.digest.content.pulses import headlines_of
from bot.digest.content.summaries import summarised_by
from bot.digest.jobs import DigestJobs
from bot.digest.service import DigestService
from bot.digest.slack import DigestListeners
from bot.digest.slack_jobs import DigestDesk
from bot.home.blocks import guidance
from bot.home.conflicts import ConflictNotices
from bot.home.slack import Word
from bot.insights.service import InsightService
from bot.insights.slack import InsightListeners
from bot.library.reading_progress import LibraryReading
from bot.meetings.notes.jobs import MeetingJobs
from bot.meetings.records.jobs import RecordJobs
from bot.meetings.reminders import blocks as blocks_reminders
from bot.meetings.reminders.jobs import FollowUp
from bot.meetings.room import Room
from bot.meetings.service import MeetingService
from bot.meetings.slack import MeetingListeners
from bot.privacy.audit import Audit
from bot.privacy.facts import facts
from bot.privacy.mydata import MyData
from bot.privacy.retention import Purge
from bot.privacy.slack import PrivacyListeners
from bot.pulse.jobs import PulseJobs
from bot.pulse.room import Room as PulseRoom
from bot.pulse.room import seats_of
from bot.pulse.sealed.safe import SlackSafe
from bot.pulse.sealed.sealing import OldKeys
from bot.pulse.service import PulseService
from bot.pulse.slack import PulseListeners
from bot.runtime.inbox import Inbox
from bot.runtime.scheduler import in_one_process
from bot.slack.acknowledging import AcknowledgingApp
from bot.slack.block_kit import Block
from bot.slack.channels import Channels
from bot.slack.files import Files
from bot.slack.messages.outbox import Outbox, posting_client
from bot.slack.messages.streaming import Streams
from bot.slack.people.people import People
from bot.slack.people.presence import Presence
from bot.standard.service import StandardService
from bot.standard.slack import StandardListeners
from ingest.isolated.reader import Readers, sent_within
from knowledge.library.library import Library
from knowledge.llm.action_detector import action_detector
from knowledge.masking.pupil_names import Masker
from knowledge.pipeline import Answerer

PURGE_LOCK, STANDARD_LOCK, IDENTITY_LOCK = 6, 7, 8


@dataclass(frozen=True)
class Ground:
    """What every room stands on. `token` is the bot's own; `app` is told who listens to what; `show_home` draws a
    user's App Home anew."""

    settings: Settings
    token: str
    engine: Engine
    answerer: Answerer
    library: Library
    now: Callable[[], datetime]
    app: AcknowledgingApp
    inbox: Inbox
    outbox: Outbox
    reading: WebClient
    people: People
    masker: Masker
    audit: Audit
    show_home: Callable[[str], None]
    trust: CurrentTrust | None = None


@dataclass
class Offers:
    """What the rooms add: words after `/trust`, parts of App Home, what the clock does, and answers from records.

    `records` answers questions about what is recorded, `about` says what is recorded on a question's topic.
    """

    words: dict[str, Word] = field(default_factory=dict)
    homes: list[Callable[[str], Sequence[Block]]] = field(default_factory=list)
    ticks: dict[str, Callable[[], object]] = field(default_factory=dict)
    records: Records = no_records
    about: Records = no_records


def open_trust_rooms(ground: Ground, trust: CurrentTrust, offers: Offers) -> MeetingService:
    """The rooms that need to know who is who: meetings, pulse, digest and standard answers."""
    notices = ConflictNotices(trust, ground.people, ground.outbox)
    offers.ticks["identity"] = in_one_process(ground.engine, IDENTITY_LOCK, notices.tick)
    meetings = _meetings(ground, trust, offers)
    pulse = _pulse(ground, trust, offers)
    _digest(ground, meetings, pulse, offers)

    def discreet(words: str) -> tuple[str, int]:
        return ground.masker.question(words, typed=False)

    offers.about = masked_records(meetings.about, discreet)
    offers.records = masked_records(first_of(meetings.answer, pulse.answer), discreet)
    return meetings.service


def open_ask(ground: Ground, offers: Offers) -> tuple[AskService, Word]:
    """Questions and answers; the service, and what handles `/trust ask`."""
    settings, now = ground.settings, ground.now
    service = AskService(
        ground.engine, ground.answerer, ground.library, now, offers.records, ground.audit.seen, offers.about,
        _leads(ground),
        partial(LibraryReading(ground.engine).instead_of_a_denial, ground.library),
    )  # fmt: skip
    streams = Streams(ground.engine, ground.outbox, ground.token, settings.slack_api_url, now, monotonic)
    jobs = AskJobs(service, ground.people, ground.outbox, streams, lambda: guidance(settings.model), ground.trust)
    ground.inbox.handle(jobs.handlers(), jobs.failed)
    listeners = AskListeners(ground.inbox, service, ground.people, ground.masker.question)
    listeners.register(ground.app)
    return service, listeners.command


def _leads(ground: Ground) -> Leads:
    """Whom to speak to about a child at risk, by the trust file as it is now."""

    def leads(question: str, asker: str | None) -> str:
        if ground.trust is None:
            return ""
        return lead_line(ground.trust.present, question, ground.people.member(asker).person if asker else None)

    return leads


def open_privacy(ground: Ground, trust: CurrentTrust | None, offers: Offers) -> None:
    """What is kept of whom, each person's own data, and the nightly purge."""
    listeners = PrivacyListeners(
        lambda: facts(ground.settings, trust.present if trust else None, ground.library.encoder.name),
        MyData(ground.engine, ground.now, lambda: trust.present.people if trust else ()),
        ground.audit,
        ground.people,
        ground.inbox,
        ground.outbox,
        ground.reading,
    )
    listeners.register(ground.app)
    ground.inbox.handle(listeners.handlers(), listeners.failed)
    offers.words |= {"privacy": listeners.privacy, "mydata": listeners.mydata}

    def retention() -> Retention:
        return trust.present.retention if trust else Retention()

    purge = Purge(ground.engine, retention, ground.now, ground.library, ground.inbox.forget)
    offers.ticks["purge"] = in_one_process(ground.engine, PURGE_LOCK, purge.tick)


def open_standard_answers(ground: Ground, asking: AskService, standards: StandardService, offers: Offers) -> None:
    """Standard answers for those who keep them, and insights into what is asked."""
    insights = InsightListeners(
        InsightService(ground.engine, ground.library, ground.library.encoder, ground.masker, ground.now),
        ground.people,
        ground.inbox,
        ground.outbox,
        lambda user, what: ground.audit.seen(user, what, "", ()),
    )
    ground.inbox.handle(insights.handlers(), insights.failed)
    standard = StandardListeners(standards, asking, ground.people, ground.outbox, ground.reading, ground.now)
    standard.register(ground.app)
    offers.ticks["standard answers"] = in_one_process(ground.engine, STANDARD_LOCK, standard.tick)
    offers.words |= {"insights": insights.command, "standard": standard.command}


def _meetings(ground: Ground, trust: CurrentTrust, offers: Offers) -> Room:
    writer, outbox = ground.answerer.writer, ground.outbox
    point = action_detector(writer, ground.masker.short) if writer else None
    readers = Readers(sent_within(ground.settings.reader_seconds))
    room = Room(
        MeetingService(
            ground.engine, trust, ground.now, ground.library, point, readers, ground.answerer.at_risk
        ), ground.people,
        ground.inbox,
        outbox, Files(ground.reading, ground.token), ground.reading, ground.now, ground.show_home,
        Channels(ground.engine, ground.people),
    )  # fmt: skip
    listeners, jobs = MeetingListeners(room), MeetingJobs(room)
    listeners.register(ground.app)
    ground.inbox.handle(jobs.handlers(), jobs.failed, jobs.care())
    ground.inbox.handle(RecordJobs(room).handlers(), jobs.failed)
    followup = FollowUp(
        ground.engine, room.service.bodies, ground.people, Presence(ground.reading), outbox, ground.now,
        blocks_reminders.reminder,
    )  # fmt: skip
    offers.words |= listeners.words()
    offers.homes.append(listeners.home)
    offers.ticks |= {"follow-up": followup.tick, "library": jobs.from_library}
    return room


def _pulse(ground: Ground, trust: CurrentTrust, offers: Offers) -> PulseRoom:
    safe = SlackSafe(posting_client(ground.token, ground.settings.slack_api_url), ground.reading, ground.token)
    service = PulseService(
        ground.engine, OldKeys(ground.settings.pulse_keys), trust, ground.now, safe, seats_of(ground.people),
        ground.answerer.at_risk,
    )  # fmt: skip
    room = PulseRoom(
        service, ground.people, ground.outbox, Presence(ground.reading), ground.reading, ground.now,
        ground.show_home, ground.answerer.answer, ground.settings.keeper,
    )  # fmt: skip
    listeners = PulseListeners(room)
    listeners.register(ground.app)
    offers.words |= listeners.words()
    offers.homes.append(listeners.home)
    offers.ticks["pulse"] = PulseJobs(room, ground.engine).tick
    return room


def _digest(ground: Ground, meetings: Room, pulse: PulseRoom, offers: Offers) -> None:
    writer, headlines = ground.answerer.writer, headlines_of(pulse.service)
    summarise = summarised_by(writer, ground.masker.short) if writer else None
    digests = DigestService(
        ground.engine, meetings.service, ground.now, headlines, ground.library.encode, summarise,
        ground.answerer.at_risk,
    )  # fmt: skip
    jobs = DigestJobs(ground.engine, digests, ground.people, ground.outbox, ground.now)
    listeners, desk = DigestListeners(meetings, digests), DigestDesk(meetings, digests, jobs)
    listeners.register(ground.app)
    ground.inbox.handle(desk.handlers(), desk.failed)
    offers.words |= listeners.words()
    offers.ticks["digest"] = jobs.tick
