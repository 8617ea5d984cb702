"""The clock: it ticks until it is stopped, whatever a tick does, and in one process at a time."""

from __future__ import annotations

from threading import Event

from sqlalchemy import Engine

from bot.runtime.scheduler import Clock, alone


def test_a_tick_that_fails_stops_neither_the_others_nor_the_clock() -> None:
    ticked, failed = Event(), []

    def fail() -> None:
        failed.append(1)
        raise ValueError("no")

    def tick() -> None:
        if len(failed) > 2:
            ticked.set()

    clock = Clock({"fail": fail, "tick": tick}, seconds=0.001)
    clock.start()
    assert ticked.wait(10)
    clock.stop()
    count = len(failed)
    assert not clock.running
    assert len(failed) == count


def test_it_stops_before_it_began() -> None:
    Clock({}).stop()


def test_one_holds_the_clock_at_a_time(engine: Engine) -> None:
    with alone(engine) as first:
        assert first
        assert first()
        with alone(engine) as second:
            assert second is None
        with alone(engine, 1) as other:
            assert other
    with alone(engine) as again:
        assert again
