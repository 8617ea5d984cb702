"""`trustbot model`: which language model is asked, where it runs, what it is sent, and what it used."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]


def register(app: typer.Typer) -> None:
    """Add this verb to the command line."""
    app.command(epilog="Example: trustbot model --days 30")(model)


def model(
    days: Annotated[int, typer.Option(min=1, max=3660, help="Of the last so many days.")] = 30,
    as_json: Json = False,
) -> None:
    """Say which language model is asked, where it runs, what it is sent, and what it used."""
    from bot import app as composition
    from bot.cli.rendering import results as printing
    from bot.config import settings
    from bot.runtime.model_ledger import figures
    from knowledge.llm.providers import SENT, runs_at

    found = settings.load_settings()
    with composition.kept(found) as (engine, _, now):
        used = figures(engine, now(), days)
    where = runs_at(found.model, found.model_url) if found.model else None
    if as_json:
        printing.dump({"model": found.model, "where": where, "days": days, **used.as_json()})
        return
    said = f"{found.model}, at {where}. {SENT}" if found.model else "No language model is set: answers are quotes."
    printing.lines([said, *used.lines()])
