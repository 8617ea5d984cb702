"""The pulse's verbs without Slack: planned, opened, closed, read; and that what is read is what was published."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from bot.cli.main import app
from bot.config.settings import HOME
from bot.config.trust import load
from bot.errors import Refusal
from bot.pulse.model import SCALE, Choice, Wave
from bot.pulse.results.blocks import table
from bot.pulse.results.report import Results, Seats
from bot.pulse.sealed.sealing import OldKeys
from bot.pulse.service import PulseService
from knowledge.passages import OPERATOR, Reader
from tests.pulse.conftest import Drawer
from tests.scenarios.pulse.office import EVERYBODY, TRUST

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
OPENS = date(2026, 11, 9)


# Who is in the channels: the executive's, and one where a person whom the trust file does not name is as well.
SEATS = {
    "C1": Seats(frozenset({"dana", "ann"}), public=False),
    "C2": Seats(frozenset({"dana", "slack:U1"}), public=True),
}


class At:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 6, 9, 0, tzinfo=LONDON)

    def __call__(self) -> datetime:
        return self.now

    def to(self, day: date) -> None:
        self.now = datetime(day.year, day.month, day.day, 9, 0, tzinfo=LONDON)


@pytest.fixture
def clock() -> At:
    return At()


@pytest.fixture
def service(sqlite_engine: Engine, home: Path, clock: At) -> PulseService:
    (home / "trust.yaml").write_text(TRUST)
    return PulseService(sqlite_engine, OldKeys(home / "pulse"), load(home / "trust.yaml"), clock, Drawer(), SEATS.get)


def collaborate(service: PulseService) -> str:
    dana = service.trust.person("dana")
    assert dana
    made = service.put(
        dana, "v1", None, name="Reading", schools=["oakfield", "riverside"], outcome="Better readers", lead="ann",
        start=date(2026, 9, 7), end=date(2027, 3, 20), partners=[], checklist=[],
    )  # fmt: skip
    return made.id


def opened(service: PulseService, clock: At) -> Wave:
    ident = collaborate(service)
    plan = service.plan_from_outside("ann", ident, ["group:readers"], OPENS, None, recurring=False)
    assert plan == service.plan_from_outside("ann", ident, ["group:readers"], OPENS, None, recurring=False)
    clock.to(OPENS)
    ((due, about, opening, may),) = service.due()
    assert (due, about.id, opening, may) == (plan, ident, OPENS, True)
    wave = service.open(plan, opening, EVERYBODY, list)
    assert not list(service.due())
    return wave


def answered(service: PulseService, wave: Wave) -> Results:
    for number, person in enumerate(EVERYBODY):
        token = service.closing.token(wave.id, person)
        choices = [Choice(1 + (number + each) % 5) for each in range(10)]
        service.answer(wave.id, person, token, choices, "=SUM(A1) is no formula" if number == 1 else "A line.")
    assert service.close(wave.id)
    return service.results(wave.id)


def together(*people: str) -> Reader:
    """What these people of the trust file, and those who are not in it, may read together."""
    return Reader.joint([Reader.of({"everyone", *([f"person:{each}"] if each else [])}) for each in people])


def test_a_pulse_that_cannot_be_is_refused_with_what_to_do(service: PulseService) -> None:
    ident = collaborate(service)
    for whom, asked, opens, words in (
        ("nobody", ["group:readers"], OPENS, "knows nobody"),
        ("ann", ["group:nowhere"], OPENS, "person:ID"),
        ("ann", ["person:kim", "person:lou"], OPENS, "Only 2 of the trust file's people"),
        ("kim", ["group:readers"], OPENS, "opened by the collaboration's lead"),
        ("ann", ["group:readers"], date(2026, 11, 2), "past"),
        ("ann", ["group:readers"], date(2026, 12, 14), "half of a term"),
    ):
        with pytest.raises(Refusal, match=words):
            service.plan_from_outside(whom, ident, asked, opens, None, recurring=False)
    with pytest.raises(Refusal, match="no such collaboration"):
        service.plan_from_outside("dana", "elsewhere", ["group:readers"], OPENS, None, recurring=False)


def test_a_pulse_that_has_opened_is_no_more_to_come(service: PulseService, clock: At) -> None:
    opened(service, clock)
    assert service.plans() == []
    (overview,) = service.overview()
    assert (overview.planned, len(overview.open)) == ((), 1)


def test_a_pulse_that_was_missed_opens_later_in_the_same_half_or_not_at_all(service: PulseService, clock: At) -> None:
    service.plan_from_outside("ann", collaborate(service), ["group:readers"], OPENS, None, recurring=False)
    for day, may in ((date(2026, 11, 12), True), (date(2026, 12, 10), False), (date(2027, 1, 12), False)):
        clock.to(day)
        ((_, _, opening, possible),) = service.due()
        assert (opening, possible) == (OPENS, may)


def test_the_table_csv_and_json_say_what_was_published_and_nothing_else(service: PulseService, clock: At) -> None:
    results = answered(service, opened(service, clock))
    figures = results.figures
    assert figures
    rows = list(csv.DictReader(io.StringIO(results.csv())))
    whole = [row for row in rows if row["group"] == "Everybody"]
    said = {each["statement"]: each for each in results.as_json()["statements"] if each["group"] == "Everybody"}  # type: ignore[attr-defined]
    _, (_, shown, *_) = table(results)
    cells = [[cell["text"] for cell in row] for row in shown["rows"]]
    for number, (row, statement) in enumerate(zip(whole, results.wave.statements, strict=True)):
        figure = figures.statements[number]
        about = statement.about("Reading")
        assert figure
        assert row["statement"] == about == cells[number + 1][0]
        assert int(row["percent favourable"]) == figure.percent == said[about]["percent"]
        assert [int(row[f"percent {choice.words.lower()}"]) for choice in SCALE] == [
            figure.shares[choice] for choice in SCALE
        ]
        assert cells[number + 1][1] == f"{figure.percent} % ({figure.low} to {figure.high})"
        assert all(share % 5 == 0 for share in figure.shares)
    assert {int(row["answered"]) for row in whole} == {13}
    assert {row["answered"] for row in rows if row["group"] != "Everybody"} == {""}
    assert cells[0][:2] == ["Statement", "Everybody (n = 13)"]
    assert not any("n =" in name for name in cells[0][2:]), "how many answered is said of everybody only"
    assert sorted(results.publication.comments) == sorted(results.as_json()["comments"])  # type: ignore[call-overload]
    assert "formula" not in results.csv()


def test_results_are_for_those_who_were_asked_and_for_the_chosen_channel(service: PulseService, clock: At) -> None:
    """Not for the executive, the lead's school or anybody else who was not asked and does not sit there."""
    for channel, seated in (
        ("", set[str]()),
        ("C1", {"dana", "ann"}),
        ("C2", {"dana", "slack:U1"}),
        ("C9", set[str]()),
    ):
        results = replace(answered_once(service, clock), channel=channel)
        for person in (*EVERYBODY, "dana", "slack:U1", "slack:U2", "nobody"):
            assert service.may_see(results, OPERATOR, person) is (person in {*EVERYBODY, *seated}), (channel, person)
        assert not service.may_see(results, OPERATOR, None)
        assert not service.may_see(results, Reader.of({"everyone", "oakfield", "riverside", "exec"}), None)
        assert service.may_see(results, together("kim", "lou"), None)
        assert service.may_see(results, together("kim", "dana"), None) is ("dana" in seated)
        # In a public channel everybody of the workspace reads: only what stands in a public channel is shown there.
        assert service.may_see(results, together("kim", ""), None) is (channel == "C2")


