"""Keeps answers so that no copy of the disk, and no series of copies, tells who said what.

An answer is sealed with a key that this machine cannot open, and waits in a row that names nobody. Once five people's
wait, or at the close, they are written together in one transaction: who answered is marked, and the answers, without
their writers, are sealed anew with all those from before under new keys and in a random order. Nobody's row ever
changes alone, so neither the order of commits in a write-ahead log, free pages, dead rows, rowid, ctid and xmin nor a
copy of everything between any two commits joins an answer to a person; without the secret in the safe it reads none.

What this does not keep from anybody: that an envelope was handed in at some moment, which five or more people a batch
is of, and for whoever reads this process's memory or the bot's files in Slack while a wave is open, everything that
waits. What was written in a batch stays apart from its writers for them too, unless they also read invitations.
"""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CursorResult, Engine, delete, insert, select, update
from sqlalchemy.orm import Session

from bot.errors import Refusal
from bot.pulse import store
from bot.pulse.model import COMMENT_LENGTH, THRESHOLD, Choice, Response
from bot.pulse.results.publish import Publication
from bot.pulse.sealed import sealing
from bot.pulse.sealed.sealing import HANDLE_BYTES
from bot.pulse.store import ANSWERED, ASKED
from bot.pulse.tables import (
    ParticipationRow,
    PublicationRow,
    SealedAnswerRow,
    SealedCommentRow,
    SealRow,
    WaitingRow,
    WaveRow,
)

ANSWER_BYTES, COMMENT_BYTES, WAITING_BYTES = 512, 1024, 4096
ANSWERS, COMMENTS, WAITING = "answer", "comment", "waiting"
TRIES = 8
CLOSED = "This pulse has closed. Its results are out already."
NOT_ASKED = "You are not on the list of this pulse. Ask whoever opened it."
NOT_READY = "This pulse is just being prepared. Your answers are still in the form: press Send again in a minute."
BUSY = "Answers to this pulse are coming in at this very moment. Try again in a minute."
Sealed = type[SealedAnswerRow] | type[SealedCommentRow] | type[WaitingRow]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One answer that waits for its batch."""

    person: str
    turn: int
    handle: bytes
    content: bytes
    comment: str


@dataclass(frozen=True, slots=True)
class Contents:
    """All answers of a wave as they were at `turn`, opened: by handle those that were written, and those that wait in
    the order in which they came; `answered` are the people whose answers were written."""

    wave: str
    turn: int
    public: bytes
    written: dict[bytes, bytes]
    comments: dict[bytes, bytes]
    waiting: tuple[Waiting, ...]
    asked: frozenset[str]
    answered: frozenset[str]

    @property
    def new(self) -> frozenset[str]:
        """The people who wait and were in no batch before."""
        return frozenset(envelope.person for envelope in self.waiting) - self.answered

    @property
    def people(self) -> frozenset[str]:
        """Everybody who has answered."""
        return self.answered | self.new

    def merged(self) -> tuple[dict[bytes, bytes], dict[bytes, bytes]]:
        """The answers and the comments by handle, with those that wait in place of what their writers said before."""
        answers, comments = dict(self.written), dict(self.comments)
        for envelope in {envelope.person: envelope for envelope in self.waiting}.values():
            # Somebody who was counted already, with a token that we do not know of: it would count twice.
            if envelope.person in self.answered and envelope.handle not in self.written:
                continue
            answers[envelope.handle], comments[envelope.handle] = envelope.content, envelope.comment.encode()
        return answers, comments

    def responses(self) -> tuple[Response, ...]:
        """What people said."""
        return tuple(_response(content) for content in self.merged()[0].values())

    def comment_texts(self) -> tuple[str, ...]:
        """What people wrote."""
        return tuple(comment.decode() for comment in self.merged()[1].values() if comment)


def put_seal(session: Session, wave_id: str, public: bytes, issuing: bytes, opening: str, asking: str | None) -> None:
    """Let a wave take answers, sealed with this key."""
    session.add(
        SealRow(wave=wave_id, public=public, issuing=issuing, opening=opening, asking=asking, turn=0, spent=False)
    )


def seal_of(session: Session, wave_id: str) -> SealRow | None:
    """What a wave's answers are sealed with; None where it is over, or was opened by an earlier version."""
    row = session.get(SealRow, wave_id)
    return row if row and not row.spent else None


def answer(
    engine: Engine, wave_id: str, person: str, written: str, choices: Sequence[Choice], comment: str = ""
) -> None:
    """Take a person's answer: sealed, in one transaction, to wait for its batch, in place of what was written with the
    same token before. A Refusal where the wave is closed or the token is not of it."""
    with Session(engine) as session, session.begin():
        turn = _turn(session, wave_id)
        seal = seal_of(session, wave_id)
        if store.state(session, wave_id) != store.OPEN:
            raise Refusal(CLOSED)
        if turn is None or seal is None:
            raise Refusal(NOT_READY)
        handle = sealing.handle(seal.issuing, written)
        row = session.get(ParticipationRow, (wave_id, person))
        wave = session.get(WaveRow, wave_id)
        if row is None or wave is None:
            raise Refusal(NOT_ASKED)
        if len(choices) != len(store.STATEMENTS.validate_json(wave.statements)):
            raise ValueError("an answer has one choice for each statement of the wave")
        content = json.dumps([row.slices, [int(choice) for choice in choices]], separators=(",", ":"))
        envelope = {
            "person": person, "turn": turn, "handle": handle.hex(), "answer": content, "comment": _cut(comment),
        }  # fmt: skip
        inside = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = sealing.seal(seal.public, WAITING, inside, WAITING_BYTES)
        session.add(WaitingRow(key=secrets.token_hex(16), wave=wave_id, sealed=sealed))


