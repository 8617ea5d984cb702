"""`python -m tests.evaluation.minutes`: how well minutes are read, in figures."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bot.config.trust import load as load_trust
from bot.demo.sample import TRUST_FILE
from bot.meetings.notes.proposals import propose_file
from tests.evaluation.minutes.cases import FOLDER, HELD_OUT, files, load
from tests.evaluation.minutes.measure import Result, compare, figures


def measure(folder: Path = FOLDER) -> list[Result]:
    """Write every case in its formats, read it back, and compare."""
    trust = load_trust(TRUST_FILE)
    results = []
    for case in load(folder):
        with tempfile.TemporaryDirectory(prefix="trustbot-minutes-") as place:
            for path in files(case, Path(place)):
                found = propose_file(path, trust if case.trust else None).proposal
                results.append(compare(case, path.name, found))
    return results


def report(results: Sequence[Result], failures: bool = False) -> str:
    """The figures in words, by layout and by format."""
    groups = {"all": list(results)}
    for each in results:
        groups.setdefault(each.case.id, []).append(each)
        groups.setdefault(each.name.rpartition(".")[2], []).append(each)
    heads = "".join(
        f"{head:>9}" for head in ("precision", "recall", "F1", "owners", "dates", "words", "done", "meeting")
    )
    lines = [f"{'minutes':<14}{'files':>6}{'gold':>6} {heads}  decisions"]
    for name, members in groups.items():
        known = figures(members)
        shares = (
            known.precision,
            known.recall,
            known.f1,
            known.owners,
            known.dues,
            known.words,
            known.done,
            known.meetings,
        )
        lines.append(
            f"{name:<14}{known.files:>6}{known.gold:>6}   "
            + " ".join(f"{100 * share:>6.1f} %" for share in shares)
            + f"  {known.decisions}/{known.decisions_gold}"
        )
    if failures:
        lines += [line for each in results for line in _failures(each)]
    return "\n".join(lines)


def _failures(result: Result) -> list[str]:
    lines = [f"  missed: {gold.task}" for gold in result.missed]
    lines += [
        f"  made up: {action.task} ({', '.join(owner.name for owner in action.owners)})" for action in result.extra
    ]
    lines += [
        f"  owners: {gold.task}: {', '.join(owner.name for owner in action.owners)} for {', '.join(gold.owners)}"
        for gold, action in result.wrong_owners
    ]
    lines += [
        f"  due: {gold.task}: {action.due.date or action.due.state} (“{action.due.phrase}”) "
        f"for {gold.date or gold.due_state}"
        for gold, action in result.wrong_dues
    ]
    lines += [f"  words: {gold.task}: {action.task}" for gold, action in result.wrong_words]
    if result.decided is not None and not (result.decided == result.decisions == result.case.decisions_gold):
        lines.append(
            f"  decisions: {result.decided} right of {result.decisions} read, of {result.case.decisions_gold} there are"
        )
    lines += [f"  done: {gold.task}: {action.done}" for gold, action in result.pairs if gold.done != action.done]
    if not result.meeting:
        lines.append("  meeting: wrong date, chair or clerk")
    return [result.name, *lines] if lines else []


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation.minutes", description=__doc__)
    parser.add_argument("--failures", action="store_true", help="list what went wrong")
    parser.add_argument("--held-out", action="store_true", help="the layouts that no rule was made for")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    results = measure(HELD_OUT if options.held_out else FOLDER)
    print(json.dumps(asdict(figures(results)), indent=2) if options.json else report(results, options.failures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
