"""Make a draft of notes: propose what they say, recognise earlier actions, and ask what is not certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from bot.meetings.actions import carry
from bot.meetings.bodies import Bodies
from bot.meetings.model import Action
from bot.meetings.notes.draft import Draft, DraftAction, DraftDecision, DraftItem, DraftMatter, DraftSection, Notes
from bot.meetings.notes.part_b.division import parted
from ingest.isolated.minutes import MinutesReader
from ingest.metadata.recognise import body_in
from ingest.minutes import About, Attendee, Owner, Proposal, Span
from ingest.minutes import Action as Proposed
from ingest.minutes.actions.owners import initials_of
from ingest.minutes.layout.lines import Line
from ingest.readers.reading import Block, Reading

MANY_PAGES, MANY_ACTIONS = 60, 80
TASK = re.compile(r"actions?(?: points?)?\s*:", re.IGNORECASE)


class Headings:
    """Under which agenda item a line of the notes stands."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._of_quote: dict[str, str] = {}
        self._of_number: dict[str, str] = {}
        for line in lines:
            if line.section in ("notes", "matters") and line.heading:
                self._of_quote.setdefault(line.quote, line.heading)
                if line.number:
                    self._of_number.setdefault(line.number, line.heading)

    def of(self, quote: str, item: str) -> str:
        """The heading of a line or, for one of an action table, of the item with its number."""
        number = re.match(r"\d+", item)
        return self._of_quote.get(quote) or (self._of_number.get(number[0], "") if number else "")


def digest_of(reading: Reading) -> str:
    """The digest of the words of notes, whatever file they stand in."""
    return sha256(" ".join(reading.text.split()).encode()).hexdigest()


def each_meeting(notes: Notes, reader: MinutesReader) -> tuple[Notes, ...]:
    """The notes of each meeting that a file holds. What is said of the file's date is no one of them's, nor is its body
    where the meetings name bodies of their own."""
    parts = reader.meetings_in(notes.reading)
    if len(parts) == 1:
        return (notes,)
    bodies = {body_in([block.text for block in part.blocks[:6]]) for part in parts}
    body = notes.about.body if len(bodies) == 1 else None
    about = replace(notes.about, date=None, body=body, title="")
    return tuple(
        replace(notes, reading=part, about=about, file_name=f"{notes.file_name} (meeting {at} of {len(parts)})")
        for at, part in enumerate(parts, 1)
    )


