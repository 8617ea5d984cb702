"""`trustbot pulse …`: the register's pulses for whoever runs the machine, under the same rules as in Slack."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Annotated

import typer

pulse = typer.Typer(
    help="Pulses on collaborations: list, open, close, results.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
Wave = Annotated[str, typer.Argument(metavar="PULSE", help="Its id, as `trustbot pulse list` says.")]
Day = typer.Option(formats=["%Y-%m-%d"], metavar="DAY")


@pulse.command("list", epilog="Example: trustbot pulse list --json")
def listed(as_json: Json = False) -> None:
    """List collaborations with their pulses: planned, open, published. Who or how many have answered is not shown."""
    from bot import app as composition
    from bot.cli.rendering import pulse as printing_pulse
    from bot.config import settings

    with composition.pulses(settings.load_settings()) as service:
        printing_pulse.overview(service.overview(), as_json)


@pulse.command(
    "open", epilog="Example: trustbot pulse open reading-a1b2c3 --ask group:heads --opens 2026-11-09 --as ada"
)
def opened(
    collaboration: Annotated[str, typer.Argument(metavar="COLLABORATION", help="Its id, as `list` says.")],
    opens: Annotated[datetime, Day],
    ask: Annotated[
        list[str], typer.Option("--ask", metavar="WHOM", help="person:ID, group:ID or school:ID; may be repeated.")
    ],
    person: Annotated[str, typer.Option("--as", metavar="PERSON", help="Who asks: a person of the trust file.")],
    closes: Annotated[datetime | None, Day] = None,
    each_half: Annotated[bool, typer.Option("--each-half", help="Again in each half of a term.")] = False,
    as_json: Json = False,
) -> None:
    """Plan a pulse; the running bot asks on the day, in school hours. Its results are shown in App Home."""
    from bot import app as composition
    from bot.cli.rendering import pulse as printing_pulse
    from bot.config import settings

    with composition.pulses(settings.load_settings()) as service:
        plan = service.plan_from_outside(
            person, collaboration, ask, opens.date(), closes.date() if closes else None, recurring=each_half
        )
        printing_pulse.planned(plan, as_json)


@pulse.command("close", epilog="Example: trustbot pulse close p1234-2026-11-09")
def closed(wave: Wave, as_json: Json = False) -> None:
    """Close an open pulse before its day, once eight people and half of its panel have answered; the running bot counts
    it, and its results go where they were planned to go."""
    from bot import app as composition
    from bot.cli.rendering import pulse as printing_pulse
    from bot.config import settings

    with composition.pulses(settings.load_settings()) as service:
        service.close_early(wave, None)
        printing_pulse.closed(wave, as_json)


@pulse.command("results", epilog="Example: trustbot pulse results p1234-2026-11-09 --as ada --csv")
def results(
    wave: Wave,
    person: Annotated[str, typer.Option("--as", metavar="PERSON", help="Who reads them: somebody who was asked.")],
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table for a spreadsheet.")] = False,
) -> None:
    """Show what was published of a pulse to somebody who was asked, and nothing else."""
    if as_json and as_csv:
        raise typer.BadParameter("give --json or --csv")
    from bot import app as composition
    from bot.cli.rendering import pulse as printing_pulse
    from bot.config import settings

    with composition.pulses(settings.load_settings()) as service:
        found = service.results_for(wave, person)
    if as_csv:
        sys.stdout.write(found.csv())
    else:
        printing_pulse.results(found, as_json)
