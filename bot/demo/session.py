"""A Slack on this machine with a trust in it and the real bot behind it: as a page, or as a tour in text."""

from __future__ import annotations

import logging
import signal
import socket
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from rich.console import Console

from bot import app
from bot.cli.rendering import results as printing
from bot.config.settings import Settings, has_desktop
from bot.config.trust import Trust
from bot.demo import tour as demo_tour
from bot.demo.trust import Stage, stage
from bot.demo.workspace.movable_clock import MovableClock
from bot.demo.workspace.page.cast import cast
from bot.demo.workspace.page.days import MORNING, in_words, moves, school_day_near
from bot.demo.workspace.page.pages import Page
from bot.demo.workspace.page.time_machine import TimeMachine
from bot.demo.workspace.seeding import seed
from bot.demo.workspace.terminal.tour import play_tour
from bot.demo.workspace.workspace import Workspace
from bot.errors import Refusal
from bot.slack import manifest
from bot.slack.trustbot import Trustbot

How = Literal["page", "tour"]
PORT = 8585
CLOCK = "demo-clock"
# A day of the sample's own year, for those who try it when its term dates are past or still to come.
SAMPLE_DAY = date(2026, 11, 24)
PATIENCE = 15.0
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


def play(
    settings: Settings, *, person: str | None, how: How, home: Path | None, port: int | None = None,
    browser: bool = True,
) -> None:  # fmt: skip
    """Read in the documents, seed a workspace from the trust, start the bot in it, and play.

    A Refusal where `person` is not in the trust, the port is taken, or a question of the tour went unanswered.
    """
    staged = stage(settings, home)
    somebody = _person(staged.trust, person)
    console = printing.notes if how == "tour" and not printing.out.is_terminal else printing.out
    _introduce(staged, console)
    local = replace(settings.at(staged.state, staged.file), database_url=None, chroma_url=None)
    _read_in(local, console)
    console.print("Starting Trustbot …")
    with _at_work(staged, local, how, port) as (workspace, bot, clock):
        if how == "page":
            _serve(staged, workspace, bot, clock, browser=browser, somebody=somebody if person else None)
        elif not play_tour(workspace, TOUR if staged.sample else _general(somebody), console=printing.out):
            raise Refusal(
                f"A question of the tour went unanswered. `trustbot doctor` checks every part; state: {staged.state}."
            )


def _introduce(staged: Stage, console: Console) -> None:
    kind = "a sample trust" if staged.sample else "a trust"
    console.print(f"[bold]{staged.trust.name}[/], {kind} on this machine; nothing leaves it.")
    if staged.made_up:
        console.print(
            "There is no trust.yaml in that folder, so its people are made up, and each of them may read all of its "
            "documents. Nothing is written into the folder."
        )


@contextmanager
def _at_work(
    staged: Stage, settings: Settings, how: How, port: int | None
) -> Iterator[tuple[Workspace, Trustbot, MovableClock]]:
    """The bot in its workspace, both by one clock that can be moved."""
    clock = MovableClock(_begin(staged).timestamp() if how == "page" else None)
    patience = {"ack_within": PATIENCE, "trigger_lasts": PATIENCE} if how == "page" else {}
    try:
        workspace = Workspace.start(manifest.path(), clock=clock, port=_port(port) if how == "page" else 0, **patience)
    except OSError as taken:
        raise Refusal(f"Port {port} is taken. Choose another with --port, or leave it out.") from taken
    with workspace:
        seed(workspace, staged.trust)
        connected = replace(
            settings,
            slack_api_url=workspace.api_url,
            bot_token=workspace.bot_token,
            app_token=workspace.app_token,
            signing_secret=None,
        )
        logging.disable(logging.INFO)
        with app.bot(connected, ticking=how != "tour", clock=clock.now) as bot:
            workspace.wait_for(lambda: workspace.sockets > 0, timeout=60.0, what="the bot to connect")
            yield workspace, bot, clock


def _begin(staged: Stage) -> datetime:
    """Where the demo's clock starts: today if school is on, else a school day; never before it was moved to earlier,
    because the records know what has been."""
    zone, calendar = staged.trust.zone, staged.trust.calendar(None)
    start = school_day_near(MovableClock().now(zone), calendar, SAMPLE_DAY if staged.sample else None)
    try:
        before = datetime.fromisoformat((staged.state / CLOCK).read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return start
    return max(start, before)


def _serve(
    staged: Stage, workspace: Workspace, bot: Trustbot, clock: MovableClock, *, browser: bool, somebody: str | None
) -> None:
    """Serve the page until a signal ends it."""

    def moved(when: datetime) -> None:
        (staged.state / CLOCK).write_text(when.isoformat(), encoding="utf-8")

    trust = staged.trust
    mondays = max((digest.at for digest in trust.digests if digest.day == "monday"), default=MORNING)
    machine = TimeMachine(workspace, clock, trust.zone, trust.calendar(None), moves(mondays), bot.clock.strike, moved)
    page = Page(workspace, trust.name, cast(trust), machine, demo_tour.steps(machine) if staged.sample else ())
    workspace.server.add(page.routes())
    stopped = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopped.set())
    address = page.address(workspace.url, somebody)
    printing.out.print(f"In the demo it is {in_words(machine.now())}.")
    printing.out.print(f"Open [bold]{address}[/]", soft_wrap=True)
    if browser and has_desktop():
        webbrowser.open(address)
    printing.out.print("Press Ctrl-C here to stop.")
    stopped.wait()
    printing.out.print("Stopping …")


def _port(wanted: int | None) -> int:
    """The port that was asked for, else the demo's own while nobody has it, else any."""
    if wanted is not None:
        return wanted
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return 0
    return PORT


def _person(trust: Trust, key: str | None) -> str:
    if key is None:
        heads = [person for person in trust.people if "headteacher" in person.roles] or list(trust.people)
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
        summary = app.intake(settings, known).reconcile(progress=progress)
        status = known.library.status()
    refused = f", {len(summary.refused)} refused" if summary.refused else ""
    console.print(f"{status.documents} documents in the library, {status.passages} passages{refused}.")
