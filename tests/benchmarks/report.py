"""One measured ratio against its aim, and the table of all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with its aim; `absolute` says what was measured in seconds, files or passages."""

    name: str
    aim: str
    value: float
    unit: str
    met: bool
    absolute: str


def at_least(name: str, aim: float, value: float, absolute: str, unit: str = "×") -> Measured:
    """A figure that should be this large or larger."""
    return Measured(name, f"≥ {aim:g}{unit}", value, unit, value >= aim, absolute)


def under(name: str, aim: float, value: float, absolute: str, unit: str = "×") -> Measured:
    """A figure that should be smaller than this."""
    return Measured(name, f"< {aim:g}{unit}", value, unit, value < aim, absolute)


def table(figures: Iterable[Measured]) -> Table:
    """All figures as a person reads them."""
    shown = Table(title="Trustbot, measured in one run on this machine", title_justify="left")
    for heading in ("what", "aim", "measured", "", "absolute"):
        shown.add_column(heading, justify="right" if heading in ("aim", "measured") else "left")
    for each in figures:
        verdict = "[green]met[/]" if each.met else "[red]missed[/]"
        shown.add_row(each.name, each.aim, f"{each.value:.2f}{each.unit}", verdict, each.absolute)
    return shown


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def medians(works: Sequence[Callable[[str], object]], questions: Sequence[str]) -> list[float]:
    """For each way of working its median seconds a question; the ways take turns, so that all see the same machine."""
    for work in works:
        for question in questions[:5]:
            work(question)
    taken: list[list[float]] = [[] for _ in works]
    for question in questions:
        for work, times in zip(works, taken, strict=True):
            begun = time.perf_counter()
            work(question)
            times.append(time.perf_counter() - begun)
    return [statistics.median(times) for times in taken]
