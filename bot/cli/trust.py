"""`trustbot trust`: the trust file that is in force, whatever lies on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
trust = typer.Typer(
    help="The trust file that is in force.", no_args_is_help=True, rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add these verbs to the command line."""
    app.add_typer(trust, name="trust")


@trust.command(epilog="Example: trustbot trust show > trust.yaml")
def show() -> None:
    """Print the trust file that is in force, as it was accepted."""
    from bot.config import settings
    from bot.trust.opening import trust_in_force

    print(trust_in_force(settings.load_settings()), end="")  # noqa: T201


@trust.command(epilog="Example: trustbot trust accept")
def accept(as_json: Json = False) -> None:
    """Put this machine's trust file in force, although it has missed the version that is."""
    from bot.app import accept_trust
    from bot.cli.rendering import results as printing
    from bot.config import settings

    version = accept_trust(settings.load_settings())
    if as_json:
        printing.dump({"version": version.number, "accepted": version.accepted.isoformat(), "place": version.place})
    else:
        printing.lines([f"Version {version.number} of the trust file is in force, from {version.place}."])
