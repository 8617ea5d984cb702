"""The weekly digest as a feature: `/trust digest`, what is pressed about its lines, and its posting."""

from __future__ import annotations

from bot.digest.jobs import DigestJobs
from bot.digest.service import DigestService
from bot.digest.slack import DigestListeners
from bot.digest.slack_jobs import DigestDesk
from bot.meetings.room import Room
from bot.meetings.service import MeetingService
from bot.slack.channels import Channels
from bot.slack.feature import AppContext, Feature, Jobs
from bot.slack.files import Files


def feature(context: AppContext, service: DigestService, meetings: MeetingService) -> Feature:
    """The feature; `meetings` has the records behind its lines, and takes what is made of them."""
    people, files = context.people, Files(context.reading, context.token)
    channels = Channels(context.engine, people)
    room = Room(
        meetings,
        people,
        context.inbox,
        context.outbox,
        files,
        context.reading,
        context.now,
        context.show_home,
        channels,
    )
    jobs = DigestJobs(context.engine, service, people, context.outbox, context.now)
    listeners, desk = DigestListeners(room, service), DigestDesk(room, service, jobs)
    return Feature(
        "digest",
        listeners=[listeners.register],
        jobs=[Jobs(desk.handlers(), desk.failed)],
        words=listeners.words(),
        ticks={"digest": jobs.tick},
    )
