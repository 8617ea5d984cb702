"""A Slack workspace on this machine, for tests and the demo."""

from bot.workspace.manifest import Manifest
from bot.workspace.workspace import Workspace

__all__ = ["Manifest", "Workspace"]
