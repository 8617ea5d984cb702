"""A workspace with a few people, and a real slack-bolt app that works in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.demo.workspace import Workspace

Start = Callable[..., Workspace]
Connect = Callable[[Workspace, App], SocketModeHandler]


def people(workspace: Workspace) -> Workspace:
    """Ann and Bob in #general with the app, Ann alone with it in the private #heads, and Guy, a guest."""
    workspace.add_user("ann", "Ann Archer", email="ann@trust.example", tz="Europe/London")
    workspace.add_user("bob", "Bob Brown", email="bob@trust.example", tz="Asia/Tokyo")
    workspace.add_user("guy", "Guy Guest", is_ultra_restricted=True)
    workspace.add_channel("general", ["ann", "bob"])
    workspace.add_channel("heads", ["ann"], private=True)
    workspace.add_channel("elsewhere", ["bob"], bot=False)
    workspace.add_channel("secret", ["bob"], private=True, bot=False)
    return workspace


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts workspaces with options, and stops them at the end."""
    with ExitStack() as stack:

        def begin(**options: Any) -> Workspace:
            return people(stack.enter_context(Workspace.start(**options)))

        yield begin


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Connects apps over Socket Mode, and disconnects them at the end."""
    connected: list[tuple[Workspace, SocketModeHandler]] = []

    def begin(workspace: Workspace, app: App) -> SocketModeHandler:
        open_before = workspace.sockets
        handler = SocketModeHandler(app, workspace.app_token)
        handler.connect()
        connected.append((workspace, handler))
        workspace.wait_for(lambda: workspace.sockets > open_before, what="the app's connection")
        return handler

    yield begin
    for workspace, handler in connected:
        disconnect(workspace, handler)


def disconnect(workspace: Workspace, handler: SocketModeHandler) -> None:
    """Close an app's connection at once.

    Left to itself the client sits in recv for three seconds and in its empty queue for one; closed from both sides at
    the same moment it fails, so its reader is joined first.
    """
    handler.client.auto_reconnect_enabled = False
    workspace.close_sockets()
    handler.client.current_session_runner.shutdown()
    handler.client.enqueue_message("{}")
    handler.close()


@pytest.fixture
def workspace(start: Start) -> Workspace:
    """A workspace whose rates are lifted, patient with a busy machine, which sends nothing again."""
    return start(rates=None, retries=(), ack_within=15.0, trigger_lasts=60.0)


@pytest.fixture
def client(workspace: Workspace) -> WebClient:
    """The app's client."""
    return client_of(workspace)


def client_of(workspace: Workspace) -> WebClient:
    """A client of the Web API with the app's token."""
    return WebClient(workspace.bot_token, base_url=workspace.api_url)


def app_of(workspace: Workspace) -> App:
    """A bolt app without listeners."""
    return App(client=client_of(workspace), signing_secret=workspace.signing_secret)


@pytest.fixture
def app(workspace: Workspace) -> App:
    """A bolt app, not yet connected."""
    return app_of(workspace)
