"""How long a command takes from the shell: help, and one answer on a warm home."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.report import Measured, seconds, under
from tests.benchmarks.words import SAMPLE

COMMAND = (sys.executable, "-m", "bot.cli")


def commands(folder: Path) -> Iterator[Measured]:
    """The best of five runs of each command, start included."""
    home = folder / "commands"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TRUSTBOT_", "SLACK_"))},
        "TRUSTBOT_HOME": str(home),
    }

    def run(*arguments: str) -> None:
        subprocess.run([*COMMAND, *arguments], env=environment, check=True, capture_output=True)

    run("ingest", str(SAMPLE / "library" / "policies"))
    asked = ("ask", "How long do we keep a deposit for the hall?", "--json")
    run(*asked)
    helped = min(seconds(lambda: run("--help")) for _ in range(5))
    answered = min(seconds(lambda: run(*asked)) for _ in range(5))
    bare = min(seconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True)) for _ in range(5))
    yield under("trustbot --help", 0.1, helped, f"of which Python itself {bare:.3f} s", " s")
    yield under("trustbot ask, warm home", 1, answered, "start included", " s")
