"""Holds every payload that any test lets the bot send against the types that Slack publishes, once, at the very end."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from bot.demo.workspace import Workspace
from tests.block_kit.published import NotToHand, faults
from tests.block_kit.shapes import refused, sent

FOLDER = "TRUSTBOT_TESTS_BLOCK_KIT"
SHOWN = 12
_seen: set[tuple[str, str]] = set()
_refused: set[str] = set()
_said: list[str] = []
_stop = Workspace.stop


def _watched(workspace: Workspace) -> None:
    _seen.update(sent(workspace))
    _refused.update(refused(workspace))
    _stop(workspace)


def pytest_configure(config: pytest.Config) -> None:
    """Look at what each workspace holds when it is stopped."""
    Workspace.stop = _watched  # type: ignore[method-assign]
    if not hasattr(config, "workerinput"):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="block-kit-")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Workers write down what they saw; whoever leads them checks it all."""
    folder = Path(os.environ[FOLDER])
    if hasattr(session.config, "workerinput"):
        name = f"{session.config.workerinput['workerid']}.json"
        (folder / name).write_text(json.dumps({"seen": sorted(_seen), "refused": sorted(_refused)}))
        return
    for file in folder.glob("*.json"):
        held: dict[str, Any] = json.loads(file.read_text())
        _seen.update((kind, payload) for kind, payload in held["seen"])
        _refused.update(held["refused"])
        file.unlink()
    folder.rmdir()
    if not _seen:
        return
    try:
        wrong = faults(sorted(_seen))
    except NotToHand as reason:
        _said.append(f"not held against Slack's types: {reason}")
        return
    _said.append(f"{len(_seen)} shapes of payloads held against Slack's types: {len(wrong)} do not fit")
    _said.extend(wrong[:SHOWN])
    if wrong:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how it went."""
    for each in _said:
        terminalreporter.write_line(f"Block Kit: {each}")
    for each in sorted(_refused):
        terminalreporter.write_line(f"Block Kit: refused as Slack would refuse it: {each}")