def make(notes: Notes, bodies: Bodies, now: datetime, reader: MinutesReader, opened: tuple[str, ...] = ()) -> Draft:
    """A draft of these notes alone; `carried` and `correcting.corrected` tell it of what is recorded already. `opened`
    are the keys of sections that somebody who may has opened. Raises Unreadable where reading them takes too long."""
    parts = parted(notes.reading, opened, notes.file_name)
    open_part, closed = parts.open, parts.closed
    outline = reader.outline(notes.reading, notes.about, bodies.known)
    seen = outline.meeting
    body = bodies.find(seen.body, seen.school)
    shut = parts.whole
    # "SLT" is now known as a body of the trust, and with it when it meets next.
    about = replace(notes.about, body=body.name if body else None, school=body.school if body else seen.school)
    whole = _proposed(notes.reading, about, bodies, reader)
    meeting = whole.meeting
    proposal = _proposed(open_part, about, bodies, reader) if open_part.blocks and closed.blocks else whole
    hidden = {block.text for block in closed.blocks}
    chair, clerk = (person_of(name, meeting.attendees, bodies) for name in (meeting.chair, meeting.clerk))
    digest = digest_of(notes.reading)
    # A folder's audience is not that of the Part B of what lies in it.
    within = notes.audience if notes.document else None
    part_b = bodies.part_b(chair, clerk, notes.by, within) if closed.blocks else None
    headings = Headings(outline.lines)
    actions = [
        *_actions(proposal, headings, hidden, bodies),
        *_actions(whole, headings, hidden, bodies, only=proposal),
    ]
    decisions = [*_decisions(proposal, headings, hidden), *_decisions(whole, headings, hidden, only=proposal)]
    draft = Draft(
        id=sha256(f"{digest}\n{now.isoformat()}".encode()).hexdigest()[:24],
        digest=digest,
        file_name=notes.file_name,
        by=notes.by,
        created=now,
        body=body,
        date=meeting.date,
        chair=chair,
        clerk=clerk,
        attendees=meeting.attendees,
        following=meeting.following,
        audience=(part_b if shut and within else notes.audience)
        or (part_b if shut else bodies.audience(body) if body else None),
        part_b=notes.audience if shut and notes.audience and not within else part_b,
        actions=tuple(replace(each, id=f"a{at}") for at, each in enumerate(actions, 1)),
        decisions=tuple(replace(each, id=f"d{at}") for at, each in enumerate(decisions, 1)),
        matters=tuple(
            DraftMatter(f"m{at}", each.text, each.closed, each.quote, each.page, part_b=each.quote in hidden)
            for at, each in enumerate(proposal.matters, 1)
        ),
        items=() if shut else _items(proposal),
        asks=tuple(_asks(notes.reading, proposal, len(actions))),
        document=notes.document,
        closed=shut,
        opened=opened,
    )
    draft = replace(draft, sections=sections_of(notes.reading, draft))
    draft = replace(draft, proposed=draft.actions, proposed_decisions=draft.decisions)
    return replace(draft, must=tuple(must(draft, bodies)))


def sections_of(reading: Reading, draft: Draft) -> tuple[DraftSection, ...]:
    """The sections of a draft's notes that are held closed still."""
    found = parted(reading, draft.opened, draft.file_name).sections
    return tuple(DraftSection(section.key, section.heading, section.why) for section in found)


def _proposed(reading: Reading, about: About, bodies: Bodies, reader: MinutesReader) -> Proposal:
    """What notes say; those that begin without any heading are read as if they stood under one."""
    found = reader.propose(reading, about, bodies.known)
    if found.actions or found.decisions:
        return found
    headed = replace(reading, blocks=(Block("Notes", "heading", 2), *reading.blocks))
    again = reader.propose(headed, about, bodies.known)
    return again if again.actions or again.decisions else found


def must(draft: Draft, bodies: Bodies) -> Iterator[str]:
    """What has to be known of a meeting before anything can be recorded of it."""
    if draft.date is None:
        yield "On which day was this meeting?"
    if draft.body is None:
        yield "Which body met?"
    elif draft.audience is None:
        school = draft.body.school
        if school and school not in bodies.trust.names.schools:
            yield f"“{school}” is no school of this trust. Choose the body that met, or who may read these notes."
        else:
            yield f"The trust file does not list “{draft.body.name}”. Choose the body that met, or who may read this."


def carried(draft: Draft, live: Sequence[Action], bodies: Bodies) -> Draft:
    """The draft with those of its actions and matters recognised that earlier meetings of the body left open."""
    found = carry.pairs(draft.actions, live)
    actions = [
        _carry(each, live[found[at]], bodies) if at in found else each for at, each in enumerate(draft.actions)
    ]  # fmt: skip
    matters = [
        replace(each, of=earlier.id) if (earlier := carry.spoken_of(each.text, live)) else each
        for each in draft.matters
    ]
    return replace(draft, actions=tuple(actions), matters=tuple(matters))


def _carry(each: DraftAction, earlier: Action, bodies: Bodies) -> DraftAction:
    owners = each.owners or earlier.owners
    due = earlier.due if each.due.state == "none" and not each.due.phrase else each.due
    asks = each.asks if each.owners else ()
    names = {owner.name for owner in owners}
    gone = (owner.name for owner in earlier.owners if owner.person and bodies.person(owner.person) is None)
    left = [name for name in gone if name in names]
    asks = (*asks, *(f"{name} is no longer in the trust file. Who takes this over?" for name in left))
    return replace(each, owners=owners, due=due, of=earlier.id, asks=asks)


