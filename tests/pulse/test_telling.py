"""Questions about pulses: told from all others, and answered from what was published, to those who may see it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.config.trust import load
from bot.pulse.model import Choice, Test
from bot.pulse.results.answering import Telling
from bot.pulse.results.picture import whole
from bot.pulse.results.publish import NOTE
from bot.pulse.results.questions import PulseQuery, read_pulse_query
from bot.pulse.results.report import HELD
from bot.pulse.sealed.sealing import OldKeys
from bot.pulse.service import PulseService
from knowledge.passages import NOBODY, Outcome, Reader
from tests.pulse.conftest import Drawer
from tests.pulse.test_service import At, answered, collaborate, opened, together
from tests.scenarios.pulse.office import TRUST

ABOUT_PULSES = {
    "How is the phonics collaboration doing?": PulseQuery("all", "phonics"),
    "how is the reading collaboration getting on so far": PulseQuery("all", "reading"),
    "How is Reading across the hub doing?": PulseQuery("all", "reading across the hub", sure=False),
    "How is reading doing according to the last pulse?": PulseQuery("all", "reading"),
    "What is the weakest test of the Larkmere Reading collaboration?": PulseQuery("weakest", "larkmere reading"),
    "Which test is weakest in Reading across the hub?": PulseQuery("weakest", "reading across the hub"),
    "What did the last pulse say about pace?": PulseQuery("topic", "", "pace"),
    "What did the pulse on reading say about time?": PulseQuery("topic", "reading", "time"),
    "What did people say about pace in the last pulse?": PulseQuery("topic", "", "pace"),
    "How did the reading collaboration score on mutuality?": PulseQuery("topic", "reading", "mutuality"),
    "What were the pulse results for the reading collaboration?": PulseQuery("all", "reading"),
    "What does the pulse say about the reading collaboration?": PulseQuery("all", "reading"),
    "What did the latest pulse say?": PulseQuery("all"),
    "What were the results of the last pulse on reading?": PulseQuery("all", "reading"),
    "Does the reading collaboration pass the five tests?": PulseQuery("five", "reading"),
    "Does this collaboration pass the five tests?": PulseQuery("five"),
    "How does our phonics collaboration do on the five tests?": PulseQuery("five", "phonics"),
}
ABOUT_SOMETHING_ELSE = [
    "What are the five tests of collaboration?",
    "What is the test of PACE?",
    "What is a pulse?",
    "How long is a pulse open?",
    "What is the weakest argument for collaboration?",
    "How do schools pass the five tests?",
    "What does the policy say about pulses?",
    "How is the pupil premium spent?",
    "How did Year 6 do on reading?",
    "What did people say about parking in the staff survey?",
    "",
]


@pytest.fixture
def clock() -> At:
    return At()


@pytest.fixture
def service(sqlite_engine: Engine, home: Path, clock: At) -> PulseService:
    (home / "trust.yaml").write_text(TRUST)
    return PulseService(sqlite_engine, OldKeys(home / "pulse"), load(home / "trust.yaml"), clock, Drawer())


def of(service: PulseService, person: str) -> Reader:
    return service.trust.reader(service.trust.person(person))


@pytest.mark.parametrize("question", ABOUT_PULSES)
def test_questions_about_pulses_are_read(question: str) -> None:
    assert read_pulse_query(question) == ABOUT_PULSES[question]


@pytest.mark.parametrize("question", ABOUT_SOMETHING_ELSE)
def test_all_else_is_left_alone(question: str) -> None:
    assert read_pulse_query(question) is None


def test_what_was_published_is_told_and_no_score_of_it_all(service: PulseService, clock: At) -> None:
    results = answered(service, opened(service, clock))
    telling = Telling(service)
    kim = of(service, "kim")
    answer = telling.answer("How is the reading collaboration doing?", kim, "kim")
    assert answer
    assert results.in_words in answer.text
    assert f"closed on {results.wave.closes.day} November 2026" in answer.text
    for test in Test:
        each = results.tests[test]
        assert f"• {test.value}: {whole(each.percent)} % favourable (95 % interval" in answer.text
    assert answer.text.endswith(NOTE)
    assert answer.text.count("% favourable") == 6, "five tests and the headline, and nothing over all of them"
    brief = telling.answer("What is the weakest test of Reading?", kim, "kim")
    assert brief
    assert brief.text.startswith(
        f"Pulse on Reading, closed on {results.wave.closes.day} November 2026: {results.in_words}"
    )
    assert "• Purpose" not in brief.text


def test_one_test_is_told_with_its_statements(service: PulseService, clock: At) -> None:
    results = answered(service, opened(service, clock))
    answer = Telling(service).answer("What did the last pulse say about pace?", of(service, "ann"), "ann")
    assert answer
    assert "• Pace: " in answer.text
    assert "Purpose" not in answer.text
    assert "by which Reading should show results.” " in answer.text
    figures = results.figures
    assert figures
    for number, statement in enumerate(results.wave.statements):
        figure = figures.statements[number]
        if statement.test is Test.PACE and figure:
            assert f"{figure.percent} % favourable ({figure.low} to {figure.high})" in answer.text
    nothing = Telling(service).answer("What did the last pulse say about homework?", of(service, "ann"), "ann")
    assert nothing
    assert nothing.outcome is Outcome.NOT_FOUND
    assert "asked nothing about homework" in nothing.text


def test_a_wave_that_is_not_published_is_as_if_there_were_none(service: PulseService, clock: At) -> None:
    wave = opened(service, clock)
    service.answer(wave.id, "kim", service.closing.token(wave.id, "kim"), [Choice.AGREE] * 10, "A word.")
    telling = Telling(service)
    assert telling.answer("What did the last pulse say about pace?", of(service, "dana"), "dana") is None
    answer = telling.answer("How is the reading collaboration doing?", of(service, "dana"), "dana")
    assert answer
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.text == "No result of a pulse on reading has been published that you may see."


def test_what_is_withheld_stays_so(service: PulseService, clock: At) -> None:
    wave = opened(service, clock)
    for person in ("kim", "lou", "rex"):
        service.answer(wave.id, person, service.closing.token(wave.id, person), [Choice.AGREE] * 10, "")
    service.close(wave.id)
    for question in ("How is the reading collaboration doing?", "What did the last pulse say about pace?"):
        answer = Telling(service).answer(question, of(service, "kim"), "kim")
        assert answer
        assert HELD in answer.text
        assert "%" not in answer.text
        assert "3" not in answer.text


def test_results_are_for_those_who_may_see_them(service: PulseService, clock: At) -> None:
    answered(service, opened(service, clock))
    telling = Telling(service)
    stranger = Reader.of({"everyone", "another-school"})
    questions = (
        "How is the reading collaboration doing?",
        "What did the last pulse say about pace?",
        "Does the reading collaboration pass the five tests?",
    )
    for reader in (stranger, NOBODY, Reader.joint([of(service, "dana"), stranger])):
        assert [telling.answer(question, reader, None) for question in questions] == [None, None, None]
    assert telling.answer(questions[0], stranger, "kim"), "whoever was asked may see what came of it"
    assert telling.answer(questions[0], together("kim", "rex"), None), "where all who read were asked"
    for person in ("dana", "slack:U1"):
        answer = telling.answer(questions[0], of(service, "dana"), person)
        assert answer
        assert "that you may see" in answer.text, "neither its executive nor its schools, unless they were asked"


def test_the_five_tests_are_told_by_register_and_pulse_without_a_verdict(service: PulseService, clock: At) -> None:
    dana = service.trust.person("dana")
    assert dana
    service.put(
        dana, "v2", None, name="Maths in the middle years", schools=["oakfield"], outcome="Better counting",
        lead="ann", start=date(2026, 9, 7), end=date(2027, 3, 20), partners=[],
        checklist=["All want fluent tables.", "", "", "", ""],
    )  # fmt: skip
    telling = Telling(service)
    answer = telling.answer("Does this collaboration pass the five tests?", of(service, "ann"), "ann")
    assert answer
    assert "• Purpose: at the start it was said: “All want fluent tables.”" in answer.text
    assert "• Pace: not talked through at the start" in answer.text
    assert "that is for the partners to judge" in answer.text
    collaborate(service)
    assert telling.answer("Does this collaboration pass the five tests?", of(service, "ann"), "ann") is None, "which?"
    assert telling.answer("Does the maths collaboration pass the five tests?", of(service, "ann"), "ann")
