"""`python -m tests.benchmarks.busy`: seconds until ten people who ask at once, right after the start, are answered."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from bot.demo.workspace.faults import Rates
from knowledge.embedding import encoder as embed
from tests.at_work import make_way
from tests.conftest import ENCODER_CACHE
from tests.scenarios.conftest import office_at

QUESTION = "When does the register close?"


def main() -> None:
    """Ask in one channel of all accounts, and in as many channels as there are askers, at Slack's own rates."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--accounts", type=int, default=2_000)
    parser.add_argument("--askers", type=int, default=10)
    asked = parser.parse_args()
    for rooms in (1, asked.askers):
        with tempfile.TemporaryDirectory(prefix="trustbot-busy-") as folder:
            measure(Path(folder), asked.accounts, asked.askers, rooms)


def measure(folder: Path, accounts: int, askers: int, rooms: int) -> None:
    """Print how long it took until the first and the last were answered in public, and what Slack was asked for."""
    with office_at(folder, embed.load(None, ENCODER_CACHE)) as office:
        make_way(office)
        workspace = office.workspace
        workspace.api.rates = Rates(workspace.state.clock, 1.0)
        users = [workspace.add_user(f"t{n}", f"Teacher {n}", email=f"t{n}@alder.example").name for n in range(accounts)]
        channels = [workspace.add_channel(f"all-{n}", users) for n in range(rooms)]
        office.open()
        began = time.monotonic()
        questions = [office.mention(users[n], channels[n % rooms], QUESTION) for n in range(askers)]
        seconds = []
        while len(seconds) < askers:
            answered = sum(bool(workspace.replies(question)) for question in questions)
            seconds += [time.monotonic() - began] * (answered - len(seconds))
            time.sleep(0.02)
        office.rest()
        whispered = sum(len(workspace.ephemerals(user)) for user in users[:askers])
        calls = Counter(call.method for call in workspace.calls)
        refused = sum(call.error == "ratelimited" for call in workspace.calls)
        print(
            f"{accounts} accounts, {askers} at once in {rooms} channel(s): first after {seconds[0]:.1f} s, last after "
            f"{seconds[-1]:.1f} s; only privately: {whispered}; users.list {calls['users.list']}, users.info "
            f"{calls['users.info']}, conversations.members {calls['conversations.members']}; refused for "
            f"rate: {refused}"
        )


if __name__ == "__main__":
    main()
