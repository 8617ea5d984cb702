"""A workspace with its page, an app that answers in it, and a browser where one is installed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bot.demo.workspace import Manifest, Workspace
from bot.demo.workspace.movable_clock import MovableClock
from bot.demo.workspace.page.cast import Part
from bot.demo.workspace.page.days import moves
from bot.demo.workspace.page.pages import Page
from bot.demo.workspace.page.time_machine import TimeMachine
from bot.demo.workspace.page.tour import Act, Step, says
from knowledge.school.calendar import SchoolCalendar
from tests.demo.workspace.conftest import app_of, connect

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

__all__ = ["app_of", "connect"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
MANIFEST = Manifest(
    commands=frozenset({"/trust"}), shortcuts=frozenset({"ask.about"}), on_messages={"ask.about": "Ask about this"},
    hints={"/trust": "ask [your question] | notes | help"},
)  # fmt: skip
PATIENCE = 30_000.0
START = datetime(2026, 11, 27, 10, 5, tzinfo=UTC)


@dataclass
class Site:
    """A page that is served, with what a test needs to reach it."""

    workspace: Workspace
    page: Page
    struck: list[datetime]
    clients: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        return self.workspace.url

    def client(self, **headers: str) -> httpx.Client:
        """A browser's stand-in that has opened the printed address; it acts as the page's own script does."""
        client = self.clients.enter_context(httpx.Client(base_url=self.url))
        assert client.get("/", params={"key": self.page.guard.key}).status_code == 303
        client.headers.update({"origin": self.url} | headers)
        return client


@pytest.fixture
def site() -> Iterator[Site]:
    """The page of a workspace of Ann, Bob and Guy, a guest; Ann alone is in #heads."""
    clock = MovableClock(START.timestamp())
    options: dict[str, Any] = {"rates": None, "retries": (), "ack_within": 15.0, "trigger_lasts": 60.0}
    with Workspace.start(MANIFEST, clock=clock, **options) as workspace:
        workspace.add_user("ann", "Ann Archer", email="ann@trust.example")
        workspace.add_user("bob", "Bob Brown", email="bob@trust.example")
        workspace.add_user("guy", "Guy Guest", is_ultra_restricted=True)
        workspace.add_channel("general", ["ann", "bob"])
        workspace.add_channel("heads", ["ann"], private=True)
        workspace.add_channel("open", ["bob"])
        struck: list[datetime] = []
        machine = TimeMachine(workspace, clock, UTC, SchoolCalendar(), moves(), lambda: struck.append(machine.now()))
        cast = [("The team", [Part("ann", "Ann Archer", "Head"), Part("bob", "Bob Brown", "Deputy")])]
        steps = (
            Step("Ask", "Ask something.", (says("ann", "When does term end?", label="Ask it"),)),
            Step("Look", "Look as Bob.", (Act("Be Bob", "bob", "home"),)),
        )
        page = Page(workspace, "Ashdown Trust", cast, machine, steps)
        workspace.server.add(page.routes())
        opened = Site(workspace, page, struck)
        with opened.clients:
            yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window. Not for the session: while Playwright runs, its event loop counts as running
    in this thread, and the durable engine refuses to be called there."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed (on Debian: apt install chromium)")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield opened
        opened.close()


Open = Callable[..., "Tab"]


@pytest.fixture
def tab(browser: Browser, site: Site) -> Iterator[Open]:
    """Opens windows: as whom, at which place. What a window's scripts complain of fails the test."""
    complaints: list[str] = []
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London", viewport={"width": 1200, "height": 800})
    context.set_default_timeout(PATIENCE)

    def begin(who: str, place: str = "messages") -> Tab:
        shown = context.new_page()
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        if not context.cookies():
            shown.goto(site.page.address(site.url))
        shown.goto(f"{site.url}/as/{who}/{place}")
        shown.wait_for_selector("body[data-live]")
        return shown

    yield begin
    context.close()
    assert complaints == []