def contents(engine: Engine, wave_id: str, secret: bytes) -> Contents | None:
    """All answers of a wave, opened with the secret from the safe; None where it has none any more.

    The turn is read first: whatever is written while the rest is read makes it out of date.
    """
    with Session(engine) as session:
        seal = seal_of(session, wave_id)
        if seal is None:
            return None
        turn, public = seal.turn, seal.public
        rows = session.execute(
            select(ParticipationRow.person, ParticipationRow.state).where(ParticipationRow.wave == wave_id)
        ).all()
        written = _opened(session, SealedAnswerRow, ANSWERS, wave_id, secret)
        comments = _opened(session, SealedCommentRow, COMMENTS, wave_id, secret)
        waiting = [_waiting(content) for content in _contents(session, WaitingRow, WAITING, wave_id, secret)]
    return Contents(
        wave_id, turn, public, written, comments, tuple(sorted(waiting, key=lambda envelope: envelope.turn)),
        frozenset(person for person, _ in rows), frozenset(person for person, state in rows if state == ANSWERED),
    )  # fmt: skip


def count_waiting(session: Session, wave_id: str) -> int:
    """How many answers wait; somebody who changed his may have two."""
    return len(session.scalars(select(WaitingRow.key).where(WaitingRow.wave == wave_id)).all())


def has_answers(session: Session, wave_id: str) -> bool:
    """Whether there are answers of this wave, written or waiting."""
    here = select(SealedAnswerRow.key).where(SealedAnswerRow.wave == wave_id).limit(1)
    return bool(count_waiting(session, wave_id) or session.scalar(here))


def batch(engine: Engine, found: Contents) -> bool:
    """Write what waits if it is of five people or more who were in no batch before; whether it was written, or nothing
    was to be. False where something came in between."""
    if len(found.new) < THRESHOLD:
        return True
    write = _rewritten(found)
    with Session(engine) as session, session.begin():
        if not _turn(session, found.wave, found.turn):
            return False
        write(session)
    return True


def written_before(found: Contents, issuing: bytes, written: str) -> tuple[tuple[Choice, ...], str] | None:
    """The choices and the comment that were written with this token, to fill its writer's form in again."""
    handle = sealing.handle(issuing, written)
    answers, comments = found.merged()
    if handle not in answers:
        return None
    return _response(answers[handle]).choices, comments.get(handle, b"").decode()


def end(engine: Engine, found: Contents, published: Publication, closes: date, pooled: Iterable[str] = ()) -> bool:
    """Record what a wave comes to, in one short transaction; False where an answer came in between.

    Where there are figures, the answers of the wave and of those that are `pooled` with it are deleted, and who
    answered is forgotten; their secrets are spent. Where there are none yet, its answers are written to wait for the
    next wave. A wave without any answer is over.
    """
    over = published.whole is not None or not found.merged()[0]
    write = None if over else _rewritten(found)
    with Session(engine) as session, session.begin():
        if not _turn(session, found.wave, found.turn):
            return False
        session.add(PublicationRow(wave=found.wave, publication=store.PUBLICATION.dump_json(published).decode()))
        session.execute(update(WaveRow).where(WaveRow.id == found.wave).values(state=store.PUBLISHED, closes=closes))
        if write:
            write(session)
        else:
            for wave_id in (found.wave, *(pooled if published.whole else ())):
                forget(session, wave_id)
    return True


def end_unread(engine: Engine, wave_id: str, published: Publication | None) -> None:
    """End a wave whose answers nobody can read any more, or that has none and no keys: with this publication, or
    without a result. What there is of answers is deleted."""
    state = store.PUBLISHED if published else store.LOST
    with Session(engine) as session, session.begin():
        going_on = WaveRow.state.in_((store.OPEN, store.CLOSING))
        changed = session.execute(update(WaveRow).where(WaveRow.id == wave_id, going_on).values(state=state))
        if isinstance(changed, CursorResult) and changed.rowcount == 1:
            if published:
                session.add(PublicationRow(wave=wave_id, publication=store.PUBLICATION.dump_json(published).decode()))
            forget(session, wave_id)


def forget(session: Session, wave_id: str) -> None:
    """Delete a wave's answers and who answered; its secrets are to be destroyed."""
    for table in (SealedAnswerRow, SealedCommentRow, WaitingRow):
        session.execute(delete(table).where(table.wave == wave_id))
    session.execute(update(ParticipationRow).where(ParticipationRow.wave == wave_id).values(state=ASKED))
    session.execute(update(SealRow).where(SealRow.wave == wave_id).values(spent=True))


