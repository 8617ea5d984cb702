"""`/trust guide` in Slack, and the words after `/trust` that the guides name."""

from __future__ import annotations

import re

from bot import app
from bot.guides.pages import NAMES, guides
from bot.home.slack import HELP
from tests.at_work import make_way
from tests.scenarios.conftest import Office, said


def test_a_guide_comes_to_whoever_asks_for_it_alone(office: Office) -> None:
    bob, before = office.workspace.as_user("bob"), len(office.workspace.ephemerals("bob"))
    assert bob.command("/trust", "guide", "staff").ok
    assert bob.command("/trust", "guide For clerks", "staff").ok
    assert bob.command("/trust", "guide parents", "staff").ok
    listed, clerks, unknown = office.whispers("bob", before + 3)[before:]
    assert all(f"/trust guide {name}" in said(listed) for name in NAMES)
    assert clerks.text == "For clerks"
    assert "How notes of a meeting become confirmed actions" in said(clerks)
    assert "There is no guide called" in said(unknown)
    assert office.workspace.messages("staff") == [] or clerks not in office.workspace.messages("staff")


def test_the_guides_name_only_words_that_trustbot_knows(own_office: Office) -> None:
    make_way(own_office)
    named = {word for guide in guides() for word in re.findall(r"`/trust ([a-z]+)", guide.text)}
    with app.bot(own_office.settings, clock=own_office.clock.now) as bot:
        # A question needs no word before it.
        assert named - {HELP} <= bot.words
        assert {"ask", "guide", "notes", "digest", "pulse", "privacy"} <= named
