"""What pulses found, as a digest says it."""

from __future__ import annotations

from datetime import datetime

from bot.digest.model import Headline, Headlines
from bot.pulse.service import PulseService
from knowledge.passages import Reader


def headlines_of(pulses: PulseService) -> Headlines:
    """The headlines of these pulses: those that were published in a span of time, for a reader."""

    def headlines(reader: Reader, since: datetime, until: datetime) -> tuple[Headline, ...]:
        zone = pulses.trust.zone
        found = pulses.headlines(reader, since.astimezone(zone).date(), until.astimezone(zone).date())
        return tuple(
            Headline(
                each.collaboration, " and ".join(each.weakest), each.percent, each.answered, each.closed,
                audience=each.audience, wave=each.wave,
            )
            for each in found
            if each.percent is not None
        )  # fmt: skip

    return headlines
