"""`trustbot guide`: the guides, to read in a terminal."""

from __future__ import annotations

from typing import Annotated

import typer

COMMAND = "trustbot guide"
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]


def register(app: typer.Typer) -> None:
    """Add this verb to the command line."""
    app.command(epilog="Example: trustbot guide set-up")(guide)


def guide(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Which one; without it, the list.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a guide: setting up, heads, clerks, the trust file and more."""
    from rich.markdown import Markdown
    from rich.table import Table

    from bot.cli.rendering import results as printing
    from bot.guides import pages

    chosen = [pages.find(name)] if name else list(pages.guides())
    if as_json:
        printing.dump([{"name": each.name, "title": each.title, "purpose": each.purpose, "text": each.text}
                       for each in chosen])  # fmt: skip
    elif name is None:
        table = Table.grid(padding=(0, 2))
        for each in chosen:
            table.add_row(each.name, f"{each.title}. {each.purpose}")
        printing.out.print(table)
    else:
        text = pages.in_words(chosen[0].text, COMMAND)
        printing.out.print(Markdown(text) if printing.out.is_terminal else text.rstrip(), markup=False, soft_wrap=True)
