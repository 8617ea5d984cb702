"""Legal holds: what is held is neither purged nor deleted until the hold is lifted."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.config.trust import Retention
from bot.errors import Refusal
from bot.privacy.tables import HoldRow

HoldKind = Literal["person", "words", "kind"]
KINDS = tuple(Retention.model_fields)


@dataclass(frozen=True, slots=True)
class Hold:
    """All records of a person (an id of Slack or of the trust file), with these words in them, or of a kind."""

    id: str
    kind: HoldKind
    subject: str
    reason: str
    placed: datetime
    lifted: datetime | None

    def as_json(self) -> dict[str, object]:
        """The published shape."""
        return {
            "id": self.id,
            "kind": self.kind,
            "subject": self.subject,
            "reason": self.reason,
            "placed": self.placed.isoformat(timespec="seconds"),
            "lifted": self.lifted.isoformat(timespec="seconds") if self.lifted else None,
        }


@dataclass(frozen=True, slots=True)
class Held:
    """What is held now."""

    people: frozenset[str]
    words: tuple[str, ...]
    kinds: frozenset[str]

    def person(self, person: str) -> bool:
        """Whether all records of this person are held."""
        return person in self.people

    def text(self, *texts: str | None) -> bool:
        """Whether one of these texts has words that are held, however they are spaced."""
        return any(word in _plain(text) for text in texts if text for word in self.words)


class Holds:
    """The holds of one database."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def add(self, kind: HoldKind, subject: str, reason: str) -> Hold:
        """Place a hold; a Refusal where nothing is named."""
        subject = subject.strip()
        if not subject or not reason.strip():
            raise Refusal("Say what is held and why: --person, --words or --kind, and --reason.")
        if kind == "kind" and subject not in KINDS:
            raise Refusal(f"There is no kind of record {subject!r}. Use one of: {', '.join(KINDS)}.")
        row = HoldRow(id=secrets.token_hex(4), kind=kind, subject=subject, reason=reason.strip(),
                      placed=self._now().astimezone(UTC), lifted=None)  # fmt: skip
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            session.add(row)
        return _hold(row)

    def lift(self, hold_id: str) -> Hold:
        """Lift a hold; what it kept goes at the next purge. A Refusal where there is no such hold."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            row = session.get(HoldRow, hold_id)
            if row is None:
                raise Refusal(f"There is no hold {hold_id!r}. `trustbot hold list` shows them.")
            row.lifted = row.lifted or self._now().astimezone(UTC)
        return _hold(row)

    def listed(self) -> list[Hold]:
        """All holds, newest first, lifted ones included."""
        with Session(self._engine) as session:
            return [_hold(row) for row in session.scalars(select(HoldRow).order_by(HoldRow.placed.desc(), HoldRow.id))]

    def held(self) -> Held:
        """What is held now."""
        listed = [each for each in self.listed() if each.lifted is None]
        return Held(
            frozenset(each.subject for each in listed if each.kind == "person"),
            tuple(_plain(each.subject) for each in listed if each.kind == "words"),
            frozenset(each.subject for each in listed if each.kind == "kind"),
        )


def texts_in(stored: str) -> Iterator[str]:
    """All the texts of something that is stored as JSON: there a quotation mark or a line's end is written otherwise
    than in the words that are looked for."""
    return _texts(json.loads(stored))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _hold(row: HoldRow) -> Hold:
    kind: HoldKind = row.kind  # type: ignore[assignment]
    return Hold(row.id, kind, row.subject, row.reason, _aware(row.placed), row.lifted and _aware(row.lifted))


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)
