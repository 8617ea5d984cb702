"""Draws actions opened and closed and returns received by week, for a phone."""

from __future__ import annotations

import io

from bot.digest.model import Chart

# Two of ColorBrewer's BrBG: told apart with every common kind of colour blindness, and in grey.
OPENED, CLOSED, RETURNS = "#dfc27d", "#018571", "#5e6c70"
INK, QUIET = "#1d1c1d", "#616061"
WIDTH, HEIGHT, DPI = 6.0, 4.6, 180
BAR = 0.4
LEGEND_ROOM = 1.2


def png(chart: Chart) -> bytes:
    """Two panels over the same weeks; 1080 pixels wide."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    drawing = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white", layout="constrained")
    FigureCanvasAgg(drawing)
    above, below = drawing.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    places = list(range(len(chart.weeks)))
    above.bar([place - BAR / 2 for place in places], chart.opened, BAR, color=OPENED, label="opened")
    above.bar([place + BAR / 2 for place in places], chart.closed, BAR, color=CLOSED, label="closed")
    above.set_title("Actions opened and closed", loc="left", fontsize=11, color=INK)
    above.legend(frameon=False, fontsize=9, ncols=2, loc="upper right")
    below.bar(places, chart.returns, BAR * 1.5, color=RETURNS)
    below.set_title("Returns received", loc="left", fontsize=11, color=INK)
    below.set_xticks(places, [f"{day.day} {day:%b}" for day in chart.weeks], fontsize=9)
    below.set_xlabel("week of", fontsize=9, color=QUIET)
    for axes in (above, below):
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_ylim(bottom=0, top=max(1, axes.get_ylim()[1]) * (LEGEND_ROOM if axes is above else 1))
        axes.tick_params(labelsize=9, colors=INK, length=0)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.grid(axis="y", color="#e8e8e8")
        axes.set_axisbelow(True)
    file = io.BytesIO()
    drawing.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()
