"""Digests for random audiences and memberships: nothing above a channel's clearance, nothing hinted at."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.digest.blocks import details, overview
from bot.digest.content.compose import Edition, Scope, compose
from bot.digest.model import Ahead, Digest, Material
from bot.digest.rendering import as_json, as_text
from bot.digest.schedule import Slot
from bot.meetings.model import Action, Body, Decision, Meeting, Return, ReturnItem, State
from bot.meetings.notes.draft import DraftItem
from bot.meetings.records.weekly import Notes, Tally
from ingest.minutes import Owner
from knowledge.passages import OPERATOR, Audience, Reader
from knowledge.school.due import Due
from tests.digest.year import LONDON

SEED, EACH = 5, 20
PRINCIPALS = ("everyone", "exec", "heads", "oak-slt", "elm-slt", "ash-slt", "trustees", "person:ann", "person:rex")
SCHOOLS = (("oak", "Oak"), ("elm", "Elm"), ("ash", "Ash"))
ITEMS = (("attendance", "Attendance"), ("send", "SEND"), ("finance", "Finance"), ("decisions", "Decisions needed"))
TODAY = date(2026, 11, 16)
UNTIL = datetime(2026, 11, 16, 8, 0, tzinfo=LONDON)
WORDS = ("absence has risen on Fridays", "plans are late", "we can offer coaching in phonics to another school",
         "we would like help with phonics coaching", "energy costs are above plan", "two posts are vacant")  # fmt: skip


class World:
    """Random records; every one has a word of its own, and an audience of its own."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._count = 0
        self.tokens: dict[str, Audience] = {}
        self.schools = [self._one(SCHOOLS)[0] for _ in range(rng.randrange(2, 6))]

    def material(self) -> Material:
        rng = self._rng
        return Material(
            tuple(self._return() for _ in range(rng.randrange(5))),
            tuple({each.school: each for each in (self._return() for _ in range(rng.randrange(3)))}.values()),
            tuple(self._notes() for _ in range(rng.randrange(3))),
            tuple(self._decision() for _ in range(rng.randrange(4))),
            tuple(self._action() for _ in range(rng.randrange(8))),
            tuple(self._ahead() for _ in range(rng.randrange(3))),
            tuple(self._tally() for _ in range(rng.randrange(5))),
            tuple(TODAY - timedelta(weeks=each) for each in (5, 4, 3, 2, 1)),
        )

    def reader(self) -> Reader:
        members = [self._rng.sample(PRINCIPALS, self._rng.randrange(1, 7)) for _ in range(self._rng.randrange(1, 5))]
        return Reader.joint(Reader.of(each) for each in members)

    def _one(self, choices: tuple[tuple[str, str], ...]) -> tuple[str, str]:
        return choices[self._rng.randrange(len(choices))]

    def _audience(self) -> Audience:
        return Audience(frozenset(self._rng.sample(PRINCIPALS, self._rng.choice((1, 1, 2, 3)))))

    def _words(self, audience: Audience) -> str:
        self._count += 1
        token = f"zq{self._count}x"
        self.tokens[token] = audience
        return f"{self._rng.choice(WORDS)} {token}.".capitalize()

    def _meeting(self, audience: Audience, school: str | None) -> Meeting:
        self._count += 1
        body = Body(f"body-{self._count}", f"Team {self._count}", school)
        day = TODAY - timedelta(days=self._rng.randrange(1, 7))
        return Meeting(f"m{self._count}", body, day, None, None, (), None, audience, None, None, "ann", UNTIL)

    def _return(self) -> Return:
        audience, (school, _) = self._audience(), self._one(SCHOOLS)
        told = [
            ReturnItem(ident, name, *(self._words(audience) if self._rng.random() < 0.5 else "" for _ in range(3)))
            for ident, name in ITEMS
        ]
        return Return(self._meeting(audience, school), school, tuple(told), audience, UNTIL, "ann")

    def _notes(self) -> Notes:
        audience = self._audience()
        items = [DraftItem(ident, name, (self._words(audience),), (self._words(audience),)) for ident, name in ITEMS]
        return Notes(self._meeting(audience, self._one(SCHOOLS)[0]), tuple(items))

    def _decision(self) -> Decision:
        audience, text = self._audience(), ""
        text = self._words(audience)
        meeting = self._meeting(audience, self._rng.choice(("oak", "elm", None)))
        return Decision(f"d{self._count}", text, text, None, meeting, "", "", audience, part_b=self._rng.random() < 0.2)

    def _action(self) -> Action:
        audience = self._audience()
        body = Body(self._rng.choice(("oak-slt", "exec")), "Team", self._rng.choice(("oak", "elm", None)))
        due = Due(TODAY + timedelta(days=self._rng.randrange(-20, 20)), "", "", "dated", True)
        text = self._words(audience)
        state = self._rng.choice((State.OPEN, State.OPEN, State.DEFERRED))
        return Action(
            f"a{self._count}", text, (Owner("Ann", "Ann", "ann"),), due, state, text, None, None, None, TODAY, 0, body,
            "", "", audience, UNTIL, UNTIL, None, text, self._rng.random() < 0.2,
        )  # fmt: skip

    def _ahead(self) -> Ahead:
        audience = self._audience()
        return Ahead(TODAY + timedelta(days=self._rng.randrange(10)), self._words(audience), audience)

    def _tally(self) -> Tally:
        counts = tuple(self._rng.randrange(4) for _ in range(5))
        return Tally(self._rng.choice(("opened", "closed", "returns")), self._audience(), "oak", counts)


