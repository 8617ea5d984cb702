"""What is said for a picture, and on a quiet week."""

from __future__ import annotations

from bot.digest.model import Chart, Digest

NOTHING = "Nothing to show here this week."
TITLE = "Actions opened and closed, returns received"


def alt_text(chart: Chart) -> str:
    """The chart in words, with every figure that it shows."""
    weeks = [f"{day.day} {day:%B}" for day in chart.weeks]
    said = [
        f"week of {week}: {opened} opened, {closed} closed, {returns} {'return' if returns == 1 else 'returns'}"
        for week, opened, closed, returns in zip(weeks, chart.opened, chart.closed, chart.returns, strict=True)
    ]
    return f"Actions opened and closed, and returns received, by week. {'; '.join(said)}."


def quiet(digest: Digest) -> str:
    """One line for a week without news to show, with every school in it. It promises nothing: what these readers may
    not see may well be overdue, and a line that differed then would tell them so."""
    schools = " ".join(line.text for section in digest.overview for line in section.lines)
    return " ".join([*digest.notes, NOTHING, schools])
