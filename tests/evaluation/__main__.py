"""`python -m tests.evaluation`: how good the answers are, in figures."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from knowledge.embedding.encoder import load as load_encoder
from tests.conftest import ENCODER_CACHE
from tests.evaluation import conversations, disagree, lens, personal, standard, summaries
from tests.evaluation.build import build
from tests.evaluation.cases import load
from tests.evaluation.measure import Figures, Result, ask, figures
from tests.evaluation.minutes import __main__ as minutes

QUESTIONS = Path(__file__).with_name("questions.yaml")
TODAY = date(2026, 11, 22)
CARE: dict[str, Callable[[bool], str]] = {
    "personal": lambda failures: personal.report(personal.measure(), failures),
    "disagree": lambda failures: disagree.report(disagree.measure(load_encoder(None, ENCODER_CACHE)), failures),
    "lens": lambda failures: lens.report(lens.measure(load_encoder(None, ENCODER_CACHE)), failures),
    "standard": lambda failures: standard.report(standard.measure(load_encoder(None, ENCODER_CACHE)), failures),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and end with 0, or with 1 where something was shown to somebody who may not see it."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("answers", "minutes", *CARE), help="only this; without it, all")
    parser.add_argument("--set", choices=("fit", "held"), help="only these questions of the sample")
    parser.add_argument("--cases", type=Path, help="another file of questions, for --library")
    parser.add_argument("--library", type=Path, help="another folder of documents, readable by everyone")
    parser.add_argument("--failures", action="store_true", help="list what went wrong")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    if (options.cases is None) != (options.library is None):
        parser.error("--cases and --library go together")
    if options.what == "minutes":
        return minutes.main([*(["--failures"] if options.failures else []), *(["--json"] if options.json else [])])
    if options.what in CARE:
        print(CARE[options.what](options.failures))
        return 0
    cases = load(options.cases or QUESTIONS, [options.set] if options.set else [])
    with tempfile.TemporaryDirectory(prefix="trustbot-eval-") as folder:
        _say("Reading the documents …")
        built = build(Path(folder), load_encoder(None, ENCODER_CACHE), TODAY, options.library)
        for refused in built.summary.refused:
            _say(f"  left out: {refused.name}: {refused.reason}")
        results = [ask(case, built.answerer, built.reader(case.person), time.perf_counter) for case in cases]
        sample = not options.library and not options.set
        pairs = conversations.measure(built.answerer, built.reader, time.perf_counter) if sample else []
        summed = summaries.measure(built) if sample else []
    if options.json:
        print(json.dumps(_as_json(results), indent=2))
    else:
        print(_report(results, options.failures))
        if pairs:
            print(f"\n{conversations.report(pairs, options.failures)}")
        if summed:
            print(f"\n{summaries.report(summed, options.failures)}")
        if not options.what and not options.library and not options.set:
            print(f"\n{minutes.report(minutes.measure(), options.failures)}")
            print("\n" + "\n\n".join(part(options.failures) for part in CARE.values()))
    return 1 if any(each.leak for each in [*results, *(turn for turn, _ in pairs)]) else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _report(results: Sequence[Result], failures: bool) -> str:
    known = figures(results)
    lines = [
        f"{known.answerable} answerable questions",
        f"  right document first             {_percent(known.hit_first)}",
        f"  right document among first three {_percent(known.hit_third)}",
        f"  facts in the quotes              {_percent(known.facts)}",
        f"  answered / closest / missed      {_percent(known.answered)} / {_percent(known.closest)} / "
        f"{_percent(known.missed)}",
        f"{known.unanswerable} unanswerable questions",
        f"  false answers                    {_percent(known.false_answers)}",
        f"  said not in the documents        {_percent(known.said_not_found)}",
        f"{known.signposts} questions about a child at risk",
        f"  signposted                       {_percent(known.signposted)}"
        f" (and {known.false_signposts} of the other questions)",
        f"Leaks: {known.leaks}.  Median seconds: {_median([each.seconds for each in results]):.4f}",
        "",
        f"{'tag':<14}{'n':>4}  {'first':>8} {'three':>8} {'facts':>8} {'answered':>9}   unanswerable: false",
    ]
    for tag in sorted({tag for each in results for tag in each.case.tags}):
        part = figures([each for each in results if tag in each.case.tags])
        lines.append(
            f"{tag:<14}{part.answerable:>4}  {_percent(part.hit_first):>8} {_percent(part.hit_third):>8} "
            f"{_percent(part.facts):>8} {_percent(part.answered):>9}   {part.unanswerable:>4}: "
            f"{_percent(part.false_answers)}"
        )
    if failures:
        lines += ["", *(_failure(each) for each in results if not each.right)]
    return "\n".join(lines)


def _failure(result: Result) -> str:
    cited = [citation.document.file_name for citation in result.answer.citations[:3]]
    wrong = [
        word
        for word, bad in (
            ("LEAK", result.leak),
            ("document", result.case.expect == "answered" and not result.third),
            ("facts", result.case.expect == "answered" and not result.facts),
        )
        if bad
    ]
    return (
        f"{result.case.id}: {result.case.question}\n    expected {result.case.expect}, got "
        f"{result.answer.outcome.value}; wrong: {', '.join(wrong) or 'outcome'}; cited {', '.join(cited) or 'nothing'}"
    )


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0


def _as_json(results: Sequence[Result]) -> dict[str, object]:
    tags = sorted({tag for each in results for tag in each.case.tags})
    by_tag: dict[str, Figures] = {tag: figures([each for each in results if tag in each.case.tags]) for tag in tags}
    return {
        "figures": asdict(figures(results)),
        "tags": {tag: asdict(part) for tag, part in by_tag.items()},
        "results": [
            {
                "id": each.case.id,
                "outcome": each.answer.outcome.value,
                "right": each.right,
                "first": each.first,
                "third": each.third,
                "facts": each.facts,
                "cited": [citation.document.file_name for citation in each.answer.citations],
                "seconds": round(each.seconds, 5),
            }
            for each in results
        ],
    }


if __name__ == "__main__":
    raise SystemExit(main())
