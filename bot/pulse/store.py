"""Keeps collaborations, waves, who replied and sealed answers, with nothing that joins an answer to a person."""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from pydantic import TypeAdapter
from sqlalchemy import CursorResult, Engine, delete, func, insert, select, update
from sqlalchemy.orm import Session

from bot.errors import Refusal
from bot.pulse import sealing
from bot.pulse.model import COMMENT_LENGTH, Choice, Member, Response, Statement, Wave
from bot.pulse.publish import Group, Publication, Returns, publish
from bot.pulse.sealing import Keys
from bot.pulse.tables import (
    ParticipationRow,
    PublicationRow,
    SealedAnswerRow,
    SealedCommentRow,
    WaveRow,
)

OPEN, PUBLISHED, SHOWN, LOST = "open", "published", "shown", "lost"
ASKED, ANSWERING, ANSWERED = "asked", "answering", "answered"
ANSWER_BYTES, COMMENT_BYTES = 512, 1024
HANDLE_BYTES = 16
STATEMENTS: TypeAdapter[tuple[Statement, ...]] = TypeAdapter(tuple[Statement, ...])
PUBLICATION: TypeAdapter[Publication] = TypeAdapter(Publication)
Sealed = TypeVar("Sealed", SealedAnswerRow, SealedCommentRow)


def open_wave(engine: Engine, keys: Keys, wave: Wave) -> None:
    """Freeze the roster and make the wave's keys; doing it again changes nothing."""
    keys.make(wave.id)
    with Session(engine) as session, session.begin():
        if session.get(WaveRow, wave.id):
            return
        session.add(
            WaveRow(
                id=wave.id,
                collaboration=wave.collaboration,
                opens=wave.opens,
                closes=wave.closes,
                statements=STATEMENTS.dump_json(wave.statements).decode(),
                state=OPEN,
                plan=wave.plan,
            )
        )
        session.flush()
        session.add_all(
            ParticipationRow(wave=wave.id, person=member.person, slices=sorted(member.slices), state=ASKED)
            for member in wave.roster
        )


def find_wave(session: Session, wave_id: str) -> Wave | None:
    """The wave with this id, with its roster as it was frozen."""
    row = session.get(WaveRow, wave_id)
    if row is None:
        return None
    people = session.scalars(
        select(ParticipationRow).where(ParticipationRow.wave == wave_id).order_by(ParticipationRow.person)
    )
    roster = tuple(Member(each.person, frozenset(each.slices)) for each in people)
    asked = STATEMENTS.validate_json(row.statements)
    return Wave(row.id, row.collaboration, row.opens, row.closes, roster, asked, row.plan)


def waves(session: Session, *states: str) -> list[str]:
    """The ids of the waves in these states, by the day on which they close."""
    query = select(WaveRow.id).where(WaveRow.state.in_(states)).order_by(WaveRow.closes, WaveRow.id)
    return list(session.scalars(query))


def opened_of(session: Session, plan: str) -> list[tuple[str, date]]:
    """The waves of a plan, each with the day on which it opened."""
    found = session.execute(select(WaveRow.id, WaveRow.opens).where(WaveRow.plan == plan))
    return [(row.id, row.opens) for row in found]


def of_collaboration(session: Session, collaboration: str) -> list[str]:
    """The published waves of a collaboration, the oldest first."""
    over = WaveRow.state.in_((PUBLISHED, SHOWN))
    query = select(WaveRow.id).where(WaveRow.collaboration == collaboration, over)
    return list(session.scalars(query.order_by(WaveRow.closes, WaveRow.id)))


def open_for(session: Session, person: str) -> list[tuple[str, bool]]:
    """The open waves that a person was asked in, and whether he has replied."""
    query = (
        select(WaveRow.id, ParticipationRow.state)
        .join(ParticipationRow, ParticipationRow.wave == WaveRow.id)
        .where(ParticipationRow.person == person, WaveRow.state == OPEN)
        .order_by(WaveRow.closes, WaveRow.id)
    )
    return [(wave, state == ANSWERED) for wave, state in session.execute(query)]


def was_asked(session: Session, wave_id: str, person: str) -> bool:
    """Whether this person is on a wave's roster."""
    return session.get(ParticipationRow, (wave_id, person)) is not None


