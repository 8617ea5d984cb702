"""The app manifest: where it lies, and what it asks Slack for."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path


def path() -> Path:
    """manifest.json: packaged beside this module, or at the root of a source tree."""
    packaged = Path(__file__).with_name("manifest.json")
    return packaged if packaged.is_file() else Path(__file__).resolve().parents[2] / "manifest.json"


@cache
def scopes() -> frozenset[str]:
    """The bot scopes that the app needs."""
    return frozenset(json.loads(path().read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"])