def answered_once(service: PulseService, clock: At) -> Results:
    """The one wave's results."""
    if found := service.overview():
        return service.results(found[0].published[0])
    return answered(service, opened(service, clock))


def test_a_headline_is_for_those_who_may_see_it_and_of_its_days(service: PulseService, clock: At) -> None:
    results = answered(service, opened(service, clock))
    closed = results.wave.closes
    ours = together("kim", "lou", "rex")
    (line,) = service.headlines(ours, closed, closed + DAY)
    assert line.said == results.in_words
    assert line.answered == 13
    assert line.audience
    assert line.audience.principals == {f"person:{each}" for each in EVERYBODY}
    for others in (together("kim", ""), together("kim", "dana"), Reader.of({"everyone", "oakfield"}), OPERATOR):
        assert service.headlines(others, closed, closed + DAY) == ()
    assert service.headlines(ours, date(2026, 9, 1), date(2026, 10, 1)) == ()


def test_a_pulse_that_is_closed_before_its_day_is_of_the_day_on_which_it_was_closed(
    service: PulseService, clock: At
) -> None:
    wave = opened(service, clock)
    early = OPENS + DAY
    clock.to(early)
    results = answered(service, wave)
    assert wave.closes > results.wave.closes == early
    assert service.close(wave.id)
    assert service.results(wave.id).wave.closes == early
    # Asked for week after week it comes once, in the first week after it.
    ours = together("kim")
    found = [service.headlines(ours, early + DAY * n, early + DAY * (n + 7)) for n in (-14, -7, 0, 7)]
    assert [[each.closed for each in week] for week in found] == [[], [], [early], []]


