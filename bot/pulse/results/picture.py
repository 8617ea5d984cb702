"""Draws what was published as a picture for a phone, and says the same in words."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.pulse.model import SCALE, Choice, Statement, Test
from bot.pulse.results.publish import NOTE, Figures, count_of, rounded
from bot.pulse.results.statistics import Change, Estimate, change, stands_apart, weakest

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

# Brown to teal, after ColorBrewer's BrBG: told apart with every common kind of colour blindness, and in grey by place.
COLOURS = {
    Choice.STRONGLY_DISAGREE: "#a6611a",
    Choice.DISAGREE: "#dfc27d",
    Choice.NEITHER: "#e8e8e8",
    Choice.AGREE: "#80cdc1",
    Choice.STRONGLY_AGREE: "#018571",
    Choice.CANNOT_SAY: "#ffffff",
}
DARK = (Choice.STRONGLY_DISAGREE, Choice.STRONGLY_AGREE)
INK, QUIET = "#1d1c1d", "#616061"
WIDTH, DPI = 6.0, 180
LABELLED_FROM = 10
WAVES_SHOWN = 6
ALT_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Shown:
    """A wave to draw: when it closed, and what was published of the group."""

    closed: date
    figures: Figures


def png(collaboration: str, statements: Sequence[Statement], waves: Sequence[Shown]) -> bytes:
    """The last wave's statements and tests and the trend over the waves, the oldest first; 1080 pixels wide."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Drawing

    latest, tests = waves[-1].figures, waves[-1].figures.tests(statements)
    trend = len(waves) > 1
    heights = [0.78 * len(statements) + 0.9, 3.0, *([3.2] if trend else [])]
    height = sum(heights) + 2.2
    drawing = Drawing(figsize=(WIDTH, height), dpi=DPI, facecolor="white", layout="constrained")
    FigureCanvasAgg(drawing)
    axes = drawing.subplots(len(heights), 1, height_ratios=heights)
    _title(drawing, collaboration, headline(tests, count_of(latest)))
    _statements(axes[0], collaboration, statements, latest)
    _tests(axes[1], tests)
    if trend:
        _trend(axes[2], statements, waves[-WAVES_SHOWN:])
    drawing.supxlabel("\n".join(textwrap.wrap(NOTE, 84)), fontsize=8.5, color=QUIET, x=0.02, ha="left")
    file = io.BytesIO()
    drawing.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def headline(tests: dict[Test, Estimate], answered: int | None) -> str:
    """The weakest test in a sentence, with no more certainty than the intervals allow, and how many answered where that
    may be said."""
    low = weakest(tests)
    count = f" {answered} answered." if answered else ""
    if not low:
        return f"{count} Too few gave a view to name the weakest test.".strip()
    named = " and ".join(test.value for test in low)
    said = f"Weakest test: {named}, {whole(tests[low[0]].percent)} % favourable.{count}"
    return said if stands_apart(tests) else f"{said} It is not clearly apart from the others."


def trends(statements: Sequence[Statement], waves: Sequence[Shown]) -> dict[Test, Change]:
    """What may be said of each test since the wave before; nothing where there is none."""
    if len(waves) < 2:
        return {}
    before, after = (each.figures.tests(statements) for each in waves[-2:])
    return {test: change(before[test], after[test]) for test in Test if test in before and test in after}


def alt_text(collaboration: str, statements: Sequence[Statement], waves: Sequence[Shown]) -> str:
    """The picture in words, with every figure that it shows of the last wave, within Slack's limit for such a text.

    Where a long name would break the limit, it is said once; where that does not help, the end is cut.
    """
    said = _words(collaboration, collaboration, statements, waves)
    return said if len(said) <= ALT_LENGTH else _words(collaboration, "this work", statements, waves)[:ALT_LENGTH]


def _words(collaboration: str, short: str, statements: Sequence[Statement], waves: Sequence[Shown]) -> str:
    latest = waves[-1].figures
    tests, moved = latest.tests(statements), trends(statements, waves)
    lines = [f"Pulse on {collaboration}, closed {waves[-1].closed.isoformat()}. {headline(tests, count_of(latest))}"]
    for test, each in tests.items():
        since = f", since the last wave: {moved[test].value}" if test in moved else ""
        lines.append(f"{test.value}: {_percent(each)}{since}.")
    lines.append("Shares in percent, from strongly disagree to strongly agree, then can't say:")
    for statement, figure in zip(statements, latest.statements, strict=True):
        if figure is None:
            lines.append(f"{statement.about(short)} Not shown.")
            continue
        shares = "/".join(str(figure.shares[choice]) for choice in (*SCALE, Choice.CANNOT_SAY))
        lines.append(f"{statement.about(short)} {figure.percent} % ({figure.low} to {figure.high}): {shares}.")
    for wave in waves[-WAVES_SHOWN:-1]:
        past = [f"{test.value} {whole(found.percent)} %" for test, found in wave.figures.tests(statements).items()]
        count = f", {answered} answered" if (answered := count_of(wave.figures)) else ""
        lines.append(f"Closed {wave.closed.isoformat()}{count}: {', '.join(past)}.")
    return "\n".join(lines)


