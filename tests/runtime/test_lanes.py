"""Work that takes long goes in a lane: so much at once, one piece a sender."""

from __future__ import annotations

import random

from bot.runtime.lanes import Lane


def test_what_does_not_fit_waits_and_begins_when_a_place_is_free() -> None:
    lane = Lane(2)
    assert lane.admit("a", "ann")
    assert lane.admit("b", "bob")
    assert not lane.admit("c", "cat")
    assert lane.leave("a") == ["c"]
    assert lane.leave("b") == []


def test_one_sender_holds_one_place_whatever_he_sends() -> None:
    lane = Lane(2)
    assert lane.admit("a1", "ann")
    assert not any(lane.admit(f"a{at}", "ann") for at in range(2, 17))
    assert lane.admit("b", "bob")
    assert lane.leave("b") == []
    assert lane.leave("a1") == ["a2"]


def test_what_is_under_way_or_waits_is_not_begun_again() -> None:
    lane = Lane(1)
    assert lane.admit("a", "ann")
    assert not lane.admit("a", "ann")
    assert not lane.admit("b", "bob")
    assert not lane.admit("b", "bob")
    assert lane.leave("a") == ["b"]
    assert lane.leave("b") == []


def test_what_began_without_asking_counts() -> None:
    lane = Lane(2)
    for event in ("a", "b", "c"):
        lane.enter(event, event)
    assert not lane.admit("d", "dan")
    assert lane.leave("a") == []
    assert lane.leave("b") == ["d"]


def test_everything_is_begun_once_and_no_place_stays_empty() -> None:
    chance = random.Random(7)
    lane, sender, running, begun = Lane(3), {}, set[str](), list[str]()
    for at in range(400):
        event = f"e{at}"
        sender[event] = f"p{chance.randrange(6)}"
        if lane.admit(event, sender[event]):
            running.add(event)
            begun.append(event)
        while running and chance.random() < 0.5:
            done = chance.choice(sorted(running))
            running.discard(done)
            fresh = lane.leave(done)
            running.update(fresh)
            begun.extend(fresh)
        assert len(running) <= 3
        assert len({sender[each] for each in running}) == len(running)
    while running:
        done = running.pop()
        fresh = lane.leave(done)
        running.update(fresh)
        begun.extend(fresh)
    assert sorted(begun) == sorted(sender)
