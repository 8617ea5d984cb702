"""A Slack on this machine with a trust in it and the real bot behind it, driven from the terminal."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from bot import app, manifest, printing
from bot import trust as trust_file
from bot.errors import Refusal
from bot.settings import TRUST_FILE, Settings
from bot.trust import Trust
from bot.workspace.chat import Chat, play_tour
from bot.workspace.sample import seed
from bot.workspace.workspace import Workspace

SAMPLE = Path(__file__).with_name("sample") / TRUST_FILE
TOUR = (
    ("claire-dunmore", "messages", "What insurance must hirers of the school hall have?"),
    ("claire-dunmore", "messages", "What was the hirer's insurance in 2023?"),
    ("claire-dunmore", "messages", "What are the five tests of collaboration?"),
    ("ella-knox", "messages", "What did the trustees agree about the headship at Fernside?"),
    ("alan-prewett", "messages", "What did the trustees agree about the headship at Fernside?"),
    ("hannah-birtle", "#oakfield", "@trustbot How soon do we have to contact the LADO?"),
    ("imran-yusuf", "messages", "A pupil told me that somebody is hurting her at home. What do I do?"),
    ("beth-carrow", "messages", "What is the wi-fi password at Westbrook?"),
    ("beth-carrow", "messages", "/trust help"),
)


def play(settings: Settings, *, person: str | None, tour: bool, home: Path | None) -> None:
    """Seed a workspace from the trust file, start the bot in it, and play the tour or open the chat.

    The trust is that of `home`, if a trust file lies there, else the sample; state is kept in `home`, by default a
    folder of the demo's own. A Refusal where `person` is not in the trust, or a question of the tour went unanswered.
    """
    folder = (home or settings.home / "demo").absolute()
    own = folder / TRUST_FILE
    place = own if own.exists() else SAMPLE
    trust = trust_file.load(place)
    somebody = _person(trust, person)
    console = printing.notes if tour and not printing.out.is_terminal else printing.out
    console.print(
        f"[bold]{trust.name}[/], a {'sample ' if place == SAMPLE else ''}trust on this machine; nothing leaves it."
    )
    local = replace(settings.at(folder, place), database_url=None, chroma_url=None)
    _read_in(local, console)
    with Workspace.start(manifest.path()) as workspace:
        seed(workspace, trust)
        connected = replace(
            local,
            slack_api_url=workspace.api_url,
            bot_token=workspace.bot_token,
            app_token=workspace.app_token,
            signing_secret=None,
        )
        logging.disable(logging.INFO)
        with app.bot(connected, ticking=not tour):
            workspace.wait_for(lambda: workspace.sockets > 0, what="the bot to connect")
            if not tour:
                Chat(workspace, somebody, console=printing.out, ask=printing.out.input).run()
            elif not play_tour(workspace, TOUR if place == SAMPLE else _general(somebody), console=printing.out):
                raise Refusal(
                    f"A question of the tour went unanswered. `trustbot doctor` checks every part; state: {folder}."
                )


def _person(trust: Trust, key: str | None) -> str:
    if key is None:
        heads = [each for each in trust.people if "headteacher" in each.roles] or list(trust.people)
        if not heads:
            raise Refusal("The trust file lists no people, so there is nobody to be. Add some under `people:`.")
        return heads[0].id
    found = trust.person(key)
    if found is None:
        names = ", ".join(each.id for each in trust.people[:12])
        raise Refusal(f"The trust file knows nobody called {key!r}. Some who are there: {names}.")
    return found.id


def _general(somebody: str) -> tuple[tuple[str, str, str], ...]:
    return (
        (somebody, "messages", "What are the five tests of collaboration?"),
        (somebody, "messages", "When was our complaints procedure last reviewed?"),
    )


def _read_in(settings: Settings, console: Console) -> None:
    console.print("Reading the documents …")
    with app.knowledge(settings) as known, printing.ingesting() as progress:
        summary = app.intake(settings, known).level(progress=progress)
        status = known.library.status()
    refused = f", {len(summary.refused)} refused" if summary.refused else ""
    console.print(f"{status.documents} documents in the library, {status.passages} passages{refused}.")