def test_no_pulse_closes_early_until_eight_and_half_of_the_panel_have_answered(
    service: PulseService, clock: At
) -> None:
    wave = opened(service, clock)
    ann = service.trust.person("ann")
    kim = service.trust.person("kim")
    assert ann
    for count, person in enumerate(EVERYBODY[:8]):
        with pytest.raises(Refusal, match="at least eight people") as refused:
            service.close_early(wave.id, ann)
        assert str(count) not in str(refused.value).replace("17 November", ""), "how many have answered is not said"
        service.answer(wave.id, person, service.closing.token(wave.id, person), [Choice.AGREE] * 10, "")
    with pytest.raises(Refusal, match="opened by the collaboration's lead"):
        service.close_early(wave.id, kim)
    service.close_early(wave.id, ann)
    with pytest.raises(Refusal, match="has closed"):
        service.answer(wave.id, "wil", service.closing.token(wave.id, "wil"), [Choice.AGREE] * 10, "")


def test_a_collaboration_asks_its_panel_whoever_is_named(service: PulseService, clock: At) -> None:
    """A planner cannot leave one person out to see what becomes of the figures, nor add one."""
    wave = opened(service, clock)
    answered(service, wave)
    ident = service.collaborations()[0].id
    later = date(2027, 1, 11)
    clock.to(later)
    plan = service.plan_from_outside("ann", ident, ["group:readers"], later, None, recurring=False)
    fewer = service.open(plan, later, EVERYBODY[1:], lambda people: [each for each in people if each != "wil"])
    assert [member.person for member in fewer.roster] == sorted(set(EVERYBODY) - {"wil"})
    assert fewer.panel == 13


def test_a_statement_of_ones_own_is_not_shown_for_two_collaborations_that_differ_by_a_few(
    service: PulseService, clock: At
) -> None:
    dana = service.trust.person("dana")
    assert dana
    shown = []
    for name, people in (("Reading", EVERYBODY), ("Maths", EVERYBODY[1:]), ("Art", EVERYBODY)):
        about = service.put(
            dana, name, None, name=name, schools=["oakfield"], outcome="Better", lead="ann", start=date(2026, 9, 7),
            end=date(2027, 3, 20), partners=[], checklist=[],
        )  # fmt: skip
        plan = service.plan(dana, name, about.id, ["group:readers"], OPENS, None, own=["The minibus helps."])
        clock.to(OPENS)
        wave = service.open(plan, OPENS, people, list)
        for person in people:
            service.answer(wave.id, person, service.closing.token(wave.id, person), [Choice.AGREE] * 11, "")
        assert service.close(wave.id)
        figures = service.results(wave.id).figures
        assert figures
        shown.append([each is not None for each in figures.statements])
        clock.now = datetime(2026, 11, 6, 9, 0, tzinfo=LONDON)
    assert shown == [[True] * 11, [True] * 10 + [False], [True] * 11]


