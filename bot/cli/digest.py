"""`trustbot digest …`: the weekly digest of a channel, previewed or posted."""

from __future__ import annotations

from typing import Annotated

import typer

digest = typer.Typer(
    help="The weekly digest of a channel.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)
Channel = Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel's name, as under `digests:`.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]


@digest.command(epilog="Example: trustbot digest preview executive --as priya.shah@example.org")
def preview(
    channel: Channel,
    person: Annotated[
        str | None,
        typer.Option("--as", metavar="PERSON", help="As far as this person may read: id, e-mail or name."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show this week's digest as it would be now; without --as, from all records, which the channel may not see."""
    from bot import app as composition
    from bot.cli.rendering import results as printing
    from bot.config import settings
    from bot.digest import rendering as plain

    made = composition.preview_digest(settings.load_settings(), channel, person)
    if as_json:
        printing.dump(plain.as_json(made))
    else:
        printing.out.print(plain.as_text(made), markup=False, highlight=False, soft_wrap=True, end="")


@digest.command(epilog="Example: trustbot digest post executive")
def post(channel: Channel, as_json: Json = False) -> None:
    """Post this week's digest now, from what every member of the channel may read; it counts as this week's."""
    from bot import app as composition
    from bot.cli.rendering import results as printing
    from bot.config import settings

    said = composition.post_digest(settings.load_settings(), channel)
    if as_json:
        printing.dump({"channel": channel.lstrip("#"), "said": said})
    else:
        printing.out.print(said, markup=False, highlight=False, soft_wrap=True)
