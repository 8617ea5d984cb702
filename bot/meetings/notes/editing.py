"""Edits of a draft, by whoever may make them: words, owners and days change, the line of the notes stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.errors import Refusal
from bot.meetings.bodies import Bodies
from bot.meetings.notes.draft import Draft, DraftAction, DraftDecision
from ingest.minutes import Meeting, Owner
from ingest.minutes.propose import context_of
from knowledge.school.due import Due, read_due

GONE = "This draft is no longer kept. Bring the notes in again."


def action(
    draft: Draft,
    bodies: Bodies,
    item: str,
    *,
    task: str | None,
    owners: Sequence[str] | None,
    due: str | date | None,
    done: bool | None,
    dropped: bool | None,
) -> Draft:
    """The draft with an action changed; None leaves a part as it is. What is settled is no longer asked."""
    old = next((each for each in draft.actions if each.id == item), None)
    if old is None:
        raise Refusal(GONE)
    new = replace(
        old,
        task=(task or "").strip() or old.task,
        owners=old.owners if owners is None else owners_of(owners, bodies),
        due=old.due if due is None else due_of(due, bodies, draft),
        done=old.done if done is None else done,
        dropped=old.dropped if dropped is None else dropped,
    )
    asks = [each for each in old.asks if each != old.due.ask and owners is None]
    asks += [new.due.ask] if new.due.ask else []
    new = replace(new, asks=tuple(asks))
    return replace(draft, actions=tuple(new if each is old else each for each in draft.actions))


def more_action(
    draft: Draft, bodies: Bodies, task: str, owners: Sequence[str], due: str | date, *, part_b: bool
) -> Draft:
    """The draft with an action that the notes do not say."""
    words = task.strip()
    if not words:
        raise Refusal("Say what is to be done.")
    found = due_of(due, bodies, draft)
    asks = (found.ask,) if found.ask else ()
    ident = f"a{len(draft.actions) + 1}"
    added = DraftAction(ident, words, owners_of(owners, bodies), found, "", None, part_b=part_b, asks=asks)
    return replace(draft, actions=(*draft.actions, added))


def decision(draft: Draft, item: str, *, text: str | None, benefit: str | None, dropped: bool | None) -> Draft:
    """The draft with a decision changed; None leaves a part as it is."""
    old = next((each for each in draft.decisions if each.id == item), None)
    if old is None:
        raise Refusal(GONE)
    new = replace(
        old,
        text=(text or "").strip() or old.text,
        benefit=old.benefit if benefit is None else benefit.strip(),
        dropped=old.dropped if dropped is None else dropped,
    )
    return replace(draft, decisions=tuple(new if each is old else each for each in draft.decisions))


def more_decision(draft: Draft, text: str, benefit: str, *, part_b: bool) -> Draft:
    """The draft with a decision that the notes do not say."""
    words = text.strip()
    if not words:
        raise Refusal("Say what was decided.")
    ident = f"d{len(draft.decisions) + 1}"
    added = DraftDecision(ident, words, "", None, part_b=part_b, benefit=benefit.strip())
    return replace(draft, decisions=(*draft.decisions, added))


def matter(draft: Draft, item: str, *, closed: bool) -> Draft:
    """The draft with a matter arising that closes its earlier action, or does not."""
    matters = (replace(each, closed=closed) if each.id == item else each for each in draft.matters)
    return replace(draft, matters=tuple(matters))


def owners_of(names: Sequence[str], bodies: Bodies) -> tuple[Owner, ...]:
    """People by id or name, each once; who is not in the trust file stays as written."""
    found: dict[str, Owner] = {}
    for name in filter(None, (each.strip() for each in names)):
        person = bodies.trust.person(name)
        owner = Owner(person.name, person.name, person.id) if person else Owner(name, name)
        found.setdefault(owner.person or owner.name.casefold(), owner)
    return tuple(found.values())


def due_of(due: str | date, bodies: Bodies, draft: Draft) -> Due:
    """A day that was picked, or a phrase read beside the meeting of the draft."""
    if isinstance(due, date):
        return Due(due, "", "chosen", "dated", True)
    body = draft.body
    meeting = Meeting(
        body.name if body else None, body.school if body else None, draft.date, None, None, (), draft.following
    )
    return read_due(due.strip(), context_of(meeting, bodies.known))