def everything(digest: Digest) -> str:
    """All that is posted of a digest, its buttons included, and all that the command line prints."""
    posted = [overview(digest), *details(digest)]
    return as_text(digest) + json.dumps([as_json(digest), posted], default=str)


def without(material: Material, reader: Reader) -> Material:
    """The same world as if what this reader may not read had never been."""

    def kept(records: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(each for each in records if reader.may_read(each.audience))  # type: ignore[attr-defined]

    return replace(
        material,
        **{
            name: kept(getattr(material, name))
            for name in ("returns", "before", "decisions", "live", "ahead", "tallies")
        },
        notes=tuple(each for each in material.notes if reader.may_read(each.meeting.audience)),
    )


@pytest.mark.parametrize("worlds", [40, pytest.param(250, marks=pytest.mark.slow)])
def test_nothing_above_a_channels_clearance_and_nothing_hinted_at(worlds: int) -> None:
    rng = random.Random(SEED)
    made = shown = hidden = resumed = 0
    edition = Edition(Slot(TODAY, UNTIL, after_holiday=False), UNTIL - timedelta(weeks=1), UNTIL, TODAY)
    for _ in range(worlds):
        world = World(rng)
        material = world.material()
        for _ in range(EACH):
            reader, later = world.reader(), world.reader()
            whole = rng.random() < 0.6
            schools = SCHOOLS if whole else (rng.choice(SCHOOLS),)
            scope = Scope("c", "Trust", schools, ITEMS, frozenset({"exec"}), whole, dict(SCHOOLS))
            digest = compose(material.seen_by(reader), scope, edition)
            said = everything(digest)
            made += 1
            for token, audience in world.tokens.items():
                if token in said:
                    assert reader.may_read(audience), token
                    shown += 1
                else:
                    hidden += not reader.may_read(audience)
            # The digest is what it would be if all that this reader may not read did not exist.
            assert compose(without(material, reader).seen_by(OPERATOR), scope, edition) == digest
            # Somebody else may be in the channel when what was made is posted to its end.
            left = digest.for_reader(Reader.joint((reader, later)))
            for message in details(left):
                words = json.dumps(message)
                for token, audience in world.tokens.items():
                    if token in words:
                        assert later.may_read(audience), token
                        resumed += 1
    print(f"\n{made} digests: {shown} records shown to readers who may read them, {hidden} withheld, none leaked")
    assert made == worlds * EACH
    assert min(shown, hidden, resumed) > 4 * worlds
