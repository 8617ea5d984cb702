"""Build the wheel, install it beside the source tree and ask it a question from an empty home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "ingest", "knowledge", "prompts")
QUESTION = "What are the five tests of collaboration?"


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        python = [sys.executable, "-P", "-m"]
        subprocess.run(
            [*python, "build", "--wheel", "--no-isolation", "-o", folder, ROOT], check=True, capture_output=True
        )
        (wheel,) = folder.glob("*.whl")
        site = folder / "site"
        subprocess.run([*python, "pip", "install", "-q", "--no-deps", "--target", site, wheel], check=True)
        environment = {**os.environ, "PYTHONPATH": str(site), "TRUSTBOT_HOME": str(folder / "home")}
        asked = subprocess.run(
            [*python, "bot.cli", "ask", QUESTION, "--json"],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
            cwd=folder,
        )
        answer = json.loads(asked.stdout)
        guide = subprocess.run(
            [*python, "bot.cli", "guide", "set-up"],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
            cwd=folder,
        )
        if not guide.stdout.startswith("# Set up"):
            sys.exit("the wheel has no guides")
        if untyped := [name for name in PACKAGES if not (site / name / "py.typed").exists()]:
            sys.exit(f"the wheel says of {untyped} that they have no types")
        files = subprocess.run(
            [sys.executable, "-P", "-c", "import bot; print(bot.__file__)"],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        )
        if not Path(files.stdout.strip()).is_relative_to(site):
            sys.exit("the smoke test ran the source tree, not the wheel")
        if answer["outcome"] != "answered" or not answer["citations"]:
            sys.exit(f"the wheel answered {answer['outcome']!r} to {QUESTION!r}")
        print(f"{wheel.name}: installed, asked, answered with {len(answer['citations'])} citations")


if __name__ == "__main__":
    main()