def mark_shown(session: Session, wave_id: str) -> None:
    """Record that a wave's results stand where they go."""
    session.execute(update(WaveRow).where(WaveRow.id == wave_id, WaveRow.state == PUBLISHED).values(state=SHOWN))


def to_remind(session: Session, wave_id: str) -> list[str]:
    """Who has not replied."""
    query = select(ParticipationRow.person).where(ParticipationRow.wave == wave_id, ParticipationRow.state != ANSWERED)
    return list(session.scalars(query.order_by(ParticipationRow.person)))


def response_rate(session: Session, wave_id: str) -> tuple[int, int]:
    """How many replied, of how many asked, for the whole wave only."""
    states = session.scalars(select(ParticipationRow.state).where(ParticipationRow.wave == wave_id)).all()
    return states.count(ANSWERED), len(states)


def has_answers(session: Session, wave_id: str) -> bool:
    """Whether there are sealed answers of this wave."""
    here = select(func.count()).select_from(SealedAnswerRow).where(SealedAnswerRow.wave == wave_id)
    return bool(session.scalar(here))


def token(keys: Keys, wave_id: str, person: str) -> str:
    """What the button in this person's invitation carries; to be kept by nobody else."""
    return sealing.token(keys.asking(wave_id), keys.sealing(wave_id), person)


def answer(
    engine: Engine, keys: Keys, wave_id: str, person: str, written: str, choices: Sequence[Choice], comment: str = ""
) -> None:
    """Take a person's answer, in place of what was written with the same token before.

    Three transactions: that somebody is answering, the answer, that he answered. A crash between them loses nothing,
    and the same token again counts once. A Refusal where the wave is closed or the token is not of it.
    """
    key = keys.sealing(wave_id)
    handle = sealing.handle(key, written)
    with Session(engine) as session:
        row = session.get(ParticipationRow, (wave_id, person))
        wave = session.get(WaveRow, wave_id)
        if row is None or wave is None:
            raise Refusal("You are not on the list of this pulse. Ask whoever opened it.")
        slices = row.slices
        asked = len(STATEMENTS.validate_json(wave.statements))
    if len(choices) != asked:
        raise ValueError("an answer has one choice for each statement of the wave")
    _mark(engine, wave_id, person, ASKED, ANSWERING)
    content = json.dumps([slices, [int(choice) for choice in choices]], separators=(",", ":")).encode()
    said = " ".join(comment.split())[:COMMENT_LENGTH].encode()[: COMMENT_BYTES - HANDLE_BYTES - 2]
    said = said.decode(errors="ignore").encode()
    with Session(engine) as session, session.begin():
        if not _hold(session, wave_id, OPEN):
            raise Refusal("This pulse has closed. Its results are out already.")
        _rewrite(session, SealedAnswerRow, key, wave_id, handle, content, ANSWER_BYTES)
        _rewrite(session, SealedCommentRow, key, wave_id, handle, said, COMMENT_BYTES)
    _mark(engine, wave_id, person, ANSWERING, ANSWERED)


def written_before(session: Session, keys: Keys, wave_id: str, written: str) -> tuple[tuple[Choice, ...], str] | None:
    """The choices and the comment that were written with this token, to fill its writer's form in again."""
    key = keys.sealing(wave_id)
    handle = sealing.handle(key, written)
    content = _contents(session, SealedAnswerRow, key, wave_id).get(handle)
    if content is None:
        return None
    said = _contents(session, SealedCommentRow, key, wave_id).get(handle, b"")
    return _response(content).choices, said.decode()


def close(
    engine: Engine, keys: Keys, wave_id: str, names: Sequence[str] = (), dice: random.Random | None = None,
    today: date | None = None,
) -> Publication:  # fmt: skip
    """Publish a wave and forget its answers and its keys; where it is closed before its last day, `today` becomes that
    day. Done again, it gives the same publication."""
    with Session(engine) as session, session.begin():
        if _hold(session, wave_id, OPEN):
            wave = find_wave(session, wave_id)
            if wave is None:
                raise RuntimeError("a wave that is held exists")
            published, groups = publish(wave, _returns(session, keys, wave_id), _before(session, wave), names, dice)
            session.add(
                PublicationRow(
                    wave=wave_id,
                    publication=PUBLICATION.dump_json(published).decode(),
                    groups=[sorted(group) for group in groups.values()],
                )
            )
            _end(session, wave_id, state=PUBLISHED, closes=min(wave.closes, today or wave.closes))
    with Session(engine) as session:
        found = publication(session, wave_id)
    if found is None:
        raise Refusal("There is no such pulse.")
    keys.forget(wave_id)
    return found


