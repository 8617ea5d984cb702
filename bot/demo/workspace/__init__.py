"""A Slack workspace on this machine, for tests and the demo."""

from bot.demo.workspace.manifest import Manifest
from bot.demo.workspace.workspace import Workspace

__all__ = ["Manifest", "Workspace"]
