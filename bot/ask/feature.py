"""Questions and answers as a feature: `/trust ask`, mentions, direct messages, and the buttons of an answer."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from bot.ask.blocks import Message
from bot.ask.jobs import AskJobs
from bot.ask.service import AskService
from bot.ask.slack import AskListeners
from bot.config.trust import CurrentTrust
from bot.slack.feature import AppContext, Feature, Jobs
from bot.slack.messages.streaming import Streams
from knowledge.masking.pupil_names import Masker


def feature(
    context: AppContext,
    service: AskService,
    masker: Masker,
    guidance: Callable[[], Message],
    trust: CurrentTrust | None,
) -> Feature:
    """The feature; `guidance` is what somebody is shown who asks for help."""
    streams = Streams(
        context.engine, context.outbox, context.token, context.settings.slack_api_url, context.now, monotonic
    )
    jobs = AskJobs(service, context.people, context.outbox, streams, guidance, trust)
    listeners = AskListeners(context.inbox, service, context.people, masker.question)
    return Feature(
        "ask",
        listeners=[listeners.register],
        jobs=[Jobs(jobs.handlers(), jobs.failed)],
        phrases={"ask": listeners.command},
    )
