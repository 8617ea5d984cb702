"""How pulses look in a terminal: text for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from bot.cli.rendering.results import dump, out
from bot.pulse.model import Overview, Plan
from bot.pulse.results.picture import whole
from bot.pulse.results.publish import NOTE
from bot.pulse.results.report import Results


def overview(found: Sequence[Overview], as_json: bool) -> None:
    """Print each collaboration with what is planned, open and published of it."""
    if as_json:
        dump([each.as_json() for each in found])
        return
    if not found:
        out.print("No collaborations yet. In Slack, `/trust collaborations` opens one.")
    for each in found:
        out.print(f"[bold]{escape(each.name)}[/] [dim]{each.id}[/], until {each.end.isoformat()}")
        for plan, day in each.planned:
            out.print(f"  opens on {day.isoformat()} [dim]{plan}[/]")
        for running in each.open:
            out.print(f"  open until {running.closes.isoformat()} [dim]{running.wave}[/]")
        for wave in each.published:
            out.print(f"  published [dim]{wave}[/]")


def planned(plan: Plan, as_json: bool) -> None:
    """Print what was planned."""
    if as_json:
        dump({"plan": plan.id, "pulse": plan.wave(plan.first), "opens": plan.first.isoformat(), "days": plan.days})
        return
    out.print(f"Planned: it opens on {plan.first.isoformat()} as {plan.wave(plan.first)}, while the bot runs.")


def closed(wave: str, as_json: bool) -> None:
    """Print that a pulse takes no more answers."""
    if as_json:
        dump({"pulse": wave, "closed": True})
        return
    out.print("It takes no more answers. The running bot counts it within a minute or two.")


def results(found: Results, as_json: bool) -> None:
    """Print the published figures."""
    if as_json:
        dump(found.as_json())
        return
    out.print(f"[bold]{escape(found.collaboration.name)}[/], closed {found.wave.closes.isoformat()}")
    out.print(escape(found.in_words))
    for test, each in found.tests.items():
        interval = f"{whole(each.interval.low)} to {whole(each.interval.high)}"
        out.print(f"  {test.value}: {whole(each.percent)} % favourable ({interval})")
    if not found.figures:
        return
    table = Table("group", "statement", "favourable", "interval")
    for group, figures, statement, number in found.rows():
        figure = figures.statements[number]
        values = (f"{figure.percent} %", f"{figure.low} to {figure.high}") if figure else ("not shown", "")
        table.add_row(escape(group), escape(statement.about(found.collaboration.name)), *values)
    out.print(table)
    for comment in found.publication.comments:
        out.print(f"  “{escape(comment)}”")
    out.print(f"[dim]{NOTE}[/]")
