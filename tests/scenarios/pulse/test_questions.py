"""Questions about pulses through Slack: nothing before the close, then what was published, to those who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.workspace.state import Message
from bot.pulse.model import Test
from tests.scenarios.conftest import said
from tests.scenarios.pulse.office import EVERYBODY, NAME, TRUST, Hall, hall_at
from tests.scenarios.pulse.test_pulse import AFTER

ELM = """\
  - {id: elmhurst, name: Elmhurst Primary School, phase: primary, hub: south}
people:
  - {id: zoe, name: Zoe Elms, schools: [elmhurst]}
"""


@pytest.fixture
def hall(home: Path) -> Iterator[Hall]:
    """The results go to a private channel, where Dana sits, who is not asked, and Zoe does not."""
    with hall_at(home, TRUST.replace("people:\n", ELM, 1)) as found:
        found.room.workspace.add_channel("results", ["dana", "ann"], private=True)
        yield found


def asked_in_private(hall: Hall) -> None:
    hall.asked(where=hall.room.workspace.state.channel("results").id)


def ask(hall: Hall, question: Message, count: int = 1) -> str:
    """What the bot answers in the thread of a question."""
    hall.room.workspace.wait_for(lambda: len(hall.room.workspace.replies(question)) >= count, what="an answer")
    hall.room.rest()
    return said(hall.room.workspace.replies(question)[-1])


def test_a_pulse_is_told_of_once_it_is_published_and_to_whom_it_is_for(hall: Hall) -> None:
    asked_in_private(hall)
    workspace = hall.room.workspace
    dana, zoe = workspace.as_user("dana"), workspace.as_user("zoe")
    for person in EVERYBODY:
        hall.answer(person, 4, s6="1", s7="2")
    before = ask(hall, dana.dm("How is the reading collaboration doing?"))
    assert "No result of a pulse on reading has been published that you may see." in before
    assert "% favourable" not in before
    hall.at(AFTER)
    question = dana.dm("How is the reading collaboration doing?")
    words = ask(hall, question)
    assert f"Pulse on {NAME}, closed on 17 November 2026: Weakest test: Pace" in words
    for test in Test:
        assert f"• {test.value}: " in words
    assert "one answer in ten was replaced by chance" in words
    words = ask(hall, dana.dm("What did the last pulse say about pace?"))
    assert "• Pace: " in words
    assert "Mutuality" not in words
    dana.dm("Does this collaboration pass the five tests?", thread=question.ts)
    words = ask(hall, question, 2)
    assert "From the records" in words
    assert "at the start it was said: “All agree on reading at eleven.”" in words
    assert "MUTUALITY: What does each school bring" in words
    for asked in ("How is the reading collaboration doing?", "What did the last pulse say about pace?"):
        assert "% favourable" not in ask(hall, zoe.dm(asked))


def test_in_a_channel_a_pulse_is_told_only_where_all_may_see_it(hall: Hall) -> None:
    asked_in_private(hall)
    for person in EVERYBODY:
        hall.answer(person, 4)
    hall.at(AFTER)
    workspace = hall.room.workspace
    question = "What is the weakest test of the reading collaboration?"
    workspace.add_channel("readers", EVERYBODY, private=True)
    assert "% favourable" in ask(hall, workspace.as_user("kim").mention("readers", question))
    workspace.add_channel("heads-and-zoe", ["ann", "rex", "zoe"], private=True)
    for channel, asker in (("general", "dana"), ("heads-and-zoe", "ann")):
        assert "% favourable" not in ask(hall, workspace.as_user(asker).mention(channel, question))
        assert "% favourable" in said(workspace.ephemerals(asker)[-1])


def test_neither_the_schools_nor_the_executive_see_what_they_were_not_asked(hall: Hall) -> None:
    """A Year 4 teacher of a member school opened results that were posted in a private channel."""
    workspace = hall.room.workspace
    hall.asked(groups=[], people=["ann", "rex", "hal", "sam", "eve", "tia", "ivo", "uma"], where=None)
    for person in ("ann", "rex", "hal", "sam", "eve", "tia", "ivo", "uma"):
        hall.answer(person, 4)
    hall.at(AFTER)
    for person, sees in (("tia", True), ("ann", True), ("kim", False), ("dana", False), ("zoe", False)):
        workspace.state.homes.clear()
        workspace.as_user(person).open_app("home")
        home = said(workspace.wait_for(lambda each=person: workspace.home(each)))
        assert ("Weakest test" in home) is sees, person
        assert ("% favourable" in ask(hall, workspace.as_user(person).dm("What did the last pulse say?"))) is sees, (
            person
        )
    workspace.as_user("tia").open_app("home")
    home_of_tia = workspace.wait_for(lambda: workspace.home("tia"))
    assert workspace.as_user("kim").click(home_of_tia, "pulse.results").ok
    refused = said(hall.room.modal("kim", "Trustbot"))
    assert "for those who were asked" in refused
    assert "% favourable" not in refused
