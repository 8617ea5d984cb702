"""How results look in a terminal: text for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from bot.ask.questions import Asked
    from bot.cli.doctor import Finding
    from bot.meetings.notes.proposals import Proposed
    from ingest.sync.reconcile import Progress as Done
    from ingest.sync.reconcile import Summary
    from knowledge.answer.retrieve import Hit
    from knowledge.library.library import Status

out = Console(highlight=False, soft_wrap=False)
notes = Console(stderr=True, highlight=False)

MARKS = {"good": "[green]good[/]", "note": "[yellow]note[/]", "wrong": "[red]wrong[/]"}


def dump(value: object) -> None:
    """Print one value as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def answer(asked: Asked, as_json: bool, *, explain: bool = False) -> None:
    """Print an answer with its quotes, each under its document; with `explain`, after it the steps that were tried."""
    if as_json:
        dump(asked.as_json(explain=explain))
        return
    out.print(escape(asked.answer.text))
    wrote = asked.answer.written
    if wrote and wrote.claims and wrote.by:
        from knowledge.llm.writer import how_written

        notes.print(escape(how_written(wrote.claims, wrote.by.model)))
    if asked.masked:
        notes.print("[yellow]Note:[/] the question seemed to name a pupil; it was searched without the name.")
    if explain:
        out.print("\n[bold]Steps that were tried, in order[/]")
        for number, step in enumerate(asked.steps, start=1):
            out.print(f"{number:>3}. {escape(step.step)}: [bold]{step.result}[/]. {escape(step.why)}")


def hits(found: Sequence[Hit], as_json: bool) -> None:
    """Print passages, best first, each with its scores and its place."""
    if as_json:
        dump([_hit(each) for each in found])
        return
    if not found:
        out.print("Nothing comes near in the documents that you can see.")
    for number, each in enumerate(found, start=1):
        values = _hit(each)
        parts = (values["title"], values["version"], values["heading"], values["page"] and f"page {values['page']}")
        where = " · ".join(str(part) for part in parts if part)
        scores = f"{each.score:.3f} (meaning {each.cosine:.3f}, words {each.lexical:.3f})"
        out.print(f"[bold]{number}. {escape(where)}[/]  {scores}")
        out.print(Padding(escape(each.passage.text), (0, 0, 1, 3)))


def _hit(hit: Hit) -> dict[str, object]:
    document, passage = hit.document, hit.passage
    return {
        "document": document.file_name,
        "title": document.title,
        "version": document.version,
        "page": passage.page,
        "heading": " › ".join(passage.heading),
        "text": passage.text,
        "score": round(hit.score, 4),
        "cosine": round(hit.cosine, 4),
        "lexical": round(hit.lexical, 4),
    }


@contextmanager
def ingesting() -> Iterator[Callable[[Done], None]]:
    """A progress bar over the files that must be read, with rate and time left, on standard error."""
    with _bar(TextColumn("{task.fields[files]} files · {task.fields[rate]} · {task.fields[left]}")) as progress:
        task = progress.add_task("Reading", total=None, files="0", rate="", left="")

        def show(done: Done) -> None:
            progress.update(
                task,
                description=f"Reading {escape(done.name[:40])}",
                total=done.bytes_total,
                completed=done.bytes,
                files=f"{done.files}/{done.files_total}",
                rate=f"{done.rate:.0f} passages/s",
                left="" if done.left is None else f"{done.left:.0f} s left",
            )

        yield show


def ingested(summary: Summary, note: str | None, as_json: bool) -> None:
    """Print what a sync did: counts, and by name what was refused or held back."""
    counts = {"added": len(summary.added), "changed": len(summary.changed), "removed": len(summary.removed)}
    if as_json:
        refused = [{"name": each.name, "reason": each.reason} for each in summary.refused]
        figures = {"unchanged": summary.unchanged, "passages": summary.passages, "seconds": round(summary.seconds, 3)}
        masked = [{"name": name, "places": count} for name, count in summary.masked]
        unfinished = [{"name": each.name, "reason": each.reason} for each in summary.unfinished]
        held_back = {"refused": refused, "unfinished": unfinished, "withheld": list(summary.withheld), "masked": masked}
        held_back["unlinked"] = [{"name": name, "url": url} for name, url in summary.unlinked]
        dump({**counts, **figures, **held_back, "note": note})
        return
    said = ", ".join(f"{count} {what}" for what, count in {**counts, "unchanged": summary.unchanged}.items())
    out.print(f"Documents: {said}. {summary.passages} passages in {summary.seconds:.1f} s.")
    for each in summary.refused:
        out.print(f"[red]Refused[/] {escape(each.name)}: {escape(each.reason)}")
    for each in summary.unfinished:
        out.print(f"[yellow]Not done yet:[/] {escape(each.name)}: {escape(each.reason)}")
    for held in summary.withheld:
        out.print(f"[yellow]Held back:[/] {escape(held)}")
    for name, url in summary.unlinked:
        out.print(
            f"[yellow]Link left out:[/] {escape(name)} gives {escape(url)} as its address, and the trust file does not "
            "list that host under `links: hosts:`. The document is read all the same."
        )
    for name, count in summary.masked:
        places = "1 place" if count == 1 else f"{count} places"
        out.print(
            f"[yellow]Pupils' names?[/] {escape(name)}: masked in {places} before it went in. The file is as it was."
        )
    if note:
        out.print(f"[yellow]Note:[/] {escape(note)}")