def whole(percent: float) -> int:
    """A percentage without decimals, halves upward."""
    return rounded(percent, 1)


def _percent(estimate: Estimate) -> str:
    interval = estimate.interval
    return f"{whole(estimate.percent)} % favourable (95 % interval {whole(interval.low)} to {whole(interval.high)})"


def _title(drawing: Drawing, collaboration: str, said: str) -> None:
    lines = [*textwrap.wrap(f"Pulse: {collaboration}", 40), *textwrap.wrap(said, 52)]
    drawing.suptitle("\n".join(lines), fontsize=14, color=INK, x=0.02, ha="left")


def _statements(axes: Axes, collaboration: str, statements: Sequence[Statement], figures: Figures) -> None:
    for row, (statement, figure) in enumerate(zip(statements, figures.statements, strict=True)):
        wording = textwrap.shorten(statement.about(collaboration), 118, placeholder="…")
        words = "\n".join(textwrap.wrap(wording, 62))
        axes.text(0, row - 0.2, words, fontsize=10, color=INK, va="bottom", linespacing=1.0)
        if figure is None:
            axes.text(0, row, "Not shown", fontsize=10, color=QUIET, va="center", style="italic")
            continue
        axes.text(103, row, f"{figure.percent} %", fontsize=12, weight="bold", color=INK, va="center")
        _bar(axes, row, figure.shares)
    axes.set(xlim=(0, 114), ylim=(len(statements) - 0.6, -0.95))
    axes.axis("off")
    from matplotlib.patches import Patch

    key = [Patch(facecolor=COLOURS[each], edgecolor=QUIET, label=each.words) for each in (*SCALE, Choice.CANNOT_SAY)]
    axes.legend(handles=key, ncols=3, loc="upper left", bbox_to_anchor=(-0.01, 0.0), frameon=False, fontsize=9.5)
    axes.set_title("What people said; at the right, percent favourable", fontsize=11.5, color=INK, loc="left")


def _bar(axes: Axes, row: int, shares: Sequence[int]) -> None:
    # Rounded shares need not add up to 100; the bar's length is always the same.
    left, whole = 0.0, sum(shares) or 1
    for choice in (*SCALE, Choice.CANNOT_SAY):
        width = 100 * shares[choice] / whole
        axes.barh(row, width, left=left, height=0.34, color=COLOURS[choice], edgecolor=QUIET, linewidth=0.5)
        if shares[choice] >= LABELLED_FROM:
            ink = "white" if choice in DARK else INK
            axes.text(left + width / 2, row, f"{shares[choice]}", ha="center", va="center", fontsize=9.5, color=ink)
        left += width


def _tests(axes: Axes, tests: dict[Test, Estimate]) -> None:
    low = weakest(tests)
    for row, (test, each) in enumerate(tests.items()):
        errors = [[each.percent - each.interval.low], [each.interval.high - each.percent]]
        marker = "D" if test in low else "o"
        axes.errorbar(each.percent, row, xerr=errors, fmt=marker, color=INK, ecolor=QUIET, markersize=8, capsize=4)
        axes.text(103, row, f"{whole(each.percent)} %", va="center", fontsize=12, weight="bold", color=INK)
    names = [f"{test.value}\n(weakest)" if test in low else test.value for test in tests]
    axes.set_yticks(range(len(tests)), names, fontsize=11)
    axes.set(xlim=(0, 114), ylim=(len(tests) - 0.5, -0.5))
    axes.set_xticks(range(0, 101, 25), [f"{each} %" for each in range(0, 101, 25)], fontsize=9.5)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="#dddddd")
    axes.set_axisbelow(True)
    axes.set_title("The five tests: percent favourable, 95 % interval", fontsize=11.5, color=INK, loc="left")


def _trend(axes: Axes, statements: Sequence[Statement], waves: Sequence[Shown]) -> None:
    moved = trends(statements, waves)
    series = [each.figures.tests(statements) for each in waves]
    places = range(len(waves))
    for number, test in enumerate(Test):
        points = [(place, found[test].percent) for place, found in zip(places, series, strict=True) if test in found]
        if points:
            marker, line = "osD^v"[number], ("-", "--", ":", "-.", (0, (5, 1)))[number]
            said = f"{test.value}: {moved[test].value}" if test in moved else test.value
            axes.plot(*zip(*points, strict=True), marker=marker, linestyle=line, color=_LINES[number], label=said)
    axes.set_xticks(places, [_tick(each) for each in waves], fontsize=9.5)
    axes.set(ylim=(0, 100), xlim=(-0.3, len(waves) - 0.7))
    axes.set_yticks(range(0, 101, 25), [f"{each} %" for each in range(0, 101, 25)], fontsize=9.5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#dddddd")
    axes.legend(loc="upper left", bbox_to_anchor=(-0.02, -0.22), frameon=False, fontsize=9.5)
    axes.set_title("Over the waves, and since the last one", fontsize=11.5, color=INK, loc="left")


def _tick(wave: Shown) -> str:
    answered = count_of(wave.figures)
    return f"{wave.closed:%d %b %Y}" + (f"\nn = {answered}" if answered else "")


# Okabe and Ito's colours; marker and dashes tell the lines apart as well.
_LINES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9")