def give_up(engine: Engine, wave_id: str) -> None:
    """End a wave whose answers nobody can read any more, without a result; they are deleted."""
    with Session(engine) as session, session.begin():
        if _hold(session, wave_id, OPEN):
            _end(session, wave_id, state=LOST)


def publication(session: Session, wave_id: str) -> Publication | None:
    """What was published of a wave."""
    row = session.get(PublicationRow, wave_id)
    return PUBLICATION.validate_json(row.publication) if row else None


def _hold(session: Session, wave_id: str, state: str) -> bool:
    """Keep other writers of this wave waiting until the transaction ends; whether the wave is in this state."""
    held = session.execute(update(WaveRow).where(WaveRow.id == wave_id, WaveRow.state == state).values(state=state))
    return isinstance(held, CursorResult) and held.rowcount == 1


def _end(session: Session, wave_id: str, **values: object) -> None:
    """Forget the answers of a wave that is held, and record how it ended."""
    for table in (SealedAnswerRow, SealedCommentRow):
        session.execute(delete(table).where(table.wave == wave_id))
    session.execute(update(WaveRow).where(WaveRow.id == wave_id).values(**values))


def _mark(engine: Engine, wave_id: str, person: str, before: str, after: str) -> None:
    with Session(engine) as session, session.begin():
        session.execute(
            update(ParticipationRow)
            .where(
                ParticipationRow.wave == wave_id, ParticipationRow.person == person, ParticipationRow.state == before
            )
            .values(state=after)
        )


def _rewrite(
    session: Session, table: type[Sealed], key: bytes, wave_id: str, handle: bytes, content: bytes, size: int
) -> None:
    """Seal all rows of the wave anew, this one among them, under new keys and in a random order.

    So every row stems from the last transaction, none looks like any that was there before, and neither rowid, ctid,
    xmin, key order, dead rows nor the write-ahead log tell which one is new.
    """
    contents = _contents(session, table, key, wave_id) | {handle: content}
    rows = [
        {"key": secrets.token_hex(16), "wave": wave_id, "sealed": sealing.seal(key, own + each, size)}
        for own, each in contents.items()
    ]
    random.SystemRandom().shuffle(rows)
    session.execute(delete(table).where(table.wave == wave_id))
    session.execute(insert(table), rows)


def _contents(session: Session, table: type[Sealed], key: bytes, wave_id: str) -> dict[bytes, bytes]:
    opened = (
        sealing.unseal(key, sealed) for sealed in session.scalars(select(table.sealed).where(table.wave == wave_id))
    )
    return {each[:HANDLE_BYTES]: each[HANDLE_BYTES:] for each in opened}


def _response(content: bytes) -> Response:
    slices, choices = json.loads(content)
    return Response(frozenset(slices), tuple(Choice(each) for each in choices))


def _returns(session: Session, keys: Keys, wave_id: str) -> Returns:
    rows = session.execute(
        select(ParticipationRow.person, ParticipationRow.state).where(ParticipationRow.wave == wave_id)
    ).all()
    if not has_answers(session, wave_id):
        return Returns((), frozenset())
    key = keys.sealing(wave_id)
    answers = _contents(session, SealedAnswerRow, key, wave_id).values()
    said = _contents(session, SealedCommentRow, key, wave_id).values()
    return Returns(
        tuple(_response(each) for each in answers),
        frozenset(person for person, state in rows if state == ANSWERED),
        frozenset(person for person, state in rows if state == ANSWERING),
        tuple(each.decode() for each in said if each),
    )


def _before(session: Session, wave: Wave) -> list[Group]:
    """The group of every figure that was ever published for the wave's collaboration."""
    query = select(PublicationRow.groups).join(WaveRow, WaveRow.id == PublicationRow.wave)
    found = session.scalars(query.where(WaveRow.collaboration == wave.collaboration))
    return [frozenset(group) for groups in found for group in groups]
