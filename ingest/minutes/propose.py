"""From minutes as read to a proposal: the meeting, its actions, decisions, items and matters arising."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.minutes.actions.decisions import decisions_of
from ingest.minutes.actions.found import Candidate, in_margin, in_table, in_text, is_open_matter, is_promise, listed
from ingest.minutes.actions.owners import People
from ingest.minutes.actions.same import Group, grouped
from ingest.minutes.items import items_of
from ingest.minutes.layout.blanks import is_unfilled
from ingest.minutes.layout.lines import Line, lines_of
from ingest.minutes.layout.pack import ends_of, meetings_in
from ingest.minutes.matters import closes, matters_of
from ingest.minutes.meeting import meeting_of
from ingest.minutes.model import About, Action, ActionDetector, KnownNames, Meeting, Proposal
from ingest.readers.reading import Reading
from knowledge.school.due import Due, DueContext, Meetings, read_due
from knowledge.school.due.model import spoken

APART = frozenset({"front", "agenda", "next", "after"})
FEWEST = 4
# "for the open evening on 3 December": the day may be that of what the task is for.
_FOR_SOMETHING = re.compile(r"\b(?:for|of|at)\b", re.IGNORECASE)
_ON_A_DAY = re.compile(r"(?:on|for|at|in|of|\d|mon|tue|wed|thu|fri|sat|sun)", re.IGNORECASE)


def propose(reading: Reading, about: About, known: KnownNames) -> Proposal:
    """Propose what minutes say. Nothing is invented: every item's quote is a whole line of the reading."""
    lines = lines_of(reading)
    meeting = meeting_of(reading, lines, about, known)
    people = People(meeting.attendees, known.people, meeting.school, meeting.clerk, meeting.chair)
    context = context_of(meeting, known)
    found = _candidates(lines, people, context)
    candidates = [each for each in found if not is_unfilled(each.task, owned=bool(each.owners))]
    if known.point:
        candidates += _pointed(lines, candidates, people, context, known.point)
    actions = tuple(_action(group, people, context) for group in grouped(candidates, people))
    proposal = Proposal(
        meeting,
        actions,
        decisions_of(lines, people),
        items_of(lines, known.agenda),
        matters_of(lines, people),
        (*_asks(meeting, people), *_several(reading)),
    )
    return _bound(proposal, reading)


def context_of(meeting: Meeting, known: KnownNames) -> DueContext:
    """What the due phrases of this meeting may refer to."""
    own = Meetings((meeting.body,) if meeting.body else ())
    others = []
    for each in known.meetings:
        if meeting.body and meeting.body.casefold() in {name.casefold() for name in each.names}:
            own = each
        else:
            others.append(each)
    if meeting.following:
        later = tuple(day for day in own.dates if day > meeting.following)
        own = replace(own, dates=(meeting.following, *later))
    return DueContext(meeting.date, known.calendar(meeting.school), own, tuple(others))


def _candidates(lines: tuple[Line, ...], people: People, context: DueContext) -> Iterator[Candidate]:
    for line in lines:
        if line.header or line.section in ("agenda", "next", "after"):
            continue
        if line.section == "front":
            yield from in_text(line, people, context)
            continue
        told = line.margin or _marked(line)
        if line.section == "matters" and not told and (closes(line) or not is_open_matter(line)):
            if not line.cells and not closes(line) and is_promise(line, people):
                yield from in_text(line, people, context)
            continue
        if line.kind == "heading" and not line.margin:
            yield from in_text(line, people, context)
        elif line.cells and "task" in line.columns and "notes" not in line.columns:
            yield from in_table(line, people, context)
        elif line.section == "actions":
            yield from listed(line, people, context)
        else:
            yield from in_margin(line, people, context)
            yield from in_text(line, people, context)


def _pointed(
    lines: tuple[Line, ...], found: list[Candidate], people: People, context: DueContext, point: ActionDetector
) -> Iterator[Candidate]:
    """The actions of lines that no rule found and a language model points at, read by the rules as if they stood under
    a heading of actions."""
    told = {each.line.quote for each in found}
    left = [
        line
        for line in lines
        if not line.header and line.section not in APART and line.quote not in told and len(line.text.split()) >= FEWEST
    ]
    for number in sorted(point(tuple(line.text for line in left))):
        yield from listed(left[number], people, context)


def _marked(line: Line) -> bool:
    return bool(re.search(r"\bACTION\b|\baction\s*:", line.text, re.IGNORECASE))


def _action(group: Group, people: People, context: DueContext) -> Action:
    first = group.first
    owners = first.owners or next((place.owners for place in group.places if place.owners), ())
    phrase = group.phrase
    due = read_due(phrase, context)
    for place in group.places[1:]:
        if due.state == "none" and place.phrase:
            due = read_due(place.phrase, context)
    due = _doubted(due, first.task)
    done = any(place.done for place in group.places)
    if re.match(r"(?:done|complet|closed)", due.phrase.casefold()) and due.state == "none" and due.phrase:
        done = True
    item = next((place.line.number + place.line.sub for place in group.places if place.found != "table"), "")
    found = tuple(dict.fromkeys(place.found for place in group.places))
    return Action(
        first.task, owners, replace(due, phrase=due.phrase.strip()), first.line.quote, first.line.page, done,
        _item(first) or item, found,
    )  # fmt: skip


def _doubted(due: Due, task: str) -> Due:
    """The due date, asked where its day stands within the task and may be that of what the task is for: "book the hall
    for the open evening on 3 December"."""
    phrase = due.phrase.strip()
    at = task.casefold().rfind(phrase.casefold()) if phrase else -1
    doubtful = at >= 0 and _ON_A_DAY.match(phrase) and _FOR_SOMETHING.search(f"{task[:at]} {phrase.split()[0]}")
    if due.date is None or not due.certain or not doubtful:
        return due
    ask = f"Is {spoken(due.date)} the day by which it is to be done, or the day of what it is for?"
    return replace(due, certain=False, ask=ask)


def _item(candidate: Candidate) -> str:
    numbers = sorted(candidate.items, key=lambda each: (-len(each), each))
    return numbers[0] if numbers else ""


def _asks(meeting: Meeting, people: People) -> Iterator[str]:
    if meeting.date is None:
        yield "On which day was this meeting?"
    if meeting.body is None:
        yield "Which body met?"
    if meeting.school is None and meeting.body is None:
        yield "At which school was it?"
    for letters in people.doubtful_initials():
        yield f"Two people at this meeting are {letters}. Who is meant where only the initials stand?"


def _several(reading: Reading) -> Iterator[str]:
    """What to ask where notes are read as one meeting and hold more."""
    count = max(len(meetings_in(reading)), ends_of(reading))
    if count > 1:
        yield f"These notes seem to hold {count} meetings, read here as one. Bring in each meeting on its own."


def _bound(proposal: Proposal, reading: Reading) -> Proposal:
    """The proposal without anything whose quote is no line of the file."""
    whole = {block.text for block in reading.blocks}
    return replace(
        proposal,
        actions=tuple(action for action in proposal.actions if action.quote in whole),
        decisions=tuple(decision for decision in proposal.decisions if decision.quote in whole),
        matters=tuple(matter for matter in proposal.matters if matter.quote in whole),
    )
