"""`python -m tests.evaluation.pulse`: how often pulses show something, and whether a solver learns anything."""

from __future__ import annotations

import random
import sys

from tests.pulse.histories import history
from tests.pulse.test_reidentification import HISTORIES, _leaks

SIZES, RESPONSES, TURNOVER, YEARS, WAVES = (7, 8, 12, 20, 30, 60), (0.8, 0.9), 0.04, 300, 6


def shares(size: int, response: float) -> tuple[float, float]:
    """Of waves two to six of school years like these: the share that showed figures, and that which showed some by the
    next wave at the latest."""
    dice = random.Random(f"{size} {response}")
    shown = by_next = count = 0
    for _ in range(YEARS):
        found = history(dice, size, response, TURNOVER, WAVES).shown
        for number, figures in enumerate(found[1:], 1):
            count += 1
            shown += figures
            by_next += figures or any(found[number + 1 : number + 2])
    return shown / count, by_next / count


def main() -> None:
    """Print both, for as many histories as are given."""
    print(f"Waves 2 to 6 of {YEARS} school years, {TURNOVER:.0%} turnover: shown at once (with the next at the latest)")
    print("asked  " + "  ".join(f"{response:.0%} answer   " for response in RESPONSES))
    for size in SIZES:
        cells = (f"{at_once:6.1%} ({later:6.1%})" for at_once, later in (shares(size, each) for each in RESPONSES))
        print(f"{size:5}  " + "  ".join(cells))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else HISTORIES
    by_panel, by_count, published = _leaks(count, seed=44)
    print(f"{count} histories, {published} figures: a group of one to four is determined by whom panels ask in "
          f"{by_panel}, by waves of which it is known that everybody answered in {by_count}.")  # fmt: skip


if __name__ == "__main__":
    main()
