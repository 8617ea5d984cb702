"""App Home and `/trust` as a feature, and what the trust's administrators are told."""

from __future__ import annotations

from functools import partial

from bot.config.trust import CurrentTrust
from bot.home.conflicts import ConflictNotices
from bot.home.slack import HomeListeners
from bot.runtime.scheduler import in_one_process
from bot.slack.feature import AppContext, Feature
from bot.slack.notices import Notices, tell_of_clock

IDENTITY_LOCK = 8


def feature(listeners: HomeListeners) -> Feature:
    """The feature: also an acknowledgement for all that nobody else listens to."""
    return Feature("home", listeners=[listeners.register], at_last=[listeners.register_rest])


def for_administrators(context: AppContext, trust: CurrentTrust) -> Feature:
    """Messages to the administrators: who somebody is cannot be told, or a clock is wrong."""
    conflicts = ConflictNotices(trust, context.people, context.outbox)
    notices = Notices(context.engine, context.outbox, context.people, trust, context.now)
    return Feature(
        "for administrators",
        ticks={
            "identity": in_one_process(context.engine, IDENTITY_LOCK, conflicts.tick),
            "time": partial(tell_of_clock, context.time, notices),
        },
    )
