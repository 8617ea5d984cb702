"""What a way into Slack adds to the services: who a user is, who is in a channel, and where secrets are safe."""

from __future__ import annotations

from bot.composition.services import Reach
from bot.pulse.room import name_of, seats_of
from bot.pulse.sealed.safe import Safe
from bot.slack.people.people import People


def in_slack(people: People, safe: Safe | None = None) -> Reach:
    """Whoever asks is known by their Slack user; without a `safe` no pulse is opened or counted."""
    return Reach(
        lambda user: people.member(user).person,
        lambda user: name_of(people.member(user)),
        seats_of(people),
        safe,
        in_slack=True,
    )
