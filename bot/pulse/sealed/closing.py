"""What is done with the secrets of waves: opened with them, written in batches, counted, and destroyed after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine, delete, update
from sqlalchemy.orm import Session

from bot.errors import Refusal
from bot.pulse import register, store
from bot.pulse.model import THRESHOLD, Choice, Wave
from bot.pulse.panel import Panel
from bot.pulse.results.publish import Publication, Returns, publish
from bot.pulse.sealed import answers, sealing
from bot.pulse.sealed.answers import Contents
from bot.pulse.sealed.safe import Safe, SafeShut
from bot.pulse.sealed.sealing import OldKeys
from bot.pulse.tables import SealRow, WaveRow
from knowledge.safety.check import AtRisk
from knowledge.safety.patterns import child_at_risk

TRIES = 5
NO_SAFE = "Pulses are opened and counted by the running bot. Start it with `trustbot run`."


class Closing:
    """A wave's secrets, from its opening to its count. Whatever takes time (opening, counting, sealing) is done before
    the transaction that writes it, which is given up where something came in between."""

    def __init__(self, engine: Engine, old_keys: OldKeys, safe: Safe | None, at_risk: AtRisk = child_at_risk) -> None:
        self._engine = engine
        self._old_keys = old_keys
        self._safe = safe
        self._at_risk = at_risk

    def open(self, wave: Wave, seated: Panel) -> None:
        """Keep a wave and its panel, and let it take answers; doing it again changes nothing."""
        with Session(self._engine) as session:
            if store.state(session, wave.id) is not None:
                return
        private, public = sealing.pair()
        opening, asking = self._put(private), self._put(sealing.key())
        with Session(self._engine) as session, session.begin():
            store.put_panel(session, wave.collaboration, seated)
            store.put_wave(session, wave)
            answers.put_seal(session, wave.id, public, sealing.key(), opening, asking)

    def takes_answers(self, wave_id: str) -> bool:
        """Whether a wave's answers can be sealed. One that an earlier version opened is taken over, where its keys are
        on this machine."""
        with Session(self._engine) as session:
            if answers.seal_of(session, wave_id):
                return True
        old, asking = self._old_keys.sealing(wave_id), self._old_keys.asking(wave_id)
        if old is None:
            return False
        private, public = sealing.pair()
        opening, handed = self._put(private), self._put(asking) if asking else None
        answers.adopt(self._engine, wave_id, old, public, opening, handed)
        self._old_keys.forget(wave_id)
        return True

    def asks(self, wave_id: str) -> bool:
        """Whether tokens can still be made: not everybody has been asked yet."""
        with Session(self._engine) as session:
            seal = answers.seal_of(session, wave_id)
            return seal is not None and seal.asking is not None

    def token(self, wave_id: str, person: str) -> str:
        """What the button in this person's invitation carries; to be kept by nobody else."""
        with Session(self._engine) as session, session.begin():
            seal = answers.seal_of(session, wave_id)
            if seal is None or seal.asking is None:
                raise Refusal("Everybody was asked already: no more invitations to this pulse can be made.")
            asking = self._get(seal.asking)
            if asking is None:
                asking = sealing.key()
                seal.asking = self._put(asking)
            return sealing.token(asking, seal.issuing, person)

    def everybody_was_asked(self, wave_id: str) -> None:
        """Destroy what tokens are made with: from then on nothing tells whose token an answer was written with."""
        with Session(self._engine) as session:
            seal = answers.seal_of(session, wave_id)
            asking = seal.asking if seal else None
        if asking and self._safe:
            self._safe.destroy(asking)
            with Session(self._engine) as session, session.begin():
                session.execute(update(SealRow).where(SealRow.wave == wave_id).values(asking=None))

    def replied(self, wave_id: str) -> frozenset[str]:
        """Who has answered; without the safe, who was in a batch."""
        found = self._contents(wave_id)
        if found:
            return found.people
        with Session(self._engine) as session:
            return store.answered(session, [wave_id])

    def written_before(self, wave_id: str, token: str) -> tuple[tuple[Choice, ...], str] | None:
        """What was written with this token; None where nothing was, or the safe does not open now: then the form is
        empty, and what is sent counts all the same. A Refusal where the token is not of this wave."""
        with Session(self._engine) as session:
            seal = answers.seal_of(session, wave_id)
        if seal is None:
            return None
        sealing.handle(seal.issuing, token)
        try:
            found = self._contents(wave_id)
        except SafeShut:
            return None
        return answers.written_before(found, seal.issuing, token) if found else None

    def batch(self, wave_id: str) -> None:
        """Write the answers that wait, where they are of five people or more."""
        with Session(self._engine) as session:
            if answers.count_waiting(session, wave_id) < THRESHOLD:
                return
        for _ in range(TRIES):
            found = self._contents(wave_id)
            if found is None or answers.batch(self._engine, found):
                return

    def close(self, wave_id: str, names: Sequence[str], today: date) -> bool:
        """Count a wave, with those whose answers wait for it, and record what it comes to; one that is over stays as it
        is. False where its secret is gone from the safe."""
        for _ in range(TRIES):
            with Session(self._engine) as session:
                wave, state = store.find_wave(session, wave_id), store.state(session, wave_id)
            if wave is None or state is None:
                raise Refusal("There is no such pulse.")
            if state not in (store.OPEN, store.CLOSING):
                return True
            found = self._contents(wave_id)
            if found is None:
                return False
            published = self._counted(wave, found, names)
            if answers.end(self._engine, found, published, min(wave.closes, today), published.pooled):
                return True
        raise Refusal(answers.BUSY)

    def has_answers(self, wave_id: str) -> bool:
        """Whether anybody has answered a wave that is not over."""
        with Session(self._engine) as session:
            return answers.has_answers(session, wave_id)

    def give_up(self, wave_id: str) -> None:
        """End a wave that cannot be counted: without a result, or if nobody answered it, with an empty one."""
        with Session(self._engine) as session:
            wave = store.find_wave(session, wave_id)
            empty = wave is not None and not answers.has_answers(session, wave_id)
        nothing = publish(wave, Returns((), 0)) if wave and empty else None
        answers.end_unread(self._engine, wave_id, nothing)

    def tidy(self, today: date) -> None:
        """Destroy the secrets of what has been counted; let go of answers that wait for a next wave where none can come
        any more, because their collaboration has ended."""
        with Session(self._engine) as session, session.begin():
            going_on = {
                wave.collaboration
                for ident in store.waves(session, store.OPEN, store.CLOSING)
                if (wave := session.get(WaveRow, ident))
            }
            for about in register.collaborations(session):
                if not about.runs(today) and about.id not in going_on:
                    for ident in store.held(session, about.id):
                        answers.forget(session, ident)
        with Session(self._engine) as session:
            spent = answers.spent(session)
        for ident, references in spent:
            for reference in references:
                if self._safe:
                    self._safe.destroy(reference)
            with Session(self._engine) as session, session.begin():
                session.execute(delete(SealRow).where(SealRow.wave == ident, SealRow.spent.is_(True)))

    def _counted(self, wave: Wave, found: Contents, names: Sequence[str]) -> Publication:
        with Session(self._engine) as session:
            held = store.held(session, wave.collaboration)
            withheld = [number for number in range(len(wave.statements)) if _collides(session, wave, number)]
            everybody = len(found.people) == len(wave.roster)
            one_less = everybody and _would_tell(session, wave)
        earlier = [contents for ident in held if (contents := self._contents(ident))]
        every = [found, *earlier]
        returns = Returns(
            tuple(response for contents in every for response in contents.responses()),
            len(frozenset[str]().union(*(contents.people for contents in every))),
            tuple(said for contents in every for said in contents.comment_texts() if not self._at_risk(said)),
        )
        pooled = tuple(contents.wave for contents in earlier)
        return publish(wave, returns, names, withheld=withheld, one_less=one_less and not earlier, pooled=pooled)

    def _contents(self, wave_id: str) -> Contents | None:
        with Session(self._engine) as session:
            seal = answers.seal_of(session, wave_id)
        secret = self._get(seal.opening) if seal and self._safe else None
        return answers.contents(self._engine, wave_id, secret) if secret else None

    def _put(self, secret: bytes) -> str:
        if self._safe is None:
            raise Refusal(NO_SAFE)
        return self._safe.put(secret)

    def _get(self, reference: str) -> bytes | None:
        if self._safe is None:
            raise Refusal(NO_SAFE)
        return self._safe.get(reference)


def _would_tell(session: Session, wave: Wave) -> bool:
    """Whether it would be known of this wave and of an earlier one that everybody answered, though not the same people
    were asked: somebody has left, and the difference would be his answer."""
    asked = frozenset(member.person for member in wave.roster)
    for ident in store.of_collaboration(session, wave.collaboration):
        published, before = store.publication(session, ident), store.asked(session, [ident])
        if published and published.count == len(before) and before != asked:
            return True
    return False


def _collides(session: Session, wave: Wave, number: int) -> bool:
    """Whether a statement of the trust's own was shown for another collaboration whose people differ by so few that
    the difference would be theirs."""
    statement = wave.statements[number]
    if statement.test is not None:
        return False
    rosters = [frozenset(member.person for member in wave.roster)]
    rosters += store.other_rosters_with(session, wave, statement.wording)
    cells = Counter(tuple(person in roster for roster in rosters) for person in frozenset[str]().union(*rosters))
    return len(rosters) > 1 and min(cells.values()) < THRESHOLD
