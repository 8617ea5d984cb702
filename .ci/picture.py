"""Draw the README's picture: the opening of the demo's tour, as the terminal shows it."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 92
EXCHANGES = 2
STATUS = re.compile("is looking in the documents|^[^A-Za-z]*[\u2800-\u28ff][^A-Za-z]*…")
PICTURE = Path(__file__).parent / "pictures" / "ask.svg"


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        toured = subprocess.run(
            [sys.executable, "-m", "bot.cli", "demo", "--tour", "--home", home],
            check=True,
            capture_output=True,
            text=True,
            cwd=Path(__file__).resolve().parent.parent,
            env={**os.environ, "COLUMNS": str(WIDTH), "FORCE_COLOR": "1", "TERM": "xterm-256color"},
        )
    # Each exchange begins with the bold name of who asks.
    starts = [match.start() for match in re.finditer(r"^\x1b\[1;36m", toured.stdout, re.MULTILINE)]
    shown = toured.stdout[starts[0] : starts[EXCHANGES]].rstrip()
    shown = "\n".join(line for line in shown.splitlines() if not STATUS.search(line))
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text.from_ansi(shown))
    svg = console.export_svg(title="trustbot demo --tour")
    # No font is fetched from anywhere: the reader's own monospaced one will do.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace(
        "Fira Code", "ui-monospace, Menlo, Consolas"
    )
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", encoding="utf-8")
    print(f"{PICTURE}: {len(starts)} exchanges played, {EXCHANGES} drawn")


if __name__ == "__main__":
    main()
