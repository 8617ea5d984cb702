"""How well pupils' names are masked, on cases of our own: `python -m tests.evaluation personal`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from knowledge.masking.pupil_names import Masker

CASES = Path(__file__).with_name("personal.txt")
STAFF = ("Hannah Birtle", "Claire Dunmore", "Joy Abara", "Kate Rowntree", "Imran Yusuf", "Ella Knox")
_MASK = re.compile(r"Pupil [A-Z]{1,2}\b")


@dataclass(frozen=True)
class Case:
    """A text with the names that must go; `asked`: a person typed it as a question."""

    text: str
    names: tuple[str, ...]
    asked: bool
    held: bool = False


@dataclass(frozen=True)
class Result:
    """What was masked: places that had to be, places that had not, and names that were left."""

    case: Case
    shown: str
    right: int
    wrong: int
    missed: int


def cases(path: Path = CASES) -> list[Case]:
    """All cases of the file."""
    found = []
    held = False
    for line in path.read_text("utf-8").splitlines():
        held = held or line.startswith("# Held back still")
        if line.startswith(("- ", "? ")):
            marked = line[2:].replace(" / ", "\n")
            names = tuple(re.findall(r"\[([^]]*)\]", marked))
            found.append(Case(re.sub(r"[\[\]]", "", marked), names, line.startswith("?"), held))
    return found


def judge(case: Case, masker: Masker) -> Result:
    """Mask one case and compare by place."""
    shown = masker.question(case.text)[0] if case.asked else masker.mask([case.text]).texts[0]
    already = Counter(_MASK.findall(case.text))
    masks = sum((Counter(_MASK.findall(shown)) - already).values())
    right = sum(
        case.text.count(name) - min(case.text.count(name), len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", shown)))
        for name in set(case.names)
    )
    gone = min(right, len(case.names), masks)
    return Result(case, shown, gone, masks - gone, len(case.names) - gone)


def measure() -> list[Result]:
    """All cases, judged."""
    masker = Masker(STAFF)
    return [judge(case, masker) for case in cases()]


def figures(results: list[Result]) -> tuple[float, float]:
    """Precision and recall over places."""
    right, wrong, missed = (sum(getattr(each, name) for each in results) for name in ("right", "wrong", "missed"))
    return right / (right + wrong or 1), right / (right + missed or 1)


def report(results: list[Result], failures: bool = False) -> str:
    """The figures in words."""
    lines = []
    for name, part in (
        ("", [each for each in results if not each.case.held]),
        (", held back from the making of the rules", [each for each in results if each.case.held]),
    ):
        precision, recall = figures(part)
        names = sum(len(each.case.names) for each in part)
        lines += [f"{len(part)} texts with {names} pupils' names to mask{name}",
                  f"  precision {100 * precision:.1f} %, recall {100 * recall:.1f} %"]  # fmt: skip
    if failures:
        lines += [
            f"  {each.wrong} wrong, {each.missed} missed: {each.shown}" for each in results if each.wrong or each.missed
        ]
    return "\n".join(lines)
