"""`trustbot audit, hold, purge, search-all`: what the operator sees and does about what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Engine

    from bot.config.trust import Trust

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
hold = typer.Typer(
    help="Legal holds: what is held is not purged.", no_args_is_help=True, rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add these verbs to the command line."""
    app.command(epilog="Example: trustbot audit --person U012ABCDEF --days 30 --json")(audit)
    app.command(epilog="Example: trustbot purge")(purge)
    app.command("search-all", epilog='Example: trustbot search-all "Ada Price" --out request-12')(search_all)
    app.add_typer(hold, name="hold")


@contextmanager
def _records() -> Iterator[tuple[Engine, Trust | None, Callable[[], datetime]]]:
    from bot import app as composition
    from bot.config import settings

    with composition.kept(settings.load_settings()) as kept:
        yield kept


def audit(
    person: Annotated[
        str | None, typer.Option(metavar="PERSON", help="To whom: a Slack id, or a person of the trust file.")
    ] = None,
    document: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Of which document: its id, or part of its title.")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Of the last so many days.")] = None,
    as_json: Json = False,
) -> None:
    """List which documents were shown to whom, and when. It holds no questions, and counts nobody's use."""
    from bot.cli.rendering import care as printing_care
    from bot.privacy.audit import Audit

    with _records() as (engine, trust, now):
        printing_care.audit(Audit(engine, now).listed(_slack(trust, person), document, days), as_json)


def purge(as_json: Json = False) -> None:
    """Remove now what has been kept long enough; the running bot does so every night."""
    from bot import app as composition
    from bot.cli.rendering import care as printing_care
    from bot.config import settings

    printing_care.purged(composition.purge(settings.load_settings()), as_json)


def search_all(
    words: Annotated[str, typer.Argument(metavar="WORDS", help="A name, an address or a phrase; found as it stands.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write all of it as JSON and CSV there.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Find all documents and records that mention something, for a request for information. For the operator alone."""
    from bot.cli.rendering import care as printing_care
    from bot.privacy import disclosure
    from bot.privacy.audit import Audit

    with _records() as (engine, _, now):
        found = disclosure.search_all(engine, words)
        Audit(engine, now).seen("operator", "search-all", "", ())
    files = disclosure.export(found, out, words) if out else ()
    printing_care.mentions(found, [str(file) for file in files], as_json)


@hold.command("add", epilog='Example: trustbot hold add --words "Project Heron" --reason "Claim 2026/14"')
def hold_add(
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why.")],
    person: Annotated[
        str | None, typer.Option(metavar="PERSON", help="All of this person's: a Slack id, or of the trust file.")
    ] = None,
    words: Annotated[str | None, typer.Option(metavar="WORDS", help="All that has these words in it.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="All of a kind, such as audit or notes.")] = None,
    as_json: Json = False,
) -> None:
    """Keep something from being purged or deleted."""
    from bot.cli.rendering import care as printing_care
    from bot.privacy.holds import Holds

    if sum(each is not None for each in (person, words, kind)) != 1:
        raise typer.BadParameter("give one of --person, --words and --kind")
    with _records() as (engine, trust, now):
        holds = Holds(engine, now)
        if person is not None:
            # What they asked is kept by their Slack id; what they sent, marked or brought in by that of the trust file.
            known = trust.person(person) if trust else None
            ids = [_slack(trust, person) or "", *([known.id] if known else [])]
            placed = [holds.add("person", ident, reason) for ident in ids]
        else:
            placed = [holds.add("words", words, reason) if words is not None else holds.add("kind", kind or "", reason)]
    printing_care.holds(placed, as_json)


@hold.command("list", epilog="Example: trustbot hold list --json")
def hold_list(as_json: Json = False) -> None:
    """List all holds, lifted ones included."""
    from bot.cli.rendering import care as printing_care
    from bot.privacy.holds import Holds

    with _records() as (engine, _, now):
        printing_care.holds(Holds(engine, now).listed(), as_json)


@hold.command("lift", epilog="Example: trustbot hold lift 1f2e3d4c")
def hold_lift(hold_id: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False) -> None:
    """Lift a hold; what it kept goes at the next purge."""
    from bot.cli.rendering import care as printing_care
    from bot.privacy.holds import Holds

    with _records() as (engine, _, now):
        printing_care.holds([Holds(engine, now).lift(hold_id)], as_json)


def _slack(trust: Trust | None, key: str | None) -> str | None:
    """The Slack id that is meant; a Refusal where the trust file knows the person and not his Slack id."""
    if key is None:
        return None
    person = trust.person(key) if trust else None
    if person is None:
        namesakes = [each for each in trust.people if each.name.casefold() == key.strip().casefold()] if trust else []
        if namesakes:
            ids = ", ".join(namesake.id for namesake in namesakes)
            raise Refusal(f"{len(namesakes)} people are called {key.strip()}. Give the id of the one you mean: {ids}.")
        return key
    if person.slack is None:
        raise Refusal(
            f"The trust file has no Slack id of {person.name}, and records go by it. Give it (in Slack: the person's "
            "profile, ⋮, Copy member ID), or write it as `slack:` in the trust file."
        )
    return person.slack