def spent(session: Session) -> list[tuple[str, tuple[str, ...]]]:
    """The waves whose secrets are to be destroyed, each with their references."""
    rows = session.scalars(select(SealRow).where(SealRow.spent.is_(True)).order_by(SealRow.wave))
    return [(row.wave, tuple(filter(None, (row.opening, row.asking)))) for row in rows]


def adopt(engine: Engine, wave_id: str, old: bytes, public: bytes, opening: str, asking: str | None) -> None:
    """Seal the answers of a wave that an earlier version opened with this wave's new key; `old` is the key that they
    were sealed with, and goes on telling its tokens from others."""
    with Session(engine) as session, session.begin():
        if session.get(SealRow, wave_id):
            return
        opened = {
            table: [sealing.unseal_old(old, sealed) for sealed in _sealed(session, table, wave_id)]
            for table in (SealedAnswerRow, SealedCommentRow)
        }
        put_seal(session, wave_id, public, old, opening, asking)
        session.flush()
        for table, purpose, size in _WRITTEN:
            _insert(session, table, wave_id, [sealing.seal(public, purpose, each, size) for each in opened[table]])
        # Whether the answer of somebody who was answering as the process died has come is not known: he is asked again.
        session.execute(
            update(ParticipationRow)
            .where(ParticipationRow.wave == wave_id, ParticipationRow.state != ANSWERED)
            .values(state=ASKED)
        )


_WRITTEN: tuple[tuple[type[SealedAnswerRow] | type[SealedCommentRow], str, int], ...] = (
    (SealedAnswerRow, ANSWERS, ANSWER_BYTES),
    (SealedCommentRow, COMMENTS, COMMENT_BYTES),
)


def _turn(session: Session, wave_id: str, at: int | None = None) -> int | None:
    """Keep other writers of this wave waiting until the transaction ends, and count on; None where its answers are
    gone, or this is not its turn any more."""
    query = update(SealRow).where(SealRow.wave == wave_id, SealRow.spent.is_(False))
    if at is not None:
        query = query.where(SealRow.turn == at)
    held = session.execute(query.values(turn=SealRow.turn + 1))
    if not isinstance(held, CursorResult) or held.rowcount != 1:
        return None
    return session.scalar(select(SealRow.turn).where(SealRow.wave == wave_id))


def _rewritten(found: Contents) -> Callable[[Session], None]:
    """Seals everything anew, what waits among it; what is returned writes it, in the transaction that it is given."""
    answers, comments = found.merged()
    sealed = [
        (table, [sealing.seal(found.public, purpose, handle + content, size) for handle, content in kept.items()])
        for (table, purpose, size), kept in zip(_WRITTEN, (answers, comments), strict=True)
    ]
    new = [person for person in found.new if person in found.asked]
    random.SystemRandom().shuffle(new)

    def write(session: Session) -> None:
        session.execute(delete(WaitingRow).where(WaitingRow.wave == found.wave))
        for table, rows in sealed:
            _insert(session, table, found.wave, rows)
        for person in new:
            session.execute(
                update(ParticipationRow)
                .where(ParticipationRow.wave == found.wave, ParticipationRow.person == person)
                .values(state=ANSWERED)
            )

    return write


def _insert(
    session: Session, table: type[SealedAnswerRow] | type[SealedCommentRow], wave_id: str, sealed: list[bytes]
) -> None:
    """Put these rows in the place of all that there are of the wave, under new keys and in a random order."""
    rows = [{"key": secrets.token_hex(16), "wave": wave_id, "sealed": content} for content in sealed]
    random.SystemRandom().shuffle(rows)
    session.execute(delete(table).where(table.wave == wave_id))
    if rows:
        session.execute(insert(table), rows)


def _sealed(session: Session, table: Sealed, wave_id: str) -> Sequence[bytes]:
    return session.scalars(select(table.sealed).where(table.wave == wave_id)).all()


def _contents(session: Session, table: Sealed, purpose: str, wave_id: str, secret: bytes) -> list[bytes]:
    return [sealing.unseal(secret, purpose, sealed) for sealed in _sealed(session, table, wave_id)]


def _opened(session: Session, table: Sealed, purpose: str, wave_id: str, secret: bytes) -> dict[bytes, bytes]:
    opened = _contents(session, table, purpose, wave_id, secret)
    return {content[:HANDLE_BYTES]: content[HANDLE_BYTES:] for content in opened}


def _waiting(content: bytes) -> Waiting:
    told = json.loads(content)
    return Waiting(
        told["person"], told["turn"], bytes.fromhex(told["handle"]), told["answer"].encode(), told["comment"]
    )  # fmt: skip


def _cut(comment: str) -> str:
    said = " ".join(comment.split())[:COMMENT_LENGTH].encode()[: COMMENT_BYTES - HANDLE_BYTES - 2]
    return said.decode(errors="ignore")


def _response(content: bytes) -> Response:
    slices, choices = json.loads(content)
    return Response(frozenset(slices), tuple(Choice(choice) for choice in choices))
