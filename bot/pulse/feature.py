"""Pulses as a feature: collaborations, invitations, answers and results."""

from __future__ import annotations

from bot.pulse.jobs import PulseJobs
from bot.pulse.room import Room, Talk
from bot.pulse.service import PulseService
from bot.pulse.slack import PulseListeners
from bot.slack.feature import AppContext, Feature
from bot.slack.people.presence import Presence


def feature(context: AppContext, service: PulseService, talk: Talk) -> Feature:
    """The feature; `talk` answers from the documents."""
    room = Room(
        service,
        context.people,
        context.outbox,
        Presence(context.reading),
        context.reading,
        context.now,
        context.show_home,
        talk,
        context.settings.keeper,
    )
    listeners = PulseListeners(room)
    return Feature(
        "pulse",
        listeners=[listeners.register],
        words=listeners.words(),
        home=listeners.home,
        ticks={"pulse": PulseJobs(room, context.engine).tick},
    )