def test_that_everybody_answered_is_not_known_of_two_waves_between_which_somebody_left(
    service: PulseService, clock: At
) -> None:
    wave = opened(service, clock)
    assert answered(service, wave).publication.count == 13
    counts = []
    ident = service.collaborations()[0].id
    for later, gone in ((date(2027, 1, 11), ""), (date(2027, 2, 23), "wil")):
        clock.to(later)
        plan = service.plan_from_outside("ann", ident, ["group:readers"], later, None, recurring=False)
        made = service.open(plan, later, EVERYBODY, lambda people, left=gone: [each for each in people if each != left])
        for member in made.roster:
            token = service.closing.token(made.id, member.person)
            service.answer(made.id, member.person, token, [Choice.AGREE] * 10, "")
        assert service.close(made.id)
        counts.append(service.results(made.id).publication.count)
    # Of the twelve that are left, all of whom answered, eleven are counted: which one is not is left to chance.
    assert counts == [13, 11]


def test_the_command_line_lists_plans_closes_and_shows_to_those_who_were_asked(
    service: PulseService, home: Path, clock: At
) -> None:
    wave = opened(service, clock)
    run = CliRunner()
    environment = {HOME: str(home), "COLUMNS": "200"}
    listed = json.loads(run.invoke(app, ["pulse", "list", "--json"], env=environment).stdout)
    assert listed[0]["open"][0] | {"closes": ""} == {"pulse": wave.id, "closes": "", "asked": 13}
    for person in EVERYBODY:
        service.answer(wave.id, person, service.closing.token(wave.id, person), [Choice.AGREE] * 10, "")
        service.closing.batch(wave.id)
    assert "answered" not in run.invoke(app, ["pulse", "list"], env=environment).stdout
    assert service.close(wave.id)
    shown = json.loads(run.invoke(app, ["pulse", "results", wave.id, "--as", "kim", "--json"], env=environment).stdout)
    assert shown["groups"][0] == {"group": "Everybody", "answered": 13, "shown": True}
    asking = ["pulse", "results", wave.id, "--as", "kim"]
    assert "favourable" in run.invoke(app, asking, env=environment).stdout
    assert run.invoke(app, [*asking, "--csv"], env=environment).stdout.count("Everybody,13") == 10
    for person in ("dana", "nobody"):
        refused = run.invoke(app, ["pulse", "results", wave.id, "--as", person], env=environment)
        assert isinstance(refused.exception, Refusal)
        assert "those who were asked" in str(refused.exception)
    assert run.invoke(app, ["pulse", "results", wave.id], env=environment).exit_code == 2
    unknown = run.invoke(app, ["pulse", "results", "nothing", "--as", "kim"], env=environment)
    assert isinstance(unknown.exception, Refusal)


def test_without_slack_a_pulse_is_closed_early_by_those_who_were_in_a_batch(
    service: PulseService, sqlite_engine: Engine, home: Path, clock: At
) -> None:
    """As the command line does it: it cannot read what waits."""
    wave = opened(service, clock)
    outside = PulseService(sqlite_engine, OldKeys(home / "pulse"), service.trust, clock)
    for count, person in enumerate(EVERYBODY, 1):
        service.answer(wave.id, person, service.closing.token(wave.id, person), [Choice.AGREE] * 10, "")
        service.closing.batch(wave.id)
        if count in (4, 9):
            with pytest.raises(Refusal, match="at least eight people"):
                outside.close_early(wave.id, None)
    outside.close_early(wave.id, None)
    assert outside.running(None) == []
    assert service.close(wave.id)
    assert service.results(wave.id).publication.count == 13
