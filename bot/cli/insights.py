"""`trustbot stats, insights`: how Trustbot is used and what its documents lack, without names."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
Days = Annotated[int, typer.Option(min=1, max=3660, help="Of the last so many days.")]


def register(app: typer.Typer) -> None:
    """Add these verbs to the command line."""
    app.command(epilog="Example: trustbot stats --days 30 --json")(stats)
    app.command(epilog="Example: trustbot insights --json")(insights)


def stats(days: Days = 30, as_json: Json = False) -> None:
    """Count questions, how they ended, marks, how long answers took, and what a language model used."""
    from bot import app as composition
    from bot.cli.rendering import care as printing_care
    from bot.config import settings
    from bot.insights.service import figures
    from bot.runtime import model_ledger as model_use

    with composition.kept(settings.load_settings()) as (engine, _, now):
        used = model_use.figures(engine, now(), days)
        printing_care.stats(figures(engine, now(), days), as_json, used)


def insights(days: Days = 90, as_json: Json = False) -> None:
    """Show what is asked, what finds no answer, what was unhelpful, and which documents are stale or at odds."""
    from bot import app as composition
    from bot.cli.rendering import care as printing_care
    from bot.config import settings
    from bot.insights.service import InsightService
    from knowledge.masking.pupil_names import Masker

    with composition.knowledge(settings.load_settings()) as known:
        masker = Masker(known.trust.present.staff if known.trust else ())
        service = InsightService(known.engine, known.library, known.library.encoder, masker, known.now)
        printing_care.insights(service.insights(days=days), as_json)
