"""The pulse's verbs without Slack: planned, opened, closed, read; and that what is read is what was published."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import Refusal
from bot.pulse import store
from bot.pulse.blocks_results import table
from bot.pulse.model import SCALE, Choice, Wave
from bot.pulse.results import Results
from bot.pulse.sealing import Keys
from bot.pulse.service import PulseService
from bot.settings import HOME
from bot.trust import load
from knowledge.passages import Reader
from tests.scenarios.pulse_office import EVERYBODY, TRUST

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
OPENS = date(2026, 11, 9)


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
    return PulseService(sqlite_engine, Keys(home / "pulse"), load(home / "trust.yaml"), clock)


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
    wave = service.open(plan, opening, EVERYBODY)
    assert not list(service.due())
    return wave


def answered(service: PulseService, engine: Engine, home: Path, wave: Wave) -> Results:
    keys = Keys(home / "pulse")
    for number, person in enumerate(EVERYBODY):
        token = store.token(keys, wave.id, person)
        choices = [Choice(1 + (number + each) % 5) for each in range(10)]
        service.answer(wave.id, person, token, choices, "=SUM(A1) is no formula" if number == 1 else "A line.")
    return service.close(wave.id)


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


def test_the_table_csv_and_json_say_what_was_published_and_nothing_else(
    service: PulseService, sqlite_engine: Engine, home: Path, clock: At
) -> None:
    results = answered(service, sqlite_engine, home, opened(service, clock))
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
    assert sorted(results.publication.comments) == sorted(results.as_json()["comments"])  # type: ignore[call-overload]
    assert "formula" not in results.csv()


def test_a_headline_is_for_those_who_may_see_it_and_of_its_days(
    service: PulseService, sqlite_engine: Engine, home: Path, clock: At
) -> None:
    results = answered(service, sqlite_engine, home, opened(service, clock))
    closed = results.wave.closes
    oak = Reader.of({"everyone", "oakfield"})
    (line,) = service.headlines(oak, closed, closed + DAY)
    assert line.said == results.said
    assert line.answered == 13
    assert service.headlines(Reader.of({"everyone"}), closed, closed + DAY) == ()
    assert service.headlines(Reader.together([oak, Reader.of({"everyone"})]), closed, closed + DAY) == ()
    assert service.headlines(oak, date(2026, 9, 1), date(2026, 10, 1)) == ()


def test_a_pulse_that_is_closed_before_its_day_is_of_the_day_on_which_it_was_closed(
    service: PulseService, sqlite_engine: Engine, home: Path, clock: At
) -> None:
    wave = opened(service, clock)
    early = OPENS + DAY
    clock.to(early)
    results = answered(service, sqlite_engine, home, wave)
    assert wave.closes > results.wave.closes == early
    assert service.close(wave.id).wave.closes == early
    oak = Reader.of({"everyone", "oakfield"})
    # Asked for week after week it comes once, in the first week after it.
    found = [service.headlines(oak, early + DAY * n, early + DAY * (n + 7)) for n in (-14, -7, 0, 7)]
    assert [[each.closed for each in week] for week in found] == [[], [], [early], []]


def test_the_command_line_lists_plans_closes_and_shows(
    service: PulseService, sqlite_engine: Engine, home: Path, clock: At
) -> None:
    wave = opened(service, clock)
    run = CliRunner()
    environment = {HOME: str(home), "COLUMNS": "200"}
    listed = json.loads(run.invoke(app, ["pulse", "list", "--json"], env=environment).stdout)
    assert listed[0]["open"][0] | {"closes": ""} == {"pulse": wave.id, "closes": "", "answered": 0, "asked": 13}
    keys = Keys(home / "pulse")
    for person in EVERYBODY:
        service.answer(wave.id, person, store.token(keys, wave.id, person), [Choice.AGREE] * 10, "")
    closed = json.loads(run.invoke(app, ["pulse", "close", wave.id, "--json"], env=environment).stdout)
    assert closed["groups"][0] == {"group": "Everybody", "answered": 13, "shown": True}
    again = json.loads(run.invoke(app, ["pulse", "results", wave.id, "--json"], env=environment).stdout)
    assert again == closed
    assert "favourable" in run.invoke(app, ["pulse", "results", wave.id], env=environment).stdout
    assert run.invoke(app, ["pulse", "results", wave.id, "--csv"], env=environment).stdout.count("Everybody,13") == 10
    unknown = run.invoke(app, ["pulse", "results", "nothing"], env=environment)
    assert isinstance(unknown.exception, Refusal)
