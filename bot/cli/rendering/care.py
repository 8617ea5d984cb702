"""How audit, holds, purges, searches and insights look in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.padding import Padding

from bot.cli.rendering.results import dump, out
from bot.insights.model import Cluster, Figures, Insights
from bot.privacy.audit import Shown
from bot.privacy.disclosure import WHOLE, Mention
from bot.privacy.holds import Hold
from bot.runtime.model_ledger import ModelFigures


def audit(found: Sequence[Shown], as_json: bool) -> None:
    """Print the audit, newest first."""
    if as_json:
        dump([each.as_json() for each in found])
        return
    for each in found:
        titles = ", ".join(title for _, title in each.documents) or "no documents"
        where = f" in {each.place}" if each.place else ""
        out.print(escape(f"{each.at:%Y-%m-%d %H:%M} {each.person} {each.what}{where}: {titles}"))
    if not found:
        out.print("Nothing was shown to anybody.")


def holds(found: Sequence[Hold], as_json: bool) -> None:
    """Print holds."""
    if as_json:
        dump([each.as_json() for each in found])
        return
    for each in found:
        state = f"lifted {each.lifted:%Y-%m-%d}" if each.lifted else "holds"
        out.print(escape(f"{each.id} {state} {each.kind} “{each.subject}” since {each.placed:%Y-%m-%d}: {each.reason}"))
    if not found:
        out.print("There are no holds.")


def purged(removed: dict[str, int], as_json: bool) -> None:
    """Print what a purge removed."""
    if as_json:
        dump(removed)
        return
    said = ", ".join(f"{count} {kind}" for kind, count in removed.items() if count and kind != "index_rebuilds")
    out.print(f"Removed: {said or 'nothing was old enough'}.")


def mentions(found: Sequence[Mention], files: Sequence[str], as_json: bool) -> None:
    """Print where something is mentioned, and the files that have all of it."""
    if as_json:
        dump({"mentions": [each.as_json() for each in found], "files": list(files)})
        return
    for each in found:
        parts = (each.kind, each.where, each.who, each.when[:10], each.match if each.match != WHOLE else "")
        out.print(f"[bold]{escape(' · '.join(part for part in parts if part))}[/]")
        out.print(Padding(escape(each.text[:300]), (0, 0, 0, 3)))
    out.print(f"{len(found)} records mention it.")
    for name in files:
        out.print(escape(name))


def stats(found: Figures, as_json: bool, used: ModelFigures | None = None) -> None:
    """Print counts, and what a language model used where one was asked."""
    if as_json:
        dump({**found.as_json(), **({"model": used.as_json()} if used else {})})
        return
    out.print(
        f"Questions in {found.days} days: {found.questions}" + (f", by {found.people} people" if found.people else "")
    )
    for name, count in found.outcomes.items():
        out.print(f"  {name.replace('_', ' ')}: {count}")
    out.print(f"Helpful: {found.helpful}. Not helpful: {found.unhelpful}.")
    if found.median_seconds is not None:
        out.print(f"Seconds to an answer: {found.median_seconds:.2f} (median), {found.slow_seconds:.2f} (95 in 100).")
    for line in used.lines() if used else ():
        out.print(line, markup=False)


def insights(found: Insights, as_json: bool) -> None:
    """Print all insights."""
    if as_json:
        dump(found.as_json())
        return
    stats(found.figures, as_json=False)
    _clusters("What is asked (by three people or more)", found.asked)
    _clusters("Questions that your documents don't answer yet", found.unanswered)
    _lines("Not helpful, and what was missing", [each.missing for each in found.unhelpful])
    _lines("Documents to look at", [f"{each.document.file_name}: {each.why}" for each in found.stale])
    _lines(
        "Documents that contradict each other",
        [
            f"{each.figure.written} ({each.one.document.file_name}: “{each.one.text}”) or {each.against.written} "
            f"({each.other.document.file_name}: “{each.other.text}”)"
            for each in found.disagreements
        ],
    )


def _clusters(title: str, found: Sequence[Cluster]) -> None:
    _lines(title, [f"{each.wording} ({each.questions} questions, {each.people} people)" for each in found])


def _lines(title: str, lines: Sequence[str]) -> None:
    out.print(f"\n[bold]{escape(title)}[/]")
    for line in lines or ["nothing"]:
        out.print(Padding(escape(f"- {line}"), (0, 0, 0, 2)))
