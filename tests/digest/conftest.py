"""The sample trust's office with its term played into it, and the bot at work there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.config.trust import load
from bot.demo.sample import TRUST_FILE
from bot.demo.sample.term import seed
from bot.demo.workspace.state import Message
from tests.scenarios.meetings.office import LONDON, Staffroom, staffroom_at

MONDAY = datetime(2026, 11, 16, 8, 1, tzinfo=LONDON)


@pytest.fixture
def sample(home: Path) -> Iterator[Staffroom]:
    """The bot in the sample trust, on the Sunday before a Monday with a digest; it has looked at its clock once."""
    with staffroom_at(home, TRUST_FILE.read_text(encoding="utf-8")) as office:
        office.clock.now = datetime(2026, 11, 15, 12, 0, tzinfo=LONDON)
        bot = office.open()
        assert bot
        seed(office.engine, load(TRUST_FILE), office.clock.now)
        office.tick()
        yield office


def root(office: Staffroom, channel: str) -> Message:
    """The one digest in a channel."""
    there = office.workspace.messages(channel)
    (found,) = [each for each in there if "Weekly digest" in each.text and not each.thread_ts]
    return found


def value_with(message: Message, action: str, words: str) -> str | None:
    """The value of the button under the line with these words."""
    for at, block in enumerate(message.blocks):
        if words in json.dumps(block, ensure_ascii=False) and at + 1 < len(message.blocks):
            for each in message.blocks[at + 1].get("elements", []):
                if isinstance(each, dict) and each.get("action_id") == action:
                    return str(each["value"])
    return None


def pressed(office: Staffroom, person: str, channel: str, action: str, words: str) -> Message:
    """Somebody presses a button under the line with these words, in the digest's thread."""
    top = root(office, channel)
    for message in office.workspace.replies(top):
        value = value_with(message, action, words)
        if value is not None:
            outcome = office.workspace.as_user(person).click(message, action, value)
            assert outcome.ok, outcome
            office.rest()
            return top
    raise AssertionError(f"no button {action} under {words!r}")


def view(office: Staffroom, person: str) -> dict[str, Any]:
    """What is on top of somebody's screen."""
    found = office.workspace.wait_for(lambda: office.workspace.modal(person), what="a modal")
    return dict(found)