def _actions(
    proposal: Proposal, headings: Headings, hidden: set[str], bodies: Bodies, only: Proposal | None = None
) -> Iterator[DraftAction]:
    """The proposed actions; with `only`, those confidential ones that the other proposal does not have."""
    there = {each.quote for each in only.actions} if only else set()
    if only is proposal:
        return
    for each in proposal.actions:
        if only and (each.quote in there or each.quote not in hidden):
            continue
        yield DraftAction(
            "", each.task, each.owners, each.due, each.quote, each.page, each.done, each.item,
            headings.of(each.quote, each.item), part_b=each.quote in hidden,
            asks=tuple(_doubts(each, proposal.meeting.attendees, bodies)),
        )  # fmt: skip


def _doubts(action: Proposed, attendees: tuple[Attendee, ...], bodies: Bodies) -> Iterator[str]:
    if not action.owners and not action.done:
        yield "Nobody is named. Who does this?"
    for owner in action.owners:
        named = [each for each in bodies.trust.people if each.name.casefold() == owner.name.casefold()]
        if owner.person is None and len(named) > 1:
            yield f"{len(named)} people are called {owner.name}. Who is meant?"
        letters = re.sub(r"[^A-Z]", "", owner.written)
        if owner.person or not re.fullmatch(r"(?:[A-Z]\.?\s?){2,4}", owner.written):
            continue
        here = [each.name for each in attendees if letters in (each.initials, initials_of(each.name))]
        names = here if len(here) > 1 else [each.name for each in bodies.namesakes(letters)] if not here else []
        if len(names) > 1:
            yield f"{owner.written} may be {', '.join(names[:-1])} or {names[-1]}. Who is meant?"
    if action.due.ask and not action.done:
        yield action.due.ask


def _decisions(
    proposal: Proposal, headings: Headings, hidden: set[str], only: Proposal | None = None
) -> Iterator[DraftDecision]:
    there = {each.quote for each in only.decisions} if only else set()
    if only is proposal:
        return
    for each in proposal.decisions:
        if only and (each.quote in there or each.quote not in hidden):
            continue
        heading = headings.of(each.quote, each.item)
        yield DraftDecision("", each.text, each.quote, each.page, each.item, heading, each.quote in hidden)


def _items(proposal: Proposal) -> tuple[DraftItem, ...]:
    """What the notes say of the agenda. What is an action is followed up as one, and is neither well nor hard."""
    tasks = [_plain(each.quote) for each in proposal.actions]

    def told(spans: Iterable[Span]) -> tuple[str, ...]:
        return tuple(
            span.text for span in spans
            if not TASK.match(span.text) and not any(_plain(span.text) in task for task in tasks)
        )  # fmt: skip

    return tuple(
        DraftItem(each.id, each.heading, told(each.went_well), told(each.hard), tuple(span.text for span in each.asks))
        for each in proposal.items
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def _asks(reading: Reading, proposal: Proposal, actions: int) -> Iterator[str]:
    missing = ("On which day", "Which body", "At which school")
    yield from (each for each in proposal.asks if not each.startswith(missing))
    if (reading.pages or 0) > MANY_PAGES or actions > MANY_ACTIONS:
        pages = f"{reading.pages} pages and " if reading.pages else ""
        yield f"This has {pages}{actions} proposed actions. Is it a pack of papers? Bring in the minutes alone."


def person_of(name: str | None, attendees: tuple[Attendee, ...], bodies: Bodies) -> Owner | None:
    """The chair or clerk whom notes name, as a person of the trust file where they are one."""
    if not name:
        return None
    found = bodies.trust.person(name)
    listed = next((each.person for each in attendees if each.name == name and each.person), None)
    return Owner(name, name, found.id if found else listed)
