"""Privacy as a feature: what is kept of whom, each person's own data, and the nightly purge."""

from __future__ import annotations

from bot.config.trust import CurrentTrust, Retention
from bot.privacy.audit import Audit
from bot.privacy.facts import facts
from bot.privacy.mydata import MyData
from bot.privacy.retention import Purge
from bot.privacy.slack import PrivacyListeners
from bot.runtime.scheduler import in_one_process
from bot.slack.feature import AppContext, Feature, Jobs
from knowledge.library.library import Library

PURGE_LOCK = 6


def feature(context: AppContext, library: Library, audit: Audit, trust: CurrentTrust | None) -> Feature:
    """The feature; it has no people and its default retention without a trust file."""

    def retention() -> Retention:
        return trust.present.retention if trust else Retention()

    listeners = PrivacyListeners(
        lambda: facts(context.settings, trust.present if trust else None, library.encoder.name),
        MyData(context.engine, context.now, lambda: trust.present.people if trust else ()),
        audit,
        context.people,
        context.inbox,
        context.outbox,
        context.reading,
    )
    purge = Purge(context.engine, retention, context.now, library, context.inbox.forget)
    return Feature(
        "privacy",
        listeners=[listeners.register],
        jobs=[Jobs(listeners.handlers(), listeners.failed)],
        words={"privacy": listeners.privacy, "mydata": listeners.mydata},
        ticks={"purge": in_one_process(context.engine, PURGE_LOCK, purge.tick)},
    )
