"""Standard answers as a feature: `/trust standard`, the menu of an answer, and the reminder of a review."""

from __future__ import annotations

from bot.ask.service import AskService
from bot.runtime.scheduler import in_one_process
from bot.slack.feature import AppContext, Feature
from bot.standard.service import StandardService
from bot.standard.slack import StandardListeners

STANDARD_LOCK = 7


def feature(context: AppContext, service: StandardService, asking: AskService) -> Feature:
    """The feature; `asking` has the answers that standard answers are made from."""
    listeners = StandardListeners(service, asking, context.people, context.outbox, context.reading, context.now)
    return Feature(
        "standard answers",
        listeners=[listeners.register],
        words={"standard": listeners.command},
        ticks={"standard answers": in_one_process(context.engine, STANDARD_LOCK, listeners.tick)},
    )
