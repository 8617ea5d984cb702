"""The follow-up in Slack: one message a person, once, in his hours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.meetings.following import Desk, action, at, desk, keep, meeting


@pytest.fixture
def office(sqlite_engine: Engine) -> Iterator[Desk]:
    with desk(sqlite_engine, at("2026-11-02")) as found:
        yield found


def test_one_message_groups_what_is_due(office: Desk) -> None:
    keep(
        office.engine,
        meeting("2026-11-02"),
        action("fence", "hal", "2026-11-09", "2026-11-02"),
        action("letter", "hal", "2026-11-11", "2026-11-02"),
    )
    assert office.tick(at("2026-11-09", "07:44")) == 0
    office.tick(at("2026-11-09", "07:45"), at("2026-11-09", "07:46"), at("2026-11-09", "12:00"))
    (message,) = office.sent("hal")
    assert "Task fence" in message.text
    assert "Task letter" in message.text
