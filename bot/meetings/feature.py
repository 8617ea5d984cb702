"""Meetings as a feature: notes, actions, agendas and returns, the reminders, and the minutes of the library."""

from __future__ import annotations

from bot.meetings.notes.jobs import MeetingJobs
from bot.meetings.records.jobs import RecordJobs
from bot.meetings.reminders.blocks import reminder
from bot.meetings.reminders.jobs import FollowUp
from bot.meetings.room import Room
from bot.meetings.service import MeetingService
from bot.meetings.slack import MeetingListeners
from bot.slack.channels import Channels
from bot.slack.feature import AppContext, Feature, Jobs
from bot.slack.files import Files
from bot.slack.people.presence import Presence


def feature(context: AppContext, service: MeetingService) -> Feature:
    """The feature."""
    people, files = context.people, Files(context.reading, context.token)
    channels = Channels(context.engine, people)
    room = Room(
        service, people, context.inbox, context.outbox, files, context.reading, context.now, context.show_home, channels
    )
    listeners, jobs, presence = MeetingListeners(room), MeetingJobs(room), Presence(context.reading)
    followup = FollowUp(context.engine, service.bodies, people, presence, context.outbox, context.now, reminder)
    return Feature(
        "meetings",
        listeners=[listeners.register],
        jobs=[Jobs(jobs.handlers(), jobs.failed, jobs.care()), Jobs(RecordJobs(room).handlers(), jobs.failed)],
        words=listeners.words(),
        home=listeners.home,
        ticks={"follow-up": followup.tick, "library": jobs.from_library},
        start=service.file_all,
        stop=service.readers.close,
    )
