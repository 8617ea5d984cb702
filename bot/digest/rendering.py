"""A digest as plain text and as JSON: for the command line and for eyes."""

from __future__ import annotations

import textwrap
from typing import Any

from bot.digest.chart import caption as words_of_chart
from bot.digest.model import Digest, DigestLine, Section

WIDTH = 100


def as_text(digest: Digest, *, details: bool = True) -> str:
    """The overview and, below it, what goes into its thread."""
    lines = [digest.title, *digest.notes]
    if digest.quiet:
        return "\n".join(_wrapped(f"{digest.title}. {words_of_chart.quiet(digest)}", "")) + "\n"
    for section in digest.overview:
        lines += ["", *_section(section, sources=False)]
    if details:
        lines += ["", "In the thread:"]
        for section in digest.details:
            lines += ["", *(f"  {line}" for line in _section(section, sources=True))]
        if digest.chart:
            lines += ["", *_wrapped(f"Chart: {words_of_chart.alt_text(digest.chart)}", "  ")]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_json(digest: Digest) -> dict[str, Any]:
    """The digest for programs."""
    chart = digest.chart
    return {
        "channel": digest.channel,
        "week": digest.week,
        "since": digest.since.isoformat(),
        "until": digest.until.isoformat(),
        "title": digest.title,
        "notes": list(digest.notes),
        "quiet": digest.quiet,
        "overview": [_section_json(each) for each in digest.overview],
        "details": [_section_json(each) for each in digest.details],
        "chart": chart
        and {
            "weeks": [week.isoformat() for week in chart.weeks],
            "opened": list(chart.opened),
            "closed": list(chart.closed),
            "returns": list(chart.returns),
        },
    }


def _section(section: Section, *, sources: bool) -> list[str]:
    lines = [section.title]
    for line in section.lines:
        lines += _wrapped(line.text, "- ")
        if sources and line.sources:
            labels = dict.fromkeys(source.label for source in line.sources)
            lines += _wrapped(f"[{'; '.join(labels)}]", "    ")
    if section.hidden:
        lines.append(f"  and {section.hidden} more")
    return lines


def _wrapped(text: str, first: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first))


def _section_json(section: Section) -> dict[str, Any]:
    return {
        "part": section.part.name.lower(),
        "title": section.title,
        "hidden": section.hidden,
        "lines": [_line_json(line) for line in section.lines],
    }


def _line_json(line: DigestLine) -> dict[str, Any]:
    return {
        "text": line.text,
        "sources": [
            {"ref": source.ref, "label": source.label, "text": source.text, "school": source.school}
            for source in line.sources
        ],
    }
