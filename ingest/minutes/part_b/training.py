"""Fits the weights of `recognise.py` to headings made here: `python -m ingest.minutes.part_b.training`.

Every heading is made of words written for the purpose; none is of a real document. Run it again after a change to the
lists or to `features`: it writes weights.json, the same for the same lists.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from ingest.minutes.part_b.recognise import features

SEED, LEAST, ROUNDS, DECAY, SMALLEST = 7, 3, 800, 5e-5, 0.05

EXTRA = (
    *(" - update", " - report", " - verbal update", ": discussion", ": approval", " - for information", " 2026"),
    *(" (for approval)", " (for discussion)", " - autumn term", " - draft", " - oral report"),
)
NUMBERING = (
    "",
    "",
    "",
    "7. ",
    "12 ",
    "Item 9: ",
    "4) ",
    "9.2 ",
    "(6) ",
    "Agenda item 11 - ",
    "26/14 ",
    "B. ",
    "10.",
    "ix. ",
)
DASHES = (" - ", " – ", ": ", " / ", ", ", " — ")


def lists() -> dict[str, list[str]]:
    """The headings of headings.txt by the names of their lists."""
    found: dict[str, list[str]] = {}
    words: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("headings.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            own = words.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            own.append(line)
    for name, parts in words.items():
        found[name] = [" ".join(entry.split()) for entry in " ".join(parts).split(";") if entry.strip()]
    return found


def made(given: Mapping[str, Sequence[str]], seed: int) -> tuple[list[str], list[str]]:
    """Closed and open headings out of these lists, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311
    closing, subjects, joined = given["closing"], given["subjects"], given["joined"]
    plain = [*given["open"], *given["plain"]]
    closed = [*closing, *subjects]
    for one in closing:
        for _ in range(8):
            about = chance.choice([*joined, *subjects, *chance.sample(plain, 12)])
            dash = chance.choice(DASHES)
            closed.append(
                chance.choice((f"{about}{dash}{one}", f"{about} ({one})", f"{one}{dash}{about}", f"{about} [{one}]"))
            )
    closed += [f"{one}{chance.choice(EXTRA)}" for one in subjects for _ in range(4)]
    opened = [*plain, *plain, *(f"{one}{chance.choice(EXTRA)}" for one in [*plain, *joined] for _ in range(3))]
    opened += [f"{chance.choice(plain)}{chance.choice((*DASHES, ' and '))}{chance.choice(plain)}" for _ in range(4000)]
    return [_dressed(one, chance) for one in closed], [_dressed(one, chance) for one in opened]


def _dressed(heading: str, chance: random.Random) -> str:
    """With a number or without, in capitals or not, sometimes with a letter lost, doubled or changed about."""
    way = chance.random()
    words = heading.upper() if way < 0.15 else heading.title() if way < 0.4 else heading[:1].upper() + heading[1:]
    if chance.random() < 0.08 and len(words) > 9:
        at = chance.randrange(3, len(words) - 1)
        words = chance.choice((words[:at] + words[at + 1 :], words[:at] + words[at - 1] + words[at:]))
    return chance.choice(NUMBERING) + words


def fitted(closed: Sequence[str], opened: Sequence[str]) -> tuple[dict[str, float], float]:
    """Weights and bias of a logistic regression, both kinds of heading counting alike."""
    rows = [frozenset(features(each)) for each in (*closed, *opened)]
    counts = Counter(feature for row in rows for feature in row)
    names = sorted(feature for feature, count in counts.items() if count >= LEAST)
    places = {feature: at for at, feature in enumerate(names)}
    here = [np.array([places[feature] for feature in row if feature in places], np.int64) for row in rows]
    at = np.concatenate(here)
    of = np.repeat(np.arange(len(rows)), [len(each) for each in here])
    wanted = np.r_[np.ones(len(closed)), np.zeros(len(opened))]
    share = np.r_[np.full(len(closed), 0.5 / len(closed)), np.full(len(opened), 0.5 / len(opened))]
    weights, bias = np.zeros(len(names)), 0.0
    speed, seen, bias_seen = 0.5, np.full(len(names), 1e-8), 1e-8
    for _ in range(ROUNDS):
        total = np.bincount(of, weights[at], len(rows)) + bias
        wrong = share * (1 / (1 + np.exp(-np.clip(total, -30, 30))) - wanted)
        slope = np.bincount(at, wrong[of], len(names)) + DECAY * weights
        seen += slope**2
        bias_seen += wrong.sum() ** 2
        weights -= speed * slope / np.sqrt(seen)
        bias -= speed * wrong.sum() / np.sqrt(bias_seen)
    kept = ((name, round(float(weight), 2)) for name, weight in zip(names, weights, strict=True))
    return {name: weight for name, weight in kept if abs(weight) >= SMALLEST}, round(float(bias), 2)


def lines() -> Iterator[str]:
    """The file of weights, an entry a line."""
    weights, bias = fitted(*made(lists(), SEED))
    yield f'{{"bias": {bias},\n"weights": {{'
    yield ",\n".join(f"{json.dumps(name)}: {weight}" for name, weight in sorted(weights.items()))
    yield "}}"


if __name__ == "__main__":
    Path(__file__).with_name("weights.json").write_text("\n".join(lines()) + "\n", "utf-8")