def proposals(each: Sequence[Proposed], as_json: bool) -> None:
    """Print what minutes propose, meeting by meeting; as JSON one object, or a list where a file holds several."""
    if as_json:
        dump(each[0].as_json() if len(each) == 1 else [one.as_json() for one in each])
        return
    if len(each) > 1:
        out.print(f"This file holds {len(each)} meetings. Each is proposed on its own.\n")
    for at, one in enumerate(each):
        out.print("\n" if at else "", end="")
        _proposal(one)


def _proposal(proposed: Proposed) -> None:
    """The meeting, actions with their source lines, decisions."""
    found, meeting = proposed.proposal, proposed.proposal.meeting
    parts = (
        proposed.school,
        meeting.body,
        meeting.date and f"{meeting.date:%A} {meeting.date.day} {meeting.date:%B %Y}",
    )
    out.print(f"[bold]{escape(' · '.join(part for part in parts if part) or 'A meeting that is not named')}[/]")
    out.print(f"Chair: {escape(meeting.chair or 'not named')}. Clerk: {escape(meeting.clerk or 'not named')}.")
    out.print(f"\n[bold]Actions proposed: {len(found.actions)}[/]")
    for number, action in enumerate(found.actions, start=1):
        due = action.due
        when = f"{due.date.day} {due.date:%B %Y}" if due.date else due.state if due.state != "none" else "no date"
        said = f" (“{due.phrase}”)" if due.phrase else ""
        who = ", ".join(owner.name for owner in action.owners) or "nobody named"
        out.print(f"{number}. {escape(action.task)}{' [green]done[/]' if action.done else ''}")
        out.print(Padding(escape(f"{who} · {when}{said}"), (0, 0, 0, 3)))
        place = f", page {action.page}" if action.page else ""
        out.print(Padding(f"[dim]{escape(f'“{action.quote}”{place}')}[/]", (0, 0, 0, 3)))
        if due.ask:
            out.print(Padding(f"[yellow]Ask:[/] {escape(due.ask)}", (0, 0, 0, 3)))
    out.print(f"\n[bold]Decisions: {len(found.decisions)}[/]")
    for decision in found.decisions:
        out.print(f"- {escape(decision.text)}")
    if proposed.closed:
        out.print("\n[bold]Held closed as Part B until the chair opens it[/]")
        for section in proposed.closed:
            under = f" (under “{section.why}”)" if section.why != section.heading else ""
            out.print(escape(f"- {section.heading}{under}"))
    for ask in found.asks:
        out.print(f"[yellow]Ask:[/] {escape(ask)}")


def rebuilt(status: Status, elsewhere: bool, as_json: bool) -> None:
    """Print what the rebuilt index holds, or that the running bot is at it."""
    if as_json:
        figures = {"documents": status.documents, "passages": status.passages, "lag": status.lag}
        dump({"index": status.index, **figures, "by_running_bot": elsewhere})
    elif elsewhere:
        out.print("The running bot has the index and is building it again. Its answers go on meanwhile.")
    else:
        out.print(f"Rebuilt {status.index}: {status.documents} documents, {status.passages} passages.")


def upgraded(changed: bool, as_json: bool) -> None:
    """Say whether the schema had to be changed."""
    if as_json:
        dump({"upgraded": changed})
        return
    out.print(
        "The database's schema is up to date now." if changed else "The database's schema was up to date already."
    )


def findings(found: Sequence[Finding], as_json: bool) -> None:
    """Print what the doctor saw, with the mend under what is not good."""
    if as_json:
        dump([each.as_json() for each in found])
        return
    table = Table(box=None, pad_edge=False)
    for column in ("part", "state", "seen, and what to do"):
        table.add_column(column, overflow="fold")
    for each in found:
        said = Text(each.seen)
        if each.mend:
            said.append(f"\n→ {each.mend}", style="bold")
        table.add_row(each.part, MARKS[each.state], said)
    out.print(table)


@contextmanager
def _bar(*columns: Any) -> Iterator[Progress]:
    with Progress(TextColumn("{task.description}"), BarColumn(), *columns, console=notes, transient=True) as progress:
        yield progress


def counted(what: str) -> Callable[[Sequence[Any]], Iterable[Any]]:
    """A progress bar over a sequence of known length, on standard error."""

    def over(items: Sequence[Any]) -> Iterator[Any]:
        with _bar(MofNCompleteColumn(), TimeRemainingColumn()) as progress:
            yield from progress.track(items, description=what)

    return over


def batch_done(count: int, target: Path) -> None:
    """Say that a batch is answered, beside the answers."""
    notes.print(f"{count} questions answered, in {escape(str(target))}")


def lines(said: Sequence[str]) -> None:
    """Print these lines."""
    for each in said:
        out.print(escape(each))
