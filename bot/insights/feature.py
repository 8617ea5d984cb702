"""Insights as a feature: `/trust insights`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.insights.service import InsightService
from bot.insights.slack import InsightListeners
from bot.slack.feature import AppContext, Feature, Jobs
from knowledge.passages import Document

Seen = Callable[[str, str, str, Sequence[Document]], None]


def feature(context: AppContext, service: InsightService, seen: Seen) -> Feature:
    """The feature; `seen` notes who looked."""
    listeners = InsightListeners(
        service, context.people, context.inbox, context.outbox, lambda user, what: seen(user, what, "", ())
    )
    return Feature(
        "insights", jobs=[Jobs(listeners.handlers(), listeners.failed)], words={"insights": listeners.command}
    )
