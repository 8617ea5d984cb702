"""`make bench`: measures the aims of speed as ratios in one run, and prints them as a table."""

from __future__ import annotations

import argparse
import logging
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console

PARTS = ("start", "resync", "ingest", "warm", "growth", "digest")


def main() -> None:
    """Run the parts that are asked for, all of them by default."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=main.__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--library", type=Path, help="ingest and answer from these files instead of generated ones")
    parser.add_argument("--files", type=int, default=48, help="how many PDFs to generate (48)")
    parser.add_argument("--small", type=int, default=1_000, help="passages of the small library (1,000)")
    parser.add_argument("--large", type=int, default=100_000, help="passages of the large library (100,000)")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    warnings.simplefilter("ignore")
    logging.disable(logging.INFO)
    os.environ.update(ANONYMIZED_TELEMETRY="False", TQDM_DISABLE="1", HF_HUB_OFFLINE="1")
    console = Console()
    with tempfile.TemporaryDirectory(prefix="trustbot-bench-") as place:
        _run(Path(place), asked, console)


def _run(folder: Path, asked: argparse.Namespace, console: Console) -> None:
    from knowledge.embedding import encoder as embed
    from tests.benchmarks import answering, digesting, files, ingesting, report, starting

    encoder = embed.load(None, folder / "encoder")
    if asked.library:
        documents = sorted(path for path in asked.library.rglob("*") if path.is_file())
    else:
        (folder / "files").mkdir()
        documents = files.pdfs(folder / "files", asked.files)
    parts: dict[str, Callable[[], Iterator[report.Measured]]] = {
        "start": lambda: starting.commands(folder),
        "resync": lambda: ingesting.unchanged(folder, encoder, 1_000),
        "ingest": lambda: ingesting.ingest(folder, encoder, documents),
        "warm": lambda: answering.warm(folder, encoder, documents),
        "digest": lambda: digesting.digest(folder, encoder),
        "growth": lambda: answering.growth(folder, encoder, asked.small, asked.large),
    }
    figures: list[report.Measured] = []
    for name in asked.parts or PARTS:
        with console.status(f"Measuring: {name}"):
            for figure in parts[name]():
                figures.append(figure)
                console.print(f"  {figure.name}: {figure.value:.2f}{figure.unit} ({figure.absolute})", highlight=False)
    console.print(report.table(figures))


if __name__ == "__main__":
    main()
