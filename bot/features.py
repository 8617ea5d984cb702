"""All features, one line each: what one needs of another is handed in here."""

from __future__ import annotations

from functools import partial

from bot.ask import feature as ask
from bot.composition.services import Services
from bot.digest import feature as digest
from bot.guides import slack as guides
from bot.home import feature as home
from bot.home.blocks import guidance
from bot.home.slack import HomeListeners
from bot.insights import feature as insights
from bot.meetings import feature as meetings
from bot.privacy import feature as privacy
from bot.pulse import feature as pulse
from bot.slack.feature import AppContext, Feature
from bot.standard import feature as standard


def features(context: AppContext, services: Services, front: HomeListeners) -> tuple[Feature, ...]:
    """What the bot can do. Without a trust file nobody knows who is who, so that it answers questions and no more."""
    trust = services.trust if services.has_trust else None
    help_text = partial(guidance, context.settings.model)
    always = (
        home.feature(front),
        ask.feature(context, services.ask, services.masker, help_text, trust),
        privacy.feature(context, services.library, services.audit, trust),
        guides.feature(),
    )
    if trust is None:
        return always
    return (
        *always,
        home.for_administrators(context, trust),
        meetings.feature(context, services.meetings),
        pulse.feature(context, services.pulses, services.answerer.answer),
        digest.feature(context, services.digests, services.meetings),
        insights.feature(context, services.insights, services.audit.seen),
        standard.feature(context, services.standard_answers, services.ask),
    )
